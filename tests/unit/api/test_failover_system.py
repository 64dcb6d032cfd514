"""One object that says whether somebody's own bot may trade while things fail around it."""

import json
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from support.small_disks import full_disk
from tradeworthy import FailoverRecoverySystem, SessionAutoRefresh
from tradeworthy.core.deals import SessionGrant
from tradeworthy.core.errors import HaltError, InputError, PauseError, RefreshError, RefuseError, RetryError
from tradeworthy.live import BrokerSession, refresh_begun
from tradeworthy.live.cells import MemoryCell

SECOND = 10**9
NOON = 1_793_361_600 * SECOND
NOT_COMPARED = "positions and orders are not reconciled with the broker; call reconcile(ours, theirs)"


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> int:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)


def made(time: Time, **options: Any) -> FailoverRecoverySystem:
    """One whose prices come and whose positions agree."""
    system = FailoverRecoverySystem(clock=time, **options)
    well(system)
    return system


def well(system: FailoverRecoverySystem) -> None:
    system.record_data("EUR_USD")
    system.reconcile({"EUR_USD": 1000}, {"EUR_USD": 1000.0})


def test_nothing_is_entered_before_prices_and_positions_are_known() -> None:
    time = Time()
    system = FailoverRecoverySystem(clock=time)
    assert system.get_system_status()["state"] == "RECOVERING"
    answer = system.should_allow_trading()
    assert set(answer) == {"allowed", "reason"}
    assert answer == {
        "allowed": False,
        "reason": NOT_COMPARED,
    }
    system.reconcile({}, {})
    assert "record_data" in system.should_allow_trading()["reason"]
    system.record_data()
    assert system.should_allow_trading()["allowed"]
    status = system.get_system_status()
    assert (status["state"], status["issues"], status["off"]) == ("HEALTHY", [], [])


def test_what_is_off_is_shown_as_off_and_refuses_nothing() -> None:
    system = FailoverRecoverySystem(watch_data=False, watch_positions=False)
    assert system.should_allow_trading()["allowed"]
    assert system.get_system_status()["off"] == ["data", "positions"]
    assert system.get_system_status()["state"] == "HEALTHY"


def test_three_failures_pause_for_thirty_seconds_and_only_a_probe_and_a_new_comparison_end_it() -> None:
    time = Time()
    system = made(time)
    first = [system.handle_broker_error(RetryError("down")) for _ in range(2)]
    assert [one["action"] for one in first] == ["retry", "retry"]
    assert system.get_system_status()["state"] == "DEGRADED"
    third = system.handle_broker_error(RetryError("down"))
    assert set(third) == {"action", "reason", "wait_seconds"}
    assert (third["action"], third["wait_seconds"]) == ("pause", 30.0)
    assert system.get_system_status()["state"] == "PAUSED"
    system.record_success()  # a late answer from before
    time.passes(29.9)
    system.record_data("EUR_USD")
    assert system.get_system_status()["state"] == "PAUSED"
    assert not system.reconcile({}, dict)["agrees"]
    time.passes(0.1)
    assert system.get_system_status()["state"] == "RECOVERING"
    assert not system.should_allow_trading()["allowed"]
    system.record_success()
    assert "not been reconciled since the broker failed" in system.should_allow_trading()["reason"]
    assert system.reconcile({"EUR_USD": 1}, lambda: {"EUR_USD": 1})["agrees"]
    assert system.should_allow_trading()["allowed"]


def test_a_comparison_that_asks_the_broker_is_the_probe_itself() -> None:
    time = Time()
    system = made(time)
    for _ in range(3):
        system.handle_broker_error(RetryError("down"))
    time.passes(30)
    system.record_data("EUR_USD")
    assert system.reconcile({}, dict)["agrees"]
    assert system.get_system_status()["state"] == "HEALTHY"


def test_a_probe_that_fails_doubles_the_pause() -> None:
    time = Time()
    system = made(time)
    for _ in range(3):
        system.handle_broker_error(RetryError("down"))
    time.passes(30)
    with pytest.raises(ConnectionRefusedError):
        system.reconcile({}, lambda: (_ for _ in ()).throw(ConnectionRefusedError()))
    assert 53.0 < system.handle_broker_error(ConnectionRefusedError())["wait_seconds"] <= 60.0


@pytest.mark.parametrize(
    ("error", "action", "state"),
    [
        (TimeoutError(), "pause", "PAUSED"), (OSError(5, "io"), "pause", "PAUSED"), (RefuseError("no"), "pause", "HEALTHY"),
        (RefreshError("401"), "refresh", "CRITICAL"), (HaltError("closed"), "halt", "CRITICAL"),
        (KeyError("price"), "halt", "CRITICAL"), (Exception("connection timeout"), "halt", "CRITICAL"),
        (ExceptionGroup("two", [RetryError("x"), TimeoutError()]), "pause", "PAUSED"),
        (ExceptionGroup("two", [RetryError("x"), ValueError("?")]), "halt", "CRITICAL"),
    ],
)  # fmt: skip
def test_each_failure_leads_to_one_of_four_actions_by_its_type(error: Exception, action: str, state: str) -> None:
    system = made(Time())
    told = system.handle_broker_error(error)
    assert told["action"] == action
    assert system.get_system_status()["state"] == state
    assert system.should_allow_trading()["allowed"] == (state == "HEALTHY")
    if isinstance(error, RefuseError):
        assert told["wait_seconds"] == 0.0


def test_secrets_in_the_words_of_an_error_are_neither_said_nor_kept(tmp_path: Path) -> None:
    system = made(Time(), state=tmp_path / "failover.json")
    told = system.handle_broker_error(KeyError("https://broker/v1?token=abcdef123"))
    assert "abcdef123" not in told["reason"]
    assert "abcdef123" not in (tmp_path / "failover.json").read_text()


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_a_halt_without_a_reason_is_none(reason: Any) -> None:
    with pytest.raises(InputError, match="must say its reason"):
        made(Time()).halt(reason)


def test_what_is_no_exception_is_refused() -> None:
    with pytest.raises(InputError, match="give the exception itself"):
        made(Time()).handle_broker_error("timeout")  # type: ignore[arg-type]  # as people do


def test_an_unknown_fate_of_an_order_needs_another_comparison_even_when_the_broker_answers() -> None:
    time = Time()
    system = made(time)
    assert "by client id" in system.handle_broker_error(TimeoutError())["reason"]
    system.record_success()
    assert system.should_allow_trading()["reason"] == NOT_COMPARED
    well(system)
    assert system.should_allow_trading()["allowed"]


def test_no_answer_ends_a_pause_that_the_broker_asked_for_and_time_does() -> None:
    time = Time()
    system = made(time)
    assert system.handle_broker_error(PauseError("slow down", wait_seconds=7))["wait_seconds"] == 7.0
    system.record_success()
    assert "slow down" in system.should_allow_trading()["reason"]
    time.passes(7)
    assert system.should_allow_trading()["allowed"]
    system.handle_broker_error(PauseError("slow down", wait_seconds=7))
    time.passes(-3600)
    system.record_data("EUR_USD")
    assert "slow down" not in system.should_allow_trading()["reason"]


def test_frozen_prices_stop_entries_of_their_own_instrument() -> None:
    time = Time()
    system = made(time)
    time.passes(10)
    assert system.should_allow_trading()["allowed"]
    system.record_data("GBP_USD")
    time.passes(0.001)
    assert system.should_allow_trading("GBP_USD")["allowed"]
    assert "EUR_USD: the data are frozen" in system.should_allow_trading("EUR_USD")["reason"]
    assert not system.should_allow_trading()["allowed"]
    assert system.get_system_status()["state"] == "DEGRADED"
    time.passes(11)
    assert system.get_system_status()["state"] == "CRITICAL"
    assert "no price of USD_JPY" in system.data.check("USD_JPY")["reason"]


def test_a_closed_market_enters_nothing_and_freezes_nothing_however_long_the_bot_runs() -> None:
    time = Time()
    system = made(time, hours="fx-24/5")
    assert system.should_allow_trading()["allowed"]
    for _ in range(10):
        time.passes(7 * 86_400)
        system.record_data("EUR_USD")
        assert system.should_allow_trading()["allowed"]
    time.passes(86_400)  # Saturday
    assert "outside of its session" in system.should_allow_trading()["reason"]
    assert system.get_system_status()["issues"] == []
    with pytest.raises(InputError, match="'nyse' is no session that is known"):
        FailoverRecoverySystem(hours="nyse")


def test_prices_without_a_zone_or_of_tomorrow_are_refused_and_old_ones_are_old() -> None:
    time = Time()
    system = made(time)
    with pytest.raises(InputError, match="no time zone"):
        system.record_data("EUR_USD", datetime(2026, 10, 30, 12, tzinfo=UTC).replace(tzinfo=None))
    with pytest.raises(InputError, match="yet to come"):
        system.record_data("EUR_USD", (NOON + 86_400 * SECOND) / SECOND)
    for wrong in ("noon", float("nan"), True, None.__class__):
        with pytest.raises(InputError):
            system.record_data("EUR_USD", wrong)
    system.record_data("NEW", NOON - 3600 * SECOND)
    assert not system.should_allow_trading("NEW")["allowed"]
    system.record_data("EUR_USD", NOON - 3600 * SECOND)
    assert system.should_allow_trading("EUR_USD")["allowed"]


def test_positions_that_differ_are_critical_until_both_sides_say_the_same() -> None:
    system = made(Time())
    told = system.reconcile({"EUR_USD": 1000}, {"EUR_USD": 400, "USD_JPY": 1})
    assert [one["symbol"] for one in told["differences"]] == ["EUR_USD", "USD_JPY"]
    assert told["reason"] == "we hold 1000 EUR_USD and the broker 400; we hold 0 USD_JPY and the broker 1"
    assert system.get_system_status()["state"] == "CRITICAL"
    assert not system.should_allow_trading()["allowed"]
    with pytest.raises(InputError, match="EUR_USD must be a finite number"):
        system.reconcile({"EUR_USD": float("nan")}, {})
    with pytest.raises(InputError, match="must be a dict"):
        system.reconcile([], {})
    assert system.reconcile({}, {})["agrees"]


def test_a_session_is_renewed_once_whichever_thread_comes_first() -> None:
    time, calls, gate = Time(), [], threading.Barrier(8)
    inside = threading.Event()

    def renew() -> None:
        calls.append(threading.get_ident())
        inside.wait(5)

    system = made(time, refresh_callback=renew)
    system.should_allow_trading()
    assert calls == []
    time.passes(240 * 60)

    def ask() -> None:
        gate.wait(5)
        system.should_allow_trading()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads[1:]:
        one.join(0.2)
    inside.set()
    for one in threads:
        one.join()
    assert len(calls) == 1
    system.should_allow_trading()
    assert len(calls) == 1


class Overtaken(MemoryCell[BrokerSession]):
    """Another thread begins a renewal between the look at the session and its change."""

    def change(self, step: Callable[[BrokerSession], BrokerSession]) -> BrokerSession:
        super().change(lambda session: refresh_begun(session, NOON + 240 * 60 * SECOND))
        return super().change(step)


def test_a_thread_that_is_overtaken_by_another_renews_nothing() -> None:
    time, calls = Time(), list[int]()
    session = SessionAutoRefresh(lambda: calls.append(1), clock=time, state=Overtaken(BrokerSession(NOON)))
    time.passes(240 * 60)
    assert not session.refresh_if_due()
    assert calls == []


@pytest.mark.parametrize(
    ("answer", "expires"),
    [(None, None), (True, None), ("a token", None), (SessionGrant(NOON + 600 * SECOND), NOON + 600 * SECOND),
     (datetime(2026, 10, 30, 13, tzinfo=UTC), NOON + 3600 * SECOND), (SessionGrant(), None)],
)  # fmt: skip
def test_what_the_callback_gives_may_say_when_the_session_ends(answer: Any, expires: int | None) -> None:
    time = Time()
    kept = MemoryCell(BrokerSession(NOON - 240 * 60 * SECOND))
    assert SessionAutoRefresh(lambda: answer, clock=time, state=kept).refresh_if_due()
    assert kept.get() == BrokerSession(NOON, expires)


@pytest.mark.parametrize(
    "answer",
    [False, datetime(2026, 10, 30, 13), datetime(2020, 1, 1, tzinfo=UTC), SessionGrant(5)],  # noqa: DTZ001 - naive on purpose
)
def test_a_callback_that_gives_no_usable_end_has_failed(answer: Any) -> None:
    time = Time()
    kept = MemoryCell(BrokerSession(NOON - 240 * 60 * SECOND))
    session = SessionAutoRefresh(lambda: answer, clock=time, state=kept)
    assert not session.refresh_if_due()
    assert kept.get().failures == 1
    assert session.last_error


def test_a_session_that_ended_is_renewed_at_once_and_a_failure_is_said_and_tried_again() -> None:
    time, wrong = Time(), [True]

    def renew() -> None:
        if wrong[0]:
            raise ValueError("no network")

    system = made(time, refresh_callback=renew)
    assert system.handle_broker_error(RefreshError("401"))["action"] == "refresh"
    status = system.get_system_status()
    assert (status["state"], status["session"]["last_error"]) == ("CRITICAL", "ValueError: no network")
    wrong[0] = False
    assert not system.should_allow_trading()["allowed"]  # half a minute lies between two attempts
    time.passes(30)
    system.record_data("EUR_USD")
    assert system.should_allow_trading()["allowed"]
    assert system.get_system_status()["session"]["last_error"] == ""


def test_a_callback_that_asks_the_system_itself_does_not_hang() -> None:
    time = Time()
    system = FailoverRecoverySystem(lambda: system.should_allow_trading() and None, time)
    time.passes(240 * 60)
    assert system.session.refresh_if_due()
    with pytest.raises(InputError, match="must be a function"):
        FailoverRecoverySystem("renew")  # type: ignore[arg-type]  # as people do


def test_a_halt_is_latched_survives_a_restart_and_ends_by_a_person(tmp_path: Path) -> None:
    time, place = Time(), tmp_path / "new" / "failover.json"
    made(time, state=place).handle_broker_error(KeyError("price"))
    again = made(time, state=place)
    assert "KeyError" in again.should_allow_trading()["reason"]
    assert again.get_system_status()["state"] == "CRITICAL"
    with pytest.raises(InputError, match="operator"):
        again.resume("", "looked")
    time.passes(1)
    assert "Ada ended 1 latched restriction" in again.resume("Ada", "a parser of ours, mended")
    assert again.should_allow_trading()["allowed"]
    assert made(time, state=str(place)).should_allow_trading()["allowed"]


def test_a_halt_by_one_process_holds_for_another_at_once(tmp_path: Path) -> None:
    time, place = Time(), tmp_path / "failover.json"
    one, other = made(time, state=place), made(time, state=place)
    one.halt("the operator said so")
    assert not other.should_allow_trading()["allowed"]
    other.handle_broker_error(RetryError("x"))
    assert "the operator said so" in one.should_allow_trading()["reason"]


def test_a_pause_and_its_probes_survive_a_restart(tmp_path: Path) -> None:
    time, place = Time(), tmp_path / "failover.json"
    system = made(time, state=place)
    for _ in range(3):
        system.handle_broker_error(RetryError("x"))
    assert made(time, state=place).get_system_status()["state"] == "PAUSED"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data[:-20], "damaged"), (lambda _: b"", "damaged"), (lambda _: b"\xff\xfe", "damaged"),
        (lambda data: data.replace(b'"failures": 0', b'"failures": 1', 1), "changed by hand"),
        (lambda data: data.replace(b'"version": 1', b'"version": 2'), "of version 2"),
        (lambda data: data.replace(b'"kind": "failover"', b'"kind": "guard"'), "holds 'guard'"),
        (lambda _: json.dumps({"kind": "failover"}).encode(), "damaged"),
    ],
)  # fmt: skip
def test_a_state_that_is_damaged_or_of_another_version_is_not_used_at_all(
    tmp_path: Path, change: Any, says: str
) -> None:
    place = tmp_path / "failover.json"
    system = made(Time(), state=place)
    place.write_bytes(change(place.read_bytes()))
    with pytest.raises(InputError, match=says) as caught:
        FailoverRecoverySystem(state=place)
    assert str(place) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not system.should_allow_trading()["allowed"]  # whoever runs already stops entering
    before = place.read_bytes()
    system.halt("and leaves it for a person to look at")
    assert place.read_bytes() == before


def test_on_a_full_disk_a_halt_holds_and_it_is_said_that_a_restart_would_forget(tmp_path: Path) -> None:
    place = tmp_path / "failover.json"
    system = made(Time(), state=place)
    with full_disk():
        system.halt("too many losses")
        status = system.get_system_status()
    assert status["halts"]
    assert "so a restart would forget" in " ".join(status["issues"])
    assert "so a restart would forget" not in " ".join(system.get_system_status()["issues"])
    assert FailoverRecoverySystem(state=place).get_system_status()["halts"] == status["halts"]


def test_threads_lose_no_failure_and_no_halt(tmp_path: Path) -> None:
    time = Time()
    system = FailoverRecoverySystem(clock=time, state=tmp_path / "failover.json")
    system.connection.rules = type(system.connection.rules)(failures=1000, pause_ns=SECOND)

    def fail(number: int) -> None:
        for _ in range(10):
            system.handle_broker_error(ConnectionRefusedError())
        system.halt(f"thread {number}")

    threads = [threading.Thread(target=fail, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert system.connection.status()["failures"] == 60
    assert len(system.get_system_status()["halts"]) == 1


def test_a_halt_is_on_the_disk_when_it_was_said_though_the_process_is_killed(tmp_path: Path) -> None:
    place = tmp_path / "failover.json"
    child = os.fork()
    if child == 0:
        try:
            FailoverRecoverySystem(state=place).halt("before the kill")
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert "before the kill" in FailoverRecoverySystem(state=place).get_system_status()["halts"][0]


def test_exits_are_sent_once_whatever_happens_and_again_only_when_the_broker_was_asked(tmp_path: Path) -> None:
    time, place, sent = Time(), tmp_path / "failover.json", []
    system = FailoverRecoverySystem(clock=time, state=place)

    def send(order: dict[str, Any]) -> None:
        if order["symbol"] == "A":
            raise TimeoutError
        if order["symbol"] == "B":
            raise RefuseError("closed")
        sent.append(order)

    held = {"A": 5, "B": -3, "C": 2.5, "D": 0}
    told = system.exits.exit_all(held, send)
    assert [(one["symbol"], float(one["units"]), one["reduce_only"]) for one in sent] == [("C", -2.5, True)]
    assert {one["symbol"]: one["action"] for one in told["failed"]} == {"A": "pause", "B": "pause"}
    system = FailoverRecoverySystem(clock=time, state=place)  # as after a restart
    again = system.exits.exit_all(held, send)
    assert again["waiting"] == ["A", "C"]
    assert [one["symbol"] for one in again["failed"]] == ["B"]
    assert len(sent) == 1
    [unknown] = [one for one in system.exits.waiting() if one["symbol"] == "A"]
    assert not unknown["sure"]
    assert system.exits.confirm({"A": 5, "C": 1}, [unknown["client_id"]]) == {
        "flat": False, "left": {"A": 5, "C": 1}, "waiting": ["A"]
    }  # fmt: skip
    time.passes(1)
    assert [one["symbol"] for one in system.exits.exit_all({"A": 5, "C": 1}, send)["sent"]] == ["C"]
    assert system.exits.confirm({})["flat"]


def test_an_exit_reduces_and_never_turns_a_position_round() -> None:
    reduces = FailoverRecoverySystem().exits.reduces
    assert reduces(-5, 5)
    assert reduces(2, -5)
    assert not reduces(-6, 5)
    assert not reduces(1, 5)
    assert not reduces(-1, 0)
    with pytest.raises(InputError, match="finite"):
        reduces(float("nan"), 5)


def test_partial_fills_are_followed_and_what_is_not_known_has_to_be_asked() -> None:
    orders = made(Time()).orders
    orders.order_sent("c-1", "EUR_USD", 1000)
    with pytest.raises(InputError, match="sent before"):
        orders.order_sent("c-1", "EUR_USD", 1000)
    with pytest.raises(InputError, match="call order_sent"):
        orders.record_timeout("c-2")
    with pytest.raises(InputError, match="'lost' is no state"):
        orders.record_report("c-1", "lost")
    orders.record_fill("c-1", 400, 1.1, "f-1")
    told = orders.record_fill("c-1", 400, 1.1, "f-1")
    assert (told["filled"], told["remaining"], told["status"]) == (400, 600, "working")
    assert orders.record_cancelled("c-1")["must_ask"]
    assert orders.must_ask() == ["c-1"]
    assert orders.reconcile({"EUR_USD": 400}, {"EUR_USD": 400})["reason"] == "ask the broker what became of c-1"
    assert orders.record_report("c-1", "cancelled", 700)["missing"] == 300
    assert not orders.record_fill("c-1", 300, 1.1, "f-2")["must_ask"]
    assert orders.reconcile({"EUR_USD": 700}, {"EUR_USD": 700})["agrees"]
    orders.order_sent("c-3", "EUR_USD", -1)
    orders.record_timeout("c-3")
    assert orders.reconciliation().agreement.value == "not run"
    assert orders.record_report("c-3", None)["status"] == "never arrived"
    assert orders.record_fill("c-3", -1, 1.1, "f-3")["breaks"]
    assert not orders.reconcile({}, {})["agrees"]
