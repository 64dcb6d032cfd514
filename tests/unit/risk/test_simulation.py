"""Simulated paths: what they are, what is refused, and that nothing but the seed decides them."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from support.plain_paths import outcome, places
from tradeworthy import risk, validation
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.indicators.dependence import block_lengths
from tradeworthy.risk import monte_carlo

RETURNS = np.random.default_rng(0).standard_t(5, 120) * 0.02 + 0.001
WAYS: list[dict[str, Any]] = [
    {"method": "iid"},
    {"method": "stationary"},
    {"method": "stationary", "block": 6.5},
    {"method": "circular", "block": 1},
    {"method": "circular", "block": 7},
]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_paths_are_those_of_a_plain_version_with_the_same_random_numbers(way: dict[str, Any]) -> None:
    found = monte_carlo(RETURNS, 150, 45, seed=3, **way)
    for path in (0, 1, 127, 128, 149):
        drawn = RETURNS[places(120, 45, 3, path, block=found.block, fixed=found.method is risk.Drawing.CIRCULAR)]
        total, fall = outcome(drawn.tolist())
        assert found.terminal[path] == pytest.approx(total, rel=1e-12, abs=1e-12)
        assert found.max_drawdown[path] == pytest.approx(fall, rel=1e-11, abs=1e-13)
        assert found.max_drawdown[path] == pytest.approx(validation.max_drawdown(drawn), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_no_number_of_threads_and_no_number_of_paths_changes_a_path(way: dict[str, Any]) -> None:
    one = monte_carlo(RETURNS, 60_011, 120, seed=9, threads=1, **way)
    for threads, paths in ((2, 60_011), (3, 60_011), (13, 60_011), (2, 517), (1, 1)):
        other = monte_carlo(RETURNS, paths, 120, seed=9, threads=threads, **way)
        np.testing.assert_array_equal(other.terminal, one.terminal[:paths])
        np.testing.assert_array_equal(other.max_drawdown, one.max_drawdown[:paths])


def test_another_process_draws_the_same() -> None:
    code = (
        "import hashlib, numpy as np; from tradeworthy.risk import monte_carlo;"
        "r = monte_carlo(np.sin(np.arange(90.0)) / 30, 5_000, 200, seed=4);"
        "print(hashlib.sha256(r.terminal.tobytes() + r.max_drawdown.tobytes()).hexdigest())"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout
    assert len(runs[0].stdout.strip()) == 64


def test_another_seed_draws_others_and_the_same_seed_the_same() -> None:
    one, again, other = (monte_carlo(RETURNS, 50, seed=seed).terminal for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_paths_end_in_different_places_which_permutations_would_not(way: dict[str, Any]) -> None:
    assert len(np.unique(monte_carlo(RETURNS, 500, **way).terminal)) > 490


def test_single_draws_have_the_moments_of_theory() -> None:
    """Periods are independent, so moments of the product are products of moments."""
    found, g, horizon = monte_carlo(RETURNS, 200_000, 60, "iid", 5), 1 + RETURNS, 60
    mean, square = np.mean(g) ** horizon, np.mean(g**2) ** horizon
    sd = np.sqrt(square - mean**2)
    assert found.terminal.mean() == pytest.approx(mean - 1, abs=4 * sd / np.sqrt(200_000))
    assert found.terminal.std() == pytest.approx(sd, rel=0.015)


@pytest.mark.parametrize(("method", "block"), [("stationary", 4.0), ("circular", 2)])
def test_two_periods_hang_together_as_often_as_they_should(method: str, block: float) -> None:
    """Stationary: neighbours with chance 1 - 1 / block. Circular blocks of two: always."""
    g = 1 + np.random.default_rng(1).normal(0, 0.3, 30).clip(-0.9, 2)
    together = np.mean(g * np.roll(g, -1))
    chance = 1 / block if method == "stationary" else 0.0
    theory = (1 - chance) * together + chance * np.mean(g) ** 2
    found = monte_carlo(g - 1, 400_000, 2, method, 2, block=block).terminal + 1
    assert found.mean() == pytest.approx(theory, abs=4 * found.std() / np.sqrt(400_000))
    assert abs(theory - np.mean(g) ** 2) > 8 * found.std() / np.sqrt(400_000)


def test_falls_of_two_coin_tosses_are_counted_out() -> None:
    """Up 10% or down 10%, twice: falls of 0, 10, 10 and 19%, a quarter of the paths each."""
    found = monte_carlo([0.1, -0.1], 100_000, 2, "iid", 1)
    falls, counts = np.unique(np.round(found.max_drawdown, 12), return_counts=True)
    assert falls.tolist() == [-0.19, -0.1, 0.0]
    assert (counts / 100_000).tolist() == pytest.approx([0.25, 0.5, 0.25], abs=0.007)


def test_every_return_is_drawn_equally_often_at_every_step() -> None:
    marks = 2.0 ** np.arange(5) - 1
    for block in (1.0, 3.0, 50.0):
        found = monte_carlo(marks, 100_000, 2, "stationary", 8, block=block).terminal + 1
        first = monte_carlo(marks, 100_000, 1, "stationary", 8, block=block).terminal + 1
        for drawn in (np.log2(first), np.log2(found / first)):
            assert np.bincount(np.round(drawn).astype(int)) / 100_000 == pytest.approx([0.2] * 5, abs=0.006)


def test_dependence_that_blocks_keep_makes_falls_deeper() -> None:
    runs = np.repeat(np.random.default_rng(2).normal(0, 0.01, 60), 8)
    single, blocks = (np.median(monte_carlo(runs, 4_000, method=m).max_drawdown) for m in ("iid", "stationary"))
    assert blocks < 1.3 * single


def test_the_block_is_the_automatic_one_unless_given() -> None:
    lengths = block_lengths(RETURNS)
    assert monte_carlo(RETURNS, 1).block == lengths.stationary
    assert monte_carlo(RETURNS, 1, method="circular").block == round(lengths.circular)
    assert monte_carlo(RETURNS, 1, method="iid").block == 1.0
    assert monte_carlo(RETURNS, 1, block=9.5).block == 9.5
    assert monte_carlo(RETURNS[:5], 1).block == 1.0


def test_the_horizon_is_as_long_as_the_history_unless_given() -> None:
    assert monte_carlo(RETURNS, 1).horizon == 120
    assert monte_carlo(RETURNS, 1, 7).horizon == 7


def test_a_constant_return_compounds_to_the_same_everywhere() -> None:
    found = monte_carlo([0.01] * 20, 100, 10)
    assert found.terminal == pytest.approx(1.01**10 - 1)
    assert (found.max_drawdown == 0).all()


def test_ruin_is_for_good() -> None:
    found = monte_carlo([-1.0, 0.5, 0.5, -1.5], 2_000, 12, "iid")
    ruined = found.max_drawdown == -1.0
    assert 0.99 < ruined.mean() < 1.0  # all but 1 in 4,096 meet one
    assert (found.terminal[ruined] == -1.0).all()
    assert found.terminal[~ruined] == pytest.approx(1.5**12 - 1)


def test_ruin_after_wealth_past_all_numbers_is_ruin_and_no_nan() -> None:
    x = [1e90, 1e90, 1e90, 1e90, -1.0]
    found = monte_carlo(x, 200, 5, "circular", block=5, seed=1)
    assert (found.terminal == -1.0).all()
    assert (found.max_drawdown == -1.0).all()


def test_wealth_past_all_numbers_is_refused() -> None:
    with pytest.raises(InputError, match="ask for a shorter horizon"):
        monte_carlo([1.0, 1.0], 5, 2_000)


def test_results_cannot_be_changed() -> None:
    found = monte_carlo(RETURNS, 5)
    with pytest.raises(ValueError, match="read-only"):
        found.terminal[0] = 1.0


@pytest.mark.parametrize("x", [(0.01, -0.02), [1, 2], np.array([0.1, 0.2], np.float32), np.arange(9.0)[::2] / 100])
def test_any_column_of_numbers_will_do(x: Any) -> None:
    assert np.isfinite(monte_carlo(x, 3).terminal).all()


def test_returns_are_not_changed() -> None:
    x = RETURNS.copy()
    monte_carlo(x, 10)
    np.testing.assert_array_equal(x, RETURNS)


@pytest.mark.parametrize(
    ("x", "arguments", "words"),
    [
        ([0.1, float("nan")], {}, "return 1 is nan"),
        ([float("inf"), 0.1], {}, "return 0 is inf"),
        ([[0.1, 0.2]], {}, r"shape \(1, 2\)"),
        (0.1, {}, r"shape \(\)"),
        (["a", "b"], {}, "returns must be numbers, and hold text"),
        ([1e101, 0.1], {}, "return 0 is past 1e\\+100 in size"),
        (RETURNS, {"paths": 0}, "paths must be a whole number from 1 to 10,000,000, not 0"),
        (RETURNS, {"paths": 10_000_001}, "paths"),
        (RETURNS, {"paths": 10.0}, "paths"),
        (RETURNS, {"horizon": 0}, "horizon must be a whole number from 1 to 10,000,000, not 0"),
        (RETURNS, {"horizon": -5}, "horizon"),
        (RETURNS, {"paths": 1_000_000, "horizon": 100_001}, "horizon must be a whole number from 1 to 100,000"),
        (RETURNS, {"method": "permutation"}, "choose one of iid, stationary, circular"),
        (RETURNS, {"seed": 0.5}, "seed must be a whole number"),
        (RETURNS, {"block": 0.5}, "block must be a number of periods from 1"),
        (RETURNS, {"block": float("nan")}, "block must be a finite number"),
        (RETURNS, {"block": True}, "block must be a finite number"),
        (RETURNS, {"block": "long"}, "block must be a finite number"),
        (RETURNS, {"block": 2.5, "method": "circular"}, "block of method circular must be a whole number"),
        (RETURNS, {"block": 2, "method": "iid"}, "leave out the block"),
        (RETURNS, {"threads": -1}, "threads"),
        (RETURNS, {"threads": 0}, "threads must be a whole number from 1"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_a_sentence(x: Any, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        monte_carlo(x, **arguments)


@pytest.mark.parametrize(("x", "words"), [([], "there are none"), ([0.1], "there is 1")])
def test_fewer_than_two_returns_are_not_enough(x: list[float], words: str) -> None:
    with pytest.raises(NotEnoughData, match=words):
        monte_carlo(x)


def test_a_seed_may_be_any_whole_number() -> None:
    drawn = [monte_carlo(RETURNS, 20, seed=seed).terminal for seed in (-1, 0, 2**70 + 5, 3)]
    assert all((one != other).any() for i, one in enumerate(drawn) for other in drawn[:i])


def test_asking_for_the_package_compiles_nothing() -> None:
    code = "import sys, tradeworthy.risk as r, tradeworthy.validation.comparison; r.monte_carlo; print('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
