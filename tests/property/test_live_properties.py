"""Breaker and mode under any sequence of events, restarts included."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tradeworthy.live import breaker as switch
from tradeworthy.live.breaker import BreakerPhase, BreakerRules, BreakerState
from tradeworthy.live.clock_watch import ClockVerdict, first_look, looked
from tradeworthy.live.mode import START, Mode, ModeState, Restriction, lifted, reconciled, reported, restricted, started
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.live.resuming import Resume, Scope, ScopeKind, resumed

SOURCES, INSTRUMENTS = ("kill switch", "feed", "positions"), ("", "EUR_USD", "GBP_USD")
RESTRICTING = st.sampled_from(list(Mode)[1:])
SECOND = 10**9


def through_json(data: dict[str, Any]) -> Any:
    """As a journal gives it back."""
    return json.loads(json.dumps(data))


class ModeMachine(RuleBasedStateMachine):
    """Beside the state runs a plain list of what was latched and when."""

    def __init__(self) -> None:
        super().__init__()
        self.state = ModeState()
        self.now = 0
        self.latched: dict[tuple[str, str], tuple[Mode, int]] = {}

    def strictness(self) -> list[int]:
        """Of the desk and of each instrument."""
        return [self.state.mode_of(one).strictness for one in (*INSTRUMENTS, "OTHER")]

    @initialize()
    def start(self) -> None:
        self.state = started(self.state, self.now)
        assert self.state.mode is Mode.DISABLED

    @rule(passed=st.integers(0, 5))
    def wait(self, passed: int) -> None:
        self.now += passed

    @rule(
        source=st.sampled_from(SOURCES),
        mode=RESTRICTING,
        latched=st.booleans(),
        instrument=st.sampled_from(INSTRUMENTS),
    )
    def restrict(self, source: str, mode: Mode, latched: bool, instrument: str) -> None:
        before = self.strictness()
        self.state = restricted(self.state, Restriction(source, mode, "why", self.now, latched, instrument))
        assert all(new >= old for new, old in zip(self.strictness(), before, strict=True))
        assert self.state.mode_of(instrument).strictness >= mode.strictness
        if latched:
            worst, _ = self.latched.get((source, instrument), (mode, self.now))
            self.latched[source, instrument] = (max(worst, mode, key=lambda one: one.strictness), self.now)

    @rule(source=st.sampled_from(SOURCES), instrument=st.sampled_from(INSTRUMENTS))
    def lift(self, source: str, instrument: str) -> None:
        self.state = lifted(self.state, source, instrument)

    @rule(source=st.sampled_from(SOURCES), modes=st.dictionaries(st.sampled_from(INSTRUMENTS), RESTRICTING))
    def report(self, source: str, modes: dict[str, Mode]) -> None:
        said = tuple(Restriction(source, mode, "why", self.now, instrument=name) for name, mode in modes.items())
        self.state = reported(self.state, source, said)
        loose = {
            one.instrument: one.mode for one in self.state.restrictions if one.source == source and not one.latched
        }
        assert loose == modes

    @rule()
    def reconcile(self) -> None:
        self.state = reconciled(self.state)
        assert START not in {one.source for one in self.state.restrictions}

    @rule()
    def restart(self) -> None:
        before = self.strictness()
        self.state = started(ModeState.from_dict(through_json(self.state.to_dict())), self.now)
        assert all(new >= old for new, old in zip(self.strictness(), before, strict=True))
        assert self.state.mode.strictness >= Mode.DISABLED.strictness

    @rule(
        scope=st.one_of(
            st.just(Scope(ScopeKind.ALL)),
            st.builds(Scope, st.just(ScopeKind.SOURCE), st.sampled_from(SOURCES)),
            st.builds(Scope, st.just(ScopeKind.INSTRUMENT), st.sampled_from(INSTRUMENTS[1:])),
        ),
        ago=st.integers(0, 3),
    )
    def resume(self, scope: Scope, ago: int) -> None:
        before = self.state
        outcome = resumed(before, Resume(scope, "Ada", "looked", self.now - ago))
        self.state = outcome.state
        assert all(one.latched and scope.covers(one) and one.latest_ns <= self.now - ago for one in outcome.ended)
        assert set(before.restrictions) == set(outcome.ended) | set(self.state.restrictions)
        ended = {(one.source, one.instrument) for one in outcome.ended}
        for (source, instrument), (_, last_said) in dict(self.latched).items():
            about = {ScopeKind.ALL: "", ScopeKind.SOURCE: source, ScopeKind.INSTRUMENT: instrument}[scope.kind]
            assert ((source, instrument) in ended) == (about == scope.name and last_said <= self.now - ago)
        self.latched = {key: one for key, one in self.latched.items() if key not in ended}

    @invariant()
    def a_latched_restriction_never_ends_without_its_resume(self) -> None:
        for (_, instrument), (mode, _) in self.latched.items():
            assert self.state.mode_of(instrument).strictness >= mode.strictness
        held = {(one.source, one.instrument) for one in self.state.restrictions if one.latched}
        assert held == self.latched.keys()

    @invariant()
    def the_journal_gives_the_same_state_back(self) -> None:
        assert ModeState.from_dict(through_json(self.state.to_dict())) == self.state


class BreakerMachine(RuleBasedStateMachine):
    """Two breakers: one lives on, the other goes through the journal before every event. Both must do the same."""

    def __init__(self) -> None:
        super().__init__()
        self.limits = BreakerRules(failures=2, pause_ns=8, pause_ns_max=40, jitter=0.25, probe_ns=6)
        self.state = self.twin = BreakerState()
        self.now = 100
        self.tickets: list[int] = []
        self.row = 0

    def reload(self) -> None:
        """The twin dies and comes back."""
        self.twin = BreakerState.from_dict(through_json(self.twin.to_dict()))

    @rule(passed=st.integers(0, 20))
    def wait(self, passed: int) -> None:
        self.now += passed

    @rule()
    def ask(self) -> None:
        self.reload()
        before = self.state
        self.state, permission = switch.asked(before, self.now, self.limits, seed=3)
        self.twin, same = switch.asked(self.twin, self.now, self.limits, seed=3)
        assert permission == same
        assert permission.allowed or permission.wait_ns > 0
        if permission.allowed:
            self.tickets.append(permission.ticket)
            assert before.phase is not BreakerPhase.HALF_OPEN
            assert before.phase is BreakerPhase.CLOSED or self.now - before.since_ns >= before.pause_ns
        if before.phase is BreakerPhase.HALF_OPEN and self.state.phase is BreakerPhase.OPEN:
            assert self.now - before.since_ns >= self.limits.probe_ns
        assert self.state.phase is not BreakerPhase.CLOSED or before.phase is BreakerPhase.CLOSED

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), good=st.booleans())
    def answer(self, data: st.DataObject, good: bool) -> None:
        ticket = data.draw(st.sampled_from(self.tickets))
        self.reload()
        before = self.state
        if good:
            self.state = switch.succeeded(before, ticket, self.now)
            self.twin = switch.succeeded(self.twin, ticket, self.now)
        else:
            self.state = switch.failed(before, ticket, self.now, self.limits, seed=3)
            self.twin = switch.failed(self.twin, ticket, self.now, self.limits, seed=3)
        if ticket != before.ticket:
            assert self.state == before
        if before.phase is not BreakerPhase.CLOSED and self.state.phase is BreakerPhase.CLOSED:
            assert good
            assert before.phase is BreakerPhase.HALF_OPEN
        if before.phase is BreakerPhase.CLOSED and ticket == before.ticket:
            self.row = 0 if good else before.failures + 1
            assert (self.state.phase is BreakerPhase.OPEN) == (self.row >= self.limits.failures)

    @invariant()
    def a_breaker_that_was_away_is_the_same(self) -> None:
        assert self.twin == self.state

    @invariant()
    def pauses_stay_under_the_cap_and_above_the_first_less_its_jitter(self) -> None:
        if self.state.phase is not BreakerPhase.CLOSED:
            assert 8 <= self.state.pause_ns <= 40


TestMode = ModeMachine.TestCase
TestMode.settings = settings(max_examples=150, stateful_step_count=40)
TestBreaker = BreakerMachine.TestCase
TestBreaker.settings = settings(max_examples=150, stateful_step_count=60)


@given(
    edges=st.lists(st.integers(0, 60), min_size=0, max_size=8, unique=True).map(sorted),
    start=st.integers(-5, 70),
    end=st.integers(-5, 70),
)
def test_open_time_is_what_counting_every_moment_gives(edges: list[int], start: int, end: int) -> None:
    spans = tuple(zip(edges[::2], edges[1::2], strict=False))
    hours = OpenHours(spans, 0, 60)
    counted = sum(hours.is_open(moment) is not False for moment in range(min(start, end), max(start, end)))
    assert hours.open_ns(start, end) == (counted if end >= start else -counted)


@given(steps=st.lists(st.integers(0, 3 * SECOND), max_size=30), shifts=st.lists(st.integers(-400, 400), max_size=30))
def test_a_clock_that_moves_with_the_monotonic_one_is_steady_and_one_that_jumps_is_not(
    steps: list[int], shifts: list[int]
) -> None:
    state = first_look(10**18, 0)
    for step, shift in zip(steps, shifts, strict=False):
        reading = looked(state, state.wall_ns + step + shift, state.monotonic_ns + step)
        assert reading.verdict is ClockVerdict.STEADY
        assert reading.state.restriction() is None
        state = reading.state
    jumped = looked(state, state.wall_ns - SECOND - 1, state.monotonic_ns)
    assert jumped.verdict is ClockVerdict.BACKWARDS
    assert jumped.state.restriction() is not None
