"""Published worked examples. The figures stand in shared/golden and are read from there."""

import csv
from pathlib import Path

import numpy as np
import pytest

from tradeworthy import indicators


def columns(path: Path) -> dict[str, np.ndarray]:
    """The numbers of a golden table by column, NaN where there is none."""
    with path.open() as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name] or "nan") for row in rows]) for name in rows[0] if name != "date"}


def test_atr_is_that_of_the_stockcharts_example(shared: Path) -> None:
    given = columns(shared / "golden" / "atr14.csv")
    ours = indicators.atr(given["high"], given["low"], given["close"], 14)
    known = ~np.isnan(given["atr14"])
    assert known.sum() > 10
    np.testing.assert_array_equal(np.isnan(ours), ~known)
    np.testing.assert_allclose(ours[known], given["atr14"][known], rtol=1e-6)


def test_bollinger_bands_are_those_of_the_stockcharts_example(shared: Path) -> None:
    given = columns(shared / "golden" / "bollinger20.csv")
    ours = indicators.bollinger(given["close"], 20, 2.0)
    known = ~np.isnan(given["upper"])
    assert known.sum() > 10
    for name, band in (("middle20", ours.middle), ("upper", ours.upper), ("lower", ours.lower)):
        np.testing.assert_allclose(band[known], given[name][known], rtol=1e-6)


def test_first_atr_of_the_stockcharts_example_without_the_shared_table() -> None:
    """The first fourteen bars of the example; its published first value is 0.555."""
    high = [48.7, 48.72, 48.9, 48.87, 48.82, 49.05, 49.2, 49.35, 49.92, 50.19, 50.12, 49.66, 49.88, 50.19]
    low = [47.79, 48.14, 48.39, 48.37, 48.24, 48.635, 48.94, 48.86, 49.5, 49.87, 49.2, 48.9, 49.43, 49.725]
    close = [48.16, 48.61, 48.75, 48.63, 48.74, 49.03, 49.07, 49.32, 49.91, 50.13, 49.53, 49.5, 49.75, 50.03]
    assert indicators.atr(high, low, close, 14)[-1] == pytest.approx(0.555, rel=1e-6)


def test_first_rsi_is_wilders_and_not_the_one_seeded_from_the_first_bar() -> None:
    """StockCharts' example of the relative strength index: 70.53 after fourteen changes."""
    close = [
        44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328,
        45.6140, 46.2820, 46.2820,
    ]  # fmt: skip
    assert indicators.rsi(close, 14)[-1] == pytest.approx(70.53, abs=0.005)
