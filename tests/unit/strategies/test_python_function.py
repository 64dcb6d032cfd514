"""Plain Python functions as strategies."""

import functools
import sys
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.markets import random_walk
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.indicators import sma
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.histories import rows_of, table_of, windows
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.python_function import python_strategy

BARS = random_walk(30)
NAN = float("nan")


def always(answer: Any, at: int = 3) -> Any:
    """A strategy that gives one answer, at one bar."""

    def scripted(historical_data: Any, symbol: str) -> Any:  # noqa: ARG001 - the contract
        return answer if len(historical_data) == at + 1 else None

    return python_strategy(scripted, "EUR_USD")


def row(strategy: Any, bar: int = 3) -> tuple[int, int, float, float]:
    """What was decided at one bar."""
    enter, leave, stop, target = strategy.decisions(BARS).columns(len(BARS))
    return int(enter[bar]), int(leave[bar]), float(stop[bar]), float(target[bar])


@pytest.mark.parametrize(
    ("word", "enter", "leave"),
    [
        ("BUY", 1, 2),
        ("long", 1, 2),
        ("Sell", -1, 1),
        (" SHORT ", -1, 1),
        ("close", 0, 3),
        ("EXIT", 0, 3),
        ("hold", 0, 0),
    ],
)
def test_words_of_a_trader_are_understood_in_any_case(word: str, enter: int, leave: int) -> None:
    assert row(always({"symbol": "EUR_USD", "action": word}))[:2] == (enter, leave)


@pytest.mark.parametrize("kind", [float, np.float64, lambda price: Decimal(str(price)), np.array])
def test_levels_become_distances_from_the_close(kind: Any) -> None:
    close = float(BARS.close[3])
    low, high = round(close - 0.004, 5), round(close + 0.007, 5)
    assert row(always({"action": "BUY", "stop_loss": kind(low), "take_profit": kind(high)}))[2:] == (
        close - low, high - close,
    )  # fmt: skip
    assert row(always({"action": "SELL", "stop_loss": kind(high), "take_profit": kind(low)}))[2:] == (
        high - close, close - low,
    )  # fmt: skip


@pytest.mark.parametrize("nothing", [{}, {"stop_loss": None}, {"stop_loss": None, "take_profit": None}])
def test_a_level_that_is_not_there_is_none(nothing: dict[str, Any]) -> None:
    assert np.isnan(row(always({"action": "BUY", **nothing}))[2:]).all()


@pytest.mark.parametrize("key", ["stop_loss", "take_profit"])
@pytest.mark.parametrize("nothing", [NAN, np.float64("nan"), Decimal("nan")])
def test_a_level_that_is_nan_is_refused_because_it_would_pass_for_none(key: str, nothing: Any) -> None:
    with pytest.raises(InputError, match=rf"scripted at bar 3 \(.*\) gave BUY with {key} NaN.* or give None for none"):
        row(always({"action": "BUY", key: nothing}))
    assert row(always({"action": "CLOSE", key: nothing}))[:2] == (0, 3)


def test_a_function_that_exits_is_refused_with_its_bar_and_line() -> None:
    def leaves(historical_data: Any, symbol: str) -> Any:  # noqa: ARG001 - the contract
        return sys.exit(0) if len(historical_data) == 5 else None

    with pytest.raises(
        InputError, match=r"^leaves at bar 4 \(.*\) called exit\(\) in line \d+; a strategy must not end"
    ):
        python_strategy(leaves, "EUR_USD").decisions(BARS)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.floats(0.001, 0.01), st.floats(0.001, 0.01))
def test_levels_stay_at_the_prices_that_were_asked_for(seed: int, below: float, above: float) -> None:
    bars, asked = random_walk(200, seed), {}

    def strategy(history: Bars, _: str) -> dict[str, Any]:
        price = float(history.close[-1])
        asked[len(history) - 1] = price - below, price + above
        return {"action": "BUY", "stop_loss": price - below, "take_profit": price + above}

    trades = run_backtest(bars, python_strategy(strategy, "EUR_USD"), FillRules(stops_from="signal_close")).trades
    assert len(trades)
    assert [(one.stop, one.target) for one in trades] == [asked[one.signal_index] for one in trades]


def crossing(closes: Any) -> int:
    """1 or -1 where the mean of 3 closes crosses the one of 8."""
    if len(closes) < 9:
        return 0
    now, before = (np.sign(np.mean(part[-3:]) - np.mean(part[-8:])) for part in (closes, closes[:-1]))
    return int(now) if now != before else 0


WORDS = {1: {"action": "BUY"}, -1: {"action": "SELL"}, 0: None}


@pytest.mark.parametrize("history", ["bars", "rows", "pandas", "polars"])
def test_every_shape_of_the_past_gives_the_same_trades(history: Any) -> None:
    bars = random_walk(300, 4)

    def strategy(seen: Any, _: str) -> Any:
        closes = (
            seen.close if history == "bars" else [one["close"] for one in seen] if history == "rows" else seen["close"]
        )
        return WORDS[crossing(np.asarray(closes))]

    ours = run_backtest(bars, python_strategy(strategy, "EUR_USD", history=history)).trades
    cross = run_backtest(bars, MaCrossover(3, 8)).trades
    assert len(ours) > 20
    late = [one.pnl for one in cross if one.signal_index > 14]  # the cross waits for its range
    assert [one.pnl for one in ours][-len(late) :] == late


@pytest.mark.parametrize("history", ["bars", "rows", "pandas", "polars"])
def test_it_is_asked_once_a_bar_in_order_and_sees_the_past_only(history: Any) -> None:
    seen: list[tuple[int, float]] = []

    def strategy(past: Any, symbol: str) -> None:
        assert symbol == "EUR/USD"
        last = (
            past.close[-1]
            if history == "bars"
            else past[-1]["close"]
            if history == "rows"
            else past["close"].to_list()[-1]
        )
        seen.append((len(past), float(last)))

    python_strategy(strategy, "EUR/USD", history=history).decisions(BARS)
    assert seen == [(i + 1, float(price)) for i, price in enumerate(BARS.close)]


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(1, 80))
def test_no_decision_changes_when_the_future_does(seed: int, cut: int) -> None:
    bars = random_walk(80, seed)
    strategy = python_strategy(lambda past, _: WORDS[crossing(past.close)], "EUR_USD")
    whole, part = strategy.decisions(bars).until(cut), strategy.decisions(bars.slice(0, cut))
    np.testing.assert_array_equal(whole.bar, part.bar)
    np.testing.assert_array_equal(whole.enter, part.enter)


def test_state_is_kept_between_bars() -> None:
    class Counting:
        def __init__(self) -> None:
            self.calls = 0

        def __call__(self, past: Any, symbol: str) -> Any:  # noqa: ARG002 - the contract
            self.calls += 1
            return {"action": "BUY"} if self.calls == 5 else None

    made = python_strategy(Counting(), "EUR_USD")
    assert made.name == "Counting"
    assert made.decisions(BARS).bar.tolist() == [4]


def test_a_buy_turns_a_short_and_leaves_a_long_alone() -> None:
    script = {2: "SELL", 5: "BUY", 7: "BUY", 12: "CLOSE"}
    strategy = python_strategy(lambda past, _: {"action": script.get(len(past) - 1, "HOLD")}, "EUR_USD")
    trades = run_backtest(BARS, strategy).trades
    assert [(one.side, one.entry_index, one.exit_index) for one in trades] == [("short", 3, 6), ("long", 6, 13)]


def test_fed_live_it_decides_as_it_did_over_columns() -> None:
    def strategy(past: list[dict[str, float]], _: str) -> Any:
        return WORDS[crossing([one["close"] for one in past])]

    made = python_strategy(strategy, "EUR_USD", history="rows")
    enter, leave, _, _ = made.decisions(BARS).columns(len(BARS))
    stream = made.stream()
    for i in range(len(BARS)):
        said = stream.update(float(BARS.high[i]), float(BARS.low[i]), float(BARS.close[i]), time=i)
        assert (said.enter, said.leave) == (enter[i], leave[i])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("BUY", "gave 'BUY'; it must give None, or a dict"),
        ({"action": "BUYY"}, "gave action 'BUYY'; it must be BUY, SELL, CLOSE or HOLD"),
        ({"action": None}, "gave action None"),
        ({"stop_loss": 1}, r"a dict without 'action' \(its keys are stop_loss\)"),
        ({"symbol": "GBP_USD", "action": "BUY"}, "spoke of symbol 'GBP_USD' when it was asked about 'EUR_USD'"),
        ({"action": "BUY", "stop_loss": "1.0"}, "stop_loss '1.0'; it must be a price, or None"),
        ({"action": "BUY", "stop_loss": True}, "stop_loss True; it must be a price"),
        ({"action": "BUY", "stop_loss": [1.0]}, "it must be a price"),
        ({"action": "BUY", "take_profit": float("inf")}, "take_profit inf; it must be a price"),
        ({"action": "BUY", "stop_loss": -0.01}, "stop_loss -0.01; a price is above zero"),
        ({"action": "BUY", "stop_loss": 2.0}, "BUY with stop_loss 2 and the close is .*must lie below the close"),
        ({"action": "BUY", "take_profit": 1.0}, "the take_profit of a BUY must lie above the close"),
        ({"action": "SELL", "stop_loss": 1.0}, "the stop_loss of a SELL must lie above the close"),
        ({"action": "SHORT", "take_profit": 2.0}, "the take_profit of a SHORT must lie below the close"),
        ({"action": "BUY", "stoploss": 1.0}, "gave 'stoploss'; did it mean 'stop_loss'"),
    ],
)
def test_an_answer_that_makes_no_sense_is_told_with_its_bar(answer: Any, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        always(answer).decisions(BARS)
    assert str(caught.value).startswith("scripted at bar 3 (1970-01-01T03:00:00Z) ")


def test_a_symbol_may_be_spelt_in_another_way() -> None:
    assert row(always({"symbol": "eur/usd", "action": "BUY"}))[0] == 1


def test_what_a_function_raises_is_told_in_one_sentence_with_its_cause() -> None:
    def broken(past: Any, _: str) -> Any:
        return past.price if len(past) == 5 else None

    with pytest.raises(
        InputError, match=r"^broken at bar 4 \(1970-01-01T04:00:00Z\) raised AttributeError: .* in line \d+$"
    ) as caught:
        python_strategy(broken, "EUR_USD").decisions(BARS)
    assert isinstance(caught.value.__cause__, AttributeError)


def test_an_error_of_ours_inside_a_function_keeps_its_sentence() -> None:
    strategy = python_strategy(lambda past, _: sma(past.close, 0), "EUR_USD", name="mean")
    with pytest.raises(InputError, match=r"^mean at bar 0 \(.*\): n must be a whole number of bars, 1 or more, not 0$"):
        strategy.decisions(BARS)


def test_an_interrupt_is_not_an_error_of_the_strategy() -> None:
    def stopped(*_: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        python_strategy(stopped, "EUR_USD").decisions(BARS)


@pytest.mark.parametrize("spoil", [lambda past: past.append({}), lambda past: past.pop(), lambda past: past.clear()])
def test_a_list_that_is_changed_is_noticed_at_its_bar(spoil: Any) -> None:
    def spoiling(past: Any, _: str) -> None:
        if len(past) == 6:
            spoil(past)

    strategy = python_strategy(spoiling, "EUR_USD", history="rows")
    with pytest.raises(InputError, match=r"spoiling at bar 5 .*changed historical_data, which had 6 bars"):
        strategy.decisions(BARS)


def test_what_a_function_writes_into_its_past_reaches_nobody_else() -> None:
    rows, frame = rows_of(BARS), table_of(BARS, "pandas")
    for table in (rows, frame):
        for past in windows(table):
            last = past[-1] if isinstance(past, list) else past
            last["close"] = 0.0
    assert rows == rows_of(BARS)
    pd.testing.assert_frame_equal(frame, table_of(BARS, "pandas"))


def test_a_window_of_bars_is_a_view_that_cannot_be_written() -> None:
    window = BARS.first(7)
    assert len(window) == 7
    assert np.shares_memory(window.close, BARS.close)
    assert window.data_hash == BARS.slice(0, 7).data_hash != BARS.data_hash
    assert BARS.first(7).data_hash == window.data_hash
    with pytest.raises(ValueError, match="read-only"):
        window.close[0] = 1.0


def test_any_table_with_rows_can_be_shown() -> None:
    frame = table_of(BARS, "polars")
    assert [len(past) for past in windows(frame.to_arrow())] == list(range(1, 31))
    assert isinstance(list(windows(frame))[3], pl.DataFrame)
    with pytest.raises(InputError, match="cannot be shown bar by bar"):
        windows({"close": [1]})


def test_a_table_of_another_length_is_refused() -> None:
    strategy = python_strategy(lambda *_: None, "EUR_USD", shown=rows_of(BARS)[:-1])
    with pytest.raises(InputError, match="was to see 29 rows and there are 30 bars"):
        strategy.decisions(BARS)


async def later(past: Any, symbol: str) -> None:
    """Not a strategy."""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (lambda _: None, r"<lambda>\(_\) cannot be called with two arguments; a strategy is a function"),
        (MaCrossover, r"the class MaCrossover is not a strategy; make one first: MaCrossover\(...\)"),
        ("buy low", "'buy low' is not a strategy"),
        (later, "later is asynchronous"),
    ],
)
def test_what_is_no_such_function_is_told_what_would_be(given: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        python_strategy(given, "EUR_USD")


def test_a_partial_is_called_by_the_name_of_its_function() -> None:
    def base(past: Any, symbol: str, days: int) -> None:
        """Nothing."""

    strategy = python_strategy(functools.partial(base, days=3), "EUR_USD", warm_up=30)
    assert (strategy.name, strategy.parameters) == ("base", {"days": 3})
    with pytest.raises(NotEnoughData, match="base needs 30 bars"):
        run_backtest(BARS, strategy)


def test_the_engine_tells_a_function_where_to_go() -> None:
    with pytest.raises(InputError, match=r"not later; give a plain function to BacktestingEngine\(function\)"):
        run_backtest(BARS, later)  # type: ignore[arg-type]


def test_another_history_is_refused() -> None:
    with pytest.raises(InputError, match="history must be 'bars', 'rows', 'pandas' or 'polars', not 'json'"):
        python_strategy(lambda *_: None, "EUR_USD", history="json")  # type: ignore[arg-type]
