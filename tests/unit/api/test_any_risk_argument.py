"""Whatever the four risk objects are given, one sentence answers what cannot be used."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tradeworthy as tw
from support.markets import random_walk
from tradeworthy.core.errors import NotEnoughData, TradeworthyError
from tradeworthy.risk import Scenario

UNTYPED: Any = tw  # for what mypy would refuse
BARS = random_walk(300)
ONE = {"fast": 5, "slow": 20, "stop_atr": 2, "target_atr": 3}
ODD: tuple[Any, ...] = (
    "x", b"x", True, math.nan, 10**400, -1, [], {}, np.zeros((3, 3)), np.ones(30), object(), 1j, [1, "a"], BARS.slice(0, 3),
    [object()], {"fast": 10**400, "slow": 2}, [{"exit_time": "2024-01-01T00:00:00Z", "r": 10**400}], [{"r": 1}],
    [math.nan], np.ma.ones(5), tw.Costs,
)  # fmt: skip
MADE: dict[Callable[..., Any], tuple[str, ...]] = {
    tw.RiskCalculator: (
        "risk_free_rate", "n_simulations", "horizon", "seed", "fills", "costs", "leverage", "timezone",
    ),
    tw.MaxLossAnalyzer: (
        "costs", "fills", "account", "scenarios", "crises", "stress_file", "max_risk_per_trade", "seed", "draws", "on_today",
    ),
    tw.RiskAssessment: (
        "limit", "horizon", "max_risk_per_trade", "paths", "seed", "costs", "fills", "leverage", "scenarios", "crises",
        "stress_file",
    ),
    tw.VolatilityImpactAnalyzer: ("fills", "costs"),
}  # fmt: skip


def answered(call: Callable[[], Any]) -> None:
    """By a result or by one sentence."""
    said = "a result"
    try:
        call()
    except TradeworthyError as refusal:
        said = str(refusal)
    assert 0 < len(said) < 500, said


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("kind", "argument"), [(kind, one) for kind, names in MADE.items() for one in names])
def test_a_risk_object_is_made_or_refused_in_a_sentence(kind: Callable[..., Any], argument: str) -> None:
    for odd in ODD:
        answered(lambda odd=odd: kind(**{argument: odd}))  # type: ignore[misc]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_what_is_neither_parameters_nor_bars_nor_trades_is_refused_in_a_sentence(odd: Any) -> None:
    calculator = tw.RiskCalculator(n_simulations=50, horizon=10)
    losses, volatility = tw.MaxLossAnalyzer(draws=1, crises=[], scenarios=[]), tw.VolatilityImpactAnalyzer()
    assessment = tw.RiskAssessment(paths=100, horizon=10, scenarios=[], crises=[])
    for call in (
        calculator.calculate_max_drawdown_potential, losses.analyze, volatility.analyze_volatility_impact, assessment.run,
    ):  # fmt: skip
        answered(lambda call=call: call(odd, BARS))  # type: ignore[misc]
        answered(lambda call=call: call(ONE, odd))  # type: ignore[misc]
    for trades in (calculator.calculate_max_drawdown_potential, calculator.calculate_risk_ratios):
        answered(lambda trades=trades: trades(ONE, trades=odd))  # type: ignore[misc]
    for name in ("symbol", "timeframe", "timezone", "columns", "history"):
        answered(lambda name=name: losses.analyze(ONE, BARS, **{name: odd}))  # type: ignore[misc]
    answered(lambda: assessment.run(ONE, BARS, progress=odd))
    answered(lambda: volatility.analyze_volatility_impact(ONE, BARS, symbol=odd))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: UNTYPED.RiskCalculator(costs=np.zeros(3)), "costs must be Costs, as Costs"),
        (lambda: UNTYPED.RiskCalculator(n_simulations="many"), "n_simulations must be a whole number from 1 to 10,000,000"),
        (lambda: UNTYPED.RiskCalculator(timezone="Mars/Base"), "is not a time zone"),
        (lambda: UNTYPED.RiskCalculator().calculate_risk_ratios(ONE, trades=[10**400] * 9), "the R of trades hold a number beyond"),
        (lambda: UNTYPED.MaxLossAnalyzer(scenarios=Scenario("one")), "scenarios must be a list of Scenarios, not Scenario"),
        (lambda: UNTYPED.MaxLossAnalyzer(crises=["COVID-19"]), "each of crises must be Crisis"),
        (lambda: UNTYPED.MaxLossAnalyzer(stress_file=3), "a stress file is named by its path"),
        (lambda: UNTYPED.MaxLossAnalyzer().analyze(ONE, BARS, symbol=["EUR"]), "symbol must be text or None"),
        (lambda: UNTYPED.RiskAssessment().run(ONE, BARS, progress=3), "progress must have a method update"),
        (lambda: UNTYPED.RiskAssessment(paths=10**6, horizon=25_200), "ask for fewer"),
        (lambda: UNTYPED.VolatilityImpactAnalyzer(costs=3), "costs must be Costs"),
    ],
)  # fmt: skip
def test_the_sentence_names_the_argument(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(TradeworthyError) as refusal:
        call()
    assert said in str(refusal.value)


def test_one_trade_is_not_enough_to_draw_from() -> None:
    with pytest.raises(NotEnoughData, match="there is 1 closed trade to draw from, and at least 30 are needed"):
        tw.RiskCalculator().calculate_max_drawdown_potential(ONE, trades=[1.0])
