"""How evenly money moves over levels of volatility, with sizes by range and with one size."""

import numpy as np
import numpy.typing as npt
import pytest

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.risk.adapting_sizes import size_adaptation

Floats = npt.NDArray[np.float64]


def market(n: int = 6_000, seed: int = 0) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """Levels in long spells, each twice as wild as the one before; variances; and the volatility at each bar."""
    rng = np.random.default_rng(seed)
    levels = np.repeat(rng.integers(0, 3, n // 100), 100)
    volatility: Floats = np.array(0.001 * 2.0**levels)
    return levels, np.square(volatility * rng.gamma(4.0, 0.25, n)), volatility


def test_sizes_that_follow_volatility_score_high_and_one_size_for_all_scores_nothing() -> None:
    levels, variances, volatility = market()
    adapted = size_adaptation(levels, variances, volatility, 1)
    fixed = size_adaptation(levels, variances, np.full(6_000, 0.002), 1)
    assert adapted.score is not None
    assert adapted.low is not None
    assert adapted.high is not None
    assert adapted.score > 95
    assert adapted.low <= adapted.score <= adapted.high <= 100
    assert fixed.score == pytest.approx(0.0, abs=1e-9)
    assert fixed.unsized_spread == pytest.approx(np.std(np.log(2) * levels), rel=0.05)


def test_sizes_that_follow_half_way_score_half() -> None:
    levels, variances, volatility = market(seed=2)
    found = size_adaptation(levels, variances, np.sqrt(volatility), 1)
    assert found.score == pytest.approx(50, abs=5)
    ratios = [one.ratio for one in found.levels]
    assert ratios == sorted(ratios)
    assert all(one.low < one.ratio < one.high for one in found.levels)
    assert found.levels[0].high < 1.0 < found.levels[2].low


def test_sizes_that_go_the_wrong_way_score_nothing_and_not_less() -> None:
    levels, variances, volatility = market()
    assert size_adaptation(levels, variances, 1 / volatility, 1).score == 0.0


def test_one_level_only_has_no_score() -> None:
    _, variances, volatility = market()
    found = size_adaptation(np.zeros(6_000, np.int64), variances, volatility, 5)
    assert (found.score, found.low, found.high) == (None, None, None)
    assert [one.ratio for one in found.levels] == pytest.approx([1.0])


def test_levels_seldom_seen_do_not_count() -> None:
    levels, variances, volatility = market()
    levels = levels.copy()
    levels[:19] = 4
    found = size_adaptation(levels, variances, volatility, 1)
    assert [one.level for one in found.levels] == [0, 1, 2]


def test_bars_without_a_level_or_a_size_are_left_out() -> None:
    levels, variances, volatility = market()
    holes = levels.copy()
    holes[::7] = -1
    sizes = volatility.copy()
    sizes[::11] = np.nan
    found = size_adaptation(holes, variances, sizes, 3)
    known = (holes >= 0) & np.isfinite(sizes)
    assert sum(one.bars for one in found.levels) == int(known[:-3].sum())


def test_too_few_bars_and_columns_that_do_not_fit() -> None:
    levels, variances, volatility = market()
    with pytest.raises(NotEnoughData, match="at least 500 bars with a level and a size, and there are 290"):
        size_adaptation(levels[:300], variances[:300], volatility[:300], 10)
    with pytest.raises(InputError, match="one length"):
        size_adaptation(levels, variances[:-1], volatility, 1)
    with pytest.raises(InputError, match="ahead 1 or more"):
        size_adaptation(levels, variances, volatility, 0)


def test_a_market_that_stands_still_has_no_score() -> None:
    levels, _, volatility = market()
    found = size_adaptation(levels, np.zeros(6_000), volatility, 1)
    assert (found.score, found.levels) == (None, ())
