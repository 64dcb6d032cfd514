"""What is a signal of this desk, and the sentence for what is none."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from support.desk_steps import EUR, GBP, SteppedDesk, member, plan_with
from tradeworthy.core.errors import InputError, NotNow, NotRunning
from tradeworthy.live.desk_events import SignalAction, SignalCame
from tradeworthy.live.signal_given import check_sides, signal_in
from tradeworthy.live.signal_inbox import MOST_WAITING, SignalInbox
from tradeworthy.strategies.outside_signals import OutsideSignals

PLAN = plan_with(
    replace(member("mine", []), strategy=OutsideSignals()),
    replace(member("first", [], GBP), strategy=OutsideSignals()),
    replace(member("second", [], GBP), strategy=OutsideSignals()),
    member("own", []),
)
GOOD: dict[Any, Any] = {"symbol": "EURUSD", "action": "buy", "stop_loss": 1.08, "take_profit": 1.2, "id": "a"}


@pytest.mark.parametrize(
    ("word", "action"),
    [
        ("BUY", "BUY"), ("buy", "BUY"), (" Long ", "BUY"), ("SELL", "SELL"), ("short", "SELL"), ("Close", "CLOSE"),
        ("exit", "CLOSE"), ("FLAT", "CLOSE"),
    ],
)  # fmt: skip
def test_the_words_for_an_action_are_those_that_bots_use(word: str, action: str) -> None:
    assert signal_in({"symbol": EUR, "action": word}, PLAN).action == SignalAction(action)


def test_a_signal_is_taken_as_it_is_meant() -> None:
    when = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)
    assert signal_in({**GOOD, "time": when}, PLAN) == SignalCame(
        0, "a", "mine", SignalAction.BUY, 1.08, 1.2, int(when.timestamp()) * 10**9
    )
    written = signal_in({**GOOD, "time": "2026-03-04T15:30:00+01:00", "strategy": "mine"}, PLAN)
    assert written.sent_ns == int(when.timestamp()) * 10**9
    assert signal_in({"strategy": "second", "action": "SELL"}, PLAN).strategy == "second"


@pytest.mark.parametrize("time", [1_763_764_000, 1_763_764_000.0, 1_763_764_000_000_000_000])
def test_seconds_are_seconds_with_a_point_and_without_as_json_does_not_tell_them_apart(time: float) -> None:
    assert signal_in({**GOOD, "time": time}, PLAN).sent_ns == 1_763_764_000 * 10**9


def test_a_signal_without_an_id_gets_one_of_its_own() -> None:
    names = {signal_in({"symbol": EUR, "action": "BUY"}, PLAN).signal_id for _ in range(50)}
    assert len(names) == 50
    assert all(one.startswith("unnamed-") for one in names)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("BUY", "a signal is a dict such as"),
        (None, "a signal is a dict such as"),
        ([GOOD], "a signal is a dict such as"),
        ({**GOOD, "stoploss": 1.0}, "a signal has no 'stoploss'; did you mean stop_loss?"),
        ({**GOOD, 7: 1.0}, "a signal has no 7; it takes strategy, symbol"),
        ({**GOOD, "action": "HOLD"}, "has the action 'HOLD'; it is BUY, SELL or CLOSE"),
        ({"symbol": EUR}, "the signal has no action; it is BUY, SELL or CLOSE"),
        ({**GOOD, "action": 1}, "has the action 1"),
        ({"action": "BUY"}, "names neither strategy nor symbol; signals are taken by mine, first, second"),
        ({"action": "BUY", "symbol": GBP}, "first and second take signals of GBP_USD: name the strategy"),
        ({"action": "BUY", "symbol": "USD_JPY"}, "nobody takes signals of USD_JPY"),
        ({"action": "BUY", "symbol": 5}, "symbol must be text"),
        ({"action": "BUY", "strategy": "nobody"}, "'nobody' is no strategy of this book"),
        ({"action": "BUY", "strategy": "own"}, "'own' decides by itself; signals are taken by"),
        ({"action": "BUY", "strategy": ["mine"]}, "is no strategy of this book"),
        ({"action": "BUY", "strategy": "mine", "symbol": GBP}, "mine trades EUR_USD and not GBP_USD"),
        ({**GOOD, "stop_loss": float("nan")}, "stop_loss must be a finite number, not nan"),
        ({**GOOD, "stop_loss": -1.0}, "stop_loss must be"),
        ({**GOOD, "stop_loss": 0}, "stop_loss must be"),
        ({**GOOD, "stop_loss": "1.08"}, "stop_loss must be a finite number, not '1.08'"),
        ({**GOOD, "stop_loss": True}, "stop_loss must be"),
        ({**GOOD, "take_profit": float("inf")}, "take_profit must be"),
        ({**GOOD, "take_profit": 1e300}, "is no price of anything"),
        ({**GOOD, "take_profit": 1.01}, "stop_loss 1.08 and take_profit 1.01 lie the wrong way round for BUY"),
        ({**GOOD, "action": "SELL"}, "lie the wrong way round for SELL"),
        ({"symbol": EUR, "action": "CLOSE", "stop_loss": 1.0}, "a signal to CLOSE takes no stop_loss"),
        ({**GOOD, "id": ""}, "id must be text of 1 to 128 characters"),
        ({**GOOD, "id": "x" * 129}, "id must be text of 1 to 128 characters"),
        ({**GOOD, "id": "a\nb"}, "id must be text"),
        ({**GOOD, "id": 7}, "id must be text"),
        ({**GOOD, "time": "2026-03-04T14:30:00"}, "has no time zone and so names no moment"),
        ({**GOOD, "time": datetime(2026, 3, 4)}, "has no time zone"),  # noqa: DTZ001 - naive on purpose
        ({**GOOD, "time": "noon"}, "time must be a moment such as"),
        ({**GOOD, "time": {}}, "time must be"),
        ({**GOOD, "time": 1_763_764_000_000}, "time 1763764000000 counts milliseconds, it seems; send seconds"),
        ({**GOOD, "time": "9999-12-31T00:00:00Z"}, "time '9999-12-31T00:00:00Z' lies before 1970 or after 2262"),
        ({**GOOD, "time": datetime(9999, 12, 31, tzinfo=UTC)}, "lies before 1970 or after 2262"),
        ({**GOOD, "time": "0001-01-01T00:00:00+14:00"}, "lies before 1970 or after 2262"),
        ({**GOOD, "time": "1969-12-31T23:59:59Z"}, "lies before 1970 or after 2262"),
    ],
)
def test_what_is_no_signal_is_told_in_one_sentence(given: Any, sentence: str) -> None:
    with pytest.raises(InputError) as told:
        signal_in(given, PLAN)
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_a_book_that_takes_none_says_how_to() -> None:
    with pytest.raises(
        InputError, match='no strategy of this book takes signals from outside; give one `rules = "signals"`'
    ):
        signal_in(GOOD, plan_with(member("own", [])))


@pytest.mark.parametrize(
    ("action", "stop", "target", "sentence"),
    [
        ("BUY", 1.1, None, "stop_loss 1.1 must lie below the last price of EUR_USD, 1.1, to BUY"),
        ("BUY", None, 1.05, "take_profit 1.05 must lie above the last price"),
        ("SELL", 1.05, None, "stop_loss 1.05 must lie above the last price of EUR_USD, 1.1, to SELL"),
        ("SELL", None, 1.2, "take_profit 1.2 must lie below the last price"),
    ],
)
def test_levels_on_the_wrong_side_of_the_price_are_told(
    action: str, stop: float | None, target: float | None, sentence: str
) -> None:
    desk = SteppedDesk(*PLAN.members)
    signal = SignalCame(0, "a", "mine", SignalAction(action), stop, target)
    check_sides(signal, desk.state)  # without a price there is no side
    desk.bar(close=1.1)
    with pytest.raises(InputError, match=sentence):
        check_sides(signal, desk.state)


def test_an_inbox_takes_signals_while_a_desk_trades_and_tells_everybody_who_waits_that_it_ended() -> None:
    inbox = SignalInbox()
    with pytest.raises(NotRunning, match=r"it has not begun; start it with start_auto_trading\(\)"):
        inbox.put(GOOD)
    woken: list[int] = []
    inbox.open(PLAN, lambda: woken.append(1))
    with ThreadPoolExecutor(4) as pool:
        waiting = list(pool.map(inbox.put, [GOOD] * 20))
    assert len(woken) == 20
    assert waiting[3].cancel()
    assert len(inbox.taken()) == 19
    late = inbox.put(GOOD)
    inbox.close("Ann: enough")
    with pytest.raises(NotRunning, match="the desk does not run: Ann: enough"):
        late.result(0)
    with pytest.raises(
        NotRunning, match="send it again under the same id once the desk runs, and it is not done twice"
    ):
        waiting[0].result(0)
    with pytest.raises(NotRunning, match="Ann: enough"):
        inbox.put(GOOD)


def test_too_many_that_wait_are_refused_and_the_first_stay() -> None:
    inbox = SignalInbox()
    inbox.open(PLAN, lambda: None)
    for _ in range(MOST_WAITING):
        inbox.put(GOOD)
    with pytest.raises(NotNow, match=f"{MOST_WAITING} signals wait already"):
        inbox.put(GOOD)
    assert len(inbox.taken()) == MOST_WAITING
    inbox.put(GOOD)
