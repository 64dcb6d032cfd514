"""Runs of several strategies put together on one clock."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.loss_measuring import compounding, r_path
from tradeworthy.appraisal.loss_record import BookLosses
from tradeworthy.backtest.result import Result
from tradeworthy.core.clock import DAY_NS, WEEK_NS

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

_MONDAY = 4 * DAY_NS
"""1970-01-05 was a Monday."""


@dataclass(frozen=True, slots=True, eq=False)
class MemberRun:
    """A strategy's finished run, of which the bars from place `first` on count. risk: share of the balance lost at its stop,
    None for what is usual."""

    name: str
    result: Result
    first: int = 0
    risk: float | None = None

    @property
    def times(self) -> Times:
        """When each of its counting bars closed."""
        return self.result.bars.close_time[self.first :]

    @property
    def has_r(self) -> bool:
        """Whether every trade that counts has a stop."""
        t = self.result.trades
        return bool(np.isfinite(t.r[t.exit_index >= self.first]).all())


def together(runs: Sequence[MemberRun], risk: float) -> BookLosses | None:
    """Sums over the runs; None without one. risk: share of the balance a trade loses at its stop, where a run names none.

    Money is a sum of accounts that know nothing of each other, and is None where they count in different currencies; the
    fall is then that of one balance at those risks.
    """
    if not runs:
        return None
    total_r = fall_r = share = fall = None
    currencies = {one.result.currency for one in runs}
    accounts = all(one.result.account is not None for one in runs)
    if all(one.has_r for one in runs):
        paths = [r_path(one.result, one.first) for one in runs]
        total_r, fall_r = _path_facts(_summed(runs, paths))
        at_risk = [path * (risk if one.risk is None else one.risk) for one, path in zip(runs, paths, strict=True)]
        share, fall = compounding(_summed(runs, at_risk), 1.0)
    if accounts and len(currencies) == 1:
        money, share, fall = _in_money(runs)
        return BookLosses(len(runs), total_r, fall_r, currencies.pop(), money, share, fall)
    return BookLosses(len(runs), total_r, fall_r, None, None, share, fall)


def _in_money(runs: Sequence[MemberRun]) -> tuple[float, float | None, float | None]:
    bases = [float(one.result.equity[one.first - 1]) if one.first else one.result.start for one in runs]
    changes = [one.result.equity[one.first :] - base for one, base in zip(runs, bases, strict=True)]
    path = sum(bases) + np.append(0.0, _summed(runs, changes))
    money = float(path[-1] - path[0])
    if path[0] <= 0.0:
        return money, None, None
    return money, money / float(path[0]), float(np.max(1.0 - path / np.maximum.accumulate(path)))


def _path_facts(path: Floats) -> tuple[float, float]:
    whole = np.append(0.0, path)
    return float(whole[-1]), float(np.max(np.maximum.accumulate(whole) - whole))


def _summed(runs: Sequence[MemberRun], paths: Sequence[Floats]) -> Floats:
    """Sum of paths at every moment at which one of them has a value; before its first a path is 0."""
    times = np.unique(np.concatenate([one.times for one in runs]))
    total = np.zeros(len(times))
    for one, path in zip(runs, paths, strict=True):
        known = np.searchsorted(one.times, times, side="right")
        total += np.append(0.0, path)[known]
    return total


def weekly_r(runs: Sequence[MemberRun], warm_up: Sequence[int] = ()) -> tuple[Times, Floats]:
    """Starts of weeks (w,), Mondays UTC, and the change of each strategy's R in them (w, k), over the weeks that all share.

    warm_up: bars of each before which it could not trade, and which are left out.
    """
    ready = warm_up or [0] * len(runs)
    start = max(int(one.times[min(bars, len(one.times) - 1)]) for one, bars in zip(runs, ready, strict=True))
    end = min(int(one.times[-1]) for one in runs)
    first, last = (start - _MONDAY) // WEEK_NS + 1, (end - _MONDAY) // WEEK_NS
    edges = np.arange(first, last + 1, dtype=np.int64) * WEEK_NS + _MONDAY
    if len(edges) < 2:
        return np.zeros(0, np.int64), np.zeros((0, len(runs)))
    columns = []
    for one in runs:
        path = np.append(0.0, r_path(one.result, one.first))
        columns.append(np.diff(path[np.searchsorted(one.times, edges, side="right")]))
    return edges[:-1], np.column_stack(columns)
