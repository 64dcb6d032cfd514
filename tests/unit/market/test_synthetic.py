"""Made-up bars behave like bars of a market, and say that they are none."""

import numpy as np
import pytest

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.market.synthetic import YEARLY_VOLATILITY, random_walk_bars


def test_the_same_seed_gives_the_same_bars_and_another_gives_others() -> None:
    one, again, other = (random_walk_bars(500, seed) for seed in (7, 7, 8))
    assert one.data_hash == again.data_hash
    assert one.data_hash != other.data_hash


def test_bars_say_that_they_are_synthetic() -> None:
    assert random_walk_bars(5, 3).source == "SYNTHETIC random walk, seed 3"


@pytest.mark.parametrize(
    ("symbol", "start", "tick"), [("EUR_USD", 1.1, 1e-5), ("USD_JPY", 110, 1e-3), ("SPX", 110, 1e-2)]
)
def test_prices_start_where_the_instrument_usually_stands_and_keep_to_its_ticks(
    symbol: str, start: float, tick: float
) -> None:
    bars = random_walk_bars(300, 1, symbol, "H4")
    assert bars.timeframe is Timeframe.H4
    assert bars.open[0] == pytest.approx(start, rel=0.02)
    for column in (bars.open, bars.high, bars.low, bars.close):
        assert np.abs(column / tick - np.round(column / tick)).max() < 1e-6


def test_volatility_is_of_the_stated_size_and_comes_in_clusters() -> None:
    bars = random_walk_bars(60_000, 2)
    moves = np.diff(np.log(bars.close))
    yearly = moves.std() * np.sqrt(24 * 365.25)
    assert 0.7 * YEARLY_VOLATILITY < yearly < 1.8 * YEARLY_VOLATILITY
    size = np.abs(moves)
    assert np.corrcoef(size[:-1], size[1:])[0, 1] > 0.1
    assert abs(np.corrcoef(moves[:-1], moves[1:])[0, 1]) < 0.03
    assert ((moves - moves.mean()) ** 4).mean() / moves.var() ** 2 > 4


def test_ranges_are_those_of_a_path_between_open_and_close() -> None:
    bars = random_walk_bars(60_000, 4)
    sigma_squared = np.log(bars.high / bars.low) ** 2 / (4 * np.log(2))  # Parkinson 1980
    assert sigma_squared.mean() == pytest.approx(np.log(bars.close / bars.open).var(), rel=0.1)


def test_no_bar_at_all_can_be_had() -> None:
    assert len(random_walk_bars(0)) == 0
    assert len(random_walk_bars(1)) == 1


@pytest.mark.parametrize("n", [-1, 2.5, 10**9, True])
def test_an_impossible_number_of_bars_is_refused(n: int) -> None:
    with pytest.raises(InputError, match=r"from 0 to 1,753,128 H1 bars, not"):
        random_walk_bars(n)
