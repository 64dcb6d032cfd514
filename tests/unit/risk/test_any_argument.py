"""Whatever a risk function is given, it answers with finite numbers, or with one sentence."""

import math
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd
import pytest

from support.markets import random_walk
from support.volatility_chains import bars_of
from tradeworthy import risk
from tradeworthy.core.errors import InputError, NotEnoughData, TradeworthyError

UNTYPED: Any = risk  # for what mypy would refuse
RNG = np.random.default_rng(1)
RETURNS = RNG.normal(0.0, 0.01, 300)
BARS = random_walk(1_000)
START, END = (datetime.fromtimestamp(int(BARS.open_time[i]) // 10**9, UTC) for i in (300, 420))
CRISIS = risk.Crisis("week", START, END)
WILD = bars_of(np.full(700, 0.3))
PATH = risk.shock_path(BARS, CRISIS)
TAIL = risk.fit_gpd(-RETURNS, 0.005)
CHANCES, CAME = RNG.random(100), (RNG.random(100) > 0.5).astype(float)
THRESHOLDS = risk.VolatilityThresholds.frozen_on(BARS)

CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "acerbi_szekely_critical_value": (risk.acerbi_szekely_critical_value, {"observations": 250, "degrees": 5, "paths": 100}),
    "acerbi_szekely_p_value": (risk.acerbi_szekely_p_value, {"z2": -0.5, "observations": 250, "degrees": 5, "paths": 100}),
    "acerbi_szekely_z2": (risk.acerbi_szekely_z2, {"returns": RETURNS, "var": 0.02, "es": 0.03, "level": 0.975}),
    "arch_lm": (risk.arch_lm, {"x": RETURNS, "lags": 5}),
    "backtest_value_at_risk": (
        risk.backtest_value_at_risk,
        {"x": RETURNS, "level": 0.9, "methods": ["historical"], "window": 100, "refit_every": 5, "seed": 0},
    ),
    "christoffersen": (risk.christoffersen, {"n00": 240, "n01": 5, "n10": 5, "n11": 0}),
    "clustering_of": (risk.clustering_of, {"x": RETURNS, "lags": 5}),
    "component_var": (
        risk.component_var, {"exposures": [1, 2], "volatilities": [0.1, 0.2], "correlation": np.eye(2), "z": 2.0},
    ),
    "cornish_fisher_expected_shortfall": (
        risk.cornish_fisher_expected_shortfall,
        {"level": 0.99, "skewness": 0.1, "excess_kurtosis": 1.0, "mean": 0.0, "deviation": 1.0},
    ),
    "correlation_matrix": (risk.correlation_matrix, {"values": np.eye(2)}),
    "drawdown_score": (
        risk.drawdown_score,
        {"daily": RETURNS, "limit": 0.1, "horizon": 20, "drift": 1.0, "trades": 99, "paths": 100, "resamples": 40, "threads": 1},
    ),
    "driftless_drawdown_probability": (
        risk.driftless_drawdown_probability, {"volatility": 0.01, "limit": 0.1, "horizon": 250},
    ),
    "expected_longest_loss_run": (risk.expected_longest_loss_run, {"n": 50, "loss_probability": 0.4}),
    "expected_max_drawdown": (risk.expected_max_drawdown, {"volatility": 0.01, "horizon": 250, "steps": 10}),
    "expected_shortfall": (risk.expected_shortfall, {"x": RETURNS, "level": 0.95, "method": "historical", "linear": False}),
    "fit_garch": (risk.fit_garch, {"x": RETURNS}),
    "fit_gpd": (risk.fit_gpd, {"losses": -RETURNS, "threshold": 0.005}),
    "fit_student_t": (risk.fit_student_t, {"x": RETURNS}),
    "forecast_quality": (risk.forecast_quality, {"forecasts": CHANCES, "outcomes": CAME, "against": CHANCES, "bins": 5}),
    "kelly_fraction": (risk.kelly_fraction, {"win_probability": 0.5, "odds": 2.0}),
    "kupiec": (risk.kupiec, {"observations": 250, "exceptions": 5, "probability": 0.01}),
    "levels_of": (THRESHOLDS.levels_of, {"volatility": np.abs(RETURNS)}),
    "logistic_curve": (risk.logistic_curve, {"forecasts": CHANCES, "outcomes": CAME}),
    "longest_loss_run_probability": (risk.longest_loss_run_probability, {"run": 3, "n": 50, "loss_probability": 0.4}),
    "merton_fraction": (
        risk.merton_fraction, {"drift": 0.1, "risk_free_rate": 0.02, "volatility": 0.2, "risk_aversion": 1.0},
    ),
    "monotone_kurtosis": (risk.monotone_kurtosis, {"skewness": 0.1}),
    "monte_carlo": (
        risk.monte_carlo, {"x": RETURNS, "paths": 100, "horizon": 20, "method": "circular", "seed": 0, "block": 2, "threads": 1},
    ),
    "nearest_correlation": (risk.nearest_correlation, {"matrix": np.eye(2)}),
    "normal_expected_shortfall": (risk.normal_expected_shortfall, {"level": 0.99, "mean": 0.0, "deviation": 1.0}),
    "quantile_interval": (risk.quantile_interval, {"values": RETURNS, "level": 0.9, "confidence": 0.9}),
    "realised_volatility": (risk.realised_volatility, {"bars": BARS, "n": 20, "estimator": "parkinson"}),
    "rising_curve": (risk.rising_curve, {"forecasts": CHANCES, "outcomes": CAME}),
    "rising_curve.calibrated": (risk.rising_curve(CHANCES, CAME).calibrated, {"forecasts": CHANCES}),
    "logistic_curve.calibrated": (risk.logistic_curve(CHANCES, CAME).calibrated, {"forecasts": CHANCES}),
    "ruin": (risk.ruin, {"win_probability": 0.5, "start": 5, "target": 10}),
    "score_parts": (
        risk.score_parts,
        {"daily": RETURNS, "limit": 0.1, "horizon": 20, "names": ["a"], "paths": 100, "seed": 0, "block": 2, "threads": 1},
    ),
    "shock_path": (risk.shock_path, {"bars": BARS, "crisis": CRISIS}),
    "shocked_bars": (risk.shocked_bars, {"bars": BARS, "path": PATH}),
    "shrunk_correlation": (risk.shrunk_correlation, {"returns": RETURNS.reshape(100, 3), "target": "uncorrelated"}),
    "stationary_distribution": (risk.stationary_distribution, {"matrix": [[0.5, 0.5], [0.2, 0.8]]}),
    "stressed_bars": (risk.stressed_bars, {"bars": BARS, "scenario": risk.SCENARIOS[0], "seed": 0}),
    "stressed_correlation": (
        risk.stressed_correlation, {"correlation": np.eye(2), "weight": 0.5, "pairs": [(0, 1)], "to": 1.0},
    ),
    "student_t_expected_shortfall": (
        risk.student_t_expected_shortfall, {"level": 0.99, "degrees": 5, "location": 0.0, "scale": 1.0},
    ),
    "tail_error": (risk.tail_error, {"tail": TAIL, "measure": "var", "p": 0.99}),
    "tail_interval": (
        risk.tail_interval, {"tail": TAIL, "measure": "es", "p": 0.99, "confidence": 0.9, "kind": "delta"},
    ),
    "time_until_first_failure": (risk.time_until_first_failure, {"day": 9, "probability": 0.01}),
    "traffic_light": (risk.traffic_light, {"observations": 250, "exceptions": 5, "probability": 0.01}),
    "transitions_of": (risk.transitions_of, {"levels": np.arange(100) % 3, "k": 3, "confidence": 0.9}),
    "wealth_paths": (risk.wealth_paths, {"x": RETURNS, "paths": 10, "horizon": 20, "seed": 0, "block": 2}),
    "Scenario": (
        risk.Scenario,
        {"name": "mine", "volatility": 2, "trend": 1, "spread": 2, "gap": 1, "shock": None, "trend_bars": 50, "block": 5},
    ),
    "Shock": (risk.Shock, {"percent": -9, "recovery": 0.5, "bar": -3}),
    "Crisis": (risk.Crisis, {"name": "mine", "start": CRISIS.start, "end": CRISIS.end, "spread": 2}),
}  # fmt: skip

ODD: tuple[Any, ...] = (
    None, "x", b"x", True, np.True_, math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324, 10**400, 10**5000, -1, 0, 2.5, [], [1],
    [math.nan] * 30, [1e308] * 30, [1e-320] * 29 + [3e-320], [100.1] * 30, RETURNS * 1e102, RETURNS * 1e98, RETURNS * 1e-200,
    ["1"] * 30, [[1, 2], [3]], [[]], {}, {1: 2}, {1, 2}, np.ma.masked, np.ma.array(RETURNS, mask=RETURNS > 0.0), pd.Series(RETURNS),
    pd.DataFrame({"a": RETURNS, "b": RETURNS}), pd.NaT, pd.NA, np.array(["2020-01-01"], "M8[D]"), np.array([{}], object),
    [None, 1.0], [10**400, 1], [Decimal(1)] * 30, Decimal("NaN"), Decimal("0.5"), np.int8(5), np.uint64(2**64 - 1), np.float32(0.3),
    np.array(0.5), np.array([0.5]), np.array([True, False]), np.zeros((3, 3)), np.zeros((0, 3)), np.zeros((2, 2, 2)),
    np.eye(2) * 1e7, object(), float, 1j, [1j], datetime(2020, 1, 1, tzinfo=UTC), range(9), BARS.slice(0, 0),
    BARS.slice(0, 5), CRISIS, PATH, TAIL,
)  # fmt: skip


def broken(found: Any) -> Iterator[str]:
    """Numbers in a result that are none."""
    if isinstance(found, float) and not math.isfinite(found):
        yield str(found)
    elif isinstance(found, np.ndarray) and found.dtype.kind == "f" and not np.isfinite(found).all():
        yield "an array"
    elif isinstance(found, tuple):
        for one in found:
            yield from broken(one)
    elif is_dataclass(found) and not isinstance(found, Enum):
        for field in fields(found):
            yield from broken(getattr(found, field.name))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", CALLS)
def test_any_argument_gets_finite_numbers_or_one_sentence(name: str) -> None:
    call, usual = CALLS[name]
    call(**usual)
    for argument in usual:
        for odd in ODD:
            try:
                found = call(**{**usual, argument: odd})
            except TradeworthyError as refusal:
                said = str(refusal)
                assert said, argument
                assert "\n" not in said, said
                assert len(said) < 400, said
            else:
                if name not in {"realised_volatility", "ruin"}:  # NaN where no bars are before; a game without end
                    assert not list(broken(found)), (argument, odd)


def test_every_public_function_is_asked() -> None:
    theirs = {
        name for name in risk.__all__ if callable(getattr(risk, name)) and not isinstance(getattr(risk, name), type)
    }
    alike = {"value_at_risk", "loss_model"}  # as expected_shortfall
    alike |= {
        "normal_value_at_risk",
        "student_t_value_at_risk",
        "cornish_fisher_value_at_risk",
        "cornish_fisher_quantile",
    }
    slow = {"fit_switching", "simulated_quantile"}
    assert theirs - set(CALLS) == alike | slow


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: UNTYPED.shock_path([1, 2], CRISIS), "bars must be Bars, as read_bars gives, not list"),
        (lambda: UNTYPED.shock_path(BARS, "COVID-19"), "crisis must be Crisis, as Crisis(name, start, end) gives, not str"),
        (lambda: UNTYPED.shocked_bars(BARS, BARS), "path must be ShockPath, as shock_path gives, not Bars"),
        (lambda: UNTYPED.realised_volatility([1.0] * 50), "bars must be Bars"),
        (lambda: UNTYPED.tail_error(RETURNS, "var", 0.99), "tail must be ParetoTail, as fit_gpd gives, not ndarray"),
        (lambda: UNTYPED.tail_interval(TAIL, "var", 0.99, kind=np.ones(3)), "there is no kind of interval"),
        (lambda: UNTYPED.shrunk_correlation(RETURNS.reshape(100, 3), np.ones(3)), "there is no target"),
        (lambda: UNTYPED.correlation_matrix([[1, 10**400], [0, 1]]), "correlations hold a number beyond"),
        (lambda: UNTYPED.correlation_matrix([[1, 0.5], [0.4, 1]]), "a correlation matrix is symmetric; 0, 1 holds 0.5"),
        (lambda: UNTYPED.correlation_matrix([[1, 0.5], [0.5, 2]]), "the diagonal of a correlation matrix is 1; at 1 it is 2"),
        (lambda: UNTYPED.correlation_matrix([[1, 1.5], [1.5, 1]]), "correlation 0, 1 is 1.5; none lies outside -1 to 1"),
        (lambda: UNTYPED.correlation_matrix([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]), "a variance below 0"),
        (lambda: UNTYPED.transitions_of([[1, 2], [3]]), "levels must be numbers in one column"),
        (lambda: UNTYPED.transitions_of([0, 1] * 30, 2, "sure"), "confidence must be a finite number"),
        (lambda: UNTYPED.kupiec(10**400, 1, 0.01), "observations must be a whole number of days"),
        (lambda: UNTYPED.value_at_risk(RETURNS, 0.9, linear=RETURNS), "linear must be True or False"),
        (lambda: UNTYPED.Crisis("c", CRISIS.start, CRISIS.end, 1e300), "c: spread must be at most 100"),
        (lambda: UNTYPED.Scenario("s", trend_bars=10**30), "s: trend_bars must be a whole number of bars"),
        (lambda: UNTYPED.Scenario(3), "a stress scenario needs a name"),
        (lambda: UNTYPED.VolatilityThresholds((3, 2, 1, 0), (0.1, 0.3, 0.7, 0.9), 24, "parkinson", 9, 0), "cuts"),
        (lambda: UNTYPED.stressed_bars(WILD, UNTYPED.Scenario("s", volatility=100, trend=100)), "makes the price of bar"),
        (lambda: UNTYPED.value_at_risk(np.zeros(100)), "needs returns that differ"),
        (lambda: UNTYPED.monte_carlo([0.1]), "a simulation needs at least 2 returns; there is 1"),
        (lambda: UNTYPED.monte_carlo(RETURNS, 10**9), "paths must be a whole number from 1 to 10,000,000"),
    ],
)  # fmt: skip
def test_the_sentence_says_what_is_wrong(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(InputError) as refusal:
        call()
    assert said in str(refusal.value)


def test_numbers_of_other_kinds_are_numbers() -> None:
    half = Decimal("0.5")
    assert UNTYPED.normal_expected_shortfall(half) == UNTYPED.normal_expected_shortfall(0.5)
    strained = UNTYPED.stressed_bars(BARS, UNTYPED.Scenario("s", volatility=Decimal(2), spread=np.float32(2)))
    assert np.array_equal(strained.close, UNTYPED.stressed_bars(BARS, UNTYPED.Scenario("s", volatility=2)).close)


def test_clusters_are_the_same_in_any_unit() -> None:
    found = risk.clustering_of(RETURNS)
    for unit in (2.0**320, 2.0**-320):
        assert risk.clustering_of(RETURNS * unit) == found
    with pytest.raises(NotEnoughData, match="needs at least 100 returns; there are 99"):
        risk.clustering_of(RETURNS[:99])


def test_ever_more_degrees_of_freedom_are_a_normal() -> None:
    assert risk.student_t_expected_shortfall(0.99, 1e308) == pytest.approx(
        risk.normal_expected_shortfall(0.99), rel=1e-9
    )
