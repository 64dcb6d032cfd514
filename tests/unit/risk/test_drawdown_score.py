"""The score: against an exact answer, at the ends of what can happen, and the same wherever it is computed."""

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from tradeworthy import risk
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.risk import (
    DrawdownLevel,
    drawdown_score,
    driftless_drawdown_probability,
    monte_carlo,
    score_parts,
    wealth_paths,
)

DAYS = np.random.default_rng(5).normal(0.0002, 0.01, (600, 3))
STEP = 0.01
COIN = np.tile([np.exp(STEP) - 1.0, np.exp(-STEP) - 1.0], 300)


def chance_of_falling(steps: int, horizon: int) -> float:
    """Exactly, for a fair coin: the distance below the peak is a chain on 0, 1, ..., `steps`, the last of which stays."""
    chain = np.zeros((steps + 1, steps + 1))
    chain[0, 0] = chain[0, 1] = 0.5
    for place in range(1, steps):
        chain[place, place - 1] = chain[place, place + 1] = 0.5
    chain[steps, steps] = 1.0
    return float(np.linalg.matrix_power(chain, horizon)[0, steps])


@pytest.mark.parametrize(("steps", "horizon"), [(5, 60), (10, 100), (20, 252), (30, 1_000)])
def test_a_fair_coin_falls_as_often_as_its_chain_says(steps: int, horizon: int) -> None:
    limit = 1.0 - np.exp(-STEP * steps)
    found = drawdown_score(COIN, limit, horizon, paths=100_000, block=1.0, resamples=40)
    exact = 100.0 * chance_of_falling(steps, horizon)
    assert found.score == pytest.approx(exact, abs=400.0 * np.sqrt(exact / 100 * (1 - exact / 100) / 100_000))


def test_a_fine_walk_falls_as_often_as_the_formula_says() -> None:
    """The formula watches every moment and the chain its own steps only, which matters less the finer they are."""
    for steps, horizon in ((200, 20_000), (300, 200_000)):
        limit = 1.0 - np.exp(-0.001 * steps)
        assert driftless_drawdown_probability(0.001, limit, horizon) == pytest.approx(
            chance_of_falling(steps, horizon), abs=0.004
        )


def test_the_formula_is_smooth_where_its_two_series_meet_and_right_at_its_ends() -> None:
    limit = 1.0 - np.exp(-1.0)
    below, above = (driftless_drawdown_probability(1.0, limit, time) for time in (0.25 - 1e-9, 0.25 + 1e-9))
    assert below == pytest.approx(above, abs=1e-8)
    assert driftless_drawdown_probability(1.0, limit, 1.0) == pytest.approx(1 - 0.370777, abs=1e-6), "by hand"
    assert driftless_drawdown_probability(0.0, 0.2, 252) == 0.0
    assert driftless_drawdown_probability(0.5, 0.2, 10_000) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("volatility", "limit", "horizon"), [(-0.1, 0.2, 10), (0.1, 0.0, 10), (0.1, 1.0, 10), (0.1, 0.2, -1)]
)
def test_the_formula_refuses_what_is_no_walk(volatility: float, limit: float, horizon: float) -> None:
    with pytest.raises(InputError, match="need volatility and horizon"):
        driftless_drawdown_probability(volatility, limit, horizon)


def test_a_score_is_the_share_of_simulated_paths_that_fall_so_far() -> None:
    found = drawdown_score(DAYS, 0.25, 100, paths=3_000, seed=4)
    drawn = monte_carlo(DAYS.sum(axis=1), 3_000, 100, seed=4, block=found.block)
    assert found.score == pytest.approx(100.0 * float(np.mean(drawn.max_drawdown <= -0.25)))
    assert found.score is not None
    assert found.monte_carlo is not None
    assert found.estimation is not None
    assert found.monte_carlo.low < found.score < found.monte_carlo.high
    assert found.estimation.low < found.score < found.estimation.high
    assert found.estimation.high - found.estimation.low > found.monte_carlo.high - found.monte_carlo.low


def test_more_paths_close_one_interval_and_more_days_the_other() -> None:
    few, many = (drawdown_score(DAYS, 0.25, 100, paths=paths) for paths in (10_000, 200_000))
    longer = drawdown_score(np.tile(DAYS, (9, 1)), 0.25, 100, paths=10_000, block=few.block)
    assert few.monte_carlo is not None
    assert many.monte_carlo is not None
    assert few.estimation is not None
    assert longer.estimation is not None
    assert many.monte_carlo.high - many.monte_carlo.low < 0.3 * (few.monte_carlo.high - few.monte_carlo.low)
    assert many.estimation is not None
    assert many.estimation.high == pytest.approx(few.estimation.high, abs=3)
    ratio = (longer.estimation.high - longer.estimation.low) / (few.estimation.high - few.estimation.low)
    assert 0.2 < ratio < 0.55


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (0.0, "LOW"),
        (4.99, "LOW"),
        (5.0, "MODERATE"),
        (19.9, "MODERATE"),
        (20.0, "HIGH"),
        (50.0, "VERY_HIGH"),
        (100.0, "VERY_HIGH"),
    ],
)
def test_levels_are_bands_of_the_score(score: float, level: str) -> None:
    from tradeworthy.risk.score_record import level_of

    assert level_of(score) == level


def test_losing_every_day_is_certain_where_it_adds_up_and_impossible_where_it_does_not() -> None:
    loss = np.full(300, -0.001)
    deep, shallow = drawdown_score(loss, 0.20, 252), drawdown_score(loss, 0.25, 252)
    assert (deep.score, deep.level, deep.same_level) == (100.0, DrawdownLevel.VERY_HIGH, 1.0)
    assert (shallow.score, shallow.level) == (0.0, DrawdownLevel.LOW)
    assert drawdown_score(np.full(300, -0.2), 0.2, 1).score == 100.0, "a loss of exactly the limit reaches it"


def test_a_day_that_loses_everything_is_counted_as_ruin() -> None:
    ruin = np.append(np.full(299, 0.001), -1.5)
    assert drawdown_score(ruin, 0.99, 3_000, block=1.0).score > 99.0  # type: ignore[operator]


@pytest.mark.parametrize(
    ("days", "trades", "lacks"),
    [
        (np.full(300, 0.001), None, "none of the 300 days lost anything"),
        (np.zeros(300), None, "money moved on 0 days of the record and a score takes 30 such: 30 more"),
        (DAYS[:50], None, "the record has 50 days and a score takes 120: 70 more"),
        (DAYS, 12, "the record has 12 trades and a score takes 30: 18 more"),
        (np.empty((0, 2)), None, "the record has 0 days"),
    ],
)
def test_a_record_that_is_too_short_is_insufficient_and_says_what_it_lacks(
    days: Any, trades: int | None, lacks: str
) -> None:
    found = drawdown_score(days, 0.2, 252, trades=trades)
    assert found.level is DrawdownLevel.INSUFFICIENT_DATA
    assert found.score is None
    assert found.estimation is None
    assert lacks in found.reason
    json.dumps(found.to_dict(), allow_nan=False)


def test_long_blocks_ask_for_a_longer_record() -> None:
    found = drawdown_score(DAYS, 0.2, 252, block=80.0)
    assert found.days_needed == 800
    assert "200 more" in found.reason


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"limit": 0}, "limit is the fall"),
        ({"limit": 1.0}, "limit is the fall"),
        ({"limit": 1.5}, "limit is the fall"),
        ({"limit": float("nan")}, "limit must be a finite number"),
        ({"limit": -0.2}, "limit is the fall"),
        ({"paths": 0}, "paths must be a whole number from 100"),
        ({"paths": 10**12}, "paths must be a whole number from 100 to 1,000,000"),
        ({"resamples": 0}, "resamples must be"),
        ({"horizon": 0}, "horizon must be"),
        ({"horizon": 10**9}, "horizon must be"),
        ({"paths": 1_000_000, "horizon": 25_200}, "more than 20,000,000,000 days"),
        ({"confidence": 1.0}, "confidence must be"),
        ({"seed": 1.5}, "seed must be a whole number"),
        ({"risk_per_trade": 0.02}, "say in recorded_risk"),
        ({"risk_per_trade": 2, "recorded_risk": 0.01}, "risk_per_trade is a share of equity"),
        ({"recorded_risk": 0.0}, "recorded_risk is a share of equity"),
        ({"drift": 1.5}, "drift is the share"),
        ({"trades": -1}, "trades must be a whole number"),
        ({"block": 0.5}, "block must be a number of days"),
        ({"threads": 0}, "threads must be"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_a_sentence(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        drawdown_score(DAYS, **arguments)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([[0.0, float("nan")]] * 200, "day 0 of the record is nan"),
        ("words", "the record must be numbers"),
        (np.zeros((2, 2, 2)), "not an array of shape"),
        (np.zeros((300, 0)), "not an array of shape"),
    ],
)
def test_what_is_no_record_is_refused(days: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        drawdown_score(days)


def test_parts_add_up_and_each_says_what_it_says() -> None:
    shared = np.random.default_rng(1).normal(0, 0.006, (800, 1))
    days = shared + np.random.default_rng(2).normal(0.0006, 0.003, (800, 4))
    found = score_parts(days, 0.4, 252, names=["a", "b", "c", "d"])
    assert found.volatility + found.together + found.in_a_row + found.drift == pytest.approx(found.score)
    assert found.together > 20, "four strategies that move as one"
    assert found.drift < -5, "an edge helps"
    assert found.without_drift == pytest.approx(found.score - found.drift)
    assert abs(found.shuffled - found.score) < 4, "days that follow no pattern"
    assert found.random_walk == pytest.approx(found.without_drift, abs=6)
    lone = 100.0 * float(np.mean(monte_carlo(days[:, 1:].sum(axis=1), 10_000, 252, block=1.0).max_drawdown <= -0.4))
    assert found.strategies["a"] == pytest.approx(found.score - lone, abs=4)
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_mean_that_is_not_believed_is_taken_off() -> None:
    days = np.random.default_rng(2).normal(0.001, 0.01, 800)
    all_of_it, none = (drawdown_score(days, 0.2, 252, drift=drift) for drift in (1.0, 0.0))
    assert none.score == score_parts(days, 0.2, 252).without_drift
    assert all_of_it.score is not None
    half = drawdown_score(days, 0.2, 252, drift=0.5).score
    assert all_of_it.score < half < none.score  # type: ignore[operator]
    assert none.estimation is not None
    assert all_of_it.estimation is not None
    assert none.drift == 0.0
    assert none.estimation.low > all_of_it.estimation.low


def test_runs_of_losses_are_seen_in_the_part_that_dependence_has() -> None:
    runs = np.repeat(np.random.default_rng(3).choice([-0.01, 0.01], 150), 8)
    found = score_parts(runs, 0.3, 252)
    assert found.in_a_row > 20
    assert found.shuffled < found.score - 20
    assert found.together == 0.0


def test_a_strategy_that_hedges_takes_points_off() -> None:
    base = np.random.default_rng(4).normal(0, 0.01, 500)
    found = score_parts(np.column_stack((base, -0.8 * base)), 0.1, 100, names=["long", "hedge"])
    assert found.strategies["hedge"] < -20
    assert found.together < 0


def test_parts_of_no_score_and_names_that_do_not_fit_are_refused() -> None:
    with pytest.raises(NotEnoughData, match="no score to take apart: the record has 50 days"):
        score_parts(DAYS[:50])
    with pytest.raises(InputError, match="names must be 3 different ones"):
        score_parts(DAYS, names=["a", "b"])


CODE = (
    "import json, numpy as np; from tradeworthy.risk import drawdown_score, score_parts;"
    "x = np.sin(np.arange(1200.0) ** 1.3).reshape(400, 3) / 90;"
    "print(json.dumps([[drawdown_score(x, .2, 252, seed=8, threads=n).to_dict() for n in (1, 2)],"
    "score_parts(x, .2, 252, threads=1).to_dict() == score_parts(x, .2, 252, threads=2).to_dict()]))"
)


def test_one_seed_gives_the_same_on_one_thread_two_threads_and_in_another_process() -> None:
    runs = [subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout
    (one, two), same = json.loads(runs[0].stdout)
    assert one == two
    assert 0 < one["score"] < 100
    assert same is True


def test_another_seed_draws_others() -> None:
    one, other = (drawdown_score(DAYS, 0.25, 100, seed=seed) for seed in (1, 2))
    assert one.score != other.score
    assert one.estimation != other.estimation


@pytest.mark.parametrize("seed", [-1, 2**63, 2**64 - 1, 2**70])
def test_any_whole_number_is_a_seed(seed: int) -> None:
    found = drawdown_score(DAYS, 0.25, 100, seed=seed, paths=1_000, resamples=40)
    assert found.score == pytest.approx(drawdown_score(DAYS, 0.25, 100, paths=1_000, resamples=40).score, abs=8)
    assert score_parts(DAYS, 0.25, 100, seed=seed, paths=1_000).score == found.score


def test_kept_paths_are_those_that_are_measured() -> None:
    x = DAYS[:, 0]
    kept, drawn = wealth_paths(x, 300, 90, seed=6), monte_carlo(x, 300, 90, seed=6)
    np.testing.assert_array_equal(kept[:, -1] - 1.0, drawn.terminal)
    deepest = (kept / np.maximum.accumulate(kept, axis=1) - 1.0).min(axis=1)
    np.testing.assert_allclose(deepest, drawn.max_drawdown, atol=1e-14)
    assert (kept[:, 0] == 1.0).all()


@pytest.mark.parametrize(
    ("paths", "said"),
    [(0, "from 1 to 50,000,000"), (1.5, "from 1 to 50,000,000"), (10_000_000, "more than 50,000,000")],
)
def test_paths_that_cannot_be_kept_are_refused(paths: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        wealth_paths(DAYS[:, 0], paths, 252)


def test_the_package_names_what_it_has() -> None:
    assert {"drawdown_score", "score_parts", "forecast_quality"} <= set(risk.__all__)
