"""Models judged out of sample: against a loop of one's own, and what is refused or left out."""

import math

import numpy as np
import pytest

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk import (
    LossMethod,
    acerbi_szekely_z2,
    backtest_value_at_risk,
    christoffersen,
    expected_shortfall,
    fit_garch,
    kupiec,
    traffic_light,
    value_at_risk,
)
from tradeworthy.risk.model_backtest import _independence


def returns(n: int = 420) -> Floats:
    """Heavier than Normal, and calm at first, wild in the end."""
    return 0.01 * np.random.default_rng(2).standard_t(5, size=n) * np.linspace(1.0, 2.0, n)


@pytest.mark.parametrize("method", ["historical", "normal", "student_t", "pot"])
def test_each_day_is_judged_by_the_window_before_it_and_nothing_later(method: str) -> None:
    x, window = returns(), 250
    (found,) = backtest_value_at_risk(x, 0.975, [method], window=window, refit_every=1)
    days = range(window, len(x))
    var = np.array([value_at_risk(x[day - window : day], 0.975, method) for day in days])
    es = np.array([expected_shortfall(x[day - window : day], 0.975, method) for day in days])
    np.testing.assert_allclose(found.var, var)
    np.testing.assert_allclose(found.es, es)
    beyond = (x[window:] < -var).astype(int)
    counts = [int(np.sum((beyond[:-1] == a) & (beyond[1:] == b))) for a in (0, 1) for b in (0, 1)]
    m, exceptions = len(beyond), int(beyond.sum())
    assert found.days.tolist() == list(days)
    assert (found.exceptions, found.refused, found.why) == (exceptions, 0, "")
    assert found.expected == pytest.approx(m * 0.025)
    assert found.kupiec is not None
    assert found.kupiec.statistic == pytest.approx(kupiec(m, exceptions, 0.025).statistic)
    assert found.christoffersen == christoffersen(*counts)
    assert found.light is not None
    assert found.light.cumulative == pytest.approx(traffic_light(m, exceptions, 0.025).cumulative)
    assert found.z2 == pytest.approx(acerbi_szekely_z2(x[window:], var, es, 0.975))
    assert found.z2_p_normal is not None
    assert found.z2_p_heavy is not None
    assert 0 < found.z2_p_normal <= found.z2_p_heavy <= 1


def test_later_days_change_no_earlier_answer() -> None:
    x = returns()
    before = backtest_value_at_risk(x[:310], 0.95)
    after = backtest_value_at_risk(np.append(x[:310], [0.5, -0.5, 0.3]), 0.95)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one.var, other.var[: len(one.var)])
        assert other.es[: len(one.es)].tolist() == one.es.tolist()


def test_the_volatility_of_filtered_moves_between_fits() -> None:
    x, variance = np.random.default_rng(8).standard_normal(450), 1e-4
    for i, shock in enumerate(x):
        x[i] = variance**0.5 * shock
        variance = 2e-6 + 0.2 * x[i] ** 2 + 0.78 * variance
    (daily,) = backtest_value_at_risk(x, 0.95, ["filtered"], refit_every=1)
    (weekly,) = backtest_value_at_risk(x, 0.95, ["filtered"], refit_every=5)
    assert len(np.unique(weekly.var)) > 190
    assert np.corrcoef(daily.var, weekly.var)[0, 1] > 0.9
    assert daily.var[0] == weekly.var[0] == value_at_risk(x[:250], 0.95, "filtered")


def test_between_fits_shocks_are_those_of_the_last_window() -> None:
    x = returns()
    (found,) = backtest_value_at_risk(x[:360], 0.99, ["filtered"], refit_every=200)
    garch = fit_garch(x[:250])
    volatility = garch.volatility(x[:340])
    shocks = np.sort(((garch.mean - x[:340]) / volatility[:-1])[-250:])
    assert found.days[90] == 340
    assert found.var[90] == pytest.approx(volatility[-1] * shocks[247] - garch.mean)


def test_days_apart_say_nothing_of_what_follows_what() -> None:
    days, beyond = np.array([0, 1, 5, 6, 7]), np.array([False, True, True, False, False])
    assert _independence(days, beyond) == christoffersen(1, 1, 1, 0)
    assert _independence(days[::2], beyond[::2]) is None


def test_a_right_model_passes_and_one_that_is_surprised_again_and_again_does_not() -> None:
    x = 0.01 * np.random.default_rng(4).standard_normal(1_250)
    (right,) = backtest_value_at_risk(x, 0.975, ["normal"])
    assert right.kupiec is not None
    assert right.kupiec.p_value > 0.05
    assert right.z2_p_normal is not None
    assert right.z2_p_normal > 0.01
    x[250:] *= np.where(np.arange(1_000) % 250 < 60, 3.0, 1.0)
    (wrong,) = backtest_value_at_risk(x, 0.975, ["normal"])
    assert wrong.z2_p_heavy is not None
    assert wrong.z2_p_heavy < 0.01
    assert wrong.light is not None
    assert wrong.light.zone != "green"


def test_days_that_a_model_refuses_are_counted_and_left_out_of_the_rest() -> None:
    x = returns(400)
    x[300] = -0.6
    (found,) = backtest_value_at_risk(x, 0.95, ["cornish_fisher"])
    assert found.refused + len(found.days) == 150
    assert found.refused >= 99
    assert "Maillard 2012" in found.why
    assert all(day <= 300 or day - 250 > 300 or day not in found.days for day in range(301, 400))


def test_a_model_that_never_answers_is_not_judged() -> None:
    x = np.zeros(300)
    found = backtest_value_at_risk(x, 0.95)
    assert [one.method for one in found] == list(LossMethod)
    for one in found:
        assert (one.refused, one.exceptions, len(one.days)) == (50, 0, 0)
        assert one.kupiec is None
        assert one.z2 is None
        assert "all 250 of them are 0" in one.why


def test_without_a_loss_to_expect_there_is_no_z2() -> None:
    x = np.abs(returns()) + 0.01
    (found,) = backtest_value_at_risk(x, 0.95, ["historical"])
    assert found.z2 is None
    assert found.z2_p_normal is None
    assert found.kupiec is not None


@pytest.mark.parametrize(
    ("n", "level", "methods", "window", "message"),
    [
        (400, 0.99, ["pot"], 199, "level 0.99 with pot needs a window of at least 200 days, not 199"),
        (4000, 0.999, ["historical", "normal"], 500, "needs a window of at least 1,000 days, not 500"),
        (300, 0.99, ["normal"], 250, "needs at least 350 returns; there are 300"),
        (400, 0.99, ["garch"], 250, "there is no method 'garch'; choose one of historical"),
        (400, 0.99, [], 250, "choose among historical"),
        (400, 0.05, ["normal"], 250, r"level must be that of a loss, from 0\.5 on, not 0\.05"),
        (400, 1.0, ["normal"], 250, "level must lie between 0 and 1"),
    ],
)
def test_what_cannot_be_judged_is_refused(n: int, level: float, methods: list[str], window: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        backtest_value_at_risk(returns(n), level, methods, window=window)


def test_a_missing_return_is_refused_before_anything_is_fitted() -> None:
    x = returns()
    x[17] = math.nan
    with pytest.raises(InputError, match="return 17 is nan"):
        backtest_value_at_risk(x)
    with pytest.raises(NotEnoughData):
        backtest_value_at_risk(x[:10])
    with pytest.raises(InputError, match="refit_every must be a whole number from 1"):
        backtest_value_at_risk(returns(), refit_every=0)
