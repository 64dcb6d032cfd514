"""Choosing on one half and looking at the other: against a plain version, and in its corners."""

import numpy as np
import numpy.typing as npt
import pytest

from support.plain_overfitting import plain_splits
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.validation import probability_of_backtest_overfitting

Floats = npt.NDArray[np.float64]


def noise(rows: int, columns: int, seed: int = 7) -> Floats:
    """Returns of no skill about a per cent wide."""
    drawn: Floats = np.random.default_rng(seed).normal(0.0002, 0.01, (rows, columns))
    return drawn


@pytest.mark.parametrize(
    ("rows", "columns", "blocks"), [(60, 5, 6), (61, 4, 10), (40, 3, 2), (80, 9, 8), (24, 6, 12), (8, 2, 8)]
)
def test_blocks_give_what_rows_give(rows: int, columns: int, blocks: int) -> None:
    returns = noise(rows, columns)
    found, plain = probability_of_backtest_overfitting(returns, blocks), plain_splits(returns, blocks)
    assert found.probability == plain.probability
    assert found.logits == pytest.approx(plain.logits, rel=1e-12)
    assert found.in_sample == pytest.approx(plain.inside, rel=1e-9)
    assert found.out_of_sample == pytest.approx(plain.outside, rel=1e-9)
    assert (found.blocks, found.rows) == (blocks, rows - rows % blocks)
    assert found.probability_of_loss == np.mean(np.array(plain.outside) < 0)


def test_the_line_is_that_of_least_squares() -> None:
    found = probability_of_backtest_overfitting(noise(160, 20), 8)
    slope, intercept = np.polyfit(found.in_sample, found.out_of_sample, 1)
    assert (found.slope, found.intercept) == pytest.approx((slope, intercept))
    assert found.r_squared == pytest.approx(np.corrcoef(found.in_sample, found.out_of_sample)[0, 1] ** 2)


def test_a_metric_of_ones_own_is_used_and_the_sharpe_ratio_as_one_gives_the_same() -> None:
    returns = noise(48, 5)

    def sharpe(rows: Floats) -> Floats:
        ratios: Floats = rows.mean(axis=0) / rows.std(axis=0, ddof=1)
        return ratios

    by_blocks, by_rows = (probability_of_backtest_overfitting(returns, 8, metric=metric) for metric in (None, sharpe))
    assert by_rows.logits == pytest.approx(by_blocks.logits)
    total = probability_of_backtest_overfitting(returns, 8, metric=lambda rows: rows.sum(axis=0))
    assert total.in_sample.max() == pytest.approx(max(part for part in total.in_sample))
    assert not np.allclose(total.in_sample, by_blocks.in_sample)


def test_a_metric_without_one_number_for_each_column_is_refused() -> None:
    with pytest.raises(InputError, match="one finite number for each column"):
        probability_of_backtest_overfitting(noise(48, 5), 8, metric=lambda rows: rows.mean())
    with pytest.raises(InputError, match="one finite number for each column"):
        probability_of_backtest_overfitting(noise(48, 5), 8, metric=lambda rows: rows.sum(axis=0) * np.nan)


def test_columns_that_rest_in_one_half_have_a_ratio_of_zero_there() -> None:
    returns = noise(80, 4)
    returns[:40, 1] = 0.0
    returns[40:, 2] = 0.0
    found, plain = probability_of_backtest_overfitting(returns, 4), plain_splits(returns, 4)
    assert np.isfinite(found.logits).all()
    assert found.logits == pytest.approx(plain.logits)
    assert found.out_of_sample == pytest.approx(plain.outside)


def test_a_half_of_hardly_any_variation_keeps_its_digits() -> None:
    returns = noise(64, 3)
    returns[:32, 0] = 3.0 + 1e-9 * returns[:32, 0]
    found, plain = probability_of_backtest_overfitting(returns, 4), plain_splits(returns, 4)
    assert max(plain.inside) > 1e6
    assert found.in_sample == pytest.approx(plain.inside, rel=1e-4)


def test_equal_columns_share_their_rank_wherever_they_stand() -> None:
    returns = noise(64, 7)[:, [0, 1, 2, 0, 3, 0, 4, 5, 6]]
    found, plain = probability_of_backtest_overfitting(returns, 8), plain_splits(returns, 8)
    assert found.logits == pytest.approx(plain.logits)


@pytest.mark.parametrize("scale", [1e-200, 1e-12, 1e150])
def test_the_unit_of_the_returns_does_not_matter(scale: float) -> None:
    returns = noise(64, 6)
    plain, scaled = (probability_of_backtest_overfitting(returns * factor, 8) for factor in (1.0, scale))
    assert scaled.logits == pytest.approx(plain.logits)
    assert scaled.in_sample == pytest.approx(plain.in_sample)


def test_one_good_column_among_noise_is_chosen_rightly() -> None:
    returns = noise(1_600, 20)
    returns[:, 3] += 0.004
    found = probability_of_backtest_overfitting(returns)
    assert len(found.logits) == 12_870
    assert found.probability == 0.0
    assert found.probability_of_loss == 0.0


def test_noise_is_chosen_by_luck_about_half_of_the_time() -> None:
    """Over many histories; within one the splits share their rows, so a single probability can lie anywhere."""
    found = [probability_of_backtest_overfitting(noise(200, 10, seed), 8).probability for seed in range(200)]
    assert np.mean(found) == pytest.approx(0.5, abs=0.08)


def test_a_trade_off_between_halves_is_wholly_overfitted() -> None:
    """What is good in the first half is bad in the second by the same amount."""
    up = noise(20, 1) + 0.01
    found = probability_of_backtest_overfitting(np.block([[up, -up], [-up, up]]), 2)
    assert found.probability == 1.0
    assert found.slope == 0.0  # both splits have the same score inside: there is no line, and no NaN


@pytest.mark.parametrize(
    ("returns", "blocks", "words"),
    [
        (noise(40, 3), 5, "even number"),
        (noise(400, 3), 26, "even number"),
        (noise(40, 3), 0, "at least 2"),
        (noise(40, 3), 2.5, "whole number"),
        (noise(10, 3), 12, "cannot be cut"),
        (noise(2, 3), 2, "cannot be cut"),
        (noise(40, 1), 8, "at least two tries"),
        (noise(40, 3)[:, 0], 8, "table of rows and columns"),
        (np.column_stack([noise(40, 2), np.full(40, 0.1)]), 8, "column 2 of the returns never changes"),
        (np.where(np.arange(40)[:, None] == 7, np.nan, noise(40, 3)), 8, "row 7, column 0 holds nan"),
        (np.where(np.arange(40)[:, None] == 9, np.inf, noise(40, 3)), 8, "row 9, column 0 holds inf"),
        (np.where(np.arange(40)[:, None] < 20, 0.1, noise(40, 3)), 8, "column 0 of the returns has the same return"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_a_sentence(returns: Floats, blocks: int, words: str) -> None:
    with pytest.raises(InputError, match=words):
        probability_of_backtest_overfitting(returns, blocks)


def test_too_little_is_said_to_be_too_little() -> None:
    with pytest.raises(NotEnoughData):
        probability_of_backtest_overfitting(noise(10, 3), 12)
