"""What choosing the best of many adds to a baseline."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.samples import history, r_of
from tradeworthy.core.clock import rfc3339
from tradeworthy.validation.comparison import compare
from tradeworthy.validation.selection import Trials, discounted, selection_of
from tradeworthy.validation.sharpe_trials import expected_maximum_sharpe

SAMPLE, WINDOW = history("a", r_of(400, 0.2, 1), r_of(40, 0.2, 2))
UNKNOWN_SPREAD = Trials(100, None, None, None, "elsewhere")


def test_one_set_that_was_never_compared_with_another_owes_nothing_to_choosing() -> None:
    found = selection_of(SAMPLE, WINDOW, replace(UNKNOWN_SPREAD, count=1), 0)
    assert found is not None
    assert (found.luck_r, found.baseline_luck_r, found.window_luck_r) == (0.0, 0.0, 0.0)
    assert found.deflated_mean_r == pytest.approx(float(SAMPLE.baseline(WINDOW).mean()))


def test_without_the_trials_figures_the_luck_is_the_expected_best_error_of_one_mean() -> None:
    found = selection_of(SAMPLE, WINDOW, UNKNOWN_SPREAD, 0)
    before = SAMPLE.baseline(WINDOW)
    assert found is not None
    error = float(before.std()) / math.sqrt(len(before))
    assert found.luck_r == pytest.approx(expected_maximum_sharpe(100, 1.0) * error, rel=0.1)
    assert found.searched_until is None
    assert found.window_luck_r == 0.0


def test_sets_that_are_nearly_alike_leave_little_to_luck() -> None:
    alike = Trials(100, 0.0, 0.001, None, "ledger")
    found = selection_of(SAMPLE, WINDOW, alike, 0)
    assert found is not None
    assert found.luck_r == pytest.approx(expected_maximum_sharpe(100, 1.0) * 0.001)


def test_a_set_no_better_than_the_mean_of_all_was_not_chosen_for_its_luck() -> None:
    mean = float(SAMPLE.baseline(WINDOW).mean())
    found = selection_of(SAMPLE, WINDOW, Trials(100, mean + 0.05, 0.2, None, "ledger"), 0)
    assert found is not None
    assert found.luck_r == 0.0
    a_little = selection_of(SAMPLE, WINDOW, Trials(100, mean - 0.01, 0.2, None, "ledger"), 0)
    assert a_little is not None
    assert a_little.luck_r == pytest.approx(0.01)


def test_only_trades_that_the_search_saw_are_too_good() -> None:
    half = int(np.median(SAMPLE.exit_time[:400]))
    found = selection_of(SAMPLE, WINDOW, replace(UNKNOWN_SPREAD, until_ns=half), 0)
    assert found is not None
    assert found.baseline_luck_r == pytest.approx(found.luck_r / 2, rel=0.01)
    assert found.window_luck_r == 0.0
    assert found.searched_until == rfc3339(half)


def test_a_window_that_was_searched_as_well_is_too_good_as_well() -> None:
    found = selection_of(SAMPLE, WINDOW, replace(UNKNOWN_SPREAD, until_ns=WINDOW.end_ns), 0)
    assert found is not None
    assert found.window_luck_r == found.baseline_luck_r == found.luck_r > 0


def test_the_luck_is_taken_off_each_side_for_the_pool() -> None:
    found = selection_of(SAMPLE, WINDOW, UNKNOWN_SPREAD, 0)
    assert found is not None
    honest = discounted(SAMPLE, WINDOW, found)
    assert honest.baseline(WINDOW).mean() == pytest.approx(found.deflated_mean_r)
    assert honest.current(WINDOW) == pytest.approx(SAMPLE.current(WINDOW))
    assert discounted(SAMPLE, WINDOW, None) is SAMPLE


def test_too_few_or_equal_trades_say_nothing_of_luck() -> None:
    few, window = history("a", r_of(19, 0.2, 1), r_of(4, 0.2, 2))
    assert selection_of(few, window, UNKNOWN_SPREAD, 0) is None
    same, window = history("a", np.ones(50), r_of(4, 0.2, 2))
    assert selection_of(same, window, UNKNOWN_SPREAD, 0) is None


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_more_trials_never_take_less_off(one: int, other: int) -> None:
    less, more = sorted((one, other))
    found = [selection_of(SAMPLE, WINDOW, replace(UNKNOWN_SPREAD, count=count), 0) for count in (less, more)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].luck_r <= found[1].luck_r
    assert (found[0].deflated_sharpe or 0.0) >= (found[1].deflated_sharpe or 0.0)


def test_a_fall_back_to_what_the_baseline_was_without_luck_is_no_degradation() -> None:
    before, now = r_of(400, 0.4, 1), r_of(120, 0.05, 2)
    plain = compare(before, now, name="x", tests=1)
    honest = compare(before, now, name="x", tests=1, luck=(0.3, 0.0))
    assert plain.p_lower <= 0.05 < honest.p_lower
    assert honest.p_upper == plain.p_upper
    assert honest.edge_r == pytest.approx(float(before.mean()) - 0.3)
    assert honest.mean_r.difference == plain.mean_r.difference
    assert plain.mean_r.interval is not None
    assert honest.mean_r.interval is not None
    assert honest.mean_r.interval.low == plain.mean_r.interval.low
    assert honest.mean_r.interval.high == pytest.approx(plain.mean_r.interval.high + 0.3)


def test_an_improvement_has_to_show_with_the_luck_of_a_searched_window_taken_off() -> None:
    before, now = r_of(400, 0.05, 1), r_of(120, 0.4, 2)
    plain = compare(before, now, name="x", tests=1)
    honest = compare(before, now, name="x", tests=1, luck=(0.0, 0.3))
    assert plain.p_upper <= 0.05 < honest.p_upper
    assert honest.p_lower == plain.p_lower


def test_the_smallest_loss_that_would_be_seen_is_seen_with_that_power() -> None:
    before, now = r_of(400, 0.3, 1), r_of(40, 0.3, 2)
    found = compare(before, now, name="x", tests=1)
    at_it = compare(before + (found.detectable_r - before.mean()), now, name="x", tests=1)
    assert at_it.edge_r == pytest.approx(found.detectable_r)
    assert at_it.power == pytest.approx(0.8, abs=0.001)
