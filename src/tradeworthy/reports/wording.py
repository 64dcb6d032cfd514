"""Numbers as people read them: units, and no more digits than mean something."""

import re
from collections.abc import Sequence

from tradeworthy.core.counting import counted
from tradeworthy.validation.comparison import MeasureChange
from tradeworthy.validation.intervals import Interval
from tradeworthy.validation.judgement import signed_r

__all__ = [
    "MEASURE_NAMES",
    "NOTHING",
    "between",
    "capitalised",
    "counted",
    "day",
    "measure",
    "measures_note",
    "minute",
    "printable",
    "r_between",
    "share",
    "signed_r",
]

NOTHING = "\N{EN DASH}"

MEASURE_NAMES = {
    "mean_r": "Mean R per trade",
    "win_rate": "Winners",
    "average_win_r": "Average win",
    "average_loss_r": "Average loss",
    "profit_factor": "Profit factor",
    "max_drawdown_r": "Deepest drawdown",
}


def printable(text: str) -> str:
    """Without control characters: a name out of a file must not steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def capitalised(line: str, names: Sequence[str] = ()) -> str:
    """As a sentence begins, but where it begins with one of `names` or with what is no plain word: a name is not changed."""
    first = line.split(maxsplit=1)[0] if line.strip() else ""
    named = any(name and re.match(rf"{re.escape(name)}(?!\w)", line) for name in names)
    return line if named or not re.fullmatch("[a-z]+[,;:]?", first) else line[:1].upper() + line[1:]


def share(value: float) -> str:
    """A share or chance that needs no bound: `41%`, `0.4%`."""
    return f"{100 * value:.{0 if value >= 0.1 or value == 0 else 1}f}%"


def measure(name: str, value: float | None, *, signed: bool = False) -> str:
    """A measure in its own unit; `signed` for differences."""
    if value is None:
        return NOTHING
    sign = "+" if signed else ""
    if name == "win_rate":
        text = f"{value * 100:{sign}.0f}{' pp' if signed else '%'}"
    elif name == "profit_factor":
        text = f"{value:{sign}.2f}"
    else:
        text = f"{value:{'+' if name != 'max_drawdown_r' or signed else ''}.2f} R"
    return text.replace("-", "\N{MINUS SIGN}")


def between(change: MeasureChange) -> str:
    """The interval of a difference in words."""
    if change.interval is None:
        return "not enough data"
    low, high = (measure(change.name, one, signed=True) for one in (change.interval.low, change.interval.high))
    return f"{low} to {high}"


def r_between(interval: Interval | None) -> str:
    """Both ends with their signs and one unit."""
    if interval is None:
        return NOTHING
    return f"{interval.low:+.2f} to {interval.high:+.2f} R".replace("-", "\N{MINUS SIGN}")


def day(moment: str) -> str:
    """The date of an RFC 3339 moment."""
    return moment[:10]


def minute(moment: str) -> str:
    """`2026-10-30 15:00 UTC`."""
    return f"{moment[:10]} {moment[11:16]} UTC"


def measures_note(name: str) -> str:
    """What a measure is, in a few words."""
    return {
        "mean_r": "decides the verdict",
        "win_rate": "share of trades with R above zero",
        "average_win_r": "mean R of the winners",
        "average_loss_r": "mean R of the losers",
        "profit_factor": "R won over R lost",
        "max_drawdown_r": "before: the median over spans of as many trades as the window has",
    }[name]
