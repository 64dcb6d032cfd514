"""What one R is, in a sentence, and what the reader of a verdict has to know of it."""

from collections.abc import Sequence

from tradeworthy.core.counting import counted
from tradeworthy.market.rules import Finding, Severity
from tradeworthy.validation.trade_table import TradeTable
from tradeworthy.validation.trade_units import FIRST_LOSSES, Measure, Unit

_NAMED = 6
_BY_STOPS = "profit after costs over the money that the stop would have lost at entry"


def units_in_words(units: Sequence[Unit], table: TradeTable, *, windowed: bool) -> tuple[str, tuple[Finding, ...]]:
    """The assumption R, and warnings about stops that could not be used and units that the window had a part in."""
    by_stops = [unit for unit in units if unit.size is None]
    stood_in = [unit for unit in units if unit.size is not None]
    usual = table.assumptions.get("R", _BY_STOPS)
    if not stood_in:
        return usual, ()
    what = "these trades" if not by_stops else f"the trades of {_listed([unit.strategy for unit in stood_in])}"
    why = "no stops" if all(unit.without == unit.count for unit in stood_in) else "no stops that could be used"
    before = " before the window" if windowed else ""
    sentence = (
        f"stands for a usual loss, because {what} have {why}: 1 R is the median loss after costs, as a share of the money "
        f"traded, of each strategy's first {FIRST_LOSSES} losing trades{before}: {_sizes(stood_in)}"
    )
    if by_stops:
        sentence += f"; for {_listed([unit.strategy for unit in by_stops])}, whose trades all have stops, it is {usual}"
    return sentence, tuple(_findings(stood_in))


def _sizes(units: Sequence[Unit]) -> str:
    return _listed([f"{unit.strategy} {100 * (unit.size or 0):.3g}% {_basis(unit)}" for unit in units])


def _basis(unit: Unit) -> str:
    if unit.measure is Measure.GIVEN:
        return "as in the baseline"
    if unit.measure is Measure.LOSSES:
        return f"from {unit.taken} losses"
    return f"from the size of {counted(unit.taken, 'trade')}, there being too few losses"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _findings(units: Sequence[Unit]) -> list[Finding]:
    found = []
    beyond = sum(unit.beyond for unit in units)
    if beyond:
        message = (
            f"{counted(beyond, 'trade')} had a stop at or beyond the entry: stops were moved, and none of them was used"
        )
        found.append(Finding("moved_stops", Severity.WARNING, message, beyond))
    some = [unit for unit in units if 0 < unit.without < unit.count]
    if some:
        message = f"only some trades of {_listed([unit.strategy for unit in some])} have stops, so none of these stops was used"
        found.append(Finding("some_stops", Severity.WARNING, message, sum(unit.without for unit in some)))
    late = [unit.strategy for unit in units if unit.later]
    if late:
        message = f"too few trades closed before the window to say what 1 R is for {_listed(late)}; the window's own were used"
        found.append(Finding("late_unit", Severity.WARNING, message, len(late)))
    return found
