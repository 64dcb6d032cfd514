"""The sentences of a search, alike in the terminal and on the page."""

from collections.abc import Mapping, Sequence

from tradeworthy.appraisal.search_recording import RankedSet, SearchRecord
from tradeworthy.backtest.grid import Value
from tradeworthy.core.counting import counted
from tradeworthy.reports.amounts import part, ratio

__all__ = [
    "answer",
    "centre",
    "kind",
    "label",
    "labels",
    "listed",
    "ratio",
    "said",
    "sets",
    "shown",
    "spread",
    "traded",
    "tried",
]

LABELS = {
    "sharpe": "Sharpe (per bar)", "pnl": "P&L", "max_drawdown": "Drawdown", "profit_factor": "Profit factor", "win_rate": "Winners",
    "mean_r": "Mean R", "return_over_drawdown": "P&L / drawdown",
}  # fmt: skip
_FEW_TRADES = 20
_SURE = 0.95
_PLATEAU, _SLOPE = 0.8, 0.5
_MOST_LISTED = 12
_WHOLE = 99.95
"""From here on money is shown without decimals, as three digits would."""


def label(measure: str) -> str:
    """What people call a measure."""
    return LABELS.get(measure, measure.replace("_", " "))


def centre(measure: str) -> float | None:
    """Where neither won nor lost is; None for a measure that has no such place."""
    return {"win_rate": None, "profit_factor": 1.0}.get(measure, 0.0)


def shown(measure: str, value: float | None) -> str:
    """A measure with as many digits as it deserves; a dash where it is not defined."""
    if measure == "win_rate":
        return part(value)
    if measure in {"pnl", "max_drawdown"} and value is not None:
        text = f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:#.3g}".rstrip(".")
        return text.replace("-", "\N{MINUS SIGN}")
    return ratio(value)


def value(one: Value) -> str:
    """A parameter's value as it would be typed."""
    if one is None or isinstance(one, bool):
        return str(one).lower()
    return f"{one:.6g}" if isinstance(one, float) else str(one)


def labels(first: Sequence[Value], last: Sequence[Value]) -> list[str]:
    """Of the cells of a map: `20`, or `20 to 24` where a cell stands for several values."""
    short = [value(a) if a == b else f"{value(a)} to {value(b)}" for a, b in zip(first, last, strict=True)]
    if len(set(short)) == len(short):
        return short
    return [str(a) if a == b else f"{a} to {b}" for a, b in zip(first, last, strict=True)]


def listed(values: Sequence[Value]) -> str:
    """All of them, or how many from where to where."""
    if len(values) <= _MOST_LISTED:
        return ", ".join(value(one) for one in values)
    return f"{len(values):,} values from {value(values[0])} to {value(values[-1])}"


def said(parameters: Mapping[str, Value]) -> str:
    """`fast=10, slow=50`."""
    return ", ".join(f"{name}={value(one)}" for name, one in parameters.items())


def traded(record: SearchRecord, one: RankedSet) -> str:
    """How many closed trades stand behind a set."""
    return f"{one.trades:,.0f} {'trade' if one.trades == 1 else 'trades'}{' an instrument' if len(record.instruments) > 1 else ''}"


def answer(record: SearchRecord) -> list[str]:
    """The best set, what its neighbours say, and how many tries stand behind it."""
    if not record.ranked:
        return [f"No set has a {label(record.by)}: none of them traded enough to measure it."]
    best = record.ranked[0]
    lines = [
        f"Best of {record.sets:,} by {label(record.by)}: {shown(record.by, best.measures[record.by])} with {said(best.parameters)}."
    ]
    if best.trades < _FEW_TRADES:
        lines.append(f"It closed {traded(record, best)}, too few to judge it by.")
    lines.append(_neighbours(best, record.by))
    if len(record.instruments) > 1 and centre(record.by) is not None:
        lines.append(_everywhere(record, best))
    lines.append(f"All sets: median {shown(record.by, record.median)}{_above(record)}.")
    lines.append(_luck(record))
    return lines


def _luck(record: SearchRecord) -> str:
    """What as many tries without an edge would show, where it is known."""
    tries = f"The ledger knows {counted(record.trials, 'trial')} of this strategy on "
    if record.luck is None:
        where = "this instrument" if len(record.instruments) == 1 else "these instruments"
        return f"{tries}{where}: the best of so many is partly luck, and nothing here is corrected for that."
    told = record.luck
    sure = "more than luck at 95%" if told.deflated >= _SURE else "not told apart from luck"
    own = "" if record.by == "sharpe" else f", and this set's is {ratio(told.sharpe)}"
    return (
        f"{tries}this instrument: the best of so many without any edge would show a Sharpe of about {ratio(told.by_luck)}{own}. "
        f"The chance that the best set's is more than that is {part(told.deflated)} (deflated Sharpe ratio): {sure}."
    )


def _everywhere(record: SearchRecord, best: RankedSet) -> str:
    middle = centre(record.by) or 0.0
    good = sum(one is not None and one > middle for one in best.each)
    return f"It is above {'one' if middle else 'zero'} on {good} of {len(best.each)} instruments."


def _above(record: SearchRecord) -> str:
    return f", {part(record.share_above_zero)} of them above zero" if centre(record.by) == 0.0 else ""


def _neighbours(best: RankedSet, by: str) -> str:
    if best.neighbours is None:
        return "It has no neighbours in this grid to compare it with."
    return (
        f"Its neighbours' median is {shown(by, best.neighbours)}{'' if best.stability is None else f', {kind(best)}'}."
    )


def kind(best: RankedSet) -> str:
    """What its stability makes of a set: `20% of its own: a lonely peak`."""
    if best.neighbours is None:
        return "there are none in this grid"
    if best.stability is None:
        return "its own is not above zero"
    word = "a plateau" if best.stability >= _PLATEAU else "a slope" if best.stability >= _SLOPE else "a lonely peak"
    return f"{best.stability:.0%} of its own: {word}".replace("-", "\N{MINUS SIGN}")


def spread(record: SearchRecord) -> str:
    """From the worst to the best set."""
    worst, best = (shown(record.by, one) for one in (record.edges[0], record.edges[-1]))
    return f"from {worst} to {best}{_above(record)}"


def sets(record: SearchRecord) -> str:
    """How many were tried now, and how many are none."""
    now = f"{counted(record.sets, 'set')} on {counted(len(record.instruments), 'instrument')} in this search"
    return f"{now}; {record.refused:,} refused" if record.refused else now


def tried(record: SearchRecord) -> str:
    """What was searched."""
    names = ", ".join(f"{one.label} ({one.bars:,} bars)" for one in record.instruments)
    text = f"{record.strategy} on {names}: {counted(record.sets, 'set')}"
    if record.refused == 1:
        text += f" of {record.grid:,}; 1 is no strategy: {record.refused_example}"
    elif record.refused:
        text += f" of {record.grid:,}; {record.refused:,} are no strategy, such as {record.refused_example}"
    return text
