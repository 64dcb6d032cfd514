"""One strategy now against before."""

import math

import numpy as np
import pytest

from support.samples import r_of
from tradeworthy.validation.comparison import comparable, compare, measures_of, stretch


def test_an_edge_that_is_gone_is_found_when_there_are_trades_enough() -> None:
    found = compare(r_of(600, 0.3, 1), r_of(120, -0.4, 2), name="x", tests=1)
    assert found.p_lower < 0.01
    assert found.p_upper > 0.9
    assert found.mean_r.interval is not None
    assert found.mean_r.interval.high < 0


def test_the_same_edge_is_not_called_lost() -> None:
    found = compare(r_of(600, 0.3, 1), r_of(120, 0.3, 4), name="x", tests=1)
    assert 0.05 < found.p_lower < 0.95
    assert found.power > 0.8


def test_more_tests_at_once_ask_for_more_trades() -> None:
    alone = compare(r_of(600, 0.3, 1), r_of(40, 0.3, 4), name="x", tests=1)
    among = compare(r_of(600, 0.3, 1), r_of(40, 0.3, 4), name="x", tests=16)
    assert alone.trades_needed is not None
    assert among.trades_needed is not None
    assert among.trades_needed > alone.trades_needed
    assert among.power < alone.power
    assert among.simultaneous.high - among.simultaneous.low > alone.simultaneous.high - alone.simultaneous.low


def test_the_number_of_trades_that_would_do_gives_about_the_power_promised() -> None:
    baseline = r_of(3_000, 0.3, 1)
    needed = compare(baseline, r_of(10, 0.3, 4), name="x", tests=4).trades_needed
    assert needed is not None
    assert compare(baseline, r_of(needed, 0.3, 5), name="x", tests=4).power == pytest.approx(0.8, abs=0.04)


def test_a_baseline_too_small_for_its_edge_says_that_no_number_would_do() -> None:
    assert compare(r_of(30, 0.1, 3), r_of(10, 0.1, 4), name="x", tests=8).trades_needed is None


def test_the_edge_to_lose_is_at_least_a_tenth_of_r() -> None:
    assert compare(r_of(100, -0.3, 1), r_of(10, 0.0, 2), name="x", tests=1).edge_r == 0.1


def test_the_same_seed_gives_the_same_numbers_and_another_name_others() -> None:
    arguments = (r_of(100, 0.2, 1), r_of(10, 0.2, 2))
    one, two = (compare(*arguments, name="x", tests=2, seed=5) for _ in range(2))
    assert one == two
    assert compare(*arguments, name="y", tests=2, seed=5).mean_r.interval != one.mean_r.interval


def test_false_alarms_stay_near_their_level_with_few_trades_before() -> None:
    """66 baseline trades and 20 in the window would alarm 7 to 8% of the time without the baseline's own error."""
    alarms = 0
    for seed in range(400):
        r = r_of(86, 0.1, 10_000 + seed)
        alarms += compare(r[:66], r[66:], name="x", tests=1, paths=1_000, seed=seed).p_lower <= 0.05
    assert alarms / 400 <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 400)


@pytest.mark.parametrize(("before", "now"), [(19, 5), (40, 0)])
def test_too_few_trades_cannot_be_compared(before: int, now: int) -> None:
    assert not comparable(r_of(before, 0.1, 1), r_of(now, 0.1, 2))


def test_trades_that_are_all_alike_cannot_be_compared() -> None:
    assert not comparable(np.ones(50), np.ones(5))


def test_measures_of_known_trades() -> None:
    found = measures_of(np.array([1.0, -1.0, -1.0, 3.0]))
    assert found == {
        "mean_r": 0.5, "win_rate": 0.5, "average_win_r": 2.0, "average_loss_r": -1.0, "profit_factor": 2.0,
        "max_drawdown_r": 2.0,
    }  # fmt: skip


def test_measures_that_trades_do_not_define_are_none() -> None:
    assert measures_of(np.array([1.0]))["profit_factor"] is None
    assert set(measures_of(np.empty(0)).values()) == {None}


def test_few_independent_blocks_widen_the_null() -> None:
    assert stretch(20, 4.0, 0.05) > stretch(200, 4.0, 0.05) > 1.0
    assert stretch(10**7, 1.0, 0.05) == pytest.approx(1.0, abs=1e-5)


def test_the_null_is_widened_at_the_level_that_each_of_many_tests_has_to_reach() -> None:
    rng = np.random.default_rng(10)
    baseline, window = rng.normal(0.3, 1, 40), rng.normal(0.1, 1, 20)
    alone = compare(baseline, window, name="s", tests=1)
    wider = stretch(40, alone.block, 0.05 / 20) / stretch(40, alone.block, 0.05)
    away = float(window.mean() - baseline.mean())
    many = compare(baseline, window + (wider - 1) * away, name="s", tests=20)
    assert wider > 1.1
    assert 0.05 < alone.p_lower == many.p_lower < 0.5
