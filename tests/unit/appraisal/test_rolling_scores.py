"""Was the score right before: what is asked when, of what, and when nothing may be said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from tradeworthy.appraisal.days_of_book import BookDays
from tradeworthy.appraisal.next_day_losses import day_text
from tradeworthy.appraisal.rolling_scores import NEEDED, likely_count, score_reliability, shorter_limit
from tradeworthy.core.errors import InputError
from tradeworthy.risk import drawdown_score, driftless_drawdown_probability, forecast_quality
from tradeworthy.risk.score_questions import block_of


def days_of(book: np.ndarray) -> BookDays:
    """One strategy, a day each day."""
    return BookDays(("one",), np.arange(len(book), dtype=np.int64), book[:, None], 1_000)


def normal(seed: int, n: int, spread: float = 0.01) -> np.ndarray:
    """Independent days."""
    return np.random.default_rng(seed).normal(0.0, spread, n)


def test_outcomes_end_with_the_record_and_do_not_overlap() -> None:
    days = days_of(normal(1, 1_498))
    found = score_reliability(days, 0.2, 252)
    asked = found.asked
    assert [one.day for one in asked.held] == [day_text(1_498 - 252 * k - 1) for k in (4, 3, 2, 1)]
    assert asked.apart == 252
    assert asked.quality is None
    assert asked.reason == (
        f"a reliability diagram takes {NEEDED} forecasts whose outcomes do not overlap, and this record holds 4"
    )
    assert asked.more_years == pytest.approx(56 * 252 / 365.25)  # this record has every day of the year
    assert found.shorter is not None
    assert (found.shorter.horizon, len(found.shorter.held)) == (20, 62)


def test_a_forecast_is_the_score_of_the_days_before_it() -> None:
    book = normal(2, 700)
    found = score_reliability(days_of(book), 0.15, 252, paths=2_000, seed=3).asked.held[-1]
    past = book[: 700 - 252]
    again = drawdown_score(past, 0.15, 252, paths=2_000, resamples=40, seed=3 + 448, block=block_of(past, None))
    assert again.score is not None
    assert found.chance == pytest.approx(again.score / 100.0, abs=1e-12)
    wealth = np.cumprod(np.append(1.0, 1.0 + book[448:]))
    fall = max(1.0 - wealth[i] / wealth[: i + 1].max() for i in range(len(wealth)))
    assert found.fall == pytest.approx(fall)
    assert found.came == (fall >= 0.15)


@given(st.integers(0, 50), st.integers(1, 60))
@settings(max_examples=15)
def test_later_days_change_no_forecast(seed: int, last: int) -> None:
    book = normal(seed, 400)
    other = book.copy()
    other[-last:] = normal(seed + 1, last, 0.03)
    one, two = (score_reliability(days_of(each), 0.05, 30, paths=200).asked.held for each in (book, other))
    touched = -(-last // 30)
    assert [held.chance for held in one[: len(one) - touched + 1]] == [
        held.chance for held in two[: len(one) - touched + 1]
    ]
    assert one[: len(one) - touched] == two[: len(one) - touched]


def test_chances_that_are_right_come_true_as_often_as_they_say() -> None:
    inside, came, expected = 0, 0, 0.0
    for seed in range(30):
        asked = score_reliability(days_of(normal(seed, 1_510)), 0.05, 21, paths=1_000).asked
        assert asked.quality is not None
        assert asked.likely is not None
        assert asked.said is not None
        inside += asked.likely[0] <= asked.came <= asked.likely[1]
        came, expected = came + asked.came, expected + asked.said * len(asked.held)
    assert inside >= 24  # of 30, where 28.5 are expected and the past is known only so well
    assert came == pytest.approx(expected, rel=0.12)


def test_chances_that_are_wrong_are_found_out() -> None:
    book = normal(7, 2_000, 0.004)
    book[600:] *= 4.0
    asked = score_reliability(days_of(book), 0.06, 21).asked
    assert asked.likely is not None
    assert asked.came > asked.likely[1]


def test_the_diagram_is_that_of_its_forecasts_and_skill_has_its_interval() -> None:
    asked = score_reliability(days_of(normal(5, 1_800)), 0.06, 21).asked
    quality = asked.quality
    assert quality is not None
    chances, came = [one.chance for one in asked.held], [float(one.came) for one in asked.held]
    assert quality == forecast_quality(chances, came, bins=len(asked.held) // 15)
    assert sum(one.n for one in quality.bins) == len(asked.held) >= NEEDED
    assert asked.came == sum(came)
    assert asked.said == pytest.approx(np.mean(chances))
    assert asked.skill_interval is not None
    assert quality.skill is not None
    assert asked.skill_interval.low < quality.skill < asked.skill_interval.high


def test_where_hardly_anything_came_true_skill_has_no_interval() -> None:
    found = score_reliability(days_of(normal(5, 1_800)), 0.5, 21).asked
    assert found.quality is not None
    assert (found.came, found.quality.skill, found.skill_interval) == (0, None, None)


def test_a_record_too_short_for_one_asking_says_what_it_takes() -> None:
    found = score_reliability(days_of(normal(5, 400)), 0.2, 252)
    assert (found.asked.held, found.asked.said, found.asked.likely, found.shorter) == ((), None, None, None)
    assert found.asked.reason.endswith("holds 0; the first takes 502 days, and there are 400")


def test_days_on_which_nothing_moved_make_no_forecast() -> None:
    book = np.concatenate((np.zeros(600), normal(5, 600)))
    held = score_reliability(days_of(book), 0.05, 50).asked.held
    assert held[0].day == day_text(649)


def test_a_horizon_of_a_day_is_asked_no_more_often_than_is_useful() -> None:
    asked = score_reliability(days_of(normal(5, 3_000)), 0.01, 1).asked
    assert asked.apart == 12
    assert len(asked.held) == 230


def test_the_same_seed_gives_the_same_and_a_limit_that_is_none_is_refused() -> None:
    days = days_of(normal(5, 900))
    assert score_reliability(days, 0.1, 60, seed=4) == score_reliability(days, 0.1, 60, seed=4)
    assert score_reliability(days, 0.1, 60, seed=4) != score_reliability(days, 0.1, 60, seed=5)
    with pytest.raises(InputError, match="limit is the fall"):
        score_reliability(days, 1.5, 60)


@given(st.floats(0.01, 0.9), st.integers(2, 500), st.integers(1, 500), st.floats(0.001, 0.05))
def test_a_shorter_question_is_as_likely_for_a_walk_without_drift(
    limit: float, horizon: int, span: int, spread: float
) -> None:
    whole, part = (
        driftless_drawdown_probability(spread, limit, horizon),
        driftless_drawdown_probability(spread, shorter_limit(limit, horizon, span), span),
    )
    assert part == pytest.approx(whole, abs=1e-9)


@given(st.integers(1, 200), st.floats(0.01, 0.99))
def test_counts_of_equal_chances_are_binomial(n: int, chance: float) -> None:
    low, high = likely_count(np.full(n, chance))
    assert binom.cdf(low - 1, n, chance) < 0.025 + 1e-9
    assert binom.cdf(low, n, chance) >= 0.025 - 1e-9
    assert binom.cdf(high - 1, n, chance) < 0.975 + 1e-9
    assert binom.cdf(high, n, chance) >= 0.975 - 1e-9


def test_counts_of_unequal_chances_are_those_of_a_simulation() -> None:
    rng = np.random.default_rng(1)
    chances = rng.random(40)
    drawn = (rng.random((200_000, 40)) < chances).sum(axis=1)
    assert likely_count(chances) == tuple(int(one) for one in np.quantile(drawn, [0.025, 0.975], method="inverted_cdf"))
    assert likely_count(np.array([0.0, 1.0, 1.0])) == (2, 2)


def test_where_nearly_all_came_true_skill_has_no_interval() -> None:
    book = normal(5, 1_800)
    book[::10] = -0.05
    found = score_reliability(days_of(book), 0.05, 21).asked
    assert found.quality is not None
    assert len(found.held) - found.came < 5
    assert found.skill_interval is None
