"""How sure the mean trade is: drawn anew in blocks, so that trades that follow each other count for what they are."""

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.backtest_record import MeanTrade
from tradeworthy.backtest.trades import Trades
from tradeworthy.validation.comparison import SMALLEST_BASELINE, stretch
from tradeworthy.validation.dependence import block_length
from tradeworthy.validation.intervals import Interval, wilson_interval
from tradeworthy.validation.samples import stream_seed

Floats = npt.NDArray[np.float64]

PATHS = 4_000
_MOST_PIECES = 2_500
"""Longer histories are drawn in pieces of trades that followed each other, which keeps their dependence and the time short."""


def mean_trade_of(trades: Trades, currency: str, seed: int = 0) -> MeanTrade:
    """Mean R of the closed trades (P&L where none had a stop) with the 95% interval of a stationary block bootstrap.

    (Politis and Romano, JASA 89, 1994.) The interval is symmetric: it reaches as far to both sides of the mean as 95% of the
    drawn means lie from it (Hall, On symmetric bootstrap confidence intervals, JRSS B 50, 1988), widened for few
    independent blocks as the validation's are. The chance comes from the same distances, half of them to each side: it is
    above one half where the mean is above zero, and between 2.5% and 97.5% where the interval holds zero. None under 20
    trades, or where all are alike.
    """
    done = trades.closed
    r, pnl = trades.r[done], trades.pnl[done]
    values, unit = (r[np.isfinite(r)], "R") if np.isfinite(r).any() else (pnl, currency)
    wins = wilson_interval(int((pnl > 0).sum()), len(pnl)) if len(pnl) else None
    mean = float(values.mean()) if len(values) else None
    if mean is None or len(values) < SMALLEST_BASELINE or float(np.ptp(values)) == 0.0:
        return MeanTrade(
            unit=unit, mean=mean, interval=None, chance=None, win_rate=wins, block=None, paths=0, seed=seed
        )
    sums, sizes = _pieces(values)
    block = block_length(sums / sizes)
    distances = np.abs(_drawn_errors(sums, sizes, mean, block, seed)) * stretch(len(sums), block, 0.025)
    reach, beyond = float(np.quantile(distances, 0.95)), float(np.mean(distances >= abs(mean))) / 2
    return MeanTrade(
        unit=unit, mean=mean, interval=Interval(mean - reach, mean + reach), chance=1 - beyond if mean > 0 else beyond,
        win_rate=wins, block=block * len(values) / len(sums), paths=PATHS, seed=seed,
    )  # fmt: skip


def _pieces(values: Floats) -> tuple[Floats, Floats]:
    """Sums and sizes of stretches of neighbours, at most 2,500 of them."""
    size = -(-len(values) // _MOST_PIECES)
    starts = np.arange(0, len(values), size)
    return np.add.reduceat(values, starts), np.diff(np.append(starts, len(values))).astype(np.float64)


def _drawn_errors(sums: Floats, sizes: Floats, mean: float, block: float, seed: int) -> Floats:
    """(paths,) mean of each drawn history less the mean there was."""
    from tradeworthy.validation.bootstrap_loops import resample_sums

    steps = np.column_stack((sums, sizes))
    running = np.concatenate((np.zeros((1, 2)), np.cumsum(steps, axis=0)))
    drawn = np.empty((PATHS, 2))
    resample_sums(running, len(sums), 0, block, stream_seed(seed, "backtest", "mean"), drawn)
    errors: Floats = drawn[:, 0] / drawn[:, 1] - mean
    return errors
