"""Sharpe ratios, many tries and repeated looks, by the numbers their authors published."""

import math

import pytest

from tradeworthy import validation

DAYS, WEEKS, MONTHS = 250, 52, 12


def test_probabilistic_sharpe_ratio_is_that_of_bailey_and_lopez_de_prado() -> None:
    """The Sharpe Ratio Efficient Frontier, 2012: two years of months of a hedge fund with a ratio of 1.585 a year."""
    monthly = 1.585 / math.sqrt(MONTHS)
    found = validation.probabilistic_sharpe_ratio(monthly, 24, -2.448, 10.164, 0.0)
    assert found == pytest.approx(0.9132343, rel=1e-6)
    assert validation.probabilistic_sharpe_ratio(monthly, 24) == pytest.approx(0.9815913, rel=1e-6)
    assert validation.probabilistic_sharpe_ratio(monthly, 36, -2.448, 10.164) == pytest.approx(0.9534, abs=5e-5)


def test_deflated_sharpe_ratio_is_that_of_bailey_and_lopez_de_prado() -> None:
    """The Deflated Sharpe Ratio, 2014: the best of 100 tries over five years of days."""
    daily, variance = 2.5 / math.sqrt(DAYS), 0.5 / DAYS
    assert validation.deflated_sharpe_ratio(daily, 1250, 100, variance, -3, 10) == pytest.approx(0.9003968, rel=1e-6)
    assert validation.expected_maximum_sharpe(100, variance) == pytest.approx(0.113172, abs=5e-7)
    assert validation.expected_maximum_sharpe(100, 0.5) == pytest.approx(1.7894, abs=5e-5)
    assert validation.expected_maximum_sharpe(100, 1.0) == pytest.approx(2.5306029, rel=1e-6)


@pytest.mark.parametrize(
    ("sharpe", "benchmark", "skewness", "kurtosis", "a_year", "years"),
    [(2, 1, 0, 3, DAYS, 2.7311878), (2, 1, 0, 3, WEEKS, 2.8288336), (3, 2.5, -0.72, 5.78, MONTHS, 27.35292)],
)
def test_minimum_track_record_is_that_of_bailey_and_lopez_de_prado(
    sharpe: float, benchmark: float, skewness: float, kurtosis: float, a_year: int, years: float
) -> None:
    root = math.sqrt(a_year)
    found = validation.minimum_track_record_length(sharpe / root, benchmark / root, skewness, kurtosis, 0.95)
    assert found / a_year == pytest.approx(years, rel=1e-6)


def test_minimum_backtest_is_that_of_pseudo_mathematics_and_financial_charlatanism() -> None:
    """Bailey, Borwein, Lopez de Prado, Zhu 2014: five years of history allow no more than 45 tries."""
    assert validation.minimum_backtest_length(45, 1) == pytest.approx(4.9980870, rel=1e-6)
    assert validation.minimum_backtest_length(46, 1) > 5


@pytest.mark.parametrize(
    ("sharpe", "n", "error"), [(0.5, 12, 0.306), (1.5, 24, 0.298), (3, 60, 0.303), (1.5, 60, 0.188), (0.5, 500, 0.047)]
)
def test_standard_error_is_that_of_lo(sharpe: float, n: int, error: float) -> None:
    """The Statistics of Sharpe Ratios, 2002, table 1."""
    assert validation.sharpe_standard_error(sharpe, n) == pytest.approx(error, abs=5e-4)


@pytest.mark.parametrize(("weight", "factor"), [(0.2, 2.88), (0.0, 3.46), (-0.2, 4.17), (0.5, 2.12), (0.9, 1.21)])
def test_months_become_years_by_the_table_of_lo(weight: float, factor: float) -> None:
    """The Statistics of Sharpe Ratios, 2002, table 2: first-order autoregressive monthly returns."""
    assert validation.annualise_sharpe(1.0, 12, weight) == pytest.approx(factor, abs=5e-3)


@pytest.mark.parametrize(
    ("looks", "error"),
    [(1, 0.050), (2, 0.083), (3, 0.107), (5, 0.142), (10, 0.193), (20, 0.248), (50, 0.320), (100, 0.374)],
)
def test_repeated_looks_err_as_armitage_mcpherson_and_rowe_found(looks: int, error: float) -> None:
    """Repeated Significance Tests on Accumulating Data, 1969, table 2."""
    assert validation.repeated_looks_error(looks, level=0.05) == pytest.approx(error, abs=6e-4)


def test_alpha_is_spent_as_lan_and_demets_spend_it() -> None:
    """Discrete Sequential Boundaries for Clinical Trials, 1983."""
    published = [0.001525323, 0.009649325, 0.025]
    assert validation.alpha_spending([0.5, 0.75, 1.0], 0.025) == pytest.approx(published, rel=1e-6)
    assert validation.alpha_spending(0.5, error=0.025, kind="obrien_fleming") == pytest.approx(published[0], rel=1e-6)


@pytest.mark.parametrize(
    ("kind", "bounds"),
    [
        ("obrien_fleming", [4.8769, 3.3569, 2.6803, 2.2898, 2.0310]),
        ("pocock", [2.4380, 2.4268, 2.4101, 2.3966, 2.3859]),
    ],
)
def test_bounds_of_five_looks_are_those_of_the_programs_for_trials(kind: str, bounds: list[float]) -> None:
    """Reboussin, DeMets, Kim, Lan 2000 (ld98), and the packages ldbounds and gsDesign after it: 2.5% on one side."""
    assert validation.spending_bounds([0.2, 0.4, 0.6, 0.8, 1.0], 0.025, kind) == pytest.approx(bounds, abs=2e-4)
    both = validation.spending_bounds([0.2, 0.4, 0.6, 0.8, 1.0], 0.05, kind, sides=2)
    assert both == pytest.approx(bounds, abs=2e-4)


def test_four_of_fifteen_endpoints_are_found_as_benjamini_and_hochberg_found_them() -> None:
    """Controlling the False Discovery Rate, 1995, section 4.1: Hochberg's 1988 method and Bonferroni's find three."""
    p_values = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    assert sum(p <= 0.05 for p in validation.benjamini_hochberg(p_values)) == 4
    assert sum(p <= 0.05 for p in validation.holm(p_values)) == 3
    assert validation.benjamini_hochberg(p_values)[3] == pytest.approx(0.0095 * 15 / 4)
