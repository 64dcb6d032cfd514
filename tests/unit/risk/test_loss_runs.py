"""Runs of losses, against every possible sequence."""

import itertools
import math

import pytest

from tradeworthy.core.errors import InputError
from tradeworthy.risk import expected_longest_loss_run, longest_loss_run_probability


def longest(sequence: tuple[int, ...]) -> int:
    """Length of the longest run of ones."""
    return max((len(list(run)) for one, run in itertools.groupby(sequence) if one), default=0)


@pytest.mark.parametrize("loss", [0.0, 0.03, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("n", [1, 2, 5, 11])
def test_every_sequence_counted_gives_the_same(n: int, loss: float) -> None:
    chances = [0.0] * (n + 1)
    for sequence in itertools.product((0, 1), repeat=n):
        chances[longest(sequence)] += loss ** sum(sequence) * (1 - loss) ** (n - sum(sequence))
    for run in range(1, n + 2):
        found = longest_loss_run_probability(run, n, loss)
        assert found == pytest.approx(sum(chances[run:]), rel=1e-12, abs=1e-15)
    expected = sum(length * chance for length, chance in enumerate(chances))
    assert expected_longest_loss_run(n, loss) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_small_probabilities_keep_their_digits() -> None:
    """To first order: a run begins at the first trade, or after a win at one of the others."""
    assert longest_loss_run_probability(10, 1_000, 0.01) == pytest.approx(0.01**10 * (1 + 990 * 0.99), rel=1e-9)


def test_long_records_are_between_zero_and_one() -> None:
    assert longest_loss_run_probability(20, 1_000_000, 0.5) == pytest.approx(
        1 - math.exp(-1_000_000 * 2**-21), rel=2e-2
    )
    assert longest_loss_run_probability(1, 1_000_000, 0.9) == 1.0
    assert expected_longest_loss_run(50_000, 0.5) == pytest.approx(math.log2(50_000) - 0.6673, abs=0.01)


def test_without_a_trade_there_is_no_run() -> None:
    assert longest_loss_run_probability(1, 0, 0.5) == 0.0
    assert expected_longest_loss_run(0, 1.0) == 0.0
    assert expected_longest_loss_run(7, 1.0) == 7.0


@pytest.mark.parametrize(
    ("run", "n", "loss", "message"),
    [
        (0, 10, 0.5, "run must be a whole number from 1"),
        (2.5, 10, 0.5, "run must be a whole number"),
        (2, -1, 0.5, "n must be a whole number from 0"),
        (2, 10**9, 0.5, "n must be a whole number from 0 to 10,000,000"),
        (2, 10, 1.5, "loss_probability must lie from 0 to 1"),
        (2, 10, math.nan, "loss_probability must be a finite number"),
    ],
)
def test_what_is_no_record_is_refused(run: int, n: int, loss: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        longest_loss_run_probability(run, n, loss)
