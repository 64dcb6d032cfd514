"""Has a strategy lost its edge? Asked after every closed trade, with a false-alarm guarantee that survives asking.

What is looked at is where each new R stands among the baseline's and all since: if nothing has changed, every rank is
equally likely, whatever the distribution of R and however short the baseline. That holds exactly for trades that are
exchangeable, so the baseline's own error is in it.

Evidence is a test martingale of the ranks (conformal; Vovk et al. 2005): bets on falls of five fixed sizes, averaged. Its
chance of ever reaching 1 / error is at most `error` (Ville 1939). Equal R's share their ranks, and each takes the mean
over them. Beside it runs a CUSUM of the ranks' Normal scores (sequential ranks, McDonald 1990), designed for a stated
average run length; where equal R's make the scores vary less, they are scaled up by the baseline's.
"""

import math
from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.verdict import DriftState
from tradeworthy.indicators.given_numbers import floats
from tradeworthy.validation.arguments import finite, inside, moderate, varied
from tradeworthy.validation.comparison import edge_of
from tradeworthy.validation.cumulative_sums import Cusum
from tradeworthy.validation.drift_words import DriftPower, sentence_of
from tradeworthy.validation.intervals import Interval
from tradeworthy.validation.run_lengths import cusum_arl, cusum_threshold
from tradeworthy.validation.sequences import FEWEST, asymptotic_half_width

Floats = npt.NDArray[np.float64]

SMALLEST_BASELINE = 20
BETS = (-0.05, -0.1, -0.2, -0.4, -0.8)
"""Falls that are bet on, in standard deviations; fixed before any trade is seen, so that the guarantee is exact."""
SHORTEST_RUN, LONGEST_RUN = 20.0, 1e6
_SMALLEST_REFERENCE, _LARGEST_REFERENCE = 0.01, 1.0
"""Ranks among few trades show no fall of many standard deviations: a larger reference would never be passed."""


@dataclass(frozen=True, slots=True)
class DriftReading:
    """What a monitor says after a trade.

    trades: closed since the baseline. mean_r: of these. interval: for their mean, held at 95% at all times together
    (asymptotic), None before the thirtieth. e_value: evidence now; highest: the most there ever was. p_value:
    1 / highest, valid whenever it is looked at. cusum, threshold: in standard deviations of scores.
    """

    state: DriftState
    trades: int
    mean_r: float | None
    interval: Interval | None
    e_value: float
    highest: float
    p_value: float
    cusum: float
    threshold: float
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class DriftTrace:
    """(n,) each, after every trade: the evidence, and the CUSUM."""

    e_value: Floats
    cusum: Floats


def check_promises(error: float, run_length: float) -> None:
    """Raises InputError for an error outside 0 to 0.5, and a run length outside 20 to 1,000,000 trades."""
    inside("error", error, 0.0, 0.5)
    if not SHORTEST_RUN <= finite("run_length", run_length) <= LONGEST_RUN:
        raise InputError(f"run_length must be {SHORTEST_RUN:g} to {LONGEST_RUN:,.0f} trades, not {run_length}")


class DriftMonitor:
    """Takes closed trades one by one and says HOLDS, DRIFTING or STOPPED.

    baseline: R of its closed trades (n,), any order. error: chance of ever saying STOPPED while nothing changes, however
    often it is asked. run_length: trades between false alarms of DRIFTING, on average. edge_r: the loss that the CUSUM
    is tuned to; the baseline's mean R, at least 0.1, by default.

    STOPPED is latched; DRIFTING ends when the CUSUM falls back. HOLDS says that no drift has been shown, and `power` how
    long one would take to show. Raises NotEnoughData for fewer than 20 trades, InputError for R's that are all alike or
    no numbers, an error outside 0 to 0.5, and a run length outside 20 to 1,000,000.
    """

    def __init__(
        self, baseline: npt.ArrayLike, *, error: float = 0.05, run_length: float = 1_000.0, edge_r: float | None = None
    ) -> None:
        before = _checked(baseline, "baseline")
        if len(before) < SMALLEST_BASELINE:
            raise NotEnoughData(
                f"a drift monitor needs a baseline of at least {SMALLEST_BASELINE} closed trades, not {len(before)}"
            )
        if not varied(before, float(np.std(before))):
            raise InputError("every trade of the baseline has the same R, so no change of it can be judged")
        check_promises(error, run_length)
        self.error, self.run_length = float(error), float(run_length)
        self.baseline_trades, self.baseline_mean = len(before), float(before.mean())
        self.edge_r = edge_of(self.baseline_mean) if edge_r is None else moderate("edge_r", edge_r)
        if self.edge_r <= 0:
            raise InputError(f"edge_r is the loss to be found and must be above zero, not {edge_r}")
        self.deviation = float(np.std(before, ddof=1))
        half = float(f"{self.edge_r / self.deviation / 2.0:.2g}")
        reference = min(max(_SMALLEST_REFERENCE, half), _LARGEST_REFERENCE)
        self._cusum = Cusum(reference, cusum_threshold(reference, self.run_length))
        self._scale = _deviation_of_scores(before)
        self._before = before
        self._sorted: list[float] = sorted(before.tolist())
        self._since: list[float] = []
        self._total = self._squares = 0.0  # of R less the baseline's mean
        self._logs = np.zeros(len(BETS))
        self._highest = 1.0

    def update(self, r: float) -> DriftReading:
        """Take the next closed trade. Raises InputError for NaN and infinity."""
        value = moderate("r", r)
        less, not_greater = bisect_left(self._sorted, value), bisect_right(self._sorted, value) + 1
        seen = len(self._sorted) + 1
        insort(self._sorted, value)
        logs, score = _bets(np.array([less / seen]), np.array([not_greater / seen]))
        self._take(np.array([value]), logs, score)
        return self.reading()

    def run(self, r: npt.ArrayLike) -> DriftReading:
        """Take many closed trades, oldest first; the same as `update` for each, and quicker."""
        self.trace(r)
        return self.reading()

    def trace(self, r: npt.ArrayLike) -> DriftTrace:
        """Take many closed trades, oldest first, and give what there was after each."""
        from tradeworthy.validation.rank_loops import rank_intervals

        values = _checked(r, "r")
        if not len(values):
            return DriftTrace(np.empty(0), np.empty(0))
        there = np.array(self._sorted)
        known, places = np.unique(np.concatenate((there, values)), return_inverse=True)
        places = places.astype(np.int64)
        low, high = np.empty(len(values)), np.empty(len(values))
        tree = np.zeros(len(known) + 1, np.int64)
        rank_intervals(places[: len(there)], places[len(there) :], tree, low, high)
        self._sorted = np.sort(np.concatenate((there, values))).tolist()
        return self._take(values, *_bets(low, high))

    def _take(self, values: Floats, logs: Floats, scores: Floats) -> DriftTrace:
        from tradeworthy.validation.rank_loops import running_sums

        # summed in the order of trades, so that a restart changes no bit
        paths = np.cumsum(np.vstack((self._logs, logs)), axis=0)[1:]
        evidence: Floats = np.mean(np.exp(np.minimum(paths, 700.0)), axis=1)
        self._highest = max(self._highest, float(evidence.max()))
        self._logs = paths[-1]
        sums = np.empty(len(scores))
        self._cusum.lower = running_sums(scores / self._scale, self._cusum.reference, self._cusum.lower, sums)
        self._since += values.tolist()
        away = values - self.baseline_mean
        self._total = float(np.cumsum(np.concatenate(([self._total], away)))[-1])
        self._squares = float(np.cumsum(np.concatenate(([self._squares], away * away)))[-1])
        return DriftTrace(evidence, sums)

    def reading(self) -> DriftReading:
        """What it says now."""
        trades = len(self._since)
        state = DriftState.HOLDS
        if self._highest >= 1.0 / self.error:
            state = DriftState.STOPPED
        elif self._cusum.lower > self._cusum.threshold:
            state = DriftState.DRIFTING
        e_value = float(np.mean(np.exp(np.minimum(self._logs, 700.0))))
        mean = self.baseline_mean + self._total / trades if trades else None
        p_value = 1.0 / self._highest
        return DriftReading(
            state, trades, mean, self._interval(), e_value, self._highest, p_value, self._cusum.lower, self._cusum.threshold,
            sentence_of(state, trades, mean, self.baseline_mean, p_value, self.error, self.run_length, self.power),
        )  # fmt: skip

    @cached_property
    def power(self) -> DriftPower:
        """How long a loss of half and of the whole edge would take to show."""
        return DriftPower(
            self.edge_r,
            tuple(self._alarm_after(share) for share in (0.5, 1.0)),
            tuple(self._proof_after(share) for share in (0.5, 1.0)),
        )  # fmt: skip

    def _alarm_after(self, share: float) -> float:
        """Mean number of trades to DRIFTING by the CUSUM's run length at that shift, the baseline taken as long."""
        shift = share * self.edge_r / self.deviation
        return cusum_arl(self._cusum.reference, self._cusum.threshold, shift, two_sided=False)

    def _proof_after(self, share: float) -> float | None:
        """About how many trades to STOPPED; None where the baseline is too small ever to show it.

        Each trade adds about (shift x baseline / all trades)^2 / 2 to the best bet's logarithm, as the trades that have
        drifted join those that are ranked among: at most shift^2 x baseline / 2, ever.
        """
        needed = math.log(len(BETS) / self.error)
        most = (share * self.edge_r / self.deviation) ** 2 * self.baseline_trades / 2.0
        return needed * self.baseline_trades / (most - needed) if most > needed else None

    def _interval(self) -> Interval | None:
        trades = len(self._since)
        if trades < FEWEST:
            return None
        away = self._total / trades
        variance = max(0.0, self._squares / trades - away * away)
        half = float(asymptotic_half_width(trades, variance, 0.05))
        return Interval(self.baseline_mean + away - half, self.baseline_mean + away + half)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists; `from_dict` goes on where it was."""
        return {
            "baseline": self._before.tolist(), "error": self.error, "run_length": self.run_length, "edge_r": self.edge_r,
            "trades": list(self._since),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, state: Any) -> Self:
        """A monitor as `to_dict` wrote it. Raises InputError for anything else."""
        names = ("baseline", "error", "run_length", "edge_r", "trades")
        missing = [name for name in names if not isinstance(state, Mapping) or state.get(name) is None]
        if missing:
            raise InputError(f"this is no drift monitor: it has no {', '.join(missing)}")
        monitor = cls(state["baseline"], **{name: state[name] for name in names[1:4]})
        monitor.run(state["trades"])
        return monitor


def _bets(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Logarithms of what each bet multiplies by, (n, bets), and Normal scores (n,), of rank intervals from low to high."""
    from scipy.special import ndtr, ndtri

    below, above = ndtri(low), ndtri(high)
    width = high - low
    bets = np.array(BETS)
    won = ndtr(above[:, np.newaxis] - bets) - ndtr(below[:, np.newaxis] - bets)
    scores = (np.exp(-0.5 * below**2) - np.exp(-0.5 * above**2)) / (math.sqrt(2.0 * math.pi) * width)
    return np.log(won / width[:, np.newaxis]), scores


def _deviation_of_scores(before: Floats) -> float:
    """Standard deviation of the baseline's own Normal scores: below 1 where R's are equal and so share their ranks."""
    counts = np.unique(before, return_counts=True)[1]
    reached = np.cumsum(counts) / len(before)
    _, scores = _bets(np.concatenate(([0.0], reached[:-1])), reached)
    return math.sqrt(float(np.sum(counts / len(before) * scores**2)))


def _checked(values: npt.ArrayLike, name: str) -> Floats:
    array = floats(name, values)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise InputError(f"{name} must be one column of finite R's; a trade without a stop has none")
    return array
