"""Why a signal became an order, or none, out of a desk's journal."""

import re
import shutil
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

import tradeworthy as tw
from support.embedded import buy, embedded, until
from support.past_desks import BOOK, Ear, run_book
from support.warm import tradeworthy
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.desk_past import open_past
from tradeworthy.api.explaining import explain_signal, latest_signals
from tradeworthy.api.journals import read_desk_journal
from tradeworthy.core.errors import InputError, JournalError
from tradeworthy.live.verdict_chain import Answer, Stage

STRICT = BOOK.replace("[limits]", "[limits]\nnotional_per_order = { times = 2.5 }")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Killed in the middle and gone on with; no position may be larger than the equity."""
    folder = tmp_path_factory.mktemp("why") / "desk"
    with pytest.raises(KeyboardInterrupt):
        run_book(folder, STRICT, ear=Ear(2))
    run_book(folder, STRICT, days=250)
    return folder


def test_every_signal_of_the_journal_can_be_asked_for_and_says_what_its_note_says(desk: Path) -> None:
    lines = latest_signals(desk, 10_000)
    assert {one.answer for one in lines} == {Answer.SENT, Answer.REFUSED}
    for line in lines[:: max(1, len(lines) // 5)]:
        found = explain_signal(line.signal, desk)
        (chain,) = [one for one in found.chains if one.strategy == line.strategy]
        assert (chain.event, chain.answer, chain.symbol) == (line.event, line.answer, line.symbol)
        assert (chain.side > 0) == (line.side == "long")
        if chain.refusal is not None:
            assert chain.refusal.reason in line.sentence
        else:
            assert chain.client_id == line.signal


def test_a_refusal_shows_what_was_required_and_what_was_found(desk: Path) -> None:
    line = next(one for one in latest_signals(desk, 10_000) if "notional per order" in one.sentence)
    (chain,) = explain_signal(line.signal, desk).chains
    (link,) = [one for one in chain.links if one.outcome.refuses]
    assert (link.stage, link.outcome.check) == (Stage.LIMITS, "notional per order")
    assert link.outcome.required.startswith("at most 2.5 times the equity (")
    assert float(link.outcome.actual.split(" times")[0]) > 2.5


def test_an_order_is_followed_to_its_end_and_its_legs_lead_to_it(desk: Path) -> None:
    sent = next(one for one in latest_signals(desk, 10_000) if one.answer is Answer.SENT)
    found = explain_signal(sent.signal, desk)
    assert found.simulated
    assert [one.event for one in found.story] == sorted(one.event for one in found.story)
    assert " sent" in found.story[0].sentence
    assert " left at " in found.story[-1].sentence
    assert sum(" left at " in one.sentence for one in found.story) == 1
    assert explain_signal(f"{sent.signal}-stop", desk).chains == found.chains


def test_the_number_of_a_note_means_the_event_it_is_about(desk: Path) -> None:
    refused = next(one for one in latest_signals(desk, 10_000) if one.answer is Answer.REFUSED)
    assert explain_signal(str(refused.event + 1), desk).chains == explain_signal(refused.signal, desk).chains


def test_the_signals_of_a_day_are_those_of_its_records(desk: Path) -> None:
    sent = next(one for one in latest_signals(desk, 10_000) if one.answer is Answer.SENT)
    past = open_past(desk)
    day = next(one for one in past.days() if one.first <= sent.event <= one.last)
    lines = latest_signals(desk, day=str(day.day))
    assert sent in lines
    assert all(day.first <= one.event <= day.last for one in lines)


@pytest.mark.parametrize(
    ("signal", "says"),
    [
        ("abc", "is neither the id of a signal from outside nor a client id, which look like tw-desk-0000000123-000"),
        ("99999999", "holds the events 1 to"),
        ("0", "holds the events 1 to"),
        ("tw-other-0000000002-000", "weighed no entry"),
        ("1", r"event 1 \(started, .*weighed no entry; it made: started with paper"),
    ],
)
def test_what_is_no_signal_is_said(desk: Path, signal: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        explain_signal(signal, desk)


@pytest.mark.parametrize(
    ("day", "says"), [("1999-01-01", "holds nothing of 1999-01-01; it holds"), ("soon", "is no date")]
)
def test_a_day_that_is_not_there_is_said(desk: Path, day: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        latest_signals(desk, day=day)


def test_a_folder_without_a_desk_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"journal\.sqlite"):
        explain_signal("1", tmp_path)


def test_a_journal_that_says_something_else_than_its_events_make_is_not_believed(desk: Path, tmp_path: Path) -> None:
    refused = next(one for one in latest_signals(desk, 10_000) if one.answer is Answer.REFUSED)
    records = list(read_desk_journal(desk).read())
    note = records[refused.event]
    records[refused.event] = msgspec.structs.replace(note, body={**note.body, "sentence": "all is well"})
    copy = tmp_path / "desk"
    copy.mkdir()
    shutil.copy(desk / "tradeworthy.toml", copy)
    with closing(open_journal(copy / "journal.sqlite")) as journal:
        journal.append(records)
    with pytest.raises(JournalError, match="the journal says 'all is well', and its events make"):
        explain_signal(refused.signal, copy)


def test_the_command_answers_people_and_machines(desk: Path) -> None:
    refused = next(one for one in latest_signals(desk, 10_000) if "notional per order" in one.sentence)
    told = tradeworthy("why", refused.signal, "--desk", str(desk), folder=desk)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("REFUSED: ")
    assert "at most 2.5 times the equity" in told.stdout
    assert "Not reached: broker." in told.stdout
    assert tradeworthy("why", "-n", "3", folder=desk).stdout.count("\n") == 4
    assert len(msgspec.json.decode(tradeworthy("why", "-n", "3", "--json", folder=desk).stdout)) == 3
    wrong = tradeworthy("why", "7", "--date", "2026-01-01", folder=desk)
    assert (wrong.returncode, "give the signal or --date" in wrong.stderr) == (2, True)


def test_a_signal_from_outside_is_asked_for_by_its_own_id(tmp_path: Path) -> None:
    with embedded(tmp_path) as engine:
        engine.process_signal(buy("one/1"))
        engine.process_signal(buy("one/1"))
        refused = engine.process_signal(buy("one/2"))
    (chain,) = explain_signal("one/1", tmp_path).chains
    assert (chain.answer, chain.strategy) == (Answer.SENT, "mine")
    (again,) = explain_signal("one/2", tmp_path).chains
    assert again.refusal is not None
    assert again.refusal.check == refused["refused"]["check"]
    assert [one.signal for one in latest_signals(tmp_path)] == [chain.client_id, str(again.event)]
    with pytest.raises(InputError, match="'one/3' is neither the id of a signal from outside nor a client id"):
        explain_signal("one/3", tmp_path)


def test_a_signal_that_waited_is_followed_to_what_became_of_it(tmp_path: Path) -> None:
    with embedded(tmp_path) as engine:
        engine.process_signal(buy("in"))
        until(lambda: engine.db_manager.status()["positions"])
        turn = {"symbol": "EUR_USD", "action": "SELL", "stop_loss": 2.5}
        waits = engine.process_signal({**turn, "id": "turn"})
        engine.process_signal({**turn, "id": "meanwhile"})
        until(lambda: [one["units"][0] for one in engine.db_manager.status()["positions"]] == ["-"])
    found = explain_signal("turn", tmp_path)
    assert [(one.answer, one.event) for one in found.chains] == [(Answer.WAITS, waits["event"])]
    sent = latest_signals(tmp_path)[-1]
    assert found.story[0].sentence == sent.sentence
    assert "short" in found.story[1].sentence
    (later,) = explain_signal(sent.signal, tmp_path).chains
    assert later.decided_ns == found.chains[0].decided_ns
    assert [str(one.outcome.actual) for one in later.links if one.outcome.check == "decision"] == [
        "short, by a signal; stop 2.5; no target"
    ]
    told = tradeworthy("why", sent.signal, folder=tmp_path).stdout
    assert "a signal from outside that came at" in told
    assert "decided on the bar" not in told


def test_an_order_of_another_desk_is_none_of_this_one(desk: Path) -> None:
    sent = next(one for one in latest_signals(desk, 10_000) if one.answer is Answer.SENT)
    with pytest.raises(InputError, match=f"event {sent.event} .* sent no entry of this id; it made: "):
        explain_signal(f"tw-other-{sent.event:010d}-000", desk)


def test_the_id_of_a_signal_may_be_a_number(tmp_path: Path) -> None:
    with embedded(tmp_path) as engine:
        first = engine.process_signal(buy("7"))
        refused = engine.process_signal(buy("20261121"))
        also = engine.process_signal(buy(str(refused["event"])))
    assert [one.client_id for one in explain_signal("7", tmp_path).chains] == [first["client_id"]]
    assert [one.event for one in explain_signal("20261121", tmp_path).chains] == [refused["event"]]
    says = (
        f"the id of the signal from outside of event {also['event']}, and the number of an event that weighed another"
    )
    with pytest.raises(InputError, match=says) as told:
        explain_signal(str(refused["event"]), tmp_path)
    meant = [
        explain_signal(one, tmp_path).chains[0].event
        for one in re.findall(r"ask for (\d+), or for (\d+)", str(told.value))[0]
    ]
    assert meant == [also["event"], refused["event"]]


def test_it_is_offered_by_the_package() -> None:
    assert (tw.explain_signal, tw.latest_signals) == (explain_signal, latest_signals)
