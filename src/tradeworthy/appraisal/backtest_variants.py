"""The same decisions traded again under other rules: which level came first, with and without what holds entries back."""

from collections.abc import Mapping
from dataclasses import dataclass

from tradeworthy.appraisal.backtest_record import Variant
from tradeworthy.backtest.result import Result
from tradeworthy.backtest.side_by_side import fill_bounds, with_and_without
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import Decision, Decisions


class _Repeating:
    """Decisions that were made, one bar at a time."""

    def __init__(self, made: Decisions) -> None:
        self._made, self._bar, self._next = made, -1, 0

    def update(self, high: float, low: float, close: float) -> Decision:  # noqa: ARG002 - it was decided before
        """The decision of the next bar."""
        it, k = self._made, self._next
        self._bar += 1
        if k == len(it) or it.bar[k] != self._bar:
            return Decision(0, 0, float("nan"), float("nan"))
        self._next += 1
        return Decision(int(it.enter[k]), int(it.leave[k]), float(it.stop_distance[k]), float(it.target_distance[k]))


@dataclass(frozen=True, slots=True)
class Decided:
    """A strategy that has decided already, under its own name."""

    name: str
    parameters: Mapping[str, float | int | bool]
    made: Decisions
    warm_up: int = 0

    def decisions(self, bars: Bars) -> Decisions:  # noqa: ARG002 - it was decided before
        """What was decided."""
        return self.made

    def stream(self) -> _Repeating:
        """The same, one bar at a time."""
        return _Repeating(self.made)


def bounds_of(result: Result) -> tuple[Variant, ...]:
    """Stop first and target first wherever one bar held both."""
    it = fill_bounds(result.bars, _decided(result), result.fills, result.costs, result.account, finer=result.finer)
    return (_variant("stop first", it.stop_first), _variant("target first", it.target_first))


def variants_of(result: Result) -> tuple[Variant, ...]:
    """Without calibration and filters, with each that is on, and with both; empty where neither is on."""
    account = result.account
    if account is None or (account.calibration is None and account.filters is None):
        return ()
    runs = with_and_without(result.bars, _decided(result), result.fills, result.costs, account, finer=result.finer)
    return tuple(_variant(name, one) for name, one in runs.items())


def _decided(result: Result) -> Decided:
    return Decided(result.strategy, result.parameters, result.decisions)


def _variant(name: str, result: Result) -> Variant:
    return Variant(name, sum(result.refused.values()), result.statistics)
