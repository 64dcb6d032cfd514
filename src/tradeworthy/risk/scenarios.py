"""Stress scenarios: what a market is made into, as numbers."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, non_negative, positive, shown, whole_number

TREND_BARS = 100
"""Length of the stretches whose drift counts as trend, unless a scenario says otherwise."""
MOST_FACTOR = 100.0
"""Of volatility, trend, gaps and spreads: beyond it prices leave what numbers hold within a few hundred bars."""
MOST_SHOCK_PERCENT = 1_000.0
LONGEST_BLOCK = 1_000_000


def plain_fields(record: object, names: tuple[str, ...]) -> None:
    """Makes floats of the numbers, already checked, that are of some other kind, such as Decimal or numpy's."""
    for name in names:
        given = getattr(record, name)
        if given is not None and type(given) not in {int, float}:
            object.__setattr__(record, name, float(given))


@dataclass(frozen=True, slots=True)
class Shock:
    """One jump between two bars: the bar opens `percent` of the price away, and by its close `recovery` of that is back.

    percent: above -100, up to 1,000, not 0. recovery: share of the jump, in logarithms, 0 for none and 1 for all. bar: the
    place of the bar, from 0, below zero from the end (-1 is the last); None is drawn from the seed.
    """

    percent: float
    recovery: float = 0.0
    bar: int | None = None

    def __post_init__(self) -> None:
        given = finite_number(self.percent, "shock: percent")
        if given <= -100.0:
            raise InputError(f"shock: {given:g}% leaves no price above zero; give more than -100")
        if given == 0.0 or given > MOST_SHOCK_PERCENT:
            raise InputError(f"shock: percent must not be 0 and at most {MOST_SHOCK_PERCENT:,.0f}, not {given:g}")
        if not 0.0 <= finite_number(self.recovery, "shock: recovery") <= 1.0:
            raise InputError(
                f"shock: recovery is the share of the jump that comes back, 0 to 1, not {shown(self.recovery)}"
            )
        plain_fields(self, ("percent", "recovery"))
        if self.bar is not None and whole_number(self.bar) is None:
            raise InputError(
                f"shock: bar is the place of a bar, such as 120 or -20 from the end, or None, not {shown(self.bar)}"
            )


@dataclass(frozen=True, slots=True)
class Scenario:
    """Factors on a market's own bars; 1 leaves things as they were.

    volatility: on each bar's deviation from the trend, and on its range. trend: on the drift of each stretch of `trend_bars`
    bars. gap: on the step from a close to the next open, as volatility where None. spread: on whatever the spread costs.
    shock: a jump on top. block: None keeps the deviations in their places; a number draws them in blocks of so many bars on
    average.
    """

    name: str
    volatility: float = 1.0
    trend: float = 1.0
    spread: float = 1.0
    gap: float | None = None
    shock: Shock | None = None
    trend_bars: int = TREND_BARS
    block: float | None = None

    def __post_init__(self) -> None:
        name: object = self.name
        if not isinstance(name, str) or not name.strip():
            raise InputError("a stress scenario needs a name, as text")
        positive(self.volatility, f"{self.name}: volatility")
        for factor in ("trend", "spread"):
            non_negative(getattr(self, factor), f"{self.name}: {factor}")
        if self.gap is not None:
            non_negative(self.gap, f"{self.name}: gap")
        for factor in ("volatility", "trend", "spread", "gap"):
            given = getattr(self, factor)
            if (given or 0.0) > MOST_FACTOR:
                raise InputError(f"{self.name}: {factor} must be at most {MOST_FACTOR:g}, not {shown(given)}")
        if not 2 <= (whole_number(self.trend_bars) or 0) <= LONGEST_BLOCK:
            raise InputError(
                f"{self.name}: trend_bars must be a whole number of bars, 2 or more and at most {LONGEST_BLOCK:,}, not "
                f"{shown(self.trend_bars)}"
            )
        if self.block is not None and not 1.0 <= finite_number(self.block, f"{self.name}: block") <= LONGEST_BLOCK:
            raise InputError(f"{self.name}: block must be a number of bars from 1 to {LONGEST_BLOCK:,}, or None")
        if self.shock is not None and not isinstance(self.shock, Shock):
            raise InputError(f"{self.name}: shock must be a Shock(...) or None, not {shown(self.shock)}")
        plain_fields(self, ("volatility", "trend", "spread", "gap", "block"))

    @property
    def gaps(self) -> float:
        """The factor on gaps."""
        return float(self.volatility if self.gap is None else self.gap)

    @property
    def is_drawn(self) -> bool:
        """Whether another seed gives other bars."""
        return self.block is not None or (self.shock is not None and self.shock.bar is None)

    def to_dict(self) -> dict[str, Any]:
        """Every field, as plain data."""
        return asdict(self)


FLASH_CRASH = Shock(percent=-9.0, recovery=2.0 / 3.0)
"""About that of sterling on 7 October 2016 (BIS Markets Committee, The sterling 'flash event', January 2017)."""

SCENARIOS: tuple[Scenario, ...] = (
    Scenario("Extreme Volatility", volatility=3.0, trend=0.5, spread=3.0),
    Scenario("High Trend", volatility=1.5, trend=2.0, spread=1.5),
    Scenario("Choppy", volatility=2.0, trend=0.1, spread=2.0),
    Scenario("Flash Crash", volatility=5.0, trend=3.0, spread=5.0, shock=FLASH_CRASH),
)
"""The four that every book goes through. Spreads widen as volatility does: dealers charge for it (Bollerslev, Melvin 1994)."""


def shock_factors(shock: Shock) -> tuple[float, float]:
    """By what a shock multiplies the open of its bar, and everything from its close on."""
    jump = math.log1p(shock.percent / 100.0)
    return math.exp(jump), math.exp((1.0 - shock.recovery) * jump)
