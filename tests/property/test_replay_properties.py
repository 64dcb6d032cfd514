"""A day lived again is the day that was journaled, byte for byte, whatever happened on it; and whatever was changed is found."""

from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support.desk_faults import FaultyDay, Life
from support.faulty_lives import BARS, LIVES, PARTS, SETTINGS, WISHES
from support.past_desks import MemoryRecords
from tradeworthy.api.day_acts import acts_of, parting
from tradeworthy.api.day_market import heard_on
from tradeworthy.api.day_proof import DayProof, Prover
from tradeworthy.api.desk_past import Past
from tradeworthy.api.replaying import replayed
from tradeworthy.api.simulated_day import BrokerTerms, lived_on_paper
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.events import decode, encode
from tradeworthy.live.desk_events import DeskStarted
from tradeworthy.market.bars import Bars

ONE_BY_ONE = WISHES.filter(lambda wishes: len({one.look for one in wishes}) == len(wishes))
"""Two wishes that are heard at once are told together, before either is answered; a replay tells one after the other."""


def past_of(day: FaultyDay) -> Past:
    """What the day's journal tells."""
    return Past(MemoryRecords(day.journal), lambda _: day.plan, "test")


def proof_of(day: FaultyDay) -> DayProof:
    """Of the whole journal."""
    prover = Prover()
    for one in past_of(day).recorded():
        prover.see(one)
    return prover.proof()


def lived(lives: list[Life], *, in_parts: bool) -> FaultyDay:
    """All of them on one journal."""
    day = FaultyDay(BARS, PARTS, 1_000.0) if in_parts else FaultyDay(BARS)
    for life in lives:
        day.live(life)
    return day


@settings(SETTINGS, max_examples=12)
@given(LIVES, st.booleans())
def test_days_with_faults_and_restarts_are_made_again_byte_for_byte(lives: list[Life], in_parts: bool) -> None:
    day = lived(lives, in_parts=in_parts)
    if not day.journal.events:  # killed before anything had happened
        return
    past = past_of(day)
    proof = proof_of(day)
    assert proof.differs is None
    assert proof.cut == ()
    assert proof.events + proof.notes == len(day.journal.events)
    days = [replayed(past, one) for one in past.days()]
    assert all(one.proof.is_equal for one in days)
    assert sum(one.proof.events for one in days) == proof.events
    for earlier, later in pairwise(days):
        assert later.account.start_equity == earlier.account.end_equity
    begun = sum(isinstance(one.event, DeskStarted) for one in past.events())
    assert sum(one.account.events.get("started", 0) for one in days) == begun == len(past.begun())


@settings(SETTINGS, max_examples=12)
@given(LIVES, st.data())
def test_any_one_note_that_is_changed_is_found_where_it_lies(lives: list[Life], data: st.DataObject) -> None:
    day = lived(lives, in_parts=False)
    notes = [one for one in map(decode, day.journal.events) if one.kind == "note"]
    if not notes:
        return
    note = data.draw(st.sampled_from(notes))
    changed = data.draw(st.sampled_from([_sentence, _time, _level, _strategy]))(note)
    day.journal.events[note.sequence - 1] = encode(changed)
    proof = proof_of(day)
    assert proof.differs is not None
    assert proof.differs.sequence == note.sequence
    assert proof.differs.event == note.body["about"]
    assert proof.differs.journal == changed
    assert proof.differs.made == note
    assert len(proof.differs.fields) == 1


@settings(SETTINGS, max_examples=12)
@given(st.lists(st.builds(Life, wishes=ONE_BY_ONE), min_size=1, max_size=3), st.booleans())
def test_a_day_without_faults_is_the_same_on_the_simulated_broker_from_whatever_state_it_begins(
    lives: list[Life], in_parts: bool
) -> None:
    day = lived(lives, in_parts=in_parts)
    past = past_of(day)
    stored = {(one.instrument.symbol, one.timeframe): one for one in day.series}
    broker = BrokerTerms(Costs(1.0), FillRules(), day.terms)
    for one in past.days():
        real = [*past.steps(one.first, one.last)]
        market = heard_on(past, one, stored)
        own = lived_on_paper(real[0].before, market, broker)
        assert parting(acts_of(real), acts_of(own)) is None
        assert [bars.data_hash for bars in market.series] == [bars.data_hash for bars in _until(day, market.ends_ns)]


def _until(day: FaultyDay, ends_ns: int) -> list[Bars]:
    """The day's bars as far as they had opened by then."""
    return [bars.slice(0, int(np.searchsorted(bars.open_time, ends_ns))) for bars in day.series]


def _sentence(note: Any) -> Any:
    return msgspec.structs.replace(note, body={**note.body, "sentence": note.body["sentence"] + "."})


def _time(note: Any) -> Any:
    return msgspec.structs.replace(note, receive_time_ns=note.receive_time_ns + 1)


def _level(note: Any) -> Any:
    return msgspec.structs.replace(
        note, body={**note.body, "level": "alert" if note.body["level"] == "info" else "info"}
    )


def _strategy(note: Any) -> Any:
    return msgspec.structs.replace(note, strategy=f"{note.strategy}x")
