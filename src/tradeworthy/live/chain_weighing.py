"""Writing the chain of decision down while a step takes it; called only where somebody wants to read it."""

from collections.abc import Callable

from tradeworthy.controls.filters import CheckState
from tradeworthy.controls.outcomes import Outcome
from tradeworthy.core.order import Order, Refused
from tradeworthy.live.chain_outcomes import (
    calibration_told,
    data_outcome,
    decision_outcome,
    distance_outcome,
    filters_told,
    input_flags,
    mode_outcome,
    refused_outcome,
    signal_outcome,
    waited_outcome,
)
from tradeworthy.live.desk_plan import Member
from tradeworthy.live.desk_state import Wanted
from tradeworthy.live.trading_days import minute_of_day
from tradeworthy.live.turn import Turn
from tradeworthy.live.verdict_chain import Answer, Stage, Weighing
from tradeworthy.strategies.outside_signals import OutsideSignals

_STAGES = {
    "data": Stage.DATA, "strategy": Stage.STRATEGY, "mode": Stage.MODE, "filters": Stage.FILTERS,
    "calibration": Stage.CALIBRATION, "sizing": Stage.SIZING, "broker": Stage.BROKER,
    "reversal": Stage.POSITION, "one position": Stage.POSITION, "one order": Stage.POSITION,
}  # fmt: skip


def weigh_decision(turn: Turn, place: int, wanted: Wanted, late: str = "") -> None:
    """An entry was decided. late: what is said of a bar that is too old to be traded on."""
    if turn.weighing is None or not wanted.side:
        return
    member = turn.plan.members[place]
    _begin(turn.weighing, member, wanted)
    turn.weighing.add(member.name, Stage.DATA, data_outcome(turn.state, place, wanted.decided_ns, turn.now, late))
    turn.weighing.add(member.name, Stage.STRATEGY, decision_outcome(wanted))


def weigh_signal(turn: Turn, place: int, wanted: Wanted, outcomes: tuple[Outcome, ...]) -> None:
    """Somebody outside wants an entry. outcomes: of how old the signal is, and the bar under it."""
    if turn.weighing is None:
        return
    member = turn.plan.members[place]
    _begin(turn.weighing, member, wanted)
    turn.weighing.add(member.name, Stage.DATA, *outcomes)
    if not turn.weighing.refuses(member.name):
        turn.weighing.add(member.name, Stage.STRATEGY, signal_outcome(wanted))


def weigh_entry(turn: Turn, weighing: Weighing, place: int, wanted: Wanted) -> None:
    """Everything before the size, up to the stage that refuses."""
    state, member = turn.state, turn.plan.members[place]
    if _begin(weighing, member, wanted):  # it waited, and is not decided now
        given = isinstance(member.strategy, OutsideSignals)
        if given:
            weighing.add(member.name, Stage.DATA, waited_outcome(wanted, turn.now))
        weighing.add(member.name, Stage.DATA, data_outcome(state, place, wanted.decided_ns, turn.now))
        weighing.add(member.name, Stage.STRATEGY, signal_outcome(wanted) if given else decision_outcome(wanted))
    none_held = Outcome("one position", CheckState.PASSED, "none held", "none held")
    weighing.add(member.name, Stage.POSITION, none_held)
    feeds = state.volatility
    level = feeds[turn.plan.series_at[member.key]].level if feeds else 0
    minute = minute_of_day(turn.now, turn.plan.session_zone)
    stages: tuple[tuple[Stage, Callable[[], tuple[Outcome, ...]]], ...] = (
        (Stage.MODE, lambda: (mode_outcome(state, place),)),
        (Stage.STRATEGY, lambda: (distance_outcome(wanted),)),
        (Stage.FILTERS, lambda: filters_told(state, wanted.side, minute, level, input_flags(state, place))),
        (Stage.CALIBRATION, lambda: calibration_told(state, turn.now, turn.day_number(), minute, level)),
    )
    for stage, told in stages:
        outcomes = told()
        weighing.add(member.name, stage, *outcomes)
        if any(one.refuses for one in outcomes):
            return


def weigh_refusal(turn: Turn, weighing: Weighing, place: int, wanted: Wanted, refused: Refused) -> None:
    """It ends here; the check that refused is in the chain, once."""
    member = turn.plan.members[place]
    _begin(weighing, member, wanted)
    if not weighing.refuses(member.name):
        weighing.add(member.name, _STAGES.get(refused.check, Stage.LIMITS), refused_outcome(refused))
    weighing.end(member.name, Answer.REFUSED, refusal=refused)


def weigh_held(turn: Turn, place: int, units: object) -> None:
    """It has the position already, and enters no other."""
    if turn.weighing is not None and turn.weighing.is_open(turn.plan.members[place].name):
        held = Outcome(
            "one position", CheckState.NOT_APPLICABLE, "none held", f"{units} units held, and nothing to change"
        )
        turn.weighing.add(turn.plan.members[place].name, Stage.POSITION, held)


def weigh_wait(turn: Turn, place: int) -> None:
    """It may go when the position before it is left."""
    if turn.weighing is not None:
        name = turn.plan.members[place].name
        held = Outcome("one position", CheckState.NOT_APPLICABLE, "none held", "the position is left first")
        turn.weighing.add(name, Stage.POSITION, held)
        turn.weighing.end(name, Answer.WAITS)


def weigh_sent(weighing: Weighing, order: Order, phase: str) -> None:
    """It goes to the broker."""
    weighing.add(
        order.strategy,
        Stage.BROKER,
        Outcome("broker called", CheckState.PASSED, "a broker that answers", f"breaker {phase}"),
    )
    weighing.end(order.strategy, Answer.SENT, client_id=order.client_id)


def _begin(weighing: Weighing, member: Member, wanted: Wanted) -> bool:
    """Whether it is new."""
    return weighing.begin(member.name, member.instrument.symbol, wanted.side, wanted.decided_ns)
