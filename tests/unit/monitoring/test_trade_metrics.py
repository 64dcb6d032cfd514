"""Closed trades as they come."""

import pytest

from tradeworthy.core.errors import InputError
from tradeworthy.monitoring import SignalQualityMetrics, TradeMetrics
from tradeworthy.monitoring.counted_shares import MOST_WORDS, OTHER


def told(*results: float, capital: float | None = None) -> TradeMetrics:
    """Trades with these results."""
    metrics = TradeMetrics({"capital": capital})
    for result in results:
        metrics.record(result)
    return metrics


def test_a_trade_of_zero_is_neither_won_nor_lost_and_ends_a_streak() -> None:
    found = told(5.0, 5.0, 0.0, 5.0).reading()
    assert (found.all.won.count, found.all.lost, found.all.won.of) == (3, 0, 4)
    assert (found.streak, found.longest_winning_streak, found.longest_losing_streak) == (1, 2, 0)


def test_a_run_of_losses_is_a_streak_below_zero() -> None:
    assert told(1.0, -1.0, -1.0).reading().streak == -2


def test_falls_are_from_the_high_in_money_and_of_the_capital() -> None:
    found = told(100.0, -220.0, 50.0, capital=1_000.0).drawdown()
    assert (found.current, found.deepest) == (170.0, 220.0)
    assert found.current_fraction == pytest.approx(170 / 1100)
    assert found.deepest_fraction == pytest.approx(0.2)


def test_without_capital_a_fall_is_no_fraction() -> None:
    found = told(-10.0).drawdown()
    assert (found.deepest, found.deepest_fraction) == (10.0, None)


def test_nothing_recorded_defines_no_ratio() -> None:
    found = told().reading().to_dict()
    assert found["win_rate"] is None
    assert found["profit_factor"] is None
    assert found["win_rate_interval"] == {"low": None, "high": None}


def test_a_profit_factor_that_no_float_holds_is_none() -> None:
    assert told(1e100, -5e-324).reading().profit_factor is None


def test_reasons_and_hours_are_counted_apart() -> None:
    metrics = TradeMetrics()
    metrics.record(2.0, "target", hour=9)
    metrics.record(-1.0, " stop  loss ", hour=9)
    metrics.record(-1.0)
    found = metrics.reading().to_dict()
    assert set(found["exit_reasons"]) == {"target", "stop loss", "(not said)"}
    assert {hour: one["trades"] for hour, one in found["win_rate_by_hour"].items()} == {"09": 2}


def test_words_beyond_the_bound_are_counted_together() -> None:
    metrics, signals = TradeMetrics(), SignalQualityMetrics()
    for number in range(MOST_WORDS + 25):
        metrics.record(1.0, f"reason {number}")
        signals.record(acted_on=False, reason=f"reason {number}")
    trades, away = metrics.reading().exit_reasons, signals.reading().turned_away
    assert len(trades) == len(away) == MOST_WORDS + 1
    assert trades[OTHER].won.of == away[OTHER] == 25


@pytest.mark.parametrize("pnl", [float("nan"), float("inf"), True, "12", None, 1e101])
def test_what_is_no_amount_of_money_is_refused_and_changes_nothing(pnl: float) -> None:
    metrics = told(3.0)
    before = metrics.reading()
    with pytest.raises(InputError, match="pnl must be"):
        metrics.record(pnl, "stop")
    assert metrics.reading() == before


@pytest.mark.parametrize(("reason", "hour", "sentence"), [
    (None, 3, "exit_reason must be text"), ("x" * 81, 3, "at most 80 characters"), ("stop", 24, "hour must be"),
    ("stop", True, "hour must be"),
])  # fmt: skip
def test_a_reason_or_hour_that_is_none_changes_nothing(reason: str, hour: int, sentence: str) -> None:
    metrics = told(3.0)
    before = metrics.reading()
    with pytest.raises(InputError, match=sentence):
        metrics.record(1.0, reason, hour)
    assert metrics.reading() == before


def test_the_capital_is_told_before_the_first_trade_or_never() -> None:
    metrics = told()
    metrics.begin_with(500.0)
    metrics.record(-50.0)
    assert metrics.drawdown().current_fraction == pytest.approx(0.1)
    with pytest.raises(InputError, match="before the first trade, and 1 were recorded"):
        metrics.begin_with(600.0)


def test_signals_are_counted_by_what_became_of_them() -> None:
    signals = SignalQualityMetrics()
    signals.record(acted_on=True, bias_correct=True)
    signals.record(acted_on=False, reason="likely_trap", bias_correct=False)
    signals.record(acted_on=False, reason="likely_trap")
    found = signals.reading().to_dict()
    assert (found["total_signals"], found["acted_on"], found["turned_away"]) == (3, 1, {"likely_trap": 2})
    assert (found["signal_efficiency"], found["bias_accuracy"]) == (pytest.approx(1 / 3), 0.5)


@pytest.mark.parametrize("acted_on", [1, "yes", None, 0.0])
def test_acted_on_is_true_or_false(acted_on: bool) -> None:
    signals = SignalQualityMetrics()
    with pytest.raises(InputError, match="acted_on must be True or False"):
        signals.record(acted_on)
    with pytest.raises(InputError, match="bias_correct must be True or False"):
        signals.record(acted_on=True, bias_correct="maybe")  # type: ignore[arg-type]  # on purpose
    assert signals.signals == 0
