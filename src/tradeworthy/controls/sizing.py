"""The settings of position sizing: how many units a decision wants, and how many it may have.

The arithmetic is compiled in `sizing_steps`; docs/controls.md says it in words.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, TypeAlias

from tradeworthy.controls.ranges import require_number, require_share, require_whole
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import Instrument

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

KIND = 0
UNITS, FIXED_FRACTION, VOLATILITY_TARGET, KELLY = 0, 1, 2, 3
# Places in the packed vector, known to this file and sizing_steps: the one number of the first three kinds, and Kelly's.
AMOUNT = 1
CAP, FRACTION, Z, LEAST_TRADES, UNTIL_THEN = 1, 2, 3, 4, 5
PACKED = 6
MOST = 1e15
"""Units: whole floats are exact that far."""


def _packed(kind: int, *numbers: float) -> "npt.NDArray[np.float64]":
    import numpy as np

    vector = np.zeros(PACKED)
    vector[KIND] = kind
    vector[1 : 1 + len(numbers)] = numbers
    return vector


@dataclass(frozen=True, slots=True)
class Units:
    """The same number of units for every trade, times the calibration's multiplier."""

    units: float

    def __post_init__(self) -> None:
        require_number("units: units", self.units, 0.0, MOST, above=True)

    def packed(self) -> "npt.NDArray[np.float64]":
        """For the compiled steps, shape (6,)."""
        return _packed(UNITS, self.units)


@dataclass(frozen=True, slots=True)
class FixedFraction:
    """Lose this share of the equity if the stop is hit."""

    risk: float = 0.02

    def __post_init__(self) -> None:
        require_share("fixed fraction: risk", self.risk)

    def packed(self) -> "npt.NDArray[np.float64]":
        """For the compiled steps, shape (6,)."""
        return _packed(FIXED_FRACTION, self.risk)


@dataclass(frozen=True, slots=True)
class VolatilityTarget:
    """Hold as much as lets the equity move by this share a year (one standard deviation)."""

    annual: float = 0.10

    def __post_init__(self) -> None:
        require_number("volatility target: annual", self.annual, 0.0, 10.0, above=True)

    def packed(self) -> "npt.NDArray[np.float64]":
        """For the compiled steps, shape (6,)."""
        return _packed(VOLATILITY_TARGET, self.annual)


@dataclass(frozen=True, slots=True)
class Kelly:
    """A part of the growth-optimal share, from this run's own closed trades and on the cautious side of them.

    cap: the most of the equity that one loss may cost. fraction: of the full Kelly share (0.5: half Kelly).
    confidence: of the two-sided Wilson interval whose lower end is taken for the share of wins; 0 takes the share as it
    is. least_trades: wins and losses before the formula is used; until_then: the risk of a fixed fraction until then, and
    until the first loss has shown how large one is (0: no trade). Raises InputError for a field that cannot be used.
    """

    cap: float = 0.05
    fraction: float = 0.5
    confidence: float = 0.95
    least_trades: int = 30
    until_then: float = 0.01

    def __post_init__(self) -> None:
        require_share("kelly: cap", self.cap)
        require_number("kelly: fraction", self.fraction, 0.0, 1.0, above=True)
        require_number("kelly: confidence", self.confidence, 0.0, 0.999999)
        require_whole("kelly: least_trades", self.least_trades, 1)
        require_number("kelly: until_then", self.until_then, 0.0, self.cap)

    def packed(self) -> "npt.NDArray[np.float64]":
        """For the compiled steps, shape (6,); the confidence goes as its Normal quantile."""
        z = NormalDist().inv_cdf(0.5 + self.confidence / 2)
        return _packed(KELLY, self.cap, self.fraction, z, self.least_trades, self.until_then)


Sizing: TypeAlias = Units | FixedFraction | VolatilityTarget | Kelly


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """What an order may be: whole lot steps, from the smallest order, up to leverage x equity and `max_units`.

    lot_step, min_units, max_units: units of the base; leverage: notional / equity. Raises InputError for a field that
    cannot be used.
    """

    lot_step: float
    min_units: float
    leverage: float
    max_units: float | None = None

    def __post_init__(self) -> None:
        for name in ("lot_step", "min_units", "leverage"):
            require_number(f"size limits: {name}", getattr(self, name), 0.0, MOST, above=True)
        if self.max_units is not None:
            require_number("size limits: max_units", self.max_units, 0.0, MOST, above=True)
            if self.max_units < self.min_units:
                raise InputError(
                    f"size limits: max_units must be at least min_units ({self.min_units}), not {self.max_units}"
                )

    @classmethod
    def of(cls, instrument: Instrument, leverage: float, max_units: float | None = None) -> "SizeLimits":
        """The instrument's own lot step and smallest order."""
        return cls(float(instrument.lot_step), float(instrument.min_units), leverage, max_units)

    def numbers(self) -> tuple[float, float, float, float]:
        """Lot step, smallest order, leverage and most units (infinite for no limit), as `permitted_units` takes them."""
        most = math.inf if self.max_units is None else float(self.max_units)
        return float(self.lot_step), float(self.min_units), float(self.leverage), most
