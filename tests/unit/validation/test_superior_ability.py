"""Reality check, superior ability and StepM: against the papers' formulas on the same resampled rows, and in their corners."""

import math
import warnings

import numpy as np
import numpy.typing as npt
import pytest

from support.plain_overfitting import plain_superior_ability
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.validation import optimal_block_length, reality_check, step_m, superior_predictive_ability

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # another package's own warnings at import
    from arch.bootstrap import SPA, StationaryBootstrap

Floats = npt.NDArray[np.float64]
DRAWS = 200


def losses(rows: int = 120, models: int = 6, gain: float = 0.0, seed: int = 3) -> tuple[Floats, Floats]:
    """A benchmark and models of very different size, the first of which loses `gain` less on average."""
    rng = np.random.default_rng(seed)
    found = rng.normal(0.0, 1.0, (rows, models)) * np.geomspace(0.3, 6.0, models)
    found[:, 0] -= gain
    return rng.normal(0.0, 0.3, rows), found


def resampled(advantage: Floats, block: int, seed: int) -> list[Floats]:
    """The rows that the library draws for a seed."""
    return [drawn[0][0] for drawn in StationaryBootstrap(block, advantage, seed=seed).bootstrap(DRAWS)]


@pytest.mark.parametrize(("gain", "block", "seed"), [(0.05, 4, 0), (0.1, 1, 1), (0.12, 9, 2), (0.02, 30, 3)])
def test_superior_ability_is_that_of_hansens_paper(gain: float, block: int, seed: int) -> None:
    benchmark, models = losses(gain=gain)
    models[:, 3] += 2.0  # hopeless, so that the three p-values differ
    found = superior_predictive_ability(benchmark, models, block_length=block, draws=DRAWS, seed=seed)
    advantage = benchmark[:, None] - models
    plain = plain_superior_ability(advantage, resampled(advantage, block, seed), block)
    assert (found.lower, found.consistent, found.upper) == (plain["lower"], plain["consistent"], plain["upper"])
    assert found.p_value == found.consistent


def test_the_reality_check_is_that_of_whites_paper() -> None:
    benchmark, models = losses(gain=0.1)
    found = reality_check(benchmark, models, block_length=5, draws=DRAWS, seed=4)
    advantage = benchmark[:, None] - models
    mean, root = advantage.mean(axis=0), math.sqrt(len(advantage))
    drawn = [float(np.max(root * (path.mean(axis=0) - mean))) for path in resampled(advantage, 5, 4)]
    assert found.statistic == pytest.approx(np.max(root * mean))
    assert found.best == np.argmax(mean)
    assert found.p_value == found.upper == np.mean([value > found.statistic for value in drawn])


def test_without_studentizing_the_p_values_are_the_librarys_own() -> None:
    benchmark, models = losses()
    found = superior_predictive_ability(benchmark, models, studentize=False, block_length=6, draws=DRAWS, seed=5)
    library = SPA(benchmark, models, block_size=6, reps=DRAWS, seed=5)
    library.compute()
    assert {name: getattr(found, name) for name in ("lower", "consistent", "upper")} == library.pvalues.to_dict()


def test_a_calm_good_model_is_found_beside_wild_ones_only_when_studentized() -> None:
    benchmark, models = losses(rows=400, gain=0.15)
    wild, calm = reality_check(benchmark, models), superior_predictive_ability(benchmark, models)
    assert (calm.best, calm.p_value < 0.01) == (0, True)
    assert wild.p_value > 0.1


def test_the_block_is_the_longest_that_any_difference_asks_for() -> None:
    benchmark, models = losses(rows=300, models=2)
    models[:, 1] = np.convolve(models[:, 1], np.ones(12), "same")
    found = superior_predictive_ability(benchmark, models, draws=10)
    longest = max(optimal_block_length(benchmark - column).stationary for column in models.T)
    assert found.block_length == math.ceil(longest) > 5


def test_a_seed_gives_the_same_answer_and_another_one_another() -> None:
    benchmark, models = losses(gain=0.05)
    first, again, other = (superior_predictive_ability(benchmark, models, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert (first.lower, first.upper) != (other.lower, other.upper)


def test_under_no_skill_small_p_values_are_as_rare_as_they_say() -> None:
    small = 0
    for seed in range(150):
        benchmark, models = losses(rows=100, models=4, seed=seed)
        small += superior_predictive_ability(benchmark, models, block_length=1, draws=100).p_value <= 0.1
    assert 4 <= small <= 28  # 15 expected


def test_step_m_names_the_good_ones_and_lowers_the_bar_step_by_step() -> None:
    rng = np.random.default_rng(11)
    benchmark, models = rng.normal(size=500), rng.normal(size=(500, 10))
    models[:, 2] -= 0.6
    models[:, 5] -= 0.5
    found = step_m(benchmark, models, level=0.05)
    assert found.superior == (2, 5)
    assert sum(found.rounds) == 2


def test_step_m_ends_when_the_last_model_is_found_in_a_later_step() -> None:
    models = np.random.default_rng(11).normal(size=(500, 8))
    gain = np.array(
        [0.3, 0.3, 0.3, 0.09, 0.3, 0.3, 0.3, 0.3]
    )  # 2 standard errors are little among eight, enough for one
    found = step_m(np.zeros(500), models - models.mean(axis=0) - gain)
    assert found.superior == tuple(range(8))
    assert found.rounds == (7, 1)


def test_step_m_names_nobody_where_nobody_is_better() -> None:
    benchmark, models = losses()
    found = step_m(benchmark, models + 1.0)
    assert (found.superior, found.rounds) == ((), ())


def test_one_model_may_be_a_column_of_its_own() -> None:
    benchmark, models = losses(gain=0.5)
    assert superior_predictive_ability(benchmark, models[:, 0]).best == 0
    assert step_m(benchmark, models[:, 0]).superior == (0,)


def test_what_cannot_be_compared_is_refused_in_a_sentence() -> None:
    benchmark, models = losses()
    same = np.column_stack([models, benchmark + 0.1])
    broken = np.where(models == models[3, 1], np.nan, models)
    with pytest.raises(InputError, match="model 6 differs from the benchmark by the same"):
        reality_check(benchmark, same)
    with pytest.raises(InputError, match="row 3, column 1 holds nan"):
        superior_predictive_ability(benchmark, broken)
    with pytest.raises(InputError, match="119 losses and the models have 120"):
        step_m(benchmark[1:], models)
    with pytest.raises(NotEnoughData, match="bring at least 8"):
        reality_check(benchmark[:7], models[:7])
    with pytest.raises(InputError, match="must not exceed the 120 rows"):
        reality_check(benchmark, models, block_length=121)
    with pytest.raises(InputError, match="block_length must be at least 1"):
        reality_check(benchmark, models, block_length=0)
    with pytest.raises(InputError, match="draws must be at least 1"):
        reality_check(benchmark, models, draws=0)
    with pytest.raises(InputError, match="seed must be at least 0"):
        reality_check(benchmark, models, seed=-1)
    with pytest.raises(InputError, match="level must lie between 0 and 1"):
        step_m(benchmark, models, level=1.0)
