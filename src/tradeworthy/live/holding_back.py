"""What holds entries of one strategy back: whatever restricts the desk or its instrument, but for late bars of a timeframe
that it does not trade on."""

from tradeworthy.core.bar import Timeframe
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.health import HEALTH
from tradeworthy.live.mode import START, Mode, Restriction

BROKER = "broker"
"""The source of restrictions that a broker's errors bring."""
FRESHNESS = "freshness"
BARS = "bars"
"""Sources, with the timeframe behind them, of restrictions for bars that are late, or that contradict what came before."""

PAST_BARS = "bars of before"
"""The source of the restriction while bars of before are being asked for."""

_PASSING = frozenset({START, HEALTH, BROKER, PAST_BARS})


def source_of(kind: str, timeframe: Timeframe) -> str:
    """`freshness H4`."""
    return f"{kind} {timeframe}"


def restrictions_of(state: DeskState, place: int) -> tuple[Restriction, ...]:
    """The strictest first."""
    member = state.plan.members[place]
    return tuple(one for one in state.mode.about(member.instrument.symbol) if _concerns(one.source, member.timeframe))


def mode_of(state: DeskState, place: int) -> Mode:
    """What the desk may do for this strategy."""
    found = restrictions_of(state, place)
    return found[0].mode if found else Mode.ACTIVE


def only_for_a_while(state: DeskState, place: int) -> bool:
    """Whether entries are held back, and by nothing but that the broker has not been reconciled yet."""
    found = restrictions_of(state, place)
    return bool(found) and all(one.source in _PASSING and not one.latched for one in found)


def _concerns(source: str, timeframe: Timeframe) -> bool:
    kind, _, frame = source.rpartition(" ")
    return kind not in {FRESHNESS, BARS} or frame == timeframe
