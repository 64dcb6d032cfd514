"""Whose money is traded: balance, currency, sizes, and what may hold an entry back."""

import hashlib
import math
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest import conversion
from tradeworthy.backtest.conversion import Rates
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.filters import Filters
from tradeworthy.controls.sizing import FixedFraction, Kelly, Units, VolatilityTarget
from tradeworthy.core.bar import DayCut
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import positive
from tradeworthy.market.bars import Bars
from tradeworthy.market.zones import known_zone

Floats = npt.NDArray[np.float64]
Sizing = Units | FixedFraction | VolatilityTarget | Kelly


@dataclass(frozen=True, slots=True, eq=False)
class OptionInputs:
    """What the filters of option signals ask about, one value for every bar; a column left out is not applicable.

    bias_strength, trap_probability: shares from 0 to 1. oi_delta: change of open interest, signed. iv: implied
    volatility in percent. NaN where a value that should be there is missing: then the entry is refused.
    """

    bias_strength: Floats | None = None
    trap_probability: Floats | None = None
    oi_delta: Floats | None = None
    iv: Floats | None = None

    def check(self, bars: Bars) -> None:
        """Raises InputError for a column of another length than the bars."""
        for name in self.__slots__:
            column = getattr(self, name)
            if column is not None and np.shape(column) != (len(bars),):
                raise InputError(
                    f"inputs: {name} has shape {np.shape(column)} and there are {len(bars)} bars; give one value for each"
                )


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """A balance to trade, and the rules for how much of it.

    balance, currency: what it starts with ("" is the instrument's quote currency). sizing: units by rule.
    leverage: most notional for one unit of balance. lot_step, min_units: the instrument's where None. rates: account
    money for one unit of quote currency, as bars of that pair (either way round) or a number. calibration, filters: what
    cuts or refuses entries, None for off. day: where a trading day begins, by the instrument's market where None.
    session_zone: the exchange's zone if session windows apply (Asia/Kolkata for NSE), else they are not applicable.
    inputs: what option filters ask about.
    """

    balance: float = 10_000.0
    currency: str = ""
    sizing: Sizing = field(default_factory=lambda: FixedFraction(0.01))
    leverage: float = 30.0
    lot_step: float | None = None
    min_units: float | None = None
    max_units: float = math.inf
    rates: Rates = None
    calibration: Calibration | None = None
    filters: Filters | None = None
    day: DayCut | None = None
    session_zone: str | None = None
    inputs: OptionInputs = field(default_factory=OptionInputs)

    def __post_init__(self) -> None:
        for name in ("balance", "leverage"):
            positive(getattr(self, name), f"account: {name}")
        for name in ("lot_step", "min_units"):
            if getattr(self, name) is not None:
                positive(getattr(self, name), f"account: {name}")
        if not self.max_units > 0:
            raise InputError(f"account: max_units must be above zero, not {self.max_units!r}")
        if not isinstance(self.sizing, Sizing):
            raise InputError(
                f"account: sizing must be Units, FixedFraction, VolatilityTarget or Kelly, not {self.sizing!r}"
            )
        for name, kind in (("calibration", Calibration), ("filters", Filters)):
            if not isinstance(getattr(self, name), kind | None):
                raise InputError(f"account: {name} must be {kind.__name__}() or None, not {getattr(self, name)!r}")
        if self.session_zone is not None:
            known_zone(self.session_zone)

    def currency_for(self, bars: Bars) -> str:
        """The account's currency, the quote's where none is named."""
        return self.currency.upper() or bars.instrument.quote

    def limits(self, bars: Bars) -> tuple[float, float, float, float]:
        """Lot step, smallest order, leverage and most units."""
        step = float(bars.instrument.lot_step) if self.lot_step is None else float(self.lot_step)
        least = float(bars.instrument.min_units) if self.min_units is None else float(self.min_units)
        return step, least, float(self.leverage), float(self.max_units)

    def told(self, bars: Bars) -> dict[str, Any]:
        """What names it in a hash, as plain data."""
        parts: dict[str, Any] = {
            "sizing": self.sizing,
            "calibration": self.calibration,
            "filters": self.filters,
            "day": self.day,
        }
        named = {
            name: [type(part).__name__, {key: str(value) for key, value in asdict(part).items()}]
            for name, part in parts.items()
            if part is not None
        }
        inputs = {
            name: None if column is None else hashlib.sha256(np.asarray(column, np.float64).tobytes()).hexdigest()
            for name, column in ((name, getattr(self.inputs, name)) for name in OptionInputs.__slots__)
        }
        return {
            "balance": self.balance, "currency": self.currency_for(bars), "limits": [str(x) for x in self.limits(bars)],
            "rates": conversion.told(self.rates), "session_zone": self.session_zone, "inputs": inputs, **named,
        }  # fmt: skip
