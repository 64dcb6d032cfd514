"""A day of a desk lived again: what it came to, whether it is what was journaled, and what is said of days that are not there."""

import shutil
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from support.desk_faults import FaultyDay, Life
from support.faulty_lives import PARTS
from support.kept_in_memory import MemoryJournal
from support.past_desks import Ear, MemoryRecords, run_book
from tradeworthy.adapters.journals.moving import cut_journal
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.day_proof import DayProof, Prover
from tradeworthy.api.desk_moment import desk_at
from tradeworthy.api.desk_operating import ask_desk
from tradeworthy.api.desk_past import Past, open_past
from tradeworthy.api.replaying import DayReplay, replay_day, replayed
from tradeworthy.core.clock import HOUR_NS, rfc3339, to_datetime
from tradeworthy.core.errors import InputError
from tradeworthy.core.events import Envelope, decode, encode
from tradeworthy.live.desk_commands import NoteKind
from tradeworthy.live.desk_events import Wish
from tradeworthy.live.desk_status import status_of


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, ear: Ear) -> Path:
    """A desk that was killed, gone on with, and halted by an operator at its end."""
    folder = tmp_path_factory.mktemp("replayed") / "desk"
    with pytest.raises(KeyboardInterrupt):
        run_book(folder, ear=Ear(4))
    run_book(folder, ear=ear)
    ask_desk(folder, Wish.HALT, "the weekend")
    return folder


def days_of(journal: Path) -> list[DayReplay]:
    """All of them."""
    past = open_past(journal)
    return [replayed(past, one) for one in past.days()]


def test_every_day_is_what_the_journal_says_and_all_of_them_together_are_the_desk(desk: Path) -> None:
    days = days_of(desk)
    assert all(one.proof.is_equal and not one.proof.cut for one in days)
    assert sum(one.proof.events + one.proof.notes for one in days) == open_past(desk).last
    assert sum(len(one.account.trades) for one in days) == sum(one.trades for one in days[-1].end.members) >= 3
    won = sum(trade.pnl for one in days for trade in one.account.trades)
    assert won == pytest.approx(sum(one.pnl for one in days[-1].end.members))
    assert won == pytest.approx(days[-1].end.balance - days[0].start.balance)
    for one in days:
        assert one.account.end_equity == one.end.equity
        assert sum(filter(None, one.account.money.values())) == pytest.approx(
            (one.account.end_equity or 0) - (one.account.start_equity or 0), abs=1e-6
        )
    wished = [note for one in days for note in one.account.wishes]
    assert [note.sentence.split(" asked for ")[1] for note in wished] == ["halt: the weekend"]
    assert sum("took the desk over" in note.sentence for one in days for note in one.account.started) == 2


def test_what_was_refused_and_sent_is_what_people_heard(desk: Path, ear: Ear) -> None:
    days = days_of(desk)
    refused = sum(sum(one.account.refused.values()) for one in days)
    heard = [note for note in ear.notes if note.kind is NoteKind.REFUSED]
    assert refused >= len(heard)
    sent = {note.sentence for one in days for note in one.account.entries}
    assert {note.sentence for note in ear.notes if note.kind is NoteKind.ORDER and "decided_ns" in note.data} <= sent


def test_the_last_day_is_replayed_where_none_is_named(desk: Path) -> None:
    assert replay_day(desk).day == open_past(desk).days()[-1]
    assert replay_day(desk, replay_day(desk).day.day.isoformat()).proof == replay_day(desk).proof


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-13-01", "'2026-13-01' is no day; write one such as 2026-10-30"),
        ("yesterday", "'yesterday' is no day"),
        (date(1999, 1, 4), r"it holds nothing of 1999-01-04 \(Monday\); it holds \d+ trading days from"),
    ],
)
def test_a_day_that_is_none_or_is_not_there_is_told(desk: Path, day: str | date, told: str) -> None:
    with pytest.raises(InputError, match=told):
        replay_day(desk, day)


def test_the_days_around_those_in_the_journal_are_not_in_it_and_the_nearest_are_named(desk: Path) -> None:
    days = open_past(desk).days()
    for day in (days[0].day - timedelta(days=1), days[-1].day + timedelta(days=1)):
        with pytest.raises(InputError, match=f"the nearest are .*{days[0].day if day < days[0].day else days[-1].day}"):
            replay_day(desk, day)


def changed(desk: Path, folder: Path, sequence: int, note: Envelope) -> Path:
    """A journal whose chain is whole, and in which one record is another."""
    path = folder / "changed.sqlite"
    with closing(open_journal(path)) as journal:
        for one in open_past(desk).records():
            journal.append([note if one.sequence == sequence else one])
    return path


def test_a_note_that_somebody_wrote_anew_with_its_chain_is_found_and_shown_on_both_sides(
    desk: Path, tmp_path: Path
) -> None:
    note = next(one for one in open_past(desk).records() if one.body.get("kind") == "closed")
    other = msgspec.structs.replace(note, body={**note.body, "data": {**note.body["data"], "pnl": 1_000_000.0}})  # type: ignore[dict-item]
    path = changed(desk, tmp_path, note.sequence, other)
    days = days_of(path)
    found = [one.proof.differs for one in days if not one.proof.is_equal]
    assert len(found) == 1
    assert found[0] is not None
    assert (found[0].journal, found[0].made) == (other, note)
    assert found[0].fields == {"body.data.pnl": (1_000_000.0, note.body["data"]["pnl"])}  # type: ignore[index]
    assert found[0].sentence == (
        f"record {note.sequence}, a note about event {note.body['about']}, differs in body.data.pnl"
    )


def test_a_journal_that_was_cut_between_an_event_and_its_notes_is_equal_and_says_so(desk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(desk, folder)
    note = [one for one in open_past(folder).records() if one.body.get("kind") == "opened"][-1]
    cut_journal(folder / "journal.sqlite", after=note.sequence - 1)
    proof = replay_day(folder).proof
    assert proof.is_equal
    assert proof.cut == (note.sequence - 1,)
    assert f"the journal was cut after event {note.sequence - 1}, before its notes" in proof.sentence
    for path in folder.glob("checkpoints.*"):  # what was signed is there no more
        path.unlink()
    run_book(folder)  # goes on where it was cut
    whole = [one.proof for one in days_of(folder)]
    assert all(one.is_equal for one in whole)
    assert [one.cut for one in whole if one.cut] == [(note.sequence - 1,)]


def proof_of(journal: MemoryJournal, day: FaultyDay) -> DayProof:
    """Of all that is in it."""
    prover = Prover()
    for one in Past(MemoryRecords(journal), lambda _: day.plan, "test").recorded():
        prover.see(one)
    return prover.proof()


@pytest.fixture(scope="module")
def parts() -> FaultyDay:
    day = FaultyDay(40, PARTS, 1_000.0)
    day.live(Life())
    return day


def renumbered(day: FaultyDay, without: int = 0, extra: Envelope | None = None) -> MemoryJournal:
    """The day's journal but for one record, or with one more behind it, numbered anew."""
    kept = [decode(one) for one in day.journal.events]
    if extra is not None:
        kept.insert(extra.sequence, extra)
    made = MemoryJournal()
    left = [one for one in kept if one.sequence != without]
    made.events = [encode(msgspec.structs.replace(one, sequence=place)) for place, one in enumerate(left, 1)]
    return made


def test_a_note_that_was_taken_out_or_put_in_is_found(parts: FaultyDay) -> None:
    notes = [decode(one) for one in parts.journal.events if decode(one).kind == "note"]
    note = notes[len(notes) // 2]
    gone = proof_of(renumbered(parts, without=note.sequence), parts).differs
    assert gone is not None
    assert gone.event <= note.sequence
    more = proof_of(renumbered(parts, extra=note), parts).differs
    assert more is not None
    assert more.made is None
    assert more.sequence == note.sequence + 1
    assert more.sentence.endswith("is one that the step does not make")


def test_a_moment_is_shown_as_the_desk_was_then(desk: Path) -> None:
    past = open_past(desk)
    day = past.days()[-3]
    moment = desk_at(desk, rfc3339(day.begins_ns + 20 * HOUR_NS))
    assert moment.day == day
    assert {**moment.status(), "time": ""} == {
        **status_of(moment.state), "time": "", "name": "fx-daily", "replay": past.begun()[-1].settings["replay"],
    }  # fmt: skip
    assert moment.state.time_ns == day.begins_ns + 20 * HOUR_NS
    assert moment.sequence == past.index.at_or_before(day.begins_ns + 20 * HOUR_NS)
    assert status_of(past.at(sequence=moment.sequence))["equity"] == moment.status()["equity"]
    again = desk_at(desk, to_datetime(day.begins_ns + 20 * HOUR_NS))
    assert (again.sequence, again.status()) == (moment.sequence, moment.status())
    assert desk_at(desk, day=day.day).sequence == day.last


def test_a_time_of_day_is_the_exchanges_unless_utc_is_said(desk: Path) -> None:
    day = open_past(desk).days()[5]
    assert desk_at(desk, "17:00", day.day).time_ns == day.begins_ns
    assert desk_at(desk, "16:59", day.day).time_ns == day.ends_ns - 60 * 10**9
    in_utc = desk_at(desk, "14:30 utc", day.day).time_ns
    assert to_datetime(in_utc).strftime("%H:%M") == "14:30"
    assert desk_at(desk, "14:30Z", day.day).time_ns == in_utc
    assert desk_at(desk, "14:30", day.day).zone == "America/New_York"


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("25:00", "'25:00' is no moment; write 14:30, 14:30 UTC, or 2026-10-30T14:15:00Z"),
        ("soon", "'soon' is no moment"),
        ("2026-10-30T14:15:00", "names no zone; write 2026-10-30T14:15:00Z for UTC"),
        (
            "1999-01-04T12:00:00Z",
            "it holds nothing of the trading day in which 1999-01-04T12:00:00Z lies; its days go from",
        ),
        (datetime(1999, 1, 4, 12, tzinfo=UTC), "it holds nothing of the trading day"),
    ],
)
def test_a_moment_that_is_none_or_is_not_there_is_told(desk: Path, at: str | datetime, told: str) -> None:
    with pytest.raises(InputError, match=told):
        desk_at(desk, at)


def test_a_moment_outside_of_the_day_that_was_named_is_told_with_its_span(desk: Path) -> None:
    days = open_past(desk).days()
    with pytest.raises(InputError, match=f"does not lie in the trading day {days[3].day}, which lasts from"):
        desk_at(desk, rfc3339(days[2].begins_ns), days[3].day)
    with pytest.raises(InputError, match="its first event is of"):
        desk_at(desk, rfc3339(days[0].begins_ns), days[0].day)
