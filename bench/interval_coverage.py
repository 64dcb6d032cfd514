"""How often 95% intervals hold the truth, on made-up returns whose truth is known.

Each round makes a history of n and a window after it, in which nothing has changed: the interval of the difference of
means that `compare` gives should hold 0, and its chance of a difference as low should be 5% or less in 5% of rounds. "As
drawn" is the same interval without the widening for dependence that blocks lose. Then the intervals of the win rate,
whose truth is a half or the mixture's own, and of the Sharpe ratio, where each return has a tenth of a standard deviation
on top. `python bench/interval_coverage.py [times as many rounds]` prints tables and writes
bench/results/coverage.json; under five minutes on one core.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter
from timing import save

from tradeworthy.validation import kurtosis, sharpe_ratio, sharpe_standard_error, skewness, wilson_interval
from tradeworthy.validation.comparison import compare
from tradeworthy.validation.dependence import block_length
from tradeworthy.validation.intervals import Interval
from tradeworthy.validation.persistence import persistence_stretch

ROUNDS = {40: 2_000, 100: 1_400, 250: 800, 500: 500, 1_000: 260, 2_000: 140}
"""Longer histories take longer; the standard error of 95% is 0.5% with 2,000 rounds and 1.8% with 140."""
HARD_ROUNDS = {40: 700, 100: 700, 250: 700}
MANY_ROUNDS = 2_000
"""Of what needs no resampling."""
PATHS = 1_000
SETTLING = 200
WIN, LOSS, WIN_SHARE = 1.5, -1.0, 0.4
SHARPE, Z = 0.1, 1.959964
"""A period, which is 1.6 a year of days."""

Grid = np.ndarray
Maker = Callable[[np.random.Generator, int, int], Grid]
"""Histories of so many observations, one a row."""


def independent(rng: np.random.Generator, rows: int, n: int) -> Grid:
    """Normal."""
    return rng.normal(size=(rows, n))


def mixture(rng: np.random.Generator, rows: int, n: int) -> Grid:
    """Stops and targets with nothing between, worth nothing on average."""
    return np.where(rng.random((rows, n)) < WIN_SHARE, WIN, LOSS)


def autoregressive(*carried: float) -> Maker:
    """Each holds that much of the one before, and of the one before that."""

    def make(rng: np.random.Generator, rows: int, n: int) -> Grid:
        past = [1.0, *(-share for share in carried)]
        drawn: Grid = lfilter([1.0], past, rng.normal(size=(rows, n + SETTLING)))
        return drawn[:, SETTLING:]

    return make


def regimes(rng: np.random.Generator, rows: int, n: int) -> Grid:
    """Normal about +0.5 or -0.5, which change places with a chance of one in twenty."""
    mean = 0.5 * np.cumprod(np.where(rng.random((rows, n)) < 0.05, -1.0, 1.0), axis=1)
    return mean * np.where(rng.random((rows, 1)) < 0.5, -1.0, 1.0) + rng.normal(size=(rows, n))


def garch(freedom: int | None) -> Maker:
    """GARCH(1, 1), alpha 0.1 and beta 0.85, variance 1; shocks Normal or Student's t."""

    def make(rng: np.random.Generator, rows: int, n: int) -> Grid:
        size = (n + SETTLING, rows)
        shocks = rng.normal(size=size) if freedom is None else rng.standard_t(freedom, size)
        shocks /= 1.0 if freedom is None else np.sqrt(freedom / (freedom - 2))
        variance, out = np.ones(rows), np.empty(size)
        for i, shock in enumerate(shocks):
            out[i] = np.sqrt(variance) * shock
            variance = 0.05 + 0.1 * out[i] ** 2 + 0.85 * variance
        return np.ascontiguousarray(out[SETTLING:].T)

    return make


SYSTEMS: dict[str, Maker] = {
    "Normal": independent,
    "stop -1, target +1.5": mixture,
    "AR(1) 0.1": autoregressive(0.1),
    "AR(1) 0.3": autoregressive(0.3),
    "AR(1) 0.5": autoregressive(0.5),
    "GARCH, Normal": garch(None),
    "GARCH, t5": garch(5),
}

HARD: dict[str, Maker] = {
    "AR(1) -0.3": autoregressive(-0.3),
    "AR(2) 0.3, 0.3": autoregressive(0.3, 0.3),
    "two means": regimes,
}
"""Of which it is known that they ask too much, or that intervals are too wide."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Shares of rounds: the interval held the truth, the same as drawn, and one test at 5% alarmed."""

    held: float
    as_drawn: float
    alarmed: float


def holds(interval: Interval, truth: float = 0.0, wider: float = 1.0, middle: float = 0.0) -> bool:
    """Whether it holds the truth once it is made so many times as wide round its middle."""
    return middle + (interval.low - middle) * wider <= truth <= middle + (interval.high - middle) * wider


def differences(make: Maker, n: int, window: int, rounds: int, seed: int) -> Kept:
    """Of the difference of means, over histories of n and windows after them."""
    held = as_drawn = alarmed = 0
    for number, r in enumerate(make(np.random.default_rng(seed), rounds, n + window)):
        before, now = r[:n], r[n:]
        found = compare(before, now, name="made up", tests=1, paths=PATHS, seed=number)
        interval, difference = found.mean_r.interval, found.mean_r.difference
        if interval is None or difference is None:
            raise SystemExit("a comparison of made-up trades has no interval")
        widening = persistence_stretch(before, window, block_length(before))
        held += holds(interval)
        as_drawn += holds(interval, wider=1.0 / widening, middle=difference)
        alarmed += found.p_lower <= 0.05
    return Kept(held / rounds, as_drawn / rounds, alarmed / rounds)


def win_rates(make: Maker, n: int, rounds: int, seed: int) -> float:
    """Share of rounds in which the interval of the win rate holds the true one."""
    truth = WIN_SHARE if make is mixture else 0.5
    wins = (make(np.random.default_rng(seed), rounds, n) > 0.0).sum(axis=1)
    return float(np.mean([holds(wilson_interval(int(count), n), truth) for count in wins]))


def sharpes(make: Maker, n: int, rounds: int, seed: int) -> float:
    """Share of rounds in which the Sharpe ratio a period, give or take its standard errors, holds the true one."""
    held, deviation = 0, float(make(np.random.default_rng(0), 2_000, 500).std())
    for r in make(np.random.default_rng(seed), rounds, n) + SHARPE * deviation:
        seen = sharpe_ratio(r, periods=1)
        error = Z * sharpe_standard_error(seen or 0.0, n, skewness(r) or 0.0, kurtosis(r) or 3.0)
        held += abs((seen or 0.0) - SHARPE) <= error
    return held / rounds


def across(name: str, share: Callable[[Maker, int, int, int], float], rounds: int) -> Iterator[tuple[str, list[float]]]:
    """Every system's shares for all lengths of history, printed as a table."""
    print(f"\n| {name} of | " + " | ".join(f"{n:,}" for n in ROUNDS) + " |\n|---|" + "---|" * len(ROUNDS))
    for place, (system, make) in enumerate(SYSTEMS.items()):
        held = [share(make, n, rounds, 77 * place + n) for n in ROUNDS]
        print(f"| {system} | " + " | ".join(f"{one:.1%}" for one in held) + " |", flush=True)
        yield system, held


def measured(times: float) -> Iterator[tuple[str, int, int, int, Kept]]:
    """Every system, length of history and window, with the number of rounds."""
    for place, (name, make) in enumerate((SYSTEMS | HARD).items()):
        hard = name in HARD
        for n, usual in (HARD_ROUNDS if hard else ROUNDS).items():
            rounds = max(1, round(times * usual))
            for window in (n // 4,) if hard else (n // 4, 20):
                seed = 10_000 * place + 10 * n + (window == 20)
                yield name, n, window, rounds, differences(make, n, window, rounds, seed)


def main() -> None:
    """Measure, print tables, and write bench/results/coverage.json."""
    times = float(sys.argv[1]) if len(sys.argv) > 1 else 0.9
    found: dict[str, object] = {}
    print(
        "| returns | before / window | rounds | interval holds | as drawn | alarms at 5% |\n|---|---|---|---|---|---|"
    )
    for name, n, window, rounds, kept in measured(times):
        found[f"difference, {name}, {n} / {window}"] = {
            "rounds": rounds, "held": kept.held, "as drawn": kept.as_drawn, "alarmed": kept.alarmed
        }  # fmt: skip
        shares = " | ".join(f"{one:.1%}" for one in (kept.held, kept.as_drawn, kept.alarmed))
        print(f"| {name} | {n:,} / {window} | {rounds:,} | {shares} |", flush=True)
    rounds = max(1, round(times * MANY_ROUNDS))
    for what, share in (("win rate", win_rates), ("Sharpe ratio", sharpes)):
        for name, held in across(what, share, rounds):
            found[f"{what}, {name}"] = {"rounds": rounds, **dict(zip(map(str, ROUNDS), held, strict=True))}
    save("coverage", found)


main()
