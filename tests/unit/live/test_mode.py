"""What restricts a desk, and how that ends."""

import itertools
import json
from dataclasses import replace

import pytest

from tradeworthy.core.errors import InputError
from tradeworthy.live.mode import Mode, ModeState, Restriction, lifted, reconciled, reported, restricted, started
from tradeworthy.live.resuming import Resume, Scope, ScopeKind, resumed

NOON = 1_793_361_600_000_000_000
KILL = Restriction("kill switch", Mode.HALTED, "the file KILL is there", NOON, latched=True)
STALE = Restriction("freshness H1", Mode.REDUCING, "the last bar is old", NOON, instrument="EUR_USD")
LOCK = Restriction("positions", Mode.HALTED, "ours are not the broker's", NOON, latched=True, instrument="EUR_USD")
ACTIVE = ModeState()


def all_of(*restrictions: Restriction) -> ModeState:
    """A desk with these, put on one after another."""
    state = ACTIVE
    for one in restrictions:
        state = restricted(state, one)
    return state


def command(scope: Scope, time_ns: int = NOON) -> Resume:
    """An operator's resume."""
    return Resume(scope, "Ada", "looked at it", time_ns)


def test_a_desk_that_starts_is_disabled_until_it_is_reconciled() -> None:
    state = started(ACTIVE, NOON)
    assert state.mode is Mode.DISABLED
    assert reconciled(state).mode is Mode.ACTIVE


def test_a_halt_survives_a_restart_and_a_reconciliation() -> None:
    kept = ModeState.from_dict(json.loads(json.dumps(all_of(KILL).to_dict())))
    assert reconciled(started(kept, NOON + 1)).mode is Mode.HALTED
    assert reconciled(started(kept, NOON + 1)) == kept


def test_only_active_allows_entries() -> None:
    assert [mode for mode in Mode if mode.allows_entries] == [Mode.ACTIVE]


@pytest.mark.parametrize(("first", "second"), list(itertools.product(list(Mode)[1:], repeat=2)))
def test_the_most_restrictive_of_two_holds_in_either_order(first: Mode, second: Mode) -> None:
    one, two = Restriction("one", first, "why", NOON), Restriction("two", second, "why", NOON)
    assert all_of(one, two) == all_of(two, one)
    assert all_of(one, two).mode is max(first, second, key=lambda mode: mode.strictness)


def test_an_instrument_is_restricted_by_its_own_reasons_and_by_the_desks() -> None:
    state = all_of(STALE)
    assert (state.mode, state.mode_of("EUR_USD"), state.mode_of("GBP_USD")) == (
        Mode.ACTIVE,
        Mode.REDUCING,
        Mode.ACTIVE,
    )
    assert all_of(STALE, KILL).mode_of("GBP_USD") is Mode.HALTED
    assert all_of(STALE, KILL).about("EUR_USD") == (KILL, STALE)


def test_a_source_that_speaks_again_loosens_nothing() -> None:
    looser = Restriction("kill switch", Mode.REDUCING, "not so bad", NOON + 5, latched=True)
    again = replace(KILL, again_ns=NOON + 5)
    assert restricted(all_of(KILL), looser) == all_of(again)
    later = Restriction("kill switch", Mode.HALTED, "once more", NOON + 5, latched=True)
    assert restricted(all_of(KILL), later) == all_of(again)
    assert restricted(all_of(STALE), replace(STALE, since_ns=NOON + 5)) == all_of(STALE)
    assert restricted(all_of(looser), KILL) == all_of(KILL)


def test_a_source_can_lift_what_it_did_not_latch_and_nothing_else() -> None:
    assert lifted(all_of(STALE, LOCK), "freshness H1", "EUR_USD") == all_of(LOCK)
    assert lifted(all_of(STALE), "freshness H1") == all_of(STALE)
    assert lifted(all_of(LOCK), "positions", "EUR_USD") == all_of(LOCK)


def test_a_report_stands_in_place_of_all_that_its_source_said_but_for_what_is_latched() -> None:
    again = Restriction("freshness H1", Mode.REDUCING, "older still", NOON + 9, instrument="EUR_USD")
    other = Restriction("freshness H1", Mode.REDUCING, "this one too", NOON + 9, instrument="GBP_USD")
    assert reported(all_of(STALE), "freshness H1", (again, other)) == all_of(STALE, other)
    assert reported(all_of(STALE, other, LOCK), "freshness H1", ()) == all_of(LOCK)
    assert reported(all_of(LOCK), "positions", ()) == all_of(LOCK)


def test_a_report_may_loosen_what_its_source_said_before_and_speaks_for_nobody_else() -> None:
    strict = Restriction("lag", Mode.HALTED, "far behind", NOON)
    loose = Restriction("lag", Mode.REDUCING, "behind", NOON + 1)
    assert reported(all_of(strict), "lag", (loose,)) == all_of(loose)
    with pytest.raises(InputError, match="'lag' may only report restrictions of its own, not of kill switch"):
        reported(ACTIVE, "lag", (loose, KILL))


@pytest.mark.parametrize(
    ("scope", "left"),
    [
        (Scope(ScopeKind.ALL), (STALE,)),
        (Scope(ScopeKind.SOURCE, "kill switch"), (STALE, LOCK)),
        (Scope(ScopeKind.SOURCE, "positions"), (STALE, KILL)),
        (Scope(ScopeKind.INSTRUMENT, "EUR_USD"), (STALE, KILL)),
        (Scope(ScopeKind.INSTRUMENT, "GBP_USD"), (STALE, KILL, LOCK)),
    ],
    ids=str,
)
def test_a_resume_ends_what_is_latched_in_its_scope(scope: Scope, left: tuple[Restriction, ...]) -> None:
    outcome = resumed(all_of(STALE, KILL, LOCK), command(scope))
    assert outcome.state == all_of(*left)
    assert set(outcome.ended) == {KILL, LOCK} - set(left)


def test_a_resume_does_not_end_what_was_latched_after_it_was_given() -> None:
    outcome = resumed(all_of(KILL), command(Scope(ScopeKind.ALL), NOON - 1))
    assert outcome.state == all_of(KILL)
    assert "ended 0 latched restrictions" in outcome.sentence
    assert "said after the command of" in outcome.sentence
    now = resumed(all_of(KILL, STALE), command(Scope(ScopeKind.ALL), NOON))
    assert now.state == all_of(STALE)
    assert "still there" not in now.sentence


def test_a_resume_does_not_end_a_halt_that_was_said_again_after_it_was_given() -> None:
    again = restricted(all_of(KILL), replace(KILL, reason="pressed once more", since_ns=NOON + 7))
    assert resumed(again, command(Scope(ScopeKind.ALL), NOON + 6)).state == again
    assert resumed(again, command(Scope(ScopeKind.ALL), NOON + 7)).state == ACTIVE


def test_a_resume_says_what_it_did_and_what_still_restricts() -> None:
    lag = Restriction("lag", Mode.REDUCING, "decisions are 3 s behind", NOON)
    sentence = resumed(all_of(KILL, lag), command(Scope(ScopeKind.ALL))).sentence
    assert sentence == (
        "Ada ended 1 latched restriction (scope all: looked at it); the desk is REDUCING, because it is REDUCING "
        "since 2026-10-30T12:00:00Z by lag: decisions are 3 s behind"
    )


def test_a_restriction_says_who_since_when_why_and_how_it_ends() -> None:
    assert KILL.sentence == (
        "HALTED since 2026-10-30T12:00:00Z by kill switch: the file KILL is there; it holds until an operator resumes it"
    )
    assert LOCK.sentence.startswith("EUR_USD is HALTED since")
    assert STALE.sentence.endswith("by freshness H1: the last bar is old")


def test_restrictions_scopes_and_commands_without_substance_are_refused() -> None:
    with pytest.raises(InputError, match="restricts nothing"):
        Restriction("lag", Mode.ACTIVE, "why", NOON)
    with pytest.raises(InputError, match="must name its source"):
        Restriction(" ", Mode.HALTED, "why", NOON)
    with pytest.raises(InputError, match="must name its reason"):
        Restriction("lag", Mode.HALTED, "", NOON)
    with pytest.raises(InputError, match="scope instrument needs the name of one"):
        Scope(ScopeKind.INSTRUMENT)
    with pytest.raises(InputError, match="scope all takes no name"):
        Scope(ScopeKind.ALL, "EUR_USD")
    with pytest.raises(InputError, match="must say its operator"):
        Resume(Scope(ScopeKind.ALL), "", "why", NOON)
    with pytest.raises(InputError, match="must say its reason"):
        Resume(Scope(ScopeKind.ALL), "Ada", " ", NOON)
    with pytest.raises(InputError, match="must be sorted"):
        ModeState((KILL, KILL))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"schema": 2}, "has schema 2"),
        ({"more": 1}, "more missing or unknown"),
        ({"restrictions": [{"source": "x"}]}, "is damaged"),
        ({"restrictions": None}, "is damaged"),
        ({"restrictions": [{"source": "x", "mode": "ACTIVE", "reason": "y", "since_ns": 0}]}, "restricts nothing"),
    ],
)
def test_a_mode_that_cannot_be_read_whole_is_not_read_at_all(change: dict[str, object], why: str) -> None:
    with pytest.raises(InputError, match=why):
        ModeState.from_dict({**all_of(KILL).to_dict(), **change})


def test_what_is_no_record_at_all_is_no_mode() -> None:
    with pytest.raises(InputError, match="has schema None"):
        ModeState.from_dict([])  # type: ignore[arg-type]  # a journal may hold anything
