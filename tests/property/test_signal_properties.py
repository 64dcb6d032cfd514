"""Any signals, in any order, from any thread, over any kills: each id is done once, and the journal gives the same state."""

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.desk_day import SYMBOLS, Killed, Moments, kill_in_play
from support.desk_steps import SteppedDesk, member
from support.signal_day import BARS, Planned, Sender, SignalEnd, broken, live_by_signals, plan_of_signals, usual_plan
from tradeworthy.adapters.brokers.paper_faults import FaultCall, FaultKind, PaperFault
from tradeworthy.core.clock import SECOND_NS
from tradeworthy.live.desk_events import SignalAction, SignalCame
from tradeworthy.live.signal_inbox import SignalAnswer, SignalInbox
from tradeworthy.strategies.outside_signals import OutsideSignals

SETTINGS = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
NAMES = st.sampled_from([f"id-{i}" for i in range(8)])
ACTIONS = st.sampled_from(list(SignalAction))
PLANNED = st.lists(st.builds(Planned, st.integers(1, 3 * BARS), NAMES, st.sampled_from(SYMBOLS), ACTIONS), max_size=24)
_KINDS = st.sampled_from([FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER, FaultKind.NO_CONNECTION])
FAULTS = st.lists(
    st.builds(
        PaperFault, st.sampled_from([FaultCall.PLACE, FaultCall.REPORT, FaultCall.CANCEL]), _KINDS, st.integers(1, 6)
    ),
    max_size=3,
).map(tuple)


def lived(planned: list[Planned], kills: list[int], faults: tuple[PaperFault, ...] = ()) -> tuple[SignalEnd, Sender]:
    """The day, killed after so many moments, again and again, and then lived to its end."""
    sender = Sender(planned)
    with TemporaryDirectory() as made:
        folder = Path(made)
        for generation in itertools.count(1):
            moments = Moments(kills[generation - 1] if generation <= len(kills) else 0, kill_in_play)
            try:
                return live_by_signals(folder, moments, sender, faults=faults, generation=generation), sender
            except Killed:
                faults = ()
    raise AssertionError


@settings(SETTINGS, max_examples=25)
@given(PLANNED, st.lists(st.integers(1, 160), max_size=4), FAULTS)
def test_each_id_is_one_signal_whenever_the_desk_is_killed_and_whatever_its_broker_does(
    planned: list[Planned], kills: list[int], faults: tuple[PaperFault, ...]
) -> None:
    end, sender = lived(planned, kills, faults)
    assert broken(end) == []
    for name in {one.signal.signal_id for one in sender.answers.values()}:
        told = [one for one in sender.answers.values() if one.signal.signal_id == name]
        assert len({(one.seen.sequence, one.seen.client_id, one.accepted) for one in told}) == 1


def test_a_whole_day_of_signals_killed_at_every_seventh_moment_ends_with_the_same_orders() -> None:
    whole, _sender = lived(usual_plan(), [])
    assert broken(whole) == []
    assert len(whole.entries) >= 10
    for moment in range(3, 260, 7):
        end, _ = lived(usual_plan(), [moment])
        assert broken(end) == [], moment


@settings(SETTINGS, max_examples=60)
@given(st.lists(st.tuples(NAMES, ACTIONS, st.integers(-90, 90), st.floats(0.9, 1.3)), max_size=12))
def test_no_signal_changes_what_was_remembered_of_another(
    came: list[tuple[str, SignalAction, int, float]],
) -> None:
    desk = SteppedDesk(replace(member("mine", []), strategy=OutsideSignals()))
    desk.bar()
    for name, action, age, stop in came:
        before = dict(desk.state.signals)
        desk.happens(SignalCame(desk.now, name, "mine", action, stop, None, desk.now - age * SECOND_NS))
        assert {key: one for key, one in desk.state.signals.items() if key in before} == before
        assert set(desk.state.signals) == {*before, name}


@settings(SETTINGS, max_examples=8)
@given(st.lists(NAMES, min_size=1, max_size=40))
def test_many_threads_at_once_each_get_the_answer_to_their_own(names: list[str]) -> None:
    """The loop is played by hand here: what threads put in comes out once each, and to each its own."""
    inbox = SignalInbox()
    inbox.open(plan_of_signals(), lambda: None)
    with ThreadPoolExecutor(8) as pool:
        waiting = list(pool.map(lambda name: inbox.put({"symbol": SYMBOLS[0], "action": "BUY", "id": name}), names))
    taken = inbox.taken()
    assert Counter(one.signal.signal_id for one in taken) == Counter(names)
    for one in taken:
        one.answer.set_result(SignalAnswer(one.signal, None, "", ""))  # type: ignore[arg-type]  # nobody looks inside
    assert [one.result(0).signal.signal_id for one in waiting] == names
