"""The answer of a backtest in a few sentences: what was earned, at what drawdown, after which costs, how sure."""

from tradeworthy.appraisal.backtest_record import CostsUsed, MeanTrade
from tradeworthy.backtest.result import Result
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.counting import counted
from tradeworthy.validation.comparison import SMALLEST_BASELINE
from tradeworthy.validation.judgement import percent

_YEAR_DAYS = 365.25


def answer_of(result: Result, costs: CostsUsed, mean: MeanTrade) -> tuple[str, ...]:
    """Sentences: the first says what was earned, the last how sure it is that a trade earns anything."""
    if not len(result.trades):
        return (_nothing_traded(result),)
    s = result.statistics
    span = span_of((s.end_ns or 0) - (s.start_ns or 0))
    deepest = f"at its deepest {_percent(s.max_drawdown_fraction)} under its peak"
    earned = f"{result.strategy} {_earned(result)} in {span}, {deepest}, with {counted(s.trades, 'closed trade')}."
    ruined = (
        ("The account was ruined: it fell to zero or below, and no return is told after that.",) if s.ruined else ()
    )
    open_ = _still_open(result) if not s.ruined else ()
    return (earned, *ruined, *open_, _after(costs, result), *_at_odds(result, mean), _how_sure(result, mean))


def _still_open(result: Result) -> tuple[str, ...]:
    """A sentence where more than half of what was earned, or lost, is a last trade that is still open; else none."""
    net, done = result.statistics.net_profit, result.trades.closed
    if done[-1]:
        return ()
    held, closed = float(result.trades.pnl[-1]), float(result.trades.pnl[done].sum())
    if held * net <= 0 or 2 * abs(held) <= abs(net):
        return ()
    money = f"{_signed(held, _digits(held, result))} {result.currency}"
    share = "All" if closed * net <= 0 else "More than half"
    what = f"{share} of that {'loss' if net < 0 else 'profit'}"
    said = f"{what} comes from the last trade, which is still open ({money} at the last close)"
    if not done.any():
        return (f"{said}; none has closed yet.",)
    count = int(done.sum())
    before = f"the {counted(count, 'closed trade')} made" if count > 1 else "the one closed trade made"
    return (f"{said}; {before} {_signed(closed, _digits(closed, result))} {result.currency} in all.",)


def _at_odds(result: Result, mean: MeanTrade) -> tuple[str, ...]:
    money = result.statistics.expectancy
    if mean.unit != "R" or not mean.mean or not money or (mean.mean > 0) == (money > 0):
        return ()
    return ("Money and R point different ways, because the trades did not all risk the same.",)


def _nothing_traded(result: Result) -> str:
    refused = sum(result.refused.values())
    if refused:
        said = "its one entry was" if refused == 1 else f"all its {refused:,} entries were"
        return f"No trade: {said} refused, for the reasons below."
    wanted = int((result.decisions.enter != 0).sum())
    if wanted:
        times = "once" if wanted == 1 else f"{wanted:,} times"
        return f"No trade: {result.strategy} wanted to enter {times}, and no entry could be carried out."
    return f"No trade: {result.strategy} never wanted to enter over {counted(len(result.bars), 'bar')}."


def _earned(result: Result) -> str:
    s = result.statistics
    verb = "lost" if s.net_profit < 0 else "earned"
    money = f"{abs(s.net_profit):,.{_digits(s.net_profit, result)}f} {result.currency}"
    if result.account is None:
        return f"{verb} {money} with one unit"
    return f"{verb} {_percent(s.total_return)} ({money})"


def _percent(value: float) -> str:
    """Three digits or so, without a sign."""
    shown = 100 * abs(value)
    return f"{shown:,.{0 if shown >= 1000 else 1 if shown >= 10 else 2}f}%"


def _digits(amount: float, result: Result) -> int:
    """Cents for an account, the digits of a tick for one unit."""
    if result.account is not None:
        return 0 if abs(amount) >= 1_000 else 2
    return max(0, -int(result.bars.instrument.tick.as_tuple().exponent))


def span_of(length_ns: int) -> str:
    """`12.4 years`, `7 months`, `18 days`."""
    days = length_ns / DAY_NS
    if days >= 2 * _YEAR_DAYS:
        return f"{days / _YEAR_DAYS:.1f} years"
    if days >= 60:
        return f"{days / _YEAR_DAYS * 12:.0f} months"
    return counted(max(1, round(days)), "day")


def _after(costs: CostsUsed, result: Result) -> str:
    if not costs.words:
        return "That is before any cost: none was named."
    paid = costs.paid.total
    return f"That is after costs: {'; '.join(costs.words)} (about {paid:,.{_digits(paid, result)}f} {result.currency} in all)."


def _how_sure(result: Result, mean: MeanTrade) -> str:
    if mean.mean is None:
        return "No trade has closed yet, so nothing can be said about the next one."
    digits = 2 if mean.unit == "R" else _digits(mean.mean, result)
    value = f"{_signed(mean.mean, digits)} {mean.unit}"
    if mean.interval is None or mean.chance is None:
        why = f"under {SMALLEST_BASELINE} closed trades with a result of their own say nothing sure about the next one"
        return f"The mean trade made {value}; {why}."
    low, high = _signed(mean.interval.low, digits), _signed(mean.interval.high, digits)
    said = f"The mean trade made {value} (95%: {low} to {high} {mean.unit})"
    if mean.interval.low > 0:
        return f"{said}; luck alone hardly explains it, if it was the only thing tried."
    if mean.interval.high < 0:
        return f"{said}: it loses, and luck alone hardly explains it."
    chance = percent(mean.chance, mean.paths)
    return f"{said}: the chance that its trades earn anything is {chance}, and luck alone can explain it."


def _signed(value: float, digits: int) -> str:
    return f"{value:+,.{digits}f}".replace("-", "\N{MINUS SIGN}")
