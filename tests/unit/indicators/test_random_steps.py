"""Random numbers without state."""

import numpy as np
import pytest

from support.plain_paths import number
from tradeworthy.indicators.random_steps import path_key, scramble, uniform
from tradeworthy.validation.bootstrap_loops import resample_sums, resample_trades

GOLDEN = 0x9E3779B97F4A7C15


def test_the_hash_is_the_published_generator() -> None:
    """First five outputs of SplitMix64 from the seed 1234567, as Vigna's splitmix64.c gives them."""
    counters = [np.uint64((1234567 + i * GOLDEN) % 2**64) for i in range(1, 6)]
    assert [int(scramble(one)) for one in counters] == [
        6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
    ]  # fmt: skip


def stream(seed: int, path: int) -> np.uint64:
    """The stream of a path, as compiled code hands it on."""
    return np.uint64(path_key(np.uint64(seed), path))


@pytest.mark.parametrize(("seed", "path", "draw"), [(0, 0, 0), (7, 99_999, 3), (2**64 - 1, 5, 2**40)])
def test_a_number_is_that_of_plain_whole_numbers(seed: int, path: int, draw: int) -> None:
    assert uniform(stream(seed, path), draw) == number(seed, path, draw)


def test_numbers_are_spread_evenly_and_know_nothing_of_their_neighbours() -> None:
    u = np.array([uniform(stream(1, 0), i) for i in range(20_000)])
    assert u.mean() == pytest.approx(0.5, abs=4 / np.sqrt(12 * len(u)))
    assert np.histogram(u, 20, (0, 1))[0] == pytest.approx(1_000, abs=5 * np.sqrt(950))
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 4 / np.sqrt(len(u))


def test_what_validation_draws_has_not_changed() -> None:
    """Taken down before these steps stood here: reports of the same seed must go on saying the same."""
    r = np.linspace(-1.0, 1.5, 40) ** 3
    window, baseline = np.empty((2, 3, 6))
    resample_trades(r, 7, 40, 2.5, np.uint64(7), window, baseline)
    assert window[0].tolist() == [
        0.4999515332355565, 0.7142857142857143, 0.8092853891670455, -0.2733831065931658, 7.400652871826687,
        0.5467662131863316,
    ]  # fmt: skip
    assert baseline[:, 0].tolist() == [0.44804073104738756, 0.7648187132284763, 0.505376386570913]
    running = np.concatenate(([[0.0]], np.cumsum(r)[:, None]))
    sums = np.empty((4, 1))
    resample_sums(running, 25, 1, 4.0, np.uint64(3), sums)
    drawn = [8.793188101620053, -0.7904086380417765, 4.810758357355985, 18.219162494310417]
    assert sums[:, 0].tolist() == pytest.approx(drawn, rel=1e-12)  # cumulative sums are numpy's, in its order
