"""What a desk's journal tells of any moment before."""

import shutil
from contextlib import closing
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from support.desk_steps import kept
from support.past_desks import BOOK, Ear, run_book
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.desk_operating import ask_desk
from tradeworthy.api.desk_past import Past, open_past
from tradeworthy.api.journals import archive_desk_journal, read_desk_journal
from tradeworthy.core.clock import DAY_NS, HOUR_NS, SECOND_NS
from tradeworthy.core.errors import InputError, JournalError
from tradeworthy.core.events import encode
from tradeworthy.live.desk_commands import Tell
from tradeworthy.live.desk_events import DeskStarted, Happened, Wish, envelope_of, happened_in
from tradeworthy.live.desk_notes import note_of
from tradeworthy.live.folding import restored, snapshot_of

SMALLER = BOOK.replace("# risk_per_trade = 0.02 ", "risk_per_trade = 0.01 ")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that was killed in the middle, gone on with under other settings, and asked for something after its end."""
    folder = tmp_path_factory.mktemp("killed") / "desk"
    with pytest.raises(KeyboardInterrupt):
        run_book(folder, ear=Ear(4))
    run_book(folder, SMALLER.replace("[limits]", "[limits]\ndrawdown_stop = { share = 0.19 }"))
    ask_desk(folder, Wish.HALT, "the weekend")
    return folder


@pytest.fixture(scope="module")
def past(killed: Path) -> Past:
    return open_past(killed)


def test_the_state_at_the_end_is_the_one_that_the_desk_kept_itself(killed: Path, past: Past) -> None:
    with closing(open_journal(killed / "journal.sqlite")) as journal:
        snapshot = journal.load_snapshot()
    assert snapshot is not None
    state = past.at(sequence=past.last)
    assert snapshot.sequence == past.last
    assert kept(state) == snapshot.data
    assert [one.source for one in state.mode.restrictions] == ["operator"]


def test_a_state_in_the_middle_is_the_same_whichever_way_it_is_come_to(killed: Path, past: Past) -> None:
    middle = past.last // 2
    state = past.at(sequence=middle)
    assert kept(open_past(killed).at(sequence=middle)) == kept(state)
    assert kept(past.at(sequence=middle)) == kept(state)
    again = snapshot_of(state)
    assert again is not None
    assert kept(restored(state.plan, again)) == kept(state)
    last = None
    for one in past.steps(1, middle):
        last = one
    assert last is not None
    assert kept(last.after) == kept(state)


def test_the_state_at_a_moment_is_the_one_after_the_last_event_by_then(past: Past) -> None:
    for one in [*past.events()][-200::20]:
        state = past.at(time_ns=one.received_ns)
        assert state.time_ns == one.received_ns
        assert past.at(time_ns=one.received_ns - 1).time_ns < one.received_ns
        assert kept(past.at(sequence=past.index.at_or_before(one.received_ns))) == kept(state)


def test_every_step_makes_the_records_that_lie_in_the_journal(past: Past) -> None:
    notes = 0
    for step, records in past.recorded():
        account = step.after.origin.broker
        made = [encode(envelope_of(step.happened, account, type(step.happened.event).__name__))]
        for one in step.commands:
            if isinstance(one, Tell):
                made.append(encode(note_of(one, step.happened.sequence + len(made), step.happened, account)))
        notes += len(made) - 1
        assert tuple(made) == records
    assert notes > 20


def test_steps_go_from_one_state_to_the_next_and_settings_change_only_with_a_process(past: Past) -> None:
    steps = [*past.steps()]
    changed = [
        later.happened.event for earlier, later in pairwise(steps) if later.before.plan is not earlier.after.plan
    ]
    assert [type(one) for one in changed] == [DeskStarted]
    assert changed[0] == [one.event for one in past.events() if isinstance(one.event, DeskStarted)][1]
    assert [one.happened for one in steps] == [*past.events()]
    assert [one.happened.sequence for one in past.steps(10, 20)] == [
        one.sequence for one in past.events(10, 20)
    ]  # fmt: skip
    assert len(past.begun()) == 2


def test_days_are_the_exchanges_and_hold_every_record_once(past: Past) -> None:
    days = past.days()
    assert [days[0].first, days[-1].last] == [1, past.last]
    assert all(later.first == earlier.last + 1 for earlier, later in pairwise(days))
    assert all(0 <= one.day.weekday() < 5 for one in days), "Sunday evening belongs to Monday"
    assert sum(one.events for one in days) == len([*past.events()])
    for one in days:
        assert 23 * HOUR_NS <= one.ends_ns - one.begins_ns <= 25 * HOUR_NS
        assert one.begins_ns <= past.index.heard_ns[one.first - 1] < one.ends_ns


def test_a_past_is_read_while_the_desk_runs_and_ends_where_it_was_opened(killed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(killed, folder)
    opened = open_past(folder)
    with closing(open_journal(folder / "journal.sqlite")) as journal:
        last = journal.last_sequence()
        happened = next(one for one in map(happened_in, journal.read(2)) if one is not None)
        journal.append([envelope_of(Happened(last + 1, happened.received_ns + DAY_NS, happened.event), "x", "x")])
        assert [one.sequence for one in opened.records()][-1] == last
        assert opened.at(sequence=last).sequence == last
        assert open_past(folder).last == last + 1


def test_after_an_archive_the_past_begins_at_the_snapshot_and_the_archive_holds_the_rest(
    killed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(killed, folder)
    whole = open_past(killed)
    path, moved = archive_desk_journal(folder)
    assert kept(open_past(path).at(sequence=moved // 2)) == kept(whole.at(sequence=moved // 2))
    empty = open_past(folder)
    assert empty.days() == ()
    assert kept(empty.at(sequence=moved)) == kept(whole.at(sequence=moved))
    ask_desk(folder, Wish.RESUME, "it is over", "all")
    shorter = open_past(folder)
    assert shorter.first == moved + 1
    assert not shorter.at(sequence=shorter.last).mode.restrictions
    assert shorter.at(sequence=moved).sequence == moved
    assert [one.happened.sequence for one in shorter.steps(moved + 1)] == [moved + 1]
    assert shorter.days()[0].day == whole.days()[-1].day
    told = f"what led up to event {moved - 1} cannot be rebuilt from it, as `tradeworthy journal archive` moved the events up to"
    with pytest.raises(InputError, match=told):
        shorter.at(sequence=moved - 1)


def test_events_of_another_version_are_not_stepped_through(killed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(killed, folder)
    before = open_past(folder)
    with closing(open_journal(folder / "journal.sqlite")) as journal:
        last = journal.last_sequence()
        at = before.at(sequence=last)
        started = DeskStarted(at.time_ns, 9, "99.0", "paper", True, "USD", "none", dict(before.begun()[-1].settings))
        journal.append([envelope_of(Happened(last + 1, at.time_ns, started), "x", "DeskStarted")])
    after = open_past(folder)
    assert after.days()
    assert kept(after.at(sequence=last)) == kept(at)
    with pytest.raises(InputError, match=rf"event {last + 1} .*was written by version 99\.0, and this is"):
        after.at(sequence=last + 1)
    with pytest.raises(InputError, match=r"was written by version 99\.0"):
        _ = [*after.steps()]


def test_after_another_version_ended_in_order_what_came_next_is_stepped_through(killed: Path) -> None:
    records = read_desk_journal(killed)
    past = Past(records, open_past(killed)._plan_for, "of tomorrow")
    with pytest.raises(InputError, match="and this is of tomorrow"):
        past.at(sequence=past.last - 1)
    assert past.at(sequence=past.last).sequence == past.last, (
        "there is a snapshot, and nothing is to be stepped through"
    )


@pytest.mark.parametrize("sequence", [0, -1, 10**9])
def test_a_sequence_that_the_journal_does_not_hold_is_told_with_those_that_it_does(past: Past, sequence: int) -> None:
    with pytest.raises(InputError, match=f"it holds the events 1 to {past.last:d}, and {sequence} is none of them"):
        past.at(sequence=sequence)


def test_a_moment_before_the_first_event_is_told(past: Past) -> None:
    begins = past.index.heard_ns[0]
    with pytest.raises(InputError, match="lies before that"):
        past.at(time_ns=begins - SECOND_NS)
    assert past.at(time_ns=begins + 1).sequence > 1
    assert past.at(time_ns=begins + 10_000 * DAY_NS).sequence == past.last
    with pytest.raises(InputError, match="give one of them"):
        past.at()
    with pytest.raises(InputError, match="give one of them"):
        past.at(sequence=1, time_ns=begins)


def test_what_is_no_journal_of_a_desk_is_told(killed: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such desk; name the folder of one, or its journal"):
        open_past(tmp_path / "nowhere")
    with pytest.raises(InputError, match="there is no such journal; a desk that trades makes one"):
        open_past(tmp_path)
    with pytest.raises(InputError, match="this is no journal of a desk: its first event is of kind 'paper'"):
        _ = open_past(killed / "paper.sqlite").index
    open_journal(tmp_path / "empty.sqlite").close()
    with pytest.raises(InputError, match="the journal holds no event"):
        _ = open_past(tmp_path / "empty.sqlite").days()


def test_damage_is_found_where_it_lies(killed: Path, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    data = (killed / "journal.sqlite").read_bytes()
    assert data.count(b"EUR_USD_D: long") > 0
    path.write_bytes(data.replace(b"EUR_USD_D: long", b"EUR_USD_D: lang", 1))
    with pytest.raises(JournalError, match=r"event \d+ is damaged or missing"):
        _ = open_past(path).index


def test_the_days_of_a_week_are_named_by_the_date_on_which_they_end(past: Past) -> None:
    day = past.days()[1]
    assert isinstance(day.day, date)
    assert open_past(str(past.name)).days()[1] == day
