"""A desk inside of a program."""

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import tradeworthy as tw
from support.embedded import QUICK, buy, embedded, settings_of, until
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.desk_operating import Way, ask_desk, kill_desk
from tradeworthy.api.desk_running import RunWanted, prepared, run_desk
from tradeworthy.api.explaining import explain_signal, latest_signals
from tradeworthy.api.journals import archive_desk_journal
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError, JournalError, NotNow, NotRunning, SettingsError
from tradeworthy.live.desk_commands import NoteKind, Tell
from tradeworthy.live.desk_events import Wish
from tradeworthy.live.signal_inbox import SignalInbox
from tradeworthy.settings.desk_folder import folder_named
from tradeworthy.settings.loading import from_tree
from tradeworthy.settings.shipped import template

KEYS = {
    "accepted", "answer", "duplicate", "signal_id", "client_id", "event", "strategy", "symbol", "side", "refused", "checks",
    "not_reached",
}  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[tw.TradingEngine]:
    """One that trades, and is stopped in the end."""
    with embedded(tmp_path) as one:
        yield one


def test_before_it_is_started_nothing_is_there_and_that_is_said(tmp_path: Path) -> None:
    one = embedded(tmp_path / "new")
    assert one.db_manager.trades() == one.db_manager.signals() == list(one.db_manager.events()) == []
    assert one.db_manager.status() == {"running": False}
    assert one.db_manager.path == tmp_path / "new" / "journal.sqlite"
    assert one.stop_trading() is one.wait() is None
    assert not one.is_trading
    with pytest.raises(NotRunning, match=r"it was not started; call start_auto_trading\(\) first"):
        one.process_signal(buy("a"))
    assert not (tmp_path / "new").exists()


def test_a_signal_goes_through_the_chain_and_its_answer_says_each_check(engine: tw.TradingEngine) -> None:
    answer = engine.process_signal(buy("a"))
    assert set(answer) == KEYS
    assert (answer["accepted"], answer["answer"], answer["duplicate"]) == (True, "SENT", False)
    assert (answer["strategy"], answer["symbol"], answer["side"]) == ("mine", "EUR_USD", "long")
    assert answer["refused"] is None
    assert answer["not_reached"] == []
    stages = list(dict.fromkeys(one["stage"] for one in answer["checks"]))
    assert stages == ["data", "strategy", "position", "mode", "filters", "calibration", "sizing", "limits", "broker"]
    sent = [one for one in engine.db_manager.events("signal") if one["body"]["signal_id"] == "a"]
    assert [one["sequence"] for one in sent] == [answer["event"]]
    until(lambda: engine.db_manager.status()["positions"])
    (position,) = engine.db_manager.status()["positions"]
    assert position["strategy"] == "mine"


def test_an_entry_that_is_refused_says_which_check_limit_and_actual(tmp_path: Path) -> None:
    with embedded(
        tmp_path, tables={"limits": {"open_positions": {"most": 1}, "stale_price": {"enabled": False}}}
    ) as one:
        one.process_signal(buy("a"))
        answer = one.process_signal(buy("b", symbol="GBP_USD"))
    assert answer["accepted"] is False
    assert answer["client_id"] is None
    assert answer["refused"]["check"] == "open positions"
    assert {"check", "reason", "limit", "actual"} == set(answer["refused"])
    failed = [one for one in answer["checks"] if one["passed"] is False]
    assert [one["check"] for one in failed] == ["open positions"]


def test_an_id_is_one_signal_over_restarts_too(tmp_path: Path) -> None:
    with embedded(tmp_path) as one:
        first = one.process_signal(buy("a"))
        again = one.process_signal(buy("a"))
    with embedded(tmp_path) as other:
        later = other.process_signal(buy("a"))
        assert len(other.db_manager.signals()) == 1
    assert again == later
    assert (again["duplicate"], again["accepted"], again["client_id"]) == (True, True, first["client_id"])
    assert again["event"] == first["event"]


def test_an_id_that_was_another_signal_is_told_as_a_close_would_be_lost(engine: tw.TradingEngine) -> None:
    engine.process_signal(buy("a"))
    until(lambda: engine.db_manager.status()["positions"])
    for other in ({"symbol": "EUR_USD", "action": "CLOSE", "id": "a"}, buy("a", symbol="GBP_USD")):
        with pytest.raises(InputError, match=r"id a was BUY of mine in event \d+, and .* is another signal"):
            engine.process_signal(other)
    assert len(engine.db_manager.signals()) == 1
    assert engine.process_signal(buy("a", stop_loss=0.6))["duplicate"] is True


def test_what_is_no_signal_is_an_error_and_nothing_is_written(engine: tw.TradingEngine) -> None:
    for bad in (
        {**buy("x"), "action": "HOLD"},
        {**buy("x"), "stop_loss": float("nan")},
        {**buy("x"), "stop_loss": 2.4},
        "x",
    ):
        with pytest.raises(InputError):
            engine.process_signal(bad)  # type: ignore[arg-type]  # on purpose
    with pytest.raises(InputError, match="stop_loss 2 must lie below the last price of EUR_USD"):
        engine.process_signal(buy("x", stop_loss=2.0))
    assert engine.db_manager.signals() == []
    assert list(engine.db_manager.events("signal")) == []


def test_a_position_is_left_and_turned_by_signals(engine: tw.TradingEngine) -> None:
    engine.process_signal(buy("in"))
    until(lambda: engine.db_manager.status()["positions"])
    turned = engine.process_signal({"strategy": "mine", "action": "short", "stop_loss": 2.5, "id": "turn"})
    assert (turned["accepted"], turned["answer"], turned["side"]) == (True, "WAITS", "short")
    until(lambda: [one["units"][0] for one in engine.db_manager.status()["positions"]] == ["-"])
    left = engine.process_signal({"strategy": "mine", "action": "exit", "id": "out"})
    assert (left["accepted"], left["answer"], left["side"]) == (True, "LEAVING", "close")
    until(lambda: not engine.db_manager.status()["positions"])
    assert [(one["side"], one["reason"]) for one in engine.db_manager.trades()] == [
        ("long", "signal"),
        ("short", "signal"),
    ]
    nothing = engine.process_signal({"strategy": "mine", "action": "exit", "id": "out again"})
    assert nothing["refused"] == {
        "check": "one position", "reason": "there is no position to leave", "limit": "a position", "actual": "none held",
    }  # fmt: skip


def test_many_threads_each_get_the_answer_to_their_own_signal(engine: tw.TradingEngine) -> None:
    names = [f"s{place // 2}" for place in range(60)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda name: engine.process_signal(buy(name)), names))
    assert [one["signal_id"] for one in answers] == names
    assert sum(one["accepted"] and not one["duplicate"] for one in answers) == 1
    assert sum(one["duplicate"] for one in answers) == 30
    assert len({one["event"] for one in answers}) == 30
    orders = list(engine.db_manager.events("placed"))
    assert len(orders) == 1


def test_stopping_waits_for_a_whole_journal_and_can_be_done_twice(tmp_path: Path) -> None:
    one = embedded(tmp_path)
    one.start_auto_trading()
    one.start_auto_trading()
    one.process_signal(buy("a"))
    until(lambda: one.db_manager.status()["positions"])
    ended = one.stop_trading("lunch")
    assert ended is not None
    assert (ended.reason, ended.open_positions, ended.mode) == ("program: lunch", 1, "ACTIVE")
    assert ended == one.stop_trading() == one.wait()
    assert ended.to_dict()["events"] == ended.events
    assert one.db_manager.status()["running"] is False
    with closing(open_journal(tmp_path / "journal.sqlite")) as journal:  # nobody holds it any more
        assert journal.check() == ended.events
    with pytest.raises(NotRunning, match="the desk does not run: program: lunch"):
        one.process_signal(buy("b"))
    one.start_auto_trading()
    assert [one["strategy"] for one in one.db_manager.status()["positions"]] == ["mine"]
    one.stop_trading()


def test_a_replay_that_is_over_says_so(tmp_path: Path) -> None:
    one = tw.TradingEngine(settings_of(), desk=tmp_path, start="2026-06-01", end="2026-06-30")
    one.start_auto_trading()
    ended = one.wait()
    assert ended is not None
    assert ended.reason == "the feed has ended"
    assert one.stop_trading() == ended
    with pytest.raises(NotRunning, match="the desk does not run: it has ended"):
        one.process_signal(buy("a"))
    with pytest.raises(InputError, match="the replay in this folder is over") as told:
        one.start_auto_trading()
    assert "TradingEngine(..., again=True) begins another" in str(told.value)
    assert "tradeworthy run" not in str(told.value)
    assert one.stop_trading() == ended
    begun = tw.TradingEngine(settings_of(), desk=tmp_path, start="2026-06-01", end="2026-06-30", again=True)
    begun.start_auto_trading()
    assert begun.wait() == ended
    assert len(list(tmp_path.glob("kept-*"))) == 1


def test_what_stands_in_the_way_is_raised_to_whoever_starts_it(tmp_path: Path) -> None:
    with embedded(tmp_path):
        second = embedded(tmp_path)
        with pytest.raises(InputError, match="desk"):
            second.start_auto_trading()
        assert not second.is_trading
        assert second.stop_trading() is None
    second.start_auto_trading()
    second.stop_trading()
    (tmp_path / "KILL").write_text("enough")
    with pytest.raises(InputError, match=r"the desk was killed \(enough\)"):
        second.start_auto_trading()


def test_what_ends_a_desk_badly_is_raised_to_whoever_stops_it(tmp_path: Path) -> None:
    one = embedded(tmp_path)
    one.start_auto_trading()
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as file:
        file.execute("DROP TABLE events")
        file.commit()
    with pytest.raises(NotRunning, match=r"and it is not done twice|cannot append an event"):
        one.process_signal(buy("a"))
    with pytest.raises(JournalError):
        one.wait()
    with pytest.raises(JournalError):
        one.stop_trading()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_ended_a_desk_is_told_to_whoever_sends_signals(tmp_path: Path) -> None:
    class Ear:
        def check(self, name: str, sentence: str, *, passed: bool = True) -> None: ...

        def note(self, tell: Tell, time_ns: int) -> None:
            del time_ns
            if tell.kind is NoteKind.OPENED:
                raise ZeroDivisionError("my screen is broken")

    one = embedded(tmp_path, screen=Ear())
    one.start_auto_trading()
    one.process_signal(buy("a"))
    until(lambda: not one.is_trading)
    with pytest.raises(NotRunning, match=r"ZeroDivisionError ended it \(my screen is broken\)"):
        one.process_signal(buy("b"))
    with pytest.raises(ZeroDivisionError):
        one.stop_trading()


def test_the_desk_itself_may_ask_for_its_end_and_cannot_wait_for_itself(tmp_path: Path) -> None:
    told: list[str] = []

    class Ear:
        def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
            del name, sentence, passed
            one.start_auto_trading()  # it is being started already

        def note(self, tell: Tell, time_ns: int) -> None:
            del time_ns
            if tell.kind is NoteKind.OPENED:
                assert one.stop_trading("one is enough") is None
                with pytest.raises(InputError, match="the desk cannot wait for itself"):
                    one.process_signal(buy("b"))
                with pytest.raises(InputError, match=r"cannot wait for itself: call wait\(\) from another thread"):
                    one.wait()
                told.append(tell.sentence)

    one = embedded(tmp_path, screen=Ear())
    one.start_auto_trading()
    one.process_signal(buy("a"))
    ended = one.wait()
    assert ended is not None
    assert (ended.reason, ended.open_positions, len(told)) == ("program: one is enough", 1, 1)


def test_several_that_start_it_at_once_start_one_desk(tmp_path: Path) -> None:
    one = embedded(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        assert [done.exception() for done in [pool.submit(one.start_auto_trading) for _ in range(4)]] == [None] * 4
    assert [each.name for each in threading.enumerate()].count("tradeworthy desk") == 1
    one.stop_trading()
    assert len(list(one.db_manager.events("started"))) == 1


def test_a_shipped_book_trades_in_it_as_by_the_command(tmp_path: Path) -> None:
    class Ear:
        def check(self, name: str, sentence: str, *, passed: bool = True) -> None: ...

        def note(self, tell: Tell, time_ns: int) -> None: ...

    one = tw.TradingEngine("fx-daily", desk=tmp_path / "one", start="2026-06-01", end="2026-07-31")
    one.start_auto_trading()
    ended = one.wait()
    other = run_desk(
        RunWanted("fx-daily", tmp_path / "other", start_ns=one._wanted.start_ns, end_ns=one._wanted.end_ns), Ear()
    )
    assert ended is not None
    assert ended.trades > 0
    assert (ended.trades, ended.pnl) == (
        sum(each.trades for each in other.state.members), sum(each.pnl for each in other.state.members),
    )  # fmt: skip
    assert (one._wanted.end_ns or 0) - (one._wanted.start_ns or 0) == 61 * DAY_NS


def test_config_may_be_a_file_its_folder_a_dict_or_settings(tmp_path: Path) -> None:
    (tmp_path / "tradeworthy.toml").write_text(template("fx-daily"))
    given = settings_of()
    for config, more in (
        (tmp_path, {}), (str(tmp_path), {}), (tmp_path / "tradeworthy.toml", {}), (given, {"desk": tmp_path}),
        (from_tree(given, "test", {}), {"desk": str(tmp_path)}),
    ):  # fmt: skip
        one = tw.TradingEngine(config, **more)
        assert one.folder == tmp_path
    assert tw.TradingEngine("fx-16").folder == Path("fx-16-desk")


def test_a_dict_and_settings_trade_in_a_folder_by_the_name_of_their_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = settings_of(desk={"name": "my bot"})
    assert tw.TradingEngine(from_tree(given, "test", {})).folder == Path("my-bot-desk")
    with tw.TradingEngine(given, start="2025-07-01", speed=QUICK) as one:
        assert one.process_signal(buy("a"))["answer"] == "SENT"
    assert [each.name for each in tmp_path.iterdir()] == ["my-bot-desk"]
    assert len(tw.TradingEngine(given).db_manager.signals()) == 1


@pytest.mark.parametrize("name", ["../up", "/etc", "a/b", "a:b", "..", ".", "é" * 80, "a\\b", "  ", "*"])
def test_whatever_its_name_a_desk_trades_in_one_folder_beside_the_others(name: str) -> None:
    folder = folder_named(name)
    assert folder.name == str(folder)
    assert folder.name.endswith("-desk")
    assert folder.name.isascii()
    assert len(folder.name) <= 100
    assert folder != folder_named(name + "!")
    assert folder == folder_named(name)


@pytest.mark.parametrize(
    ("config", "more", "sentence"),
    [
        (settings_of(), {"desk": 5}, "desk is the folder of the desk's journal, such as 'my-desk', not 5"),
        (settings_of(), {"desk": ""}, "desk is the folder of the desk's journal"),
        (7, {}, "config is a settings file or its folder"),
        ("", {}, "config is a settings file or its folder"),
        ("nowhere", {}, "there is no such file"),
        ({"strategies": {}}, {"desk": "x"}, "strategies: needs at least one entry"),
        (settings_of(webhook={"secret": "short"}), {"desk": "x"}, "webhook.secret: this is no secret of a webhook"),
        (settings_of(strategies={"a": {"instrument": "EUR_USD", "timeframe": "D", "rules": "signals", "fast": 3}}),
         {"desk": "x"}, "strategies.a.fast: is no key of a table of this kind; remove it"),
        (settings_of(strategies={"a": {"instrument": "EUR_USD", "timeframe": "D", "rules": "other"}}), {"desk": "x"},
         "strategies.a.rules: 'other' is not one of 'ma_crossover' or 'signals'"),
        ("fx-daily", {"speed": -1}, "speed must be"),
        ("fx-daily", {"start": "soon"}, "'soon' is not a day or moment"),
    ],
)  # fmt: skip
def test_a_config_that_is_none_is_told(config: Any, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises((InputError, SettingsError)) as told:
        tw.TradingEngine(config, **more)
    assert sentence in str(told.value)
    assert "short" not in str(told.value).replace("shorter", "")


def test_signals_of_the_process_are_left_as_they_are(tmp_path: Path) -> None:
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)]
    with embedded(tmp_path):
        assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)] == before
        assert "tradeworthy desk" in {one.name for one in threading.enumerate()}
    assert "tradeworthy desk" not in {one.name for one in threading.enumerate()}


def test_a_signal_that_the_desk_does_not_begin_with_is_withdrawn(tmp_path: Path) -> None:
    one = embedded(tmp_path)
    inbox = SignalInbox()
    inbox.open(_plan(one), lambda: None)  # a loop that is busy with something else
    one._run = SimpleNamespace(inbox=inbox, is_own=False, failure=None)  # type: ignore[assignment]
    with pytest.raises(
        NotNow, match=r"did not begin with the signal within 0.05 seconds, so it was withdrawn; nothing"
    ):
        one.process_signal(buy("a"), timeout=0.05)
    assert inbox.taken() == []
    with pytest.raises(InputError, match="timeout must be"):
        one.process_signal(buy("a"), timeout=0)


def _plan(one: tw.TradingEngine) -> Any:
    return prepared(one._wanted).plan


def test_any_time_may_be_waited_for_an_answer(engine: tw.TradingEngine) -> None:
    assert engine.process_signal(buy("a"), timeout=1e300)["answer"] == "SENT"
    with pytest.raises(InputError, match="timeout must be"):
        engine.process_signal(buy("b"), timeout=float("inf"))
    assert [one["signal_id"] for one in engine.db_manager.signals()] == ["a"]


def test_a_program_that_forgets_to_stop_ends_and_its_journal_is_whole(tmp_path: Path) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path; from support.embedded import *;"
        "e = embedded(Path(sys.argv[1])); e.start_auto_trading(); print(e.process_signal(buy('a'))['answer'])"
    )
    tests = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path, tests], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "SENT", "")
    kinds = [one["kind"] for one in embedded(tmp_path).db_manager.events()]
    assert "stopped" in kinds[-2:]


def test_operators_reach_a_desk_of_a_dict_while_it_runs_and_while_it_does_not(tmp_path: Path) -> None:
    with embedded(tmp_path) as one:
        assert ask_desk(tmp_path, Wish.LOCK, "a test", "EUR_USD").way is Way.ANSWERED
        refused = one.process_signal(buy("locked"))["refused"]
        assert refused["check"] == "mode"
        assert "a test" in refused["reason"]
    assert ask_desk(tmp_path, Wish.HALT, "enough").way is Way.ENTERED
    with embedded(tmp_path) as one:
        assert one.db_manager.status()["mode"] == "HALTED"
        assert "enough" in one.process_signal(buy("halted", symbol="GBP_USD"))["refused"]["reason"]
        kill_desk(tmp_path, "all of it")
        ended = one.wait()
    assert ended is not None
    assert "flat" in ended.reason
    with pytest.raises(NotRunning, match="flat"):
        one.process_signal(buy("late"))


def test_the_chain_of_a_signal_from_outside_can_be_asked_for_again_out_of_the_journal(tmp_path: Path) -> None:
    with embedded(tmp_path) as one:
        answer = one.process_signal(buy("a"))
    (chain,) = explain_signal(str(answer["event"]), tmp_path).chains
    found = chain.to_dict()
    assert {key: found[key] for key in ("accepted", "client_id", "checks", "refused")} == {
        key: answer[key] for key in ("accepted", "client_id", "checks", "refused")
    }
    assert latest_signals(tmp_path)[-1].signal == answer["client_id"]


def test_events_of_a_kind_from_a_number_on(engine: tw.TradingEngine) -> None:
    answer = engine.process_signal(buy("a"))
    engine.stop_trading()
    whole = list(engine.db_manager.events())
    assert [one["sequence"] for one in whole] == list(range(1, len(whole) + 1))
    assert list(engine.db_manager.events(start=answer["event"])) == whole[answer["event"] - 1 :]
    assert {one["kind"] for one in engine.db_manager.events("bar")} == {"bar"}
    for bad in (0, -1, 1.5, True, "1", 10**30):
        for ask in (engine.db_manager.events, engine.db_manager.trades, engine.db_manager.signals):
            with pytest.raises(InputError, match="start is the number of an event"):
                ask(start=bad)  # type: ignore[arg-type]  # on purpose

    with pytest.raises(InputError, match="kind is the kind of an event"):
        engine.db_manager.events(kind=7)  # type: ignore[arg-type]  # on purpose


def test_what_an_archive_left_is_read_from_its_first_event_on(tmp_path: Path) -> None:
    with embedded(tmp_path) as one:
        one.process_signal(buy("a"))
    archive_desk_journal(tmp_path)
    with pytest.raises(InputError, match=r"read them there, and here from \d+ on") as told:
        one.db_manager.signals()
    first = int(str(told.value).split("here from ")[1].split()[0])
    with embedded(tmp_path) as other:
        other.process_signal({"strategy": "other", "action": "CLOSE", "id": "b"})
    assert [each["signal_id"] for each in other.db_manager.signals(start=first)] == ["b"]
    assert other.db_manager.trades(start=first) == []


def test_a_desk_at_full_speed_takes_signals_too(tmp_path: Path) -> None:
    one = embedded(tmp_path, speed=QUICK * 1_000)
    one.start_auto_trading()
    try:
        assert one.process_signal(buy("a"))["signal_id"] == "a"
    except NotRunning as error:
        assert "it has ended" in str(error)  # noqa: PT017 - it may have been quicker
    one.stop_trading()
