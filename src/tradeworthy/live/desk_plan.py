"""What a desk trades and by which rules: fixed from its start to its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.filters import Filters
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.sizing import FixedFraction, SizeLimits, Sizing, VolatilityTarget
from tradeworthy.core.bar import NEW_YORK_CLOSE, DayCut, Timeframe
from tradeworthy.core.clock import MINUTE_NS, SECOND_NS
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import Instrument
from tradeworthy.live.breaker import USUAL_BREAKER, BreakerRules
from tradeworthy.live.freshness import USUAL_LIMITS, FreshnessLimits
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.strategies.protocol import Strategy

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Member:
    """One strategy of the desk, on one instrument and timeframe."""

    name: str
    instrument: Instrument
    timeframe: Timeframe
    strategy: Strategy
    sizing: Sizing = field(default_factory=lambda: FixedFraction(0.01))
    leverage: float = 30.0

    @property
    def key(self) -> tuple[str, Timeframe]:
        """Of its bars."""
        return self.instrument.symbol, self.timeframe

    def size_numbers(self) -> tuple[float, float, float, float]:
        """Lot step, smallest order, leverage, most units, as the compiled sizing takes them."""
        return SizeLimits.of(self.instrument, self.leverage).numbers()


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a desk waits, in nanoseconds.

    answer_ns: for a broker's answer, until an order is UNKNOWN. ask_ns: between questions about the same order. entry_ns:
    an entry that did not arrive is sent again until then, and not later. exit_ns: until the second attempt to leave, doubled
    with each that fails, up to exit_most_ns. reconcile_ns: between reconciliations. again_ns: until the next one after a
    difference. history_ns: for the bars of before.
    """

    answer_ns: int = 10 * SECOND_NS
    ask_ns: int = 2 * SECOND_NS
    entry_ns: int = 60 * SECOND_NS
    exit_ns: int = 5 * SECOND_NS
    exit_most_ns: int = 5 * MINUTE_NS
    reconcile_ns: int = 5 * MINUTE_NS
    again_ns: int = 10 * SECOND_NS
    history_ns: int = 60 * SECOND_NS

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) <= 0:
                raise InputError(f"timing: {name} must be above zero")


@dataclass(frozen=True, slots=True)
class Series:
    """Bars that the desk follows, and the places of the members that trade on them."""

    symbol: str
    timeframe: Timeframe
    members: tuple[int, ...]


@dataclass(frozen=True)
class DeskPlan:
    """mark: 1 to 8 letters and digits that stand in every client id. currency: of the account. stops_from_fill: whether
    distances count from the fill, or from the close of the signal's bar. calibration, filters: None for off. hours: by
    symbol. groups, correlations: for the limits. day: the trading day. session_zone: "" where session windows do not apply.
    feels_volatility: whether any rule asks how volatile the market is. limits_ns: by series, how old its last bar may be.
    rate_series: by currency, places of the series that say what it is worth in the account's, and whether they say it inversely.
    currencies: that the instruments are quoted in or made of, by name.

    Raises InputError for two members of one name.
    """

    mark: str
    currency: str
    members: tuple[Member, ...]
    hours: Mapping[str, OpenHours]
    gate: Gate = field(default_factory=Gate)
    stops_from_fill: bool = True
    calibration: Calibration | None = None
    filters: Filters | None = None
    groups: Mapping[str, str] | None = None
    correlations: Mapping[frozenset[str], float] | None = None
    day: DayCut = NEW_YORK_CLOSE
    session_zone: str = ""
    timing: Timing = field(default_factory=Timing)
    breaker: BreakerRules = USUAL_BREAKER
    freshness: FreshnessLimits = USUAL_LIMITS
    balance: float = 0.0
    series: tuple[Series, ...] = field(init=False)
    series_at: Mapping[tuple[str, Timeframe], int] = field(init=False)
    member_at: Mapping[str, int] = field(init=False)
    packed: "Packed" = field(init=False)
    feels_volatility: bool = field(init=False)
    limits_ns: tuple[int, ...] = field(init=False)
    rate_series: Mapping[str, tuple[tuple[int, bool], ...]] = field(init=False)
    currencies: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        names = [one.name for one in self.members]
        if not names or len(set(names)) != len(names):
            raise InputError("a desk needs at least one strategy, and each a name of its own")
        keys = list(dict.fromkeys(one.key for one in self.members))
        series = tuple(
            Series(symbol, frame, tuple(i for i, one in enumerate(self.members) if one.key == (symbol, frame)))
            for symbol, frame in keys
        )
        object.__setattr__(self, "series", series)
        object.__setattr__(self, "series_at", MappingProxyType({key: i for i, key in enumerate(keys)}))
        object.__setattr__(self, "member_at", MappingProxyType({name: i for i, name in enumerate(names)}))
        object.__setattr__(self, "packed", Packed.of(self))
        object.__setattr__(self, "limits_ns", tuple(self.freshness.limit_ns(frame) for _, frame in keys))
        object.__setattr__(self, "rate_series", MappingProxyType(_rate_series(series, self.currency)))
        currencies = {name for one in self.members for name in (one.instrument.quote, one.instrument.base)}
        object.__setattr__(self, "currencies", tuple(sorted(currencies)))
        asks = (self.calibration is not None and self.calibration.volatility) or (
            self.filters is not None and self.filters.volatility
        )
        targets = any(isinstance(one.sizing, VolatilityTarget) for one in self.members)
        object.__setattr__(self, "feels_volatility", asks or targets)

    def changes_of(self, series: Series) -> int:
        """How many changes of the close a year's volatility of a series is made of."""
        sizings = (self.members[i].sizing for i in series.members)
        return next((one.window for one in sizings if isinstance(one, VolatilityTarget)), 60)

    def instrument_of(self, symbol: str) -> Instrument | None:
        """The instrument, if any member trades it."""
        return next((one.instrument for one in self.members if one.instrument.symbol == symbol), None)


def _rate_series(series: tuple[Series, ...], account: str) -> dict[str, tuple[tuple[int, bool], ...]]:
    """The direct pair, and where there is none the one the other way round."""
    found: dict[str, tuple[tuple[int, bool], ...]] = {}
    for inverse in (True, False):
        for place, one in enumerate(series):
            base, _, quote = one.symbol.partition("_")
            currency, other = (quote, base) if inverse else (base, quote)
            if other == account:
                told = found.get(currency, ())
                found[currency] = (*(pair for pair in told if pair[1] is inverse), (place, inverse))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """The rules as the compiled steps take them, packed once."""

    calibration: "npt.NDArray[np.float64] | None"
    filters: "npt.NDArray[np.float64] | None"
    sizings: tuple[Any, ...]
    sizes: tuple[tuple[float, float, float, float], ...]

    @classmethod
    def of(cls, plan: DeskPlan) -> "Packed":
        """Of a plan."""
        return cls(
            None if plan.calibration is None else plan.calibration.packed(),
            None if plan.filters is None else plan.filters.packed(),
            tuple(one.sizing.packed() for one in plan.members),
            tuple(one.size_numbers() for one in plan.members),
        )
