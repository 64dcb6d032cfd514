"""A desk's folder, held against its backtest as a user asks for it: any day, several, and journals that do not tell all."""

import json
import math
import shutil
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from support.embedded import buy, embedded, until
from tradeworthy import attribute_session, attribute_sessions
from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.adapters.journals.reading import read_journal
from tradeworthy.api.baselines import save_baseline
from tradeworthy.api.desk_running import RunWanted, run_desk
from tradeworthy.api.journals import archive_desk_journal
from tradeworthy.api.session_attribution import last_session
from tradeworthy.api.validation import validate
from tradeworthy.appraisal.attributed import Attributed, Money, Part
from tradeworthy.appraisal.sessions import AttributionRun
from tradeworthy.core.clock import DAY_NS, from_rfc3339, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.events import Envelope
from tradeworthy.live.desk_commands import Tell
from tradeworthy.reports.attribution_console import show_attribution
from tradeworthy.settings.desk_folder import DeskFolder
from tradeworthy.settings.shipped import template

START, UNTIL = "2025-03-03T00:00:00Z", "2025-06-30T23:00:00Z"


class Silent:
    """A screen that nobody looks at."""

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """See `Screen`."""

    def note(self, tell: Tell, time_ns: int) -> None:
        """See `Screen`."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk of the example book after four months."""
    folder = tmp_path_factory.mktemp("ran")
    (folder / "tradeworthy.toml").write_text(template("fx-daily"))
    run_desk(RunWanted(folder, start_ns=from_rfc3339(START), end_ns=from_rfc3339(UNTIL)), Silent())
    return folder


@pytest.fixture(scope="module")
def every(ran: Path) -> AttributionRun:
    """All of its days."""
    return attribute_sessions(ran)


@pytest.fixture
def desk(ran: Path, tmp_path: Path) -> Path:
    """The same desk to be changed."""
    return Path(shutil.copytree(ran, tmp_path / "desk"))


def rewritten(desk: Path, change: Callable[[Envelope], Iterable[Envelope]]) -> Path:
    """The desk with a journal that tells something else."""
    told = [event for one in read_journal(desk / "journal.sqlite").read() for event in change(one)]
    for path in desk.glob("journal.sqlite*"):
        path.unlink()
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        journal.append([msgspec.structs.replace(one, sequence=place + 1) for place, one in enumerate(told)])
    return desk


def with_body(one: Envelope, **fields: Any) -> Envelope:
    """The event with other fields in its body."""
    return msgspec.structs.replace(one, body={**one.body, **fields})


def closed_by_strategy(desk: Path) -> list[tuple[str, dict[str, Any]]]:
    """What the desk said of the trades that it closed, and whose they were."""
    notes: list[Any] = [one for one in read_journal(desk / "journal.sqlite").read() if one.kind == "note"]
    return [(one.strategy, one.body["data"]) for one in notes if one.body["kind"] == "closed"]


def booked(desk: Path) -> list[dict[str, Any]]:
    """The same of all strategies."""
    return [note for _, note in closed_by_strategy(desk)]


def shown(run: AttributionRun) -> str:
    """As it stands in a wide terminal."""
    told = StringIO()
    show_attribution(run, Console(file=told, width=140, highlight=False))
    return told.getvalue()


def test_every_day_of_a_desk_of_eight_strategies_is_attributed(ran: Path, every: AttributionRun) -> None:
    run = every
    assert run.verdict is Attributed.ALL
    assert run.sessions[0].date == "2025-03-03"
    assert run.sessions[-1].date == "2025-06-30"
    closed = sum(one["pnl"] for one in booked(ran))
    open_names = run.sessions[-1].still_open
    still = sum(
        trade.money.live
        for session in run.sessions
        for trade in session.trades
        if trade.name in open_names and trade.live is not None and trade.live.exit_ns is None
    )
    assert run.money.live == pytest.approx(closed + still, abs=1e-6)
    assert len(booked(ran)) > 15
    assert run.money.parts[Part.EXPECTED_SPREAD] < 0
    assert run.money.parts[Part.SIZE] != 0
    assert {trade.symbol for session in run.sessions for trade in session.trades} >= {"USD_JPY", "EUR_GBP"}


def test_one_day_is_that_of_the_stretch_and_the_last_where_none_is_named(ran: Path, every: AttributionRun) -> None:
    run = attribute_sessions(ran, "2025-05-05", date(2025, 5, 9))
    assert [one.date for one in run.sessions] == ["2025-05-05", "2025-05-06", "2025-05-07", "2025-05-08", "2025-05-09"]
    assert attribute_session(ran, "2025-05-07") == run.sessions[2]
    assert attribute_session(ran).date == last_session(ran).sessions[0].date == "2025-06-30"
    whole = {one.date: one for one in every.sessions}
    assert whole["2025-05-07"] == run.sessions[2]


def test_a_day_that_the_journal_does_not_hold_is_named_with_those_next_to_it(ran: Path) -> None:
    with pytest.raises(
        InputError, match=r"no trading day 2025-05-10; it holds 8\d trading days from 2025-03-03 to 2025-06-30"
    ) as told:
        attribute_session(ran, "2025-05-10")
    assert "next to that 2025-05-08, 2025-05-09, 2025-05-12" in str(told.value)
    with pytest.raises(InputError, match="'5/7/2025' is no date; write it as 2026-08-04"):
        attribute_session(ran, "5/7/2025")
    with pytest.raises(InputError, match="there is no trading day 2030-01-01 until 2031-01-01"):
        attribute_sessions(ran, "2030-01-01", "2031-01-01")
    with pytest.raises(InputError, match="there is no trading day from 2030-01-01 on; it holds"):
        attribute_sessions(ran, "2030-01-01")
    with pytest.raises(InputError, match="there is no trading day until 2020-01-01; it holds"):
        attribute_sessions(ran, until="2020-01-01")
    with pytest.raises(InputError, match="2025-04-30 is before 2025-05-05; name the first day, and until which one"):
        attribute_sessions(ran, "2025-05-05", "2025-04-30")


def test_a_day_without_trades_could_not_be_told(ran: Path) -> None:
    session = attribute_session(ran, "2025-03-03")
    assert (session.trades, session.verdict) == ((), Attributed.COULD_NOT_TELL)


def test_it_is_all_plain_data_without_nan(ran: Path) -> None:
    told = attribute_sessions(ran, "2025-05-05", "2025-05-20").to_dict()
    again = json.loads(msgspec.json.encode(told))
    assert again["verdict"] == "ALL ATTRIBUTED"
    assert again["sessions"][0]["date"] == "2025-05-05"
    numbers = [one["money"]["live"] for session in again["sessions"] for one in session["trades"]]
    assert numbers
    assert all(math.isfinite(one) for one in numbers)
    for session in again["sessions"]:
        cents = session["money"]["cents"]
        parts = sum(value for name, value in cents.items() if name not in {"frictionless", "live"})
        assert cents["frictionless"] + parts == cents["live"]


def test_settings_of_another_book_that_lie_in_the_folder_now_change_nothing(every: AttributionRun, desk: Path) -> None:
    (desk / "tradeworthy.toml").write_text(template("fx-16"))
    assert attribute_sessions(desk).money == every.money


def test_bars_that_are_not_there_any_more_are_an_error(desk: Path) -> None:
    (desk / "bars").mkdir()
    with pytest.raises(InputError, match="AUD_USD"):
        attribute_session(desk, data=desk / "bars")


def test_an_archived_journal_is_read_with_its_archive_and_not_without(every: AttributionRun, desk: Path) -> None:
    path, _ = archive_desk_journal(desk)
    assert attribute_sessions(desk).money == every.money
    path.unlink()
    with pytest.raises(InputError, match=r"were moved to .*, which is not there, and no desk was started since; bring"):
        attribute_sessions(desk)


def test_a_trade_from_before_what_the_journal_tells_is_named_and_left_out(ran: Path, desk: Path) -> None:
    """Other limits on what is entered are the same book; another balance begins a stretch of its own."""
    notes = booked(ran)
    held = next(one for one in notes if one["entry_ns"] < from_rfc3339("2025-05-01T00:00:00Z") < one["exit_ns"])
    started: list[Envelope] = []

    def again(one: Envelope) -> Iterable[Envelope]:
        if one.kind == "started":
            started.append(one)
        if one.kind == "bar" and len(started) == 1 and one.receive_time_ns >= from_rfc3339("2025-05-01T00:00:00Z"):
            settings: Any = {**started[0].body["settings"], "account": {"currency": "USD", "balance": 20_000.0}}  # type: ignore[dict-item]
            started.append(with_body(started[0], settings=settings, time_ns=one.event_time_ns))
            yield msgspec.structs.replace(started[1], receive_time_ns=one.receive_time_ns)
        yield one

    run = attribute_sessions(rewritten(desk, again))
    assert run.verdict is Attributed.COULD_NOT_TELL
    problems = [problem for one in run.sessions for problem in one.problems]
    assert any(f"closed with {held['pnl']:+,.2f} USD was opened before event" in one for one in problems)
    assert run.money.is_explained
    assert "not whole: " in shown(run)
    assert shown(run).startswith("COULD NOT TELL  2025-03-03 to 2025-06-30: ")
    first = [one for one in run.sessions if one.date < "2025-05-01"]
    assert all(not one.problems for one in first)


def test_a_journal_of_another_version_is_refused(desk: Path) -> None:
    rewritten(desk, lambda one: [with_body(one, version="0.0.7") if one.kind == "started" else one])
    with pytest.raises(
        InputError, match=r"run by version 0\.0\.7, which may trade otherwise than .*; attribute with that"
    ):
        attribute_session(desk)


def test_an_event_that_is_not_of_this_version_is_named(desk: Path) -> None:
    rewritten(desk, lambda one: [with_body(one, fill={"price": 1}) if one.kind == "deal" else one])
    with pytest.raises(InputError, match=r"event \d+ \(deal\) is not one that this version knows: .*; use the version"):
        attribute_session(desk)


def test_what_nobody_said_is_unexplained_and_no_part_hides_it(desk: Path) -> None:
    def forgetful(one: Envelope) -> Iterable[Envelope]:
        return () if one.kind == "note" and one.body["kind"] == "refused" else (one,)

    run = attribute_sessions(rewritten(desk, forgetful))
    assert run.verdict is Attributed.UNEXPLAINED
    lost = [trade for one in run.sessions for trade in one.trades if not trade.money.is_explained]
    assert lost
    assert {one.why for one in lost} == {"the desk neither entered nor said why not"}
    assert all(one.live is None for one in lost)


def test_a_deal_at_another_price_than_was_booked_is_unexplained(desk: Path) -> None:
    seen: list[str] = []

    def dearer(one: Envelope) -> Iterable[Envelope]:
        if one.kind == "note" and one.body["kind"] == "closed" and not seen:
            data: Any = one.body["data"]
            seen.append(one.strategy)
            return (with_body(one, data={**data, "pnl": data["pnl"] + 12.34}),)
        return (one,)

    run = attribute_sessions(rewritten(desk, dearer))
    assert run.money.unexplained == pytest.approx(12.34, abs=1e-6)
    assert run.strategies[seen[0]].unexplained == pytest.approx(12.34, abs=1e-6)
    assert run.verdict is Attributed.UNEXPLAINED


def test_a_position_that_was_written_off_is_an_intervention_from_then_on(desk: Path) -> None:
    notes = closed_by_strategy(desk)
    strategy, note = next((name, one) for name, one in notes if one["exit_ns"] - one["entry_ns"] > 6 * DAY_NS)
    lost_ns = note["entry_ns"] + 3 * DAY_NS
    done: list[int] = []

    def written_off(one: Envelope) -> Iterable[Envelope]:
        if one.kind == "bar" and not done and one.receive_time_ns >= lost_ns:
            done.append(one.receive_time_ns)
            yield msgspec.structs.replace(one, kind="operator", body={"wish": "accept"})
            body: dict[str, object] = {"kind": "break", "sentence": "", "about": 1, "symbol": note["side"], "data": {}}
            yield msgspec.structs.replace(one, kind="note", strategy=strategy, body=body)
        body = one.body
        if one.kind != "note" or body["kind"] != "closed" or body["data"] != note:
            yield one

    run = attribute_sessions(rewritten(desk, written_off))
    mine = [
        trade for session in run.sessions for trade in session.trades
        if trade.strategy == strategy and rfc3339(note["decided_ns"]) in trade.name
    ]  # fmt: skip
    total = Money.total(trade.money for trade in mine)
    assert total.live == pytest.approx(-note["fees"], abs=1e-9)
    assert total.parts[Part.INTERVENTION] == pytest.approx(total.live - total.expected, abs=1e-6)
    assert run.verdict is Attributed.ALL


def test_a_desk_that_runs_is_looked_at_and_the_day_is_said_not_to_be_over(desk: Path) -> None:
    with closing(open_journal(desk / "journal.sqlite")):
        StatusFile(DeskFolder(desk).status).write({"running": True})
        assert attribute_session(desk).notes == ("the desk is running, and the day may not be over",)
        assert attribute_session(desk, "2025-06-27").notes == ()


def test_where_no_desk_has_traded_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such journal"):
        attribute_session(tmp_path)
    open_journal(tmp_path / "journal.sqlite").close()
    with pytest.raises(InputError, match="no desk has traded here yet"):
        attribute_session(tmp_path)


def test_the_drift_monitor_is_fed_with_the_desks_trades_against_the_stored_baseline(
    every: AttributionRun, desk: Path
) -> None:
    without = every.drift
    assert {one.live.word for one in without} == {"NOT JUDGED"}
    assert "no baseline is stored" in without[0].live.sentence
    save_baseline(validate("fx-daily", as_of="2025-04-15"), desk)
    found = {one.strategy: one for one in attribute_sessions(desk).drift}
    assert len(found) == 8
    after = from_rfc3339("2025-04-16T00:00:00Z")
    assert any(note["exit_ns"] < after for note in booked(desk))
    for name, one in found.items():
        mine = [note for strategy, note in closed_by_strategy(desk) if strategy == name and note["exit_ns"] > after]
        assert one.live.reading is not None
        assert one.live.reading.trades == len(mine)
        if mine:
            mean = sum(note["r"] for note in mine) / len(mine)
            assert one.live.reading.mean_r == pytest.approx(mean)
        if one.compared:
            assert one.backtest.reading is not None
            assert one.backtest.reading.trades == one.compared
    told = shown(attribute_sessions(desk, "2025-05-05"))
    words = {one.strategy: one.live.word for one in found.values()}
    for name, word in words.items():
        assert f"Drift {name}: {word} over " in told
    early = {one.strategy: one for one in attribute_sessions(desk, until="2025-05-15").drift}
    assert sum(one.live.reading.trades for one in early.values() if one.live.reading) < len(booked(desk))


def test_money_of_signals_from_outside_has_their_name_and_no_backtest(tmp_path: Path) -> None:
    with embedded(tmp_path) as engine:
        assert engine.process_signal(buy("in"))["answer"] == "SENT"
        until(lambda: engine.db_manager.status()["positions"])
        assert engine.process_signal({"symbol": "EUR_USD", "action": "CLOSE", "id": "out"})["answer"] == "LEAVING"
        until(engine.db_manager.trades)
        pnl = engine.db_manager.trades()[0]["pnl"]
    run = attribute_sessions(tmp_path)
    money = run.strategies["mine"]
    assert (money.frictionless, run.verdict) == (0.0, Attributed.ALL)
    assert money.live == pytest.approx(pnl)
    assert {part: value for part, value in money.parts.items() if value} == {Part.OUTSIDE: pytest.approx(pnl)}
