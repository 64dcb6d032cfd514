"""A baseline: what was validated once, kept to hold later performance against."""

from dataclasses import dataclass, field

from tradeworthy.appraisal.record import Validation
from tradeworthy.core.version import PACKAGE_VERSION
from tradeworthy.validation.comparison import measures_of
from tradeworthy.validation.selection import Trials

Value = float | int | bool


@dataclass(frozen=True, slots=True)
class BaselineData:
    """The bars or trades that stood behind a strategy, by their hash. unit: `bars` or `trades`."""

    source: str
    first: str
    last: str
    count: int
    unit: str
    sha256: str


@dataclass(frozen=True, slots=True)
class BaselineStrategy:
    """One strategy as it was validated: its parameters, its data, and the R of every closed trade, oldest first.

    since: from when on there could have been trades. measures: of all its trades, in R; None where they define none.
    trials: what was known of the search that it came from; None where nothing was. unit_r: what stands in for one R as a
    fraction of the money traded, None where R is measured by stops.
    """

    name: str
    instrument: str
    timeframe: str
    rules: str
    parameters: dict[str, Value]
    data: BaselineData
    since: str
    measures: dict[str, float | None]
    trials: Trials | None
    unit_r: float | None
    exit_time: tuple[str, ...]
    r: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A book or a trade history up to the moment `until`. verdict: of the validation that it was taken from."""

    book: str
    kind: str
    until: str
    verdict: str
    fills: dict[str, str | bool]
    spread_pips: dict[str, float]
    strategies: tuple[BaselineStrategy, ...]
    version: str = field(default=PACKAGE_VERSION)

    @property
    def sizes(self) -> dict[str, float]:
        """By strategy, what stands in for one R; those measured by stops are not in it."""
        return {one.name: one.unit_r for one in self.strategies if one.unit_r is not None}

    def strategy(self, name: str) -> BaselineStrategy | None:
        """The strategy of that name."""
        return next((one for one in self.strategies if one.name == name), None)


def baseline_of(validation: Validation) -> Baseline:
    """Everything that a validation judged, both before its window and in it, as the baseline of later ones."""
    strategies = []
    for one in validation.strategies:
        data = one.data
        strategies.append(BaselineStrategy(
            one.name, one.instrument, one.timeframe, one.rules, dict(one.parameters),
            BaselineData(data.source, data.first, data.last, data.count, data.unit, data.sha256), one.since,
            measures_of(one.trades.as_array()), one.trials, one.unit_r, one.trades.exit_time, one.trades.r,
        ))  # fmt: skip
    return Baseline(
        validation.book, validation.kind, validation.window_end, str(validation.judgement.verdict),
        dict(validation.fills), dict(validation.spread_pips), tuple(strategies),
    )  # fmt: skip
