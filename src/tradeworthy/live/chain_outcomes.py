"""What each stage before the limits required of an entry and found: the words behind the decisions of `entry_step`."""

import math
from collections.abc import Mapping
from typing import Final

from tradeworthy.controls.calibration_told import calibration_outcomes
from tradeworthy.controls.filters import CheckState, FilterInput
from tradeworthy.controls.filters_told import filter_outcomes
from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.outcomes import Outcome, judged
from tradeworthy.controls.running_calibration import Moment, RunningCalibration
from tradeworthy.controls.sizing import FixedFraction, Kelly, Sizing, Units, VolatilityTarget
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.instrument import AssetClass
from tradeworthy.core.order import Refused
from tradeworthy.live.desk_state import DeskState, Wanted
from tradeworthy.live.durations import spoken
from tradeworthy.live.holding_back import restrictions_of
from tradeworthy.live.mode import Mode
from tradeworthy.live.verdict_chain import SIGNAL_AGE

_SIZINGS: Final[Mapping[type[Sizing], str]] = {
    Units: "fixed units", FixedFraction: "a fixed fraction", VolatilityTarget: "a volatility target", Kelly: "capped Kelly",
}  # fmt: skip


def decision_outcome(wanted: Wanted) -> Outcome:
    """What the strategy decided."""
    side = "long" if wanted.side > 0 else "short"
    told = [f"{side} at the close of {rfc3339(wanted.decided_ns)}, {wanted.close:g}"]
    for name, sign, distance in (("stop", -1, wanted.stop_distance), ("target", 1, wanted.target_distance)):
        if distance is None:
            told.append(f"no {name}")
        else:
            told.append(f"{name} {distance:.6g} away ({wanted.close + sign * wanted.side * distance:.8g})")
    return Outcome("decision", CheckState.PASSED, "a wish to enter", "; ".join(told))


def signal_outcome(wanted: Wanted) -> Outcome:
    """What a signal from outside wants."""
    side = "long" if wanted.side > 0 else "short"
    levels = (("stop", wanted.stop), ("target", wanted.target))
    told = [f"no {name}" if price is None else f"{name} {price:.8g}" for name, price in levels]
    return Outcome("decision", CheckState.PASSED, "a wish to enter", "; ".join([f"{side}, by a signal", *told]))


def waited_outcome(wanted: Wanted, now: int) -> Outcome:
    """Of a signal from outside that waited for the position before it to be left: its age was asked for when it came."""
    waited = spoken(max(now - wanted.decided_ns, 0))
    return Outcome(
        SIGNAL_AGE, CheckState.NOT_APPLICABLE, actual=f"asked when it came; it has waited {waited} to be next"
    )


def distance_outcome(wanted: Wanted) -> Outcome:
    """Whether the distances can be traded."""
    given = [one for one in (wanted.stop_distance, wanted.target_distance) if one is not None]
    actual = ", ".join(f"{one:g}" for one in given) or "none given"
    return judged("distances", "stop and target above zero", actual, passes=all(0.0 < one < math.inf for one in given))


def data_outcome(state: DeskState, place: int, decided_ns: int, now: int, late: str = "") -> Outcome:
    """Whether the bar is fresh. late: what is said of one that is not."""
    member = state.plan.members[place]
    hours = state.plan.hours[member.instrument.symbol]
    limit = state.plan.freshness.limit_ns(member.timeframe, decided_ns, hours)
    required = f"a bar that closed at most {spoken(limit)} of open time ago"
    actual = late or spoken(hours.open_ns(decided_ns, max(now, decided_ns)))
    return judged("fresh bar", required, actual, passes=not late)


def mode_outcome(state: DeskState, place: int) -> Outcome:
    """Whether anything holds entries of this strategy back."""
    found = restrictions_of(state, place)
    if found:
        return Outcome("mode", CheckState.REFUSED, str(Mode.ACTIVE), str(found[0].mode), found[0].sentence)
    return Outcome("mode", CheckState.PASSED, str(Mode.ACTIVE), str(Mode.ACTIVE))


def filters_told(state: DeskState, side: int, minute: int, level: int, applies: int) -> tuple[Outcome, ...]:
    """Every filter, or that they are off."""
    if state.plan.filters is None:
        return (Outcome("filters", CheckState.OFF, actual="off"),)
    return filter_outcomes(state.plan.filters, minute, side, VolatilityLevel(level), FilterInput(applies))


def calibration_told(state: DeskState, now: int, day: int, minute: int, level: int) -> tuple[Outcome, ...]:
    """Every rule of calibration, or that it is off."""
    rules = state.plan.calibration
    if rules is None:
        return (Outcome("calibration", CheckState.OFF, actual="off"),)
    running = RunningCalibration.resumed(rules, state.calibration)
    return calibration_outcomes(running, Moment(now, day, minute), VolatilityLevel(level))


def size_outcome(state: DeskState, place: int, sized: float) -> Outcome:
    """The size that came out."""
    member = state.plan.members[place]
    instrument = member.instrument
    required = f"at least {instrument.min_units:f} units, in steps of {instrument.lot_step:f}, leverage up to {member.leverage:g}"
    actual = f"{sized:,.10g} units by {_SIZINGS[type(member.sizing)]} on {state.balance:,.2f} {state.plan.currency}"
    return Outcome("size", CheckState.PASSED, required, actual)


def refused_outcome(refused: Refused) -> Outcome:
    """Of a refusal whose check has no other words."""
    return Outcome(refused.check, CheckState.REFUSED, str(refused.limit), str(refused.actual), refused.reason)


def input_flags(state: DeskState, place: int) -> int:
    """The `FilterInput` that the strategy's instrument should have."""
    instrument = state.plan.members[place].instrument
    applies = int(FilterInput.ALL) if instrument.asset_class is AssetClass.OPTION else 0
    return applies | (int(FilterInput.VOLATILITY) if state.volatility else 0)
