"""Sizes that the leverage limit cut: how many, and what that made of the risk that was wanted."""

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.account import Account
from tradeworthy.backtest.result import Result
from tradeworthy.controls.sizing import FixedFraction, Units

Floats = npt.NDArray[np.float64]
_NOISE = 1e-9
"""Of a lot step or a size, by which two sizes are still the same."""


def limited_words(result: Result) -> str | None:
    """`119 of 134 sizes were cut by the leverage limit; the mean risk at the stop was 1.4%, not 2%`; None where none was.

    Of sizes by risk and by units the wanted size is known and held against the limit; of others a trade counts as cut
    whose size is the limit to the last lot step.
    """
    account, t = result.account, result.trades
    if account is None or t.money is None or not len(t):
        return None
    worth = t.money[6] * float(result.bars.instrument.multiplier)
    balance = account.balance + np.concatenate(([0.0], np.cumsum(t.pnl)[:-1]))
    limit = account.leverage * balance / (result.bars.close[t.signal_index] * worth)
    step = account.limits(result.bars)[0]
    wanted = _wanted(account, balance, t.risk * worth, t.multiplier)
    cut = t.units > limit - step * (1.0 - _NOISE)
    if wanted is not None:
        cut &= wanted >= (t.units + step) * (1.0 - _NOISE)
    count = int(cut.sum())
    if not count:
        return None
    said = f"{count:,} of {len(t):,} size{' was' if len(t) == 1 else 's were'} cut by the leverage limit"
    return f"{said}{_meaning(account, t.units, t.risked / balance, t.multiplier)}"


def _wanted(account: Account, balance: Floats, lost_by_unit: Floats, share: Floats) -> Floats | None:
    """Units before the leverage limit; None for rules that ask about more than the trade."""
    if isinstance(account.sizing, Units):
        return np.minimum(account.sizing.units * share, account.max_units)
    if isinstance(account.sizing, FixedFraction):
        return np.minimum(balance * account.sizing.risk * share / lost_by_unit, account.max_units)
    return None


def _meaning(account: Account, units: Floats, risk: Floats, share: Floats) -> str:
    if isinstance(account.sizing, FixedFraction):
        wished = account.sizing.risk * float(share.mean())
        return f"; the mean risk at the stop was {100 * float(risk.mean()):.2g}%, not {100 * wished:.3g}%"
    if isinstance(account.sizing, Units):
        wished = account.sizing.units * float(share.mean())
        return f"; the mean size was {float(units.mean()):,.4g} units, not {wished:,.4g}"
    return ""
