"""Published run lengths, and what a test martingale promises."""

import itertools

import numpy as np
import pytest

from tradeworthy.validation import DriftMonitor, cusum_arl, cusum_threshold
from tradeworthy.validation.drift import _bets


@pytest.mark.parametrize(
    ("reference", "threshold", "shift", "two_sided", "length"),
    [
        (0.5, 4, 0.0, True, 168), (0.5, 5, 0.0, True, 465), (0.5, 4, 0.0, False, 336), (0.5, 5, 0.0, False, 930),
        (0.5, 4, 0.25, True, 74.2), (0.5, 4, 0.5, True, 26.6), (0.5, 4, 1.0, True, 8.38), (0.5, 4, 2.0, True, 3.34),
        (0.5, 5, 0.25, True, 139), (0.5, 5, 0.5, True, 38.0), (0.5, 5, 1.0, True, 10.4), (0.5, 5, 4.0, True, 2.01),
    ],
)  # fmt: skip
def test_average_run_lengths(reference: float, threshold: float, shift: float, two_sided: bool, length: float) -> None:
    """Montgomery, Introduction to Statistical Quality Control, tables of tabular CUSUMs."""
    assert cusum_arl(reference, threshold, shift, two_sided) == pytest.approx(length, rel=0.004)


@pytest.mark.parametrize(("reference", "threshold"), [(0.25, 8.01), (0.5, 4.77), (0.75, 3.34), (1.0, 2.52)])
def test_thresholds_published_to_two_digits_for_a_run_length_of_370(reference: float, threshold: float) -> None:
    """Hawkins 1993, as in Montgomery's table of k and h."""
    assert cusum_arl(reference, threshold - 0.005) < 370 < cusum_arl(reference, threshold + 0.005)


@pytest.mark.parametrize("reference", [0.05, 0.1, 0.25, 0.5, 1.0])
def test_a_threshold_has_the_run_length_that_was_asked_for(reference: float) -> None:
    assert cusum_arl(reference, cusum_threshold(reference, 750.0), two_sided=False) == pytest.approx(750.0, rel=1e-6)


def test_run_lengths_are_those_of_a_simulation() -> None:
    rng = np.random.default_rng(3)
    lengths = []
    for _ in range(2_000):
        total, n = 0.0, 0
        for x in rng.normal(0.5, 1.0, 1_000):
            n += 1
            total = max(0.0, total + x - 0.5)
            if total > 4:
                break
        lengths.append(n)
    error = np.std(lengths) / np.sqrt(len(lengths))
    assert cusum_arl(0.5, 4, 0.5, two_sided=False) == pytest.approx(np.mean(lengths), abs=3 * error)


@pytest.mark.parametrize("values", [(1, 2, 3, 4, 5, 6, 7), (1, 1, 2, 2, 2, 3, 4), (0, 0, 0, 0, 1, 1, 1)])
def test_over_every_order_of_the_same_trades_the_evidence_comes_to_one(values: tuple[int, ...]) -> None:
    """The property behind Ville's inequality, by all orders of seven trades, four of them the baseline."""
    products = []
    for order in itertools.permutations(values):
        logs = np.zeros(5)
        for seen in range(4, 7):
            past = np.array(order[: seen + 1])
            less, not_greater = np.sum(past < order[seen]), np.sum(past <= order[seen])
            logs += _bets(np.array([less / len(past)]), np.array([not_greater / len(past)]))[0][0]
        products.append(np.exp(logs))
    assert np.mean(products, axis=0) == pytest.approx(np.ones(5), rel=1e-12)


def test_false_alarms_stay_within_the_promise_however_short_the_baseline() -> None:
    rng = np.random.default_rng(5)
    stopped = sum(
        DriftMonitor(rng.normal(0.2, 1.0, 30), error=0.2).run(rng.normal(0.2, 1.0, 200)).p_value <= 0.2
        for _ in range(300)
    )
    assert stopped / 300 <= 0.2
    assert stopped > 5
