"""How often what is said of regimes of volatility is true, on made-up markets whose truth is known.

Intervals of moves between levels, where levels are a Markov chain, and where they are those of volatility over overlapping
windows; of occupancy; of money moved per size and of the adaptability score; and how often advice is given where a market
without drift has none to give. `python bench/regimes.py` prints tables and writes bench/results/regimes.json; about four
minutes on one core.
"""

from collections.abc import Iterator

import numpy as np
from scipy.signal import lfilter
from timing import save

from tradeworthy.appraisal.volatility_study import study_volatility
from tradeworthy.indicators import atr
from tradeworthy.market.bars import Bars
from tradeworthy.market.synthetic import random_walk_bars
from tradeworthy.risk.adapting_sizes import size_adaptation
from tradeworthy.risk.level_transitions import Share, transitions_of
from tradeworthy.risk.realised_ranges import bar_variances
from tradeworthy.risk.volatility_levels import VolatilityThresholds
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.validation import wilson_interval

ROUNDS = 400
MARKETS = 150
LONG = 2_000_000
WINDOW, MEMORY, SPREAD, PARTS = 24, 60.0, 0.5, 6
"""Bars of the window and of the memory of log volatility, its deviation, and moves within a bar."""
CHAIN = np.array([
    [0.90, 0.10, 0.00, 0.00, 0.00],
    [0.05, 0.85, 0.10, 0.00, 0.00],
    [0.00, 0.05, 0.90, 0.05, 0.00],
    [0.00, 0.00, 0.10, 0.85, 0.05],
    [0.00, 0.00, 0.00, 0.15, 0.85],
])  # fmt: skip
SELDOM = 0.001
"""Chances below this are not looked at."""

Floats = np.ndarray
Held = dict[str, list[tuple[bool, bool]]]
"""By kind of number, whether ours and plain Wilson's interval held the truth."""


def chain(n: int, rng: np.random.Generator) -> Floats:
    """States of the chain above, by its own long-run shares from some point on."""
    edges, draws, states = CHAIN.cumsum(axis=1), rng.random(n), np.zeros(n, np.int64)
    states[0] = rng.integers(len(CHAIN))
    for t in range(1, n):
        states[t] = min(len(CHAIN) - 1, int(np.searchsorted(edges[states[t - 1]], draws[t])))
    return states


def volatility(n: int, rng: np.random.Generator) -> Floats:
    """Realised volatility over windows of a market whose log volatility is a first-order autoregression."""
    carried = np.exp(-1 / MEMORY)
    shocks = rng.normal(0, SPREAD * np.sqrt(1 - carried**2), n + 1_000)
    sigma = np.exp(lfilter([1.0], [1.0, -carried], shocks)[1_000:])
    variance = np.square(sigma * rng.standard_normal((PARTS, n))).mean(axis=0)
    found: Floats = np.sqrt(np.lib.stride_tricks.sliding_window_view(variance, WINDOW).mean(axis=1))
    return found


def note(held: Held, kind: str, one: Share, truth: float) -> None:
    """Whether this interval, and Wilson's of as many visits, held the truth."""
    plain = wilson_interval(round(one.share * one.visits), one.visits)
    held.setdefault(kind, []).append((one.low <= truth <= one.high, plain.low <= truth <= plain.high))


def moves_held(held: Held, levels: Floats, matrix: Floats, occupancy: Floats | None) -> None:
    """Every cell whose chance is not next to nothing, and the shares of time."""
    found = transitions_of(levels)
    for i, row in enumerate(found.cells):
        for j, one in enumerate(row or ()):
            if matrix[i, j] >= SELDOM:
                note(held, "staying" if i == j else "moving", one, float(matrix[i, j]))
    if occupancy is not None:
        for one, truth in zip(found.occupancy, occupancy, strict=True):
            note(held, "occupancy", one, float(truth))


def transitions() -> Iterator[tuple[str, dict[str, tuple[float, float]]]]:
    """Shares of intervals that held the truth, ours and plain Wilson's."""
    rng = np.random.default_rng(0)
    for n in (500, 2_000):
        held: Held = {}
        for _ in range(ROUNDS):
            moves_held(held, chain(n, rng), CHAIN, None)
        yield f"chain, {n:,} bars", shares(held)
    whole = volatility(LONG, rng)
    cuts = np.quantile(whole, [0.1, 0.3, 0.7, 0.9])
    levels, matrix = np.searchsorted(cuts, whole), np.zeros((5, 5))
    np.add.at(matrix, (levels[:-1], levels[1:]), 1)
    matrix /= matrix.sum(axis=1, keepdims=True)
    for n in (1_000, 4_000, 10_000):
        held = {}
        for _ in range(ROUNDS):
            moves_held(held, np.searchsorted(cuts, volatility(n, rng)), matrix, np.bincount(levels) / len(levels))
        yield f"windows, {n:,} bars", shares(held)


def shares(held: Held) -> dict[str, tuple[float, float]]:
    """Of each kind."""
    return {
        kind: (float(np.mean([a for a, _ in one])), float(np.mean([b for _, b in one]))) for kind, one in held.items()
    }


def columns(bars: Bars, thresholds: VolatilityThresholds) -> tuple[Floats, Floats, Floats]:
    """Levels, variances and planned distances."""
    ranges = atr(bars.high, bars.low, bars.close, 14) / bars.close
    return thresholds.levels(bars), bar_variances(bars), ranges


def sizes() -> Iterator[tuple[str, dict[str, float]]]:
    """Whether the score's interval, each level's and all of a market's held what a market without end has."""
    whole = random_walk_bars(200_000, 77, timeframe="H4")
    thresholds = VolatilityThresholds.frozen_on(whole)
    truth = size_adaptation(*columns(whole, thresholds), 10)
    ratios = {one.level: one.ratio for one in truth.levels}
    for n in (3_000, 9_000):
        scores, levels, together = [], [], []
        for seed in range(MARKETS):
            found = size_adaptation(*columns(random_walk_bars(n, 1_000 + seed, timeframe="H4"), thresholds), 10)
            if found.low is not None and found.high is not None and truth.score is not None:
                scores.append(found.low <= truth.score <= found.high)
            inside = [one.low <= ratios[one.level] <= one.high for one in found.levels]
            levels += inside
            together.append(all(inside))
        yield (
            f"{n:,} bars",
            {
                name: float(np.mean(one))
                for name, one in (("score", scores), ("level", levels), ("all levels", together))
            },
        )


def advice() -> dict[str, float]:
    """Share of markets without drift in which entries and stops are advised on, and of single tests under 5%."""
    stopped, rescued, said = [], [], {"entries": 0, "stop": 0}
    for seed in range(MARKETS):
        found = study_volatility(random_walk_bars(9_000, seed, timeframe="H4"), MaCrossover(10, 30, 14, 2.0, 3.0))
        for about in said:
            said[about] += any(one.supported for one in found.advice if one.about == about)
        stopped += [
            one.random_stopped.p_value <= 0.05
            for one in found.stops
            if one.random_stopped and one.stopped_p is not None
        ]
        rescued += [
            one.random_rescued.p_value <= 0.05
            for one in found.stops
            if one.random_rescued and one.rescued_p is not None
        ]
    return {
        "advice on entries": said["entries"] / MARKETS, "advice on stops": said["stop"] / MARKETS,
        "stopped share, one test": float(np.mean(stopped)), "rescued share, one test": float(np.mean(rescued)),
    }  # fmt: skip


if __name__ == "__main__":
    results: dict[str, object] = {}
    for name, row in transitions():
        results[name] = row
        print(name, {kind: f"{ours:.1%} ({plain:.1%})" for kind, (ours, plain) in row.items()}, flush=True)
    for name, kinds in sizes():
        results[f"sizes, {name}"] = kinds
        print(name, {kind: f"{one:.1%}" for kind, one in kinds.items()}, flush=True)
    results["advice"] = advice()
    print(results["advice"])
    save("regimes", results)
