"""Is the best of many models better than a benchmark, or only the luckiest? The reality check, the test of superior ability, StepM.

All three work on **losses**, where less is better: for returns pass `-returns`. They resample the differences of losses by the
stationary bootstrap of the library `arch`. That library's `studentize` changes nothing (8.0), so each difference is divided by
its long-run standard deviation before it gets there, which is Hansen's statistic exactly.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.indicators.given_numbers import floats
from tradeworthy.validation.arguments import inside, table, whole
from tradeworthy.validation.dependence import optimal_block_length

if TYPE_CHECKING:
    from arch.bootstrap import SPA

Floats = npt.NDArray[np.float64]

_FEWEST = 8  # rows below which no block length can be estimated


@dataclass(frozen=True, slots=True)
class SuperiorAbility:
    """Whether any model beats the benchmark: small p-values say that the best one is not only lucky.

    p_value: the one of the test asked for. lower, consistent, upper: recentring no worse model, those not hopelessly worse, all of
    them; 0 means less than 1 / draws. statistic: sqrt(n) x the largest mean advantage, studentised or not; best: the
    column it belongs to. block_length in observations; draws and seed of the bootstrap.
    """

    p_value: float
    lower: float
    consistent: float
    upper: float
    statistic: float
    best: int
    block_length: int
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class SuperiorModels:
    """The columns that beat the benchmark, with a chance of at most `level` that even one of them does not.

    superior: their numbers, ascending; rounds: how many of them each step added.
    """

    superior: tuple[int, ...]
    rounds: tuple[int, ...]
    level: float
    block_length: int
    draws: int
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class _Contest:
    """Advantages over the benchmark, shape (n, models), above 0 where a model lost less; and how they are resampled."""

    advantage: Floats
    block_length: int
    draws: int
    seed: int

    def scores(self) -> Floats:
        scores: Floats = math.sqrt(len(self.advantage)) * self.advantage.mean(axis=0)
        return scores

    def test(self, *, with_benchmark: bool = False) -> "SPA":
        from arch.bootstrap import SPA

        nothing = np.zeros(len(self.advantage))
        shown = np.column_stack([self.advantage, nothing]) if with_benchmark else self.advantage
        return SPA(nothing, -shown, self.block_length, self.draws, seed=self.seed)


def _advantages(benchmark_losses: npt.ArrayLike, model_losses: npt.ArrayLike) -> Floats:
    models = floats("model_losses", model_losses)
    models = table("model_losses", models[:, None] if models.ndim == 1 else models)
    benchmark = table("benchmark_losses", floats("benchmark_losses", benchmark_losses).reshape(-1, 1))
    if len(models) != len(benchmark):
        raise InputError(
            f"the benchmark has {len(benchmark)} losses and the models have {len(models)} each; bring as many"
        )
    if len(models) < _FEWEST:
        raise NotEnoughData(f"{len(models)} losses are too few to resample; bring at least {_FEWEST}")
    advantage = benchmark - models
    still = np.flatnonzero(np.ptp(advantage, axis=0) <= 1e-14 * np.abs(advantage).max(axis=0))
    if len(still):
        raise InputError(f"model {still[0]} differs from the benchmark by the same in every row; leave it out")
    return advantage


def long_run_deviation(values: Floats, block_length: float) -> Floats:
    """Standard deviation of sqrt(n) x the mean under the stationary bootstrap, of each column of `values`, shape (n, columns).

    Politis, Romano 1994: autocovariances weighted by (1 - k/n) (1 - 1/b)^k + k/n (1 - 1/b)^(n - k), in closed form.
    """
    rows = len(values)
    away = values - values.mean(axis=0)
    spectrum = np.fft.rfft(away, 2 * rows, axis=0)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2, 2 * rows, axis=0)[:rows] / rows
    lag, stay = np.arange(rows), 1.0 - 1.0 / block_length
    weight = (1 - lag / rows) * stay**lag + lag / rows * stay ** (rows - lag)
    weight[0] = 0.5
    variance = 2.0 * (weight @ covariance)
    deviation: Floats = np.sqrt(variance)
    return deviation


def _block(advantage: Floats, block_length: int | None) -> int:
    if block_length is None:
        return max(1, *(math.ceil(optimal_block_length(column).stationary) for column in advantage.T))
    block = whole("block_length", block_length, 1)
    if block > len(advantage):
        raise InputError(f"block_length must not exceed the {len(advantage)} rows, and is {block_length}")
    return block


def _contest(
    losses: tuple[npt.ArrayLike, npt.ArrayLike], studentize: bool, block_length: int | None, draws: int, seed: int
) -> _Contest:
    advantage = _advantages(*losses)
    block = _block(advantage, block_length)
    if studentize:
        advantage = advantage / long_run_deviation(advantage, block)
    return _Contest(advantage, block, whole("draws", draws, 1), whole("seed", seed, 0))


def _outcome(contest: _Contest, kind: str, *, with_benchmark: bool) -> SuperiorAbility:
    test, scores = contest.test(with_benchmark=with_benchmark), contest.scores()
    test.compute()
    found = {str(name): float(value) for name, value in test.pvalues.items()}
    return SuperiorAbility(
        p_value=found[kind],
        lower=found["lower"],
        consistent=found["consistent"],
        upper=found["upper"],
        statistic=float(scores.max()),
        best=int(np.argmax(scores)),
        block_length=contest.block_length,
        draws=contest.draws,
        seed=contest.seed,
    )


def reality_check(
    benchmark_losses: npt.ArrayLike,
    model_losses: npt.ArrayLike,
    *,
    block_length: int | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> SuperiorAbility:
    """White's reality check (2000): p_value, the upper one, for "no model has a smaller expected loss than the benchmark".

    `benchmark_losses`, shape (n,); `model_losses`, shape (n, models), a loss being what is better when less: `-returns`.
    Differences count in their own unit, so a wild model hides a good calm one, and many bad models do too: prefer
    `superior_predictive_ability`. `block_length` is the mean block; left out, the longest `optimal_block_length` of the
    differences, rounded up. Raises InputError for fewer than 8 rows, unequal lengths, values that are not finite, and a model
    that differs from the benchmark by the same in every row.
    """
    return _outcome(
        _contest((benchmark_losses, model_losses), False, block_length, draws, seed), "upper", with_benchmark=False
    )


def superior_predictive_ability(
    benchmark_losses: npt.ArrayLike,
    model_losses: npt.ArrayLike,
    *,
    studentize: bool = True,
    block_length: int | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> SuperiorAbility:
    """Hansen's test (2005): p_value, the consistent one, for "no model has a smaller expected loss than the benchmark".

    As `reality_check`, but each difference is divided by its long-run standard deviation, and models far worse than the benchmark
    do not count. `studentize=False` leaves the differences in their unit, which is what the library itself computes.
    """
    contest = _contest((benchmark_losses, model_losses), studentize, block_length, draws, seed)
    # Hansen's statistic is never below 0; the benchmark as a model beside the others does just that
    return _outcome(contest, "consistent", with_benchmark=studentize)


def step_m(
    benchmark_losses: npt.ArrayLike,
    model_losses: npt.ArrayLike,
    *,
    level: float = 0.05,
    studentize: bool = True,
    block_length: int | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> SuperiorModels:
    """Which models beat the benchmark, by the steps of Romano and Wolf (2005) with Hansen's consistent recentring.

    The chance that even one model is named that does not is at most `level`, for many observations. After each step those found are
    set aside and the bar is lowered for the rest. Arguments and errors as in `superior_predictive_ability`; InputError
    for a level outside 0 to 1.
    """
    size = inside("level", level)
    contest = _contest((benchmark_losses, model_losses), studentize, block_length, draws, seed)
    test, left, rounds = contest.test(), np.ones(contest.advantage.shape[1], dtype=np.bool_), []
    # the steps are ours: the library's own fail when the last model is found in a later step (8.0)
    while left.any():
        test.subset(left)
        test.compute()
        better = test.better_models(size)
        if not len(better):
            break
        left[better] = False
        rounds.append(len(better))
    superior = tuple(int(model) for model in np.flatnonzero(~left))
    return SuperiorModels(superior, tuple(rounds), size, contest.block_length, contest.draws, contest.seed)
