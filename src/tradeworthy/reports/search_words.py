"""The sentences of a search, alike in the terminal and on the page."""

from tradeworthy.appraisal.search_recording import RankedSet, SearchRecord
from tradeworthy.core.counting import counted
from tradeworthy.reports.amounts import part, ratio

LABELS = {
    "sharpe": "Sharpe", "pnl": "P&L", "max_drawdown": "Drawdown", "profit_factor": "Profit factor", "win_rate": "Winners",
    "mean_r": "Mean R", "return_over_drawdown": "P&L / drawdown",
}  # fmt: skip


def label(measure: str) -> str:
    """What people call a measure."""
    return LABELS.get(measure, measure.replace("_", " "))


def shown(measure: str, value: float | None) -> str:
    """A measure with as many digits as it deserves; a dash where it is not defined."""
    if measure == "win_rate":
        return part(value)
    if measure in {"pnl", "max_drawdown"} and value is not None:
        return f"{value:,.4g}".replace("-", "\N{MINUS SIGN}")
    return ratio(value)


def said(parameters: dict[str, float | int | bool | str | None]) -> str:
    """`fast=10, slow=50`."""
    return ", ".join(f"{name}={value}" for name, value in parameters.items())


def answer(record: SearchRecord) -> list[str]:
    """The best set, what its neighbours say, and how many tries stand behind it."""
    if not record.ranked:
        return [f"No set has a {label(record.by)}: none of them traded enough to measure it."]
    best = record.ranked[0]
    lines = [
        f"Best of {record.sets:,} by {label(record.by)}: {said(best.parameters)}, {shown(record.by, best.measures[record.by])}."
    ]
    lines.append(_neighbours(best, record.by))
    lines.append(
        f"All sets: median {shown(record.by, record.median)}, {part(record.share_above_zero)} of them above zero."
    )
    lines.append(
        f"The ledger knows {counted(record.trials, 'trial')} of this strategy on "
        f"{'this instrument' if len(record.instruments) == 1 else 'these instruments'}: the best of so many is partly luck, "
        "and nothing here is corrected for that yet."
    )
    return lines


def _neighbours(best: RankedSet, by: str) -> str:
    if best.neighbours is None:
        return "It has no neighbours in this grid to compare it with."
    word = f"Its neighbours' median is {shown(by, best.neighbours)}"
    if best.stability is None:
        return f"{word}."
    kind = "a plateau" if best.stability >= 0.8 else "a slope" if best.stability >= 0.5 else "a lonely peak"
    return f"{word}, {best.stability:.0%} of its own: {kind}."


def tried(record: SearchRecord) -> str:
    """What was searched."""
    names = ", ".join(one.label for one in record.instruments)
    text = f"{record.strategy} on {names}: {counted(record.sets, 'set')} of {record.grid:,}"
    if record.refused:
        text += f"; {record.refused:,} are no strategy, such as {record.refused_example}"
    return text
