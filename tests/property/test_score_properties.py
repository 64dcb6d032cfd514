"""What must hold for the score of any record."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeworthy.risk import DrawdownLevel, drawdown_score, driftless_drawdown_probability, forecast_quality

RECORDS = st.builds(
    lambda seed, mean, size, columns: np.random.default_rng(seed).standard_t(4, (150, columns)) * size + mean,
    st.integers(0, 2**31), st.floats(-0.002, 0.002), st.floats(0.001, 0.03), st.integers(1, 4),
)  # fmt: skip
LIMITS = st.floats(0.01, 0.9)
FEW = {"paths": 200, "resamples": 40, "block": 3.0, "threads": 1}


def scored(days: np.ndarray, limit: float, horizon: int, **more: float) -> float:
    found = drawdown_score(days, limit, horizon, **{**FEW, **more})  # type: ignore[arg-type]
    assert found.score is not None
    assert found.estimation is not None
    assert found.monte_carlo is not None
    for span in (found.estimation, found.monte_carlo):
        assert 0 <= span.low <= found.score <= span.high <= 100
    return found.score


@settings(max_examples=30)
@given(RECORDS, LIMITS, LIMITS, st.integers(1, 200))
def test_a_further_limit_is_never_likelier(days: np.ndarray, one: float, other: float, horizon: int) -> None:
    near, far = sorted((one, other))
    assert scored(days, far, horizon) <= scored(days, near, horizon)


@settings(max_examples=30)
@given(RECORDS, LIMITS, st.integers(1, 200), st.integers(1, 200))
def test_a_longer_horizon_is_never_safer(days: np.ndarray, limit: float, one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert scored(days, limit, short) <= scored(days, limit, long)


@settings(max_examples=30)
@given(RECORDS, LIMITS, st.integers(1, 200), st.floats(0.001, 0.2), st.floats(0.001, 0.2))
def test_more_risk_per_trade_is_never_safer(
    days: np.ndarray, limit: float, horizon: int, one: float, other: float
) -> None:
    """Holds path by path: log wealth over any stretch is concave in the risk and zero without any."""
    less, more = sorted((one, other))
    careful = scored(days, limit, horizon, risk_per_trade=less, recorded_risk=0.02)
    assert careful <= scored(days, limit, horizon, risk_per_trade=more, recorded_risk=0.02)


@settings(max_examples=20)
@given(RECORDS, LIMITS, st.integers(1, 100), st.sampled_from([0.5, 2.0, 4.0]))
def test_twice_the_risk_is_the_record_doubled(days: np.ndarray, limit: float, horizon: int, factor: float) -> None:
    """Factors of two, which change no digit."""
    asked = scored(days, limit, horizon, risk_per_trade=0.01 * factor, recorded_risk=0.01)
    assert asked == scored(days * factor, limit, horizon)


@settings(max_examples=20)
@given(RECORDS, LIMITS, st.integers(1, 100), st.randoms(use_true_random=False))
def test_the_order_of_strategies_does_not_matter(days: np.ndarray, limit: float, horizon: int, random: object) -> None:
    order = list(range(days.shape[1]))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert scored(days[:, order], limit, horizon) == pytest.approx(scored(days, limit, horizon), abs=0.51)


@settings(max_examples=30)
@given(st.floats(0.0001, 0.05), LIMITS, st.floats(1, 2_000), st.floats(1.01, 3))
def test_the_formula_grows_with_volatility_and_time_and_falls_with_the_limit(
    volatility: float, limit: float, horizon: float, factor: float
) -> None:
    base = driftless_drawdown_probability(volatility, limit, horizon)
    assert 0 <= base <= 1
    assert driftless_drawdown_probability(volatility * factor, limit, horizon) >= base - 1e-9
    assert driftless_drawdown_probability(volatility, limit, horizon * factor) >= base - 1e-9
    assert driftless_drawdown_probability(volatility, min(0.99, limit * factor), horizon) <= base + 1e-9
    assert driftless_drawdown_probability(2 * volatility, limit, horizon) == pytest.approx(
        driftless_drawdown_probability(volatility, limit, 4 * horizon), abs=1e-12
    )


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=1, max_size=60), st.integers(1, 12))
def test_the_parts_of_a_brier_score_add_up(pairs: list[tuple[float, int]], bins: int) -> None:
    found = forecast_quality([one for one, _ in pairs], [came for _, came in pairs], bins=bins)
    assert found.brier == pytest.approx(
        found.reliability - found.resolution + found.uncertainty + found.within, abs=1e-12
    )
    assert sum(one.n for one in found.bins) == len(pairs)
    assert found.reliability >= 0 <= found.resolution <= found.uncertainty + 1e-12


@settings(max_examples=20)
@given(st.integers(0, 119))
def test_a_short_record_is_insufficient_whatever_it_holds(days: int) -> None:
    found = drawdown_score(np.full(days, -0.01), 0.2, 252)
    assert found.level is DrawdownLevel.INSUFFICIENT_DATA
    assert f"{120 - days} more" in found.reason
