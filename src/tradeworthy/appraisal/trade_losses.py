"""What a list of trades lost, and what a list alone cannot say."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.loss_advice import TRADES_ALONE
from tradeworthy.appraisal.loss_measuring import compounded, compounding, runs_of
from tradeworthy.appraisal.loss_record import BookLosses, LosingRun, Losses, MaximumLoss, PortfolioImpact, WorstTrade
from tradeworthy.appraisal.maximum_losing import LossStudy, assembled, not_run_crisis, not_run_stress
from tradeworthy.appraisal.portfolio_losses import portfolio_impact
from tradeworthy.core.clock import DAY_NS, WEEK_NS, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.validation.samples import TradeSample

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

NO_BARS = "a list of trades holds no bars of that time; bring the strategy and its bars"
_MONDAY = 4 * DAY_NS


def maximum_loss_of_trades(samples: Sequence[TradeSample], study: LossStudy | None = None) -> MaximumLoss:
    """The most that closed trades lost, by strategy and together. Scenarios and crises are NOT RUN: there are no bars.

    Raises InputError where there is no trade.
    """
    how = study or LossStudy()
    known = [one for one in samples if len(one.r)]
    if not known:
        raise InputError("there are no closed trades to look at; bring at least one")
    return assembled(
        {one.strategy: losses_of_trades(one, how.risk) for one in known}, _together(known, how.risk),
        {one.name: not_run_stress(one, TRADES_ALONE) for one in how.scenarios},
        {one.name: not_run_crisis(one, NO_BARS) for one in how.crises}, _impact(known), how, {},
    )  # fmt: skip


def losses_of_trades(sample: TradeSample, risk: float) -> Losses:
    """One strategy's. Falls are those from trade to trade; what a position lost while it was open is not in them."""
    path = np.append(0.0, np.cumsum(sample.r))
    share, fall = compounding(path[1:], risk)
    return Losses(
        len(sample.r), float(path[-1]), float(np.max(np.maximum.accumulate(path) - path)), None, None, share, fall, 0, None,
        _worst(sample), _losing_run(sample, risk),
    )  # fmt: skip


def _worst(sample: TradeSample) -> WorstTrade | None:
    place = int(np.argmin(sample.r))
    lost = float(sample.r[place])
    if lost >= 0.0:
        return None
    return WorstTrade(
        sample.strategy, None, None, rfc3339(int(sample.exit_time[place])), None, None, None, None, -1.0, lost,
        max(0.0, -1.0 - lost), None, None, None,
    )  # fmt: skip


def _losing_run(sample: TradeSample, risk: float) -> LosingRun:
    runs = runs_of(sample.r < 0.0)
    if not runs:
        return LosingRun(0, 0.0, 0.0, None, None)
    longest = max(stop - start for start, stop in runs)
    start, stop = min(
        ((start, stop) for start, stop in runs if stop - start == longest), key=lambda run: sample.r[slice(*run)].sum()
    )
    r = sample.r[start:stop]
    return LosingRun(
        longest, float(r.sum()), compounded(r, risk), None, rfc3339(int(sample.exit_time[stop - 1]))
    )  # fmt: skip


def _together(samples: Sequence[TradeSample], risk: float) -> BookLosses:
    times, r = (np.concatenate([getattr(one, name) for one in samples]) for name in ("exit_time", "r"))
    path = np.append(0.0, np.cumsum(r[np.argsort(times, kind="stable")]))
    share, fall = compounding(path[1:], risk)
    deepest = float(np.max(np.maximum.accumulate(path) - path))
    return BookLosses(len(samples), float(path[-1]), deepest, None, None, share, fall)


def _impact(samples: Sequence[TradeSample]) -> PortfolioImpact:
    """Of the R of the trades closed in each week, over the weeks in which all strategies were there."""
    first = (max(one.first_ns for one in samples) - _MONDAY) // WEEK_NS + 1
    last = (min(one.ends_ns for one in samples) - _MONDAY) // WEEK_NS
    weeks: Times = np.arange(first, max(first, last), dtype=np.int64)
    r = np.zeros((len(weeks), len(samples)))
    for column, one in enumerate(samples):
        week = (one.exit_time - _MONDAY) // WEEK_NS - first
        inside = (week >= 0) & (week < len(weeks))
        np.add.at(r[:, column], week[inside], one.r[inside])
    return portfolio_impact([one.strategy for one in samples], weeks * WEEK_NS + _MONDAY, r)
