"""What trading costs besides the spread: commission, slippage, and holding over night."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, non_negative, positive, whole_number
from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@dataclass(frozen=True, slots=True)
class Commission:
    """The fee of each order, entry and exit alike, in the account's currency.

    per_unit x units + per_lot x units / lot_units + percent / 100 x notional, and at least `minimum`.
    """

    per_unit: float = 0.0
    per_lot: float = 0.0
    lot_units: float = 100_000.0
    percent: float = 0.0
    minimum: float = 0.0

    def __post_init__(self) -> None:
        for name in ("per_unit", "per_lot", "percent", "minimum"):
            non_negative(getattr(self, name), f"commission: {name}")
        positive(self.lot_units, "commission: lot_units")

    def told(self) -> dict[str, Any]:
        """What names it in a hash, as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Slippage:
    """How much worse than its price a market order fills: entries, exits by signal, and stops; targets are limit orders.

    pips: always. atr_share: plus this share of the average true range known before the bar.
    """

    pips: float = 0.0
    atr_share: float = 0.0
    atr_period: int = 14

    def __post_init__(self) -> None:
        non_negative(self.pips, "slippage: pips")
        non_negative(self.atr_share, "slippage: atr_share")
        if (whole_number(self.atr_period) or 0) < 1:
            raise InputError(f"slippage: atr_period must be a whole number of bars, 1 or more, not {self.atr_period!r}")

    def column(self, bars: Bars) -> Floats:
        """(n,) in price units, for fills within each bar."""
        pips = float(self.pips) * float(bars.instrument.pip)
        if not self.atr_share:
            return np.broadcast_to(np.float64(pips), len(bars))
        from tradeworthy.backtest.volatility_loops import slippage_loop

        column = np.empty(len(bars))
        slippage_loop(bars.high, bars.low, bars.close, self.atr_period, pips, float(self.atr_share), column)
        return column

    def told(self) -> dict[str, Any]:
        """What names it in a hash, as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Swap:
    """What a unit earns (below zero: costs) for each night held over 17:00 New York.

    long_pips, short_pips: pips. long_percent, short_percent: percent a year of the entry price, on top.
    triple_weekday: the day whose night counts for three, Saturday and Sunday for none; None counts every day once.
    """

    long_pips: float = 0.0
    short_pips: float = 0.0
    long_percent: float = 0.0
    short_percent: float = 0.0
    triple_weekday: str | None = "Wednesday"

    def __post_init__(self) -> None:
        for name in ("long_pips", "short_pips", "long_percent", "short_percent"):
            finite_number(getattr(self, name), f"swap: {name}")
        if self.triple_weekday is not None and self.triple_weekday not in WEEKDAYS:
            raise InputError(
                f"swap: triple_weekday must be one of {', '.join(WEEKDAYS)}, or None, not {self.triple_weekday!r}"
            )

    def told(self) -> dict[str, Any]:
        """What names it in a hash, as plain data."""
        return asdict(self)
