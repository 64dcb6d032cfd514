"""What a function sees of its bars, and bars that are of something else than their strategy."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from support.markets import random_walk
from tradeworthy.api.maximum_loss import MaxLossAnalyzer
from tradeworthy.api.risk_assessment import RiskAssessment
from tradeworthy.api.risk_calculator import RiskCalculator
from tradeworthy.api.volatility_impact import VolatilityImpactAnalyzer
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars

WALK = random_walk(1_500, 3)
CROSS = {"fast": 5, "slow": 20, "stop_atr": 2.0}
QUICK: dict[str, Any] = {"scenarios": (), "crises": ()}


def columns(bars: Bars) -> dict[str, list[Any]]:
    """As a table has them."""
    return {
        "time": [rfc3339(int(one)) for one in bars.open_time], "open": bars.open.tolist(), "high": bars.high.tolist(),
        "low": bars.low.tolist(), "close": bars.close.tolist(),
    }  # fmt: skip


def brought(shape: str) -> Any:
    """The walk in that shape."""
    if shape == "bars":
        return WALK
    table = columns(WALK)
    if shape == "rows":
        return [dict(zip(table, one, strict=True)) for one in zip(*table.values(), strict=True)]
    frame = pl.DataFrame(table)
    return frame if shape == "polars" else pytest.importorskip("pandas").DataFrame(table)


def last_close(history: Any) -> float:
    """However it is held."""
    if isinstance(history, list):
        return float(history[-1]["close"])
    return float(list(history.close if isinstance(history, Bars) else history["close"])[-1])


def watching(seen: set[str]) -> Callable[[Any, str], dict[str, Any]]:
    """A function that writes down the kind of history it gets."""

    def buys(historical_data: Any, symbol: str) -> dict[str, Any]:
        seen.add("list" if isinstance(historical_data, list) else type(historical_data).__module__.partition(".")[0])
        close = last_close(historical_data[-1:] if isinstance(historical_data, list) else historical_data)
        return {"symbol": symbol, "action": "BUY", "stop_loss": close * 0.995, "take_profit": close * 1.01}

    return buys


KINDS = {"bars": "tradeworthy", "rows": "list", "pandas": "pandas", "polars": "polars"}


@pytest.mark.parametrize("shape", list(KINDS))
def test_a_function_sees_bars_in_the_shape_they_were_brought_in(shape: str) -> None:
    seen: set[str] = set()
    given = brought(shape)
    RiskAssessment(paths=100, **QUICK).run(watching(seen), given, symbol="EUR_USD")
    assert seen == {KINDS[shape]}
    seen.clear()
    RiskCalculator(n_simulations=10).calculate_risk_ratios(watching(seen), given)
    assert seen == {KINDS[shape]}


def test_history_says_what_a_function_sees_of_bars_that_show_nothing_by_themselves() -> None:
    seen: set[str] = set()
    RiskAssessment(paths=100, **QUICK).run(watching(seen), WALK, history="rows")
    RiskCalculator(n_simulations=10, history="rows").calculate_risk_ratios(watching(seen), WALK)
    assert seen == {"list"}
    for ask in (lambda: RiskAssessment().run(CROSS, WALK, history="panda"), lambda: RiskCalculator(history="panda")):  # type: ignore[arg-type]
        with pytest.raises(InputError, match="history must be 'bars', 'rows', 'pandas' or 'polars', not 'panda'"):
            ask()


@pytest.mark.parametrize(
    "ask",
    [
        lambda given, bars: RiskAssessment(paths=100, **QUICK).run(given, bars),
        lambda given, bars: RiskCalculator().drawdown_score(given, bars),
        lambda given, bars: MaxLossAnalyzer(**QUICK).analyze(given, bars),
        lambda given, bars: VolatilityImpactAnalyzer().study(given, bars),
    ],
)
@pytest.mark.parametrize("bars", [WALK, {"GBP_USD_H1": WALK}, {"GBP_USD": WALK}])
def test_bars_of_another_instrument_than_the_strategy_s_are_refused_by_both_names(
    ask: Callable[[Any, Any], object], bars: Any
) -> None:
    with pytest.raises(InputError, match="GBP_USD_H1 is a strategy for GBP_USD, and these are bars of EUR_USD; bring"):
        ask({"GBP_USD_H1": CROSS}, bars)


def test_bars_that_name_nothing_are_those_of_the_strategy() -> None:
    found = RiskAssessment(paths=100, **QUICK).run({"GBP_USD_H1": CROSS}, brought("polars"))
    assert any("spread of GBP_USD" in line for line in found.record.assumptions)


def test_no_name_is_listed_twice_where_bars_are_looked_for() -> None:
    with pytest.raises(InputError, match=r"under EUR_USD_D and EUR_USD$"):
        RiskAssessment(**QUICK).run({"EUR_USD_D": CROSS}, {"GBP_USD": WALK})
