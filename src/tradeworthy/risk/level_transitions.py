"""How a market goes from level to level: how often, how long it stays, and how sure each of those numbers is.

Levels taken from overlapping windows are no Markov chain: a move across a threshold is likelier undone than one well
inside. So a cell is not worth as many throws as it has visits. Each interval is Wilson's (1927) with the visits divided by
the design effect: the long-run variance of the cell's errors, in the order of time, over what independence would make it
(Kish 1965), and Student's quantile for as many (Korn, Graubard 1998), as for shares of surveys. Occupancy depends on itself
for longer than autocorrelations show; its variance is that of the means of six stretches (batch means: Schmeiser 1982).
docs/regimes.md shows how often such intervals hold the truth.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.indicators.dependence import long_run_variance
from tradeworthy.indicators.given_numbers import whole_numbers
from tradeworthy.risk.markov import long_run_shares
from tradeworthy.risk.observations import count, share

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FEWEST = 20
"""Steps under which nothing is said about moves."""
MOST_LEVELS = 1_000
STRETCHES = 6
"""Of time, that occupancy is compared over: as many as leave each longer than the market's memory."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `visits`, with its interval; `worth`: as many independent ones say as much."""

    share: float
    low: float
    high: float
    visits: int
    worth: float


@dataclass(frozen=True, slots=True)
class Duration:
    """Bars a level lasts: 1 / (1 - chance of staying), and the interval of that; None where it was never left, or need
    not be."""

    bars: float | None
    low: float
    high: float | None


@dataclass(frozen=True, slots=True)
class Transitions:
    """What happened between neighbouring bars, over k levels.

    counts[i][j]: steps from level i to j. cells[i][j]: share of the steps out of i that went to j, None for a level never
    left from. stationary: long-run share of each level if the matrix goes on for ever, None where levels visited do not
    all lead to each other. durations: None for levels never seen. occupancy: share of the bars. spells: how often each
    was entered. confidence: of every interval by itself.
    """

    counts: tuple[tuple[int, ...], ...]
    cells: tuple[tuple[Share, ...] | None, ...]
    stationary: tuple[float, ...] | None
    durations: tuple[Duration | None, ...]
    occupancy: tuple[Share, ...]
    spells: tuple[int, ...]
    confidence: float

    @property
    def steps(self) -> int:
        """Moves between neighbours, staying included."""
        return sum(map(sum, self.counts))

    @property
    def persistence(self) -> float:
        """Share of the steps that stayed."""
        return sum(row[i] for i, row in enumerate(self.counts)) / self.steps


def transitions_of(levels: npt.ArrayLike, k: int = 5, confidence: float = 0.95) -> Transitions:
    """Moves among levels (n,), numbered 0 to k - 1 in the order of time, -1 where unknown (steps there do not count).

    Raises NotEnoughData for fewer than 20 steps, InputError for other numbers.
    """
    k, confidence = count(k, "k", 1, MOST_LEVELS), share(confidence, "confidence")
    states = _states(levels, k)
    before, after = states[:-1], states[1:]
    known = (before >= 0) & (after >= 0)
    before, after = before[known], after[known]
    if len(before) < FEWEST:
        raise NotEnoughData(f"moves between levels need at least {FEWEST} steps, and there are {len(before)}")
    counts = np.zeros((k, k), np.int64)
    np.add.at(counts, (before, after), 1)
    here = states[states >= 0]
    spells = tuple(_spells(states, i) for i in range(k))
    cells = tuple(_row(before, after, counts, i, confidence) for i in range(k))
    return Transitions(
        counts=tuple(tuple(int(one) for one in row) for row in counts),
        cells=cells,
        stationary=long_run_shares(counts),
        durations=tuple(None if row is None else _duration(row[i]) for i, row in enumerate(cells)),
        occupancy=tuple(_occupancy(here == i, sum(spells), confidence) for i in range(k)),
        spells=spells,
        confidence=confidence,
    )


def _states(levels: npt.ArrayLike, k: int) -> Places:
    states = whole_numbers("levels", levels)
    if states.ndim != 1:
        raise InputError("levels must be one column of whole numbers, and k how many levels there are")
    if len(states) and not -1 <= int(states.min()) <= int(states.max()) < k:
        raise InputError(f"levels must be numbers from 0 to {k - 1}, or -1 where unknown")
    return states


def _row(before: Places, after: Places, counts: Places, i: int, confidence: float) -> tuple[Share, ...] | None:
    if not counts[i].any():
        return None
    here = before == i
    return tuple(_share(here, here & (after == j), confidence) for j in range(len(counts)))


def _share(asked: Flags, yes: Flags, confidence: float) -> Share:
    """The share of `yes` among `asked`, both in the order of time, with Wilson's interval for what the visits are worth."""
    visits, found = int(asked.sum()), int(yes.sum())
    share = found / visits
    independent = share * (1.0 - share) * visits / len(asked)
    effect = 1.0  # where nothing varies, nothing can be said of how it depends on itself
    if independent > 0.0:
        effect = max(1.0, long_run_variance(np.where(asked, yes - share, 0.0)) / independent)
    worth = max(1.0, visits / effect)
    return Share(share, *wilson_bounds(share, worth, _student(worth - 1.0, confidence)), visits, worth)


def _occupancy(here: Flags, spells: int, confidence: float) -> Share:
    """The share of bars, in the order of time, by what stretches of them differ: spells outlast what autocorrelations show."""
    n, share = len(here), float(here.mean())
    if 0.0 < share < 1.0:
        stretches = here[: n // STRETCHES * STRETCHES].reshape(STRETCHES, -1).mean(axis=1)
        effect = float(stretches.var(ddof=1)) * (n // STRETCHES) / (share * (1.0 - share))
        worth, quantile = max(1.0, n / max(1.0, effect)), _student(STRETCHES - 1.0, confidence)
    else:  # one spell, or one without it, is one observation
        worth = float(spells)
        quantile = _student(worth - 1.0, confidence)
    return Share(share, *wilson_bounds(share, worth, quantile), n, worth)


def _student(freedom: float, confidence: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(max(1.0, freedom), 0.5 + confidence / 2))


def wilson_bounds(share: float, n: float, z: float) -> tuple[float, float]:
    """Score interval of a share of n throws, which need not be whole (Wilson 1927)."""
    shrink = 1.0 + z * z / n
    middle = (share + z * z / (2.0 * n)) / shrink
    half = z * math.sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n)) / shrink
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return (0.0 if share == 0.0 else low), (1.0 if share == 1.0 else high)


def _duration(stay: Share) -> Duration:
    bars = None if stay.share == 1.0 else 1.0 / (1.0 - stay.share)
    return Duration(bars, 1.0 / (1.0 - stay.low), None if stay.high >= 1.0 else 1.0 / (1.0 - stay.high))


def _spells(states: Places, i: int) -> int:
    here = states == i
    return int(here[:1].sum() + (here[1:] & ~here[:-1]).sum())
