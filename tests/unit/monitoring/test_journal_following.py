"""A desk's journal says how it performed: each event once, while it grows."""

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace as changed
from pathlib import Path

import msgspec
import pytest

import tradeworthy as tw
from support.desk_day import Moments, kill_in_play, live
from support.journal_notes import MS_NS, START_NS, ListedJournal, Writer
from tradeworthy.adapters.brokers.paper_faults import FaultCall, FaultKind, PaperFault
from tradeworthy.adapters.journals.copies import backup_journal, restore_journal
from tradeworthy.adapters.journals.moving import archive_journal
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.adapters.journals.reading import read_journal
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.errors import InputError, JournalError
from tradeworthy.core.events import Envelope
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.monitoring.journal_listening import MOST_WAITING, JournalListener
from tradeworthy.monitoring.performance_config import PerformanceConfig
from tradeworthy.monitoring.performance_record import PerformanceRecord


def day_of_desk(**settings: object) -> Writer:
    """A day that trades for real: two entries, one of them refused by the broker's line, and an entry that the gate refused."""
    writer = Writer()
    writer.started(**settings)  # type: ignore[arg-type]  # settings of any kind
    closed = writer.bar(1, 1.10)
    writer.sent("a", closed)
    writer.placed("a", closed + 350 * MS_NS)
    writer.bar(2, 1.11, 80.0)
    writer.refused("daily loss")
    writer.closed(-50.0, "stop", START_NS + 2 * HOUR_NS)
    closed = writer.bar(3, 1.12, 90.0)
    writer.sent("b", closed, "-1000")
    writer.placed("b", closed + 290 * MS_NS)
    writer.sent("c", None)
    writer.placed("c", closed + 1_290 * MS_NS)
    writer.bar(4, 1.13, 70.0)
    writer.closed(120.0, "target", START_NS + 4 * HOUR_NS)
    return writer


def test_trades_signals_and_latencies_are_those_of_the_journal() -> None:
    monitor = tw.PerformanceMonitor(ListedJournal(day_of_desk().events))
    found = monitor.get_performance_summary()
    assert (found["trades"]["total_trades"], found["trades"]["total_pnl"]) == (2, 70.0)
    assert list(found["trades"]["win_rate_by_hour"]) == ["02", "04"]
    assert set(found["trades"]["exit_reasons"]) == {"stop", "target"}
    assert found["trades"]["capital"] == 10_000.0
    assert found["signals"]["turned_away"] == {"daily loss": 1}
    assert (found["signals"]["total_signals"], found["signals"]["acted_on"]) == (3, 2)
    assert (found["signals"]["bias_right"], found["signals"]["bias_judged"]) == (
        1,
        2,
    )  # a long and a short before rises
    assert (found["currency"], found["source"], found["as_of"]) == ("EUR", "listed", "2026-03-04T04:00:00.070000Z")
    data, order = found["latency"]["data_fetch"], found["latency"]["order_execution"]
    assert (data["count"], data["max_ms"], data["mean_ms"]) == (4, 100.0, 85.0)
    assert (order["count"], order["max_ms"], order["mean_ms"]) == (3, 1_000.0, pytest.approx(1_450 / 3))
    whole = found["latency"]["pipeline"]
    assert (whole["count"], whole["max_ms"], whole["mean_ms"]) == (2, 350.0, 320.0)
    assert found["latency"]["signal_generation"]["status"] == "NOT MEASURED"
    assert "not how long deciding took" in found["latency"]["signal_generation"]["sentence"]
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"replay": {"from": "a"}, "simulated": True}, "the desk traded a replay, whose clock is that of its bars"),
        ({"simulated": True}, "the broker is simulated, and nothing travels to it"),
    ],
)
def test_times_that_are_none_are_not_measured_and_it_says_why(settings: dict[str, object], why: str) -> None:
    found = tw.PerformanceMonitor(ListedJournal(day_of_desk(**settings).events)).get_performance_summary()
    for stage in ("order_execution", "pipeline"):
        assert found["latency"][stage]["sentence"] == f"{stage}: not measured: {why}"
    assert found["latency"]["data_fetch"]["count"] == (0 if "replay" in settings else 4)
    assert found["trades"]["total_trades"] == 2


def test_bars_of_the_past_and_times_that_cannot_be_are_no_latency() -> None:
    writer = Writer()
    writer.started()
    writer.bar(1, 1.0, backfill=True)
    writer.bar(2, 1.0, -5.0)
    writer.bar(3, 1.0, 25.0 * 3_600_000)
    found = tw.PerformanceMonitor(ListedJournal(writer.events)).get_performance_summary()
    assert found["latency"]["data_fetch"]["sentence"] == "data_fetch: not measured: no bar has come yet"


def test_an_order_that_another_process_sent_is_not_timed() -> None:
    writer = Writer()
    writer.started()
    closed = writer.bar(1, 1.0)
    writer.sent("a", closed)
    writer.started()
    writer.placed("a", closed + 60_000 * MS_NS)
    found = tw.PerformanceMonitor(ListedJournal(writer.events)).get_performance_summary()
    assert found["latency"]["order_execution"]["count"] == 0


def test_orders_that_nobody_answers_do_not_pile_up() -> None:
    writer = Writer()
    writer.started()
    closed = writer.bar(1, 1.0)
    for number in range(MOST_WAITING + 50):
        writer.sent(f"order {number}", closed)
    listener = JournalListener(PerformanceRecord(PerformanceConfig()))
    for one in writer.events:
        listener.heard(one)
    assert len(listener._waiting) == MOST_WAITING


def test_it_follows_as_the_journal_grows_and_reads_each_event_once() -> None:
    events = day_of_desk().events
    journal = ListedJournal(events[:5])
    monitor = tw.PerformanceMonitor(journal)
    assert monitor.catch_up() == 5
    assert monitor.catch_up() == 0
    for one in events[5:]:
        journal.events.append(one)
        assert monitor.catch_up() == 1
        monitor.get_health_status()
    again = tw.PerformanceMonitor(ListedJournal(events))
    assert monitor.get_performance_summary() == again.get_performance_summary()
    assert journal.reads == len(events) + len(events[5:])  # each once, and the one before it to see that it is the same


def test_a_monitor_of_a_journal_takes_no_calls() -> None:
    monitor = tw.PerformanceMonitor(ListedJournal(day_of_desk().events))
    before = monitor.get_performance_summary()
    for call in (
        lambda: monitor.record_trade(pnl=1.0), lambda: monitor.record_signal(acted_on=True),
        lambda: monitor.record_bias(correct=True), lambda: monitor.track_latency("data_fetch", START_NS / 1e9),
    ):  # fmt: skip
        with pytest.raises(InputError, match=r"this monitor follows listed, so \w+ would count twice"):
            call()
    assert monitor.get_performance_summary() == before


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("note", {"kind": "closed", "data": {"pnl": "much", "exit_ns": 1, "reason": "stop"}, "symbol": ""}),
        ("note", {"kind": "closed", "data": {}, "symbol": ""}),
        ("note", {}),
        ("note", {"kind": "refused", "data": None}),
        ("bar", {"bar": 5}),
        ("started", {"simulated": False}),
    ],
)
def test_an_event_of_another_version_is_told_and_nothing_of_what_came_with_it_counts(
    kind: str, body: dict[str, object]
) -> None:
    events = day_of_desk().events
    journal = ListedJournal(events[:6])
    monitor = tw.PerformanceMonitor(journal)
    before = monitor.get_performance_summary()
    journal.events = [*events, strange(len(events) + 1, kind, body)]
    for _ in range(2):
        with pytest.raises(
            InputError, match=rf"event {len(events) + 1} \({kind}\) is not one that this version knows"
        ) as told:
            monitor.get_performance_summary()
        assert "\n" not in str(told.value)
    journal.events = events[:6]
    assert monitor.get_performance_summary() == before


def strange(sequence: int, kind: str, body: dict[str, object]) -> Envelope:
    """An event that no desk of this version writes."""
    return Envelope(
        sequence=sequence, account="x", strategy="", kind=kind, event_time_ns=START_NS, receive_time_ns=START_NS, source="x",
        body=body,
    )  # fmt: skip


def test_kinds_of_events_that_are_not_known_pass_by() -> None:
    events = day_of_desk().events
    more = [*events, strange(len(events) + 1, "weather", {"rain": True})]
    assert tw.PerformanceMonitor(ListedJournal(more)).catch_up() == len(more)


def test_a_journal_that_was_cut_or_replaced_is_told() -> None:
    events = day_of_desk().events
    journal = ListedJournal(events)
    monitor = tw.PerformanceMonitor(journal)
    before = monitor.summary().trades
    journal.events = events[:4]
    with pytest.raises(InputError, match=f"ends with event 4, and those up to {len(events)} were counted"):
        monitor.summary()
    other = msgspec.structs.replace(events[-1], receive_time_ns=1)
    journal.events = [*events[:-1], other, strange(len(events) + 1, "weather", {})]
    with pytest.raises(InputError, match=f"event {len(events)} is another than the one that was counted"):
        monitor.summary()
    journal.events = events
    assert monitor.summary().trades == before


def written(path: Path, events: Sequence[Envelope]) -> Path:
    """A journal file with these events."""
    with closing(open_journal(path)) as journal:
        journal.append(list(events))
    return path


def test_a_file_is_followed_while_a_desk_writes_to_it(tmp_path: Path) -> None:
    events = day_of_desk().events
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        journal.append(events[:7])
        monitor = tw.PerformanceMonitor(path)
        assert monitor.catch_up() == 7
        journal.append(events[7:])
        assert monitor.catch_up() == len(events) - 7
    listed = tw.PerformanceMonitor(ListedJournal(events))
    assert monitor.summary().trades == listed.summary().trades
    for way in (str(path), read_journal(path), tmp_path):
        assert changed(tw.PerformanceMonitor(way).summary(), source="") == changed(listed.summary(), source="")


def test_a_journal_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such journal"):
        tw.PerformanceMonitor(tmp_path / "journal.sqlite")
    with pytest.raises(InputError, match="there is no such journal"):
        tw.PerformanceMonitor(tmp_path)


def test_a_file_that_is_no_journal_or_of_another_schema_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("nothing of the kind\n" * 50)
    with pytest.raises((InputError, JournalError)) as told:
        tw.PerformanceMonitor(path)
    assert "\n" not in str(told.value)
    path = written(tmp_path / "journal.sqlite", day_of_desk().events)
    with closing(sqlite3.connect(path)) as file:
        table = next(name for (name,) in file.execute("SELECT name FROM sqlite_master") if "alembic" in name)
        file.execute(f"UPDATE {table} SET version_num = '0099'")  # noqa: S608 - a name out of the file itself
        file.commit()
    with pytest.raises((InputError, JournalError)) as told:
        tw.PerformanceMonitor(path)
    assert "\n" not in str(told.value)


def test_damage_changes_nothing(tmp_path: Path) -> None:
    events = day_of_desk().events
    path = written(tmp_path / "journal.sqlite", events[:6])
    monitor = tw.PerformanceMonitor(path)
    before = monitor.summary().trades
    with closing(open_journal(path)) as journal:
        journal.append(events[6:])
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE events SET data = x'00' WHERE sequence = 10")
        file.commit()
    for _ in range(2):
        with pytest.raises(JournalError, match="event 10 is damaged or missing"):
            monitor.get_performance_summary()
    assert monitor._record.life.trades.reading() == before
    assert monitor._follower is not None
    assert monitor._follower.sequence == 6


def test_a_journal_whose_beginning_was_archived_is_read_from_where_it_is_told(tmp_path: Path) -> None:
    events = day_of_desk().events
    path = written(tmp_path / "journal.sqlite", events[:8])
    monitor = tw.PerformanceMonitor(path)
    assert monitor.catch_up() == 8
    with closing(open_journal(path)) as journal:
        journal.save_snapshot(Snapshot(8, 1, b"x"))
        assert archive_journal(journal, tmp_path / "archive.sqlite") == 8
        journal.append(events[8:])
    assert monitor.catch_up() == len(events) - 8  # what was moved had been counted
    with pytest.raises(InputError, match=r"events up to 8 were moved to .* here from 9 on"):
        tw.PerformanceMonitor(path).catch_up()
    assert tw.PerformanceMonitor(path, {"first_event": 9}).catch_up() == len(events) - 8
    assert tw.PerformanceMonitor(tmp_path / "archive.sqlite").catch_up() == 8


def test_a_backup_that_was_restored_in_its_place_is_told(tmp_path: Path) -> None:
    events = day_of_desk().events
    path = written(tmp_path / "journal.sqlite", events[:6])
    backup_journal(path, tmp_path / "backup.sqlite")
    with closing(open_journal(path)) as journal:
        journal.append(events[6:])
    monitor = tw.PerformanceMonitor(path)
    monitor.catch_up()
    for one in tmp_path.glob("journal.sqlite*"):
        one.unlink()
    restore_journal(tmp_path / "backup.sqlite", path)
    with pytest.raises(InputError, match="it was cut or replaced"):
        monitor.get_health_status()
    assert tw.PerformanceMonitor(path).catch_up() == 6


@pytest.mark.parametrize(
    "faults",
    [
        (),
        (
            PaperFault(FaultCall.DEAL, FaultKind.DEAL_TWICE, 2), PaperFault(FaultCall.PLACE, FaultKind.TIMEOUT_AFTER, 1),
            PaperFault(FaultCall.PLACE, FaultKind.NO_CONNECTION, 3), PaperFault(FaultCall.DEAL, FaultKind.DEAL_LATE, 5),
        ),
    ],
)  # fmt: skip
def test_what_it_says_of_a_desk_is_what_the_desk_says_of_itself(tmp_path: Path, faults: tuple[PaperFault, ...]) -> None:
    end = live(tmp_path, Moments(0, kill_in_play), bars=160, faults=faults)
    monitor = tw.PerformanceMonitor(tmp_path / "journal.sqlite")
    found = monitor.summary()
    members = end.state.members
    assert found.trades.all.won.of == sum(one.trades for one in members) == len(end.trades) > 10
    assert found.trades.all.won.count == sum(one.won for one in members)
    assert found.trades.all.pnl == pytest.approx(sum(one.pnl for one in members))
    reasons = [trade[-1] for trade in end.trades]
    assert {name: one.won.of for name, one in found.trades.exit_reasons.items()} == {
        name: reasons.count(name) for name in set(reasons)
    }
    entries = sum(not reduce_only for *_, reduce_only in end.orders)
    assert found.signals.efficiency.count == entries
    assert 0.35 < (found.signals.bias.share or 0.0) < 0.65  # bars of a random walk
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path, copy, ignore=shutil.ignore_patterns("copy"))
    again = tw.PerformanceMonitor(copy / "journal.sqlite").summary()
    assert changed(again, source="") == changed(found, source="")
