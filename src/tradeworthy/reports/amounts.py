"""Amounts in a backtest's report: money, prices, shares and lengths of time, with their units and honest digits."""

from tradeworthy.core.clock import DAY_NS, rfc3339
from tradeworthy.reports.statistics_words import WORDS, Unit
from tradeworthy.reports.wording import NOTHING, minute
from tradeworthy.validation.judgement import signed_r

_SIGN = "\N{MINUS SIGN}"
_YEAR_DAYS = 365.25


def digits_of(capital: float) -> int:
    """Decimals of money: cents for an account, a pip's tenth where one unit of a price is traded."""
    return 2 if capital >= 1_000 else 5 if capital < 10 else 3


def money(value: float | None, currency: str, digits: int = 2, *, signed: bool = False) -> str:
    """`-1,234.50 EUR`; without cents from 100,000 on."""
    if value is None:
        return NOTHING
    text = f"{value:{'+' if signed else ''},.{0 if abs(value) >= 100_000 else digits}f}"
    return f"{text.replace('-', _SIGN)} {currency}"


def change(value: float | None) -> str:
    """A return with its sign: `+12.3%`, `-0.42%`."""
    if value is None:
        return NOTHING
    percent = 100 * value
    if abs(percent) < 0.005:
        return "0.00%"
    return f"{percent:+,.{0 if abs(percent) >= 1000 else 1 if abs(percent) >= 10 else 2}f}%".replace("-", _SIGN)


def part(value: float | None) -> str:
    """A share without a sign: `41.2%`."""
    return NOTHING if value is None else f"{100 * value:.{0 if not value else 1 if value >= 0.1 else 2}f}%"


def ratio(value: float | None) -> str:
    """Two decimals, the minus sign a true one."""
    return NOTHING if value is None else f"{value:,.2f}".replace("-", _SIGN)


def price(value: float | None) -> str:
    """Seven significant digits, which is a tick of every usual price."""
    return NOTHING if value is None else f"{value:.7g}"


def length(value_ns: int) -> str:
    """`12.4 years`, `7.3 months`, `18 days`."""
    days = value_ns / DAY_NS
    if days >= 2 * _YEAR_DAYS:
        return f"{days / _YEAR_DAYS:.1f} years"
    return f"{days / _YEAR_DAYS * 12:.1f} months" if days >= 60 else f"{days:.1f} days"


def statistic(name: str, value: float | bool | None, currency: str, digits: int = 2) -> str:  # noqa: C901, PLR0911 - one line a unit
    """A statistic in its own unit; a dash where the data do not define it."""
    if value is None:
        return NOTHING
    match WORDS[name].unit:
        case Unit.MONEY:
            return money(value, currency, digits)
        case Unit.CHANGE:
            return change(value)
        case Unit.SHARE:
            return part(value)
        case Unit.R:
            return signed_r(value)
        case Unit.COUNT:
            return f"{int(value):,}"
        case Unit.BARS:
            return f"{value:,.1f} bars"
        case Unit.TIME:
            return minute(rfc3339(int(value)))
        case Unit.LENGTH:
            return length(int(value))
        case Unit.FLAG:
            return "yes" if value else "no"
        case Unit.RATIO:
            return ratio(value)
