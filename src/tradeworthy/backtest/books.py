"""The columns and numbers that an account's walk reads, made once from bars, decisions, costs and account."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.account import Account
from tradeworthy.backtest.conversion import rate_column
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.nights import rollover_table
from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Charges = tuple[float, float, float, float, float, float, float, float]

_DAYS_A_YEAR = 365.0


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """What docs/money.md asks for: slippage and rate of every bar (n,), the charges, and when nights are counted.

    night: (m,) moments of financing. nights: (m + 1,) how many nights had counted before the first, by it, and so on.
    """

    slip: Floats
    rate: Floats
    night: Whole
    nights: Whole
    charges: Charges

    @classmethod
    def of(cls, bars: Bars, costs: Costs, account: Account | None) -> Self:
        """Of one instrument; without an account in its quote currency."""
        n = len(bars)
        slip = costs.slippage.column(bars) if costs.slippage else np.broadcast_to(np.float64(0.0), n)
        rate = (
            rate_column(bars, account.currency_for(bars), account.rates)
            if account
            else np.broadcast_to(np.float64(1.0), n)
        )
        nights = (
            rollover_table(bars, costs.swap.triple_weekday)
            if costs.swap
            else (np.empty(0, np.int64), np.zeros(1, np.int64))
        )
        return cls(slip, rate, *nights, _charges(bars, costs))


def _charges(bars: Bars, costs: Costs) -> Charges:
    fees, swap, pip = costs.commission, costs.swap, float(bars.instrument.pip)
    per_unit = fees.per_unit + fees.per_lot / fees.lot_units if fees else 0.0
    share, least = (fees.percent / 100.0, fees.minimum) if fees else (0.0, 0.0)
    nightly = (
        (swap.long_pips * pip, swap.short_pips * pip, swap.long_percent / 100.0 / _DAYS_A_YEAR,
         swap.short_percent / 100.0 / _DAYS_A_YEAR)
        if swap else (0.0, 0.0, 0.0, 0.0)
    )  # fmt: skip
    return (per_unit, share, least, *nightly, float(bars.instrument.multiplier))
