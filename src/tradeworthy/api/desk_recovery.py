"""Where a desk goes on: its journal folded under the settings it was written with, then taken over by today's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace
from pydantic import ValidationError

from tradeworthy.core.errors import InputError
from tradeworthy.core.version import PACKAGE_VERSION
from tradeworthy.live.desk_events import DeskStarted, happened_in
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.desk_state import DeskState, first_state
from tradeworthy.live.folding import folded, snapshot_of, stored_origin
from tradeworthy.live.trading_days import trading_day
from tradeworthy.ports import Journal
from tradeworthy.settings.freezing import differences
from tradeworthy.settings.tree import Settings

PlanOf = Callable[[Settings], DeskPlan]
_NOT_RULES = frozenset({"journal", "replay"})


@dataclass(frozen=True, slots=True)
class Recovered:
    """The state to go on from; whether there was nothing before; and what was changed on a day that is traded already."""

    state: DeskState
    is_new: bool
    changed_today: tuple[str, ...]


def recovered(plan: DeskPlan, frozen: Mapping[str, Any], journal: Journal, plan_for: PlanOf) -> Recovered:
    """Fold the journal and hand it to `plan`. plan_for: makes the plan of older settings, to fold what they decided.

    Raises InputError for a journal that another version wrote and did not end in order, and for changes that positions or
    orders stand in the way of.
    """
    if not journal.last_sequence():
        return Recovered(first_state(plan), is_new=True, changed_today=())
    version, before = written_with(journal)
    snapshot = journal.load_snapshot()
    ended_in_order = snapshot is not None and snapshot.sequence == journal.last_sequence()
    if version != PACKAGE_VERSION and not ended_in_order:
        raise InputError(
            f"the journal was written by version {version} and did not end in order; start and stop that version once, then this"
        )
    changes = tuple(differences({**before}, {**frozen}))
    if not changes:
        return Recovered(folded(plan, journal), is_new=False, changed_today=())
    state = folded(plan_for(settings_in(before)), journal)
    same_day = trading_day(state.time_ns, plan.day) == trading_day(state.origin.started_ns, plan.day)
    if same_day and not state.ended:
        return Recovered(state, is_new=False, changed_today=changes)
    taken = taken_over(state, plan)
    kept = snapshot_of(taken)
    if kept is None:
        raise InputError(
            "a strategy of this desk is a plain function, which cannot be handed over to changed settings; begin anew with --again"
        )
    journal.save_snapshot(kept)
    return Recovered(taken, is_new=False, changed_today=())


def written_with(journal: Journal) -> tuple[str, Mapping[str, Any]]:
    """Version and settings of the process that wrote last."""
    snapshot = journal.load_snapshot()
    found = None if snapshot is None else stored_origin(snapshot)
    start = 1 if snapshot is None else snapshot.sequence + 1
    for envelope in journal.read(start):
        if envelope.kind == "started":
            happened = happened_in(envelope)
            if happened is not None and isinstance(happened.event, DeskStarted):
                found = (happened.event.version, happened.event.settings)
    return found or (PACKAGE_VERSION, {})


def settings_in(frozen: Mapping[str, Any]) -> Settings:
    """The settings in their frozen form. Raises InputError for those of another version."""
    try:
        return Settings.model_validate({name: part for name, part in frozen.items() if name not in _NOT_RULES})
    except ValidationError as error:
        raise InputError(
            "the settings that the journal was written with are not those of this version; stop the desk in order with the "
            "version that wrote it, then start this one"
        ) from error


def taken_over(state: DeskState, plan: DeskPlan) -> DeskState:
    """The same desk under another plan. Strategies that stay as they were go on where they are.

    Raises InputError where others come in while positions or orders are open.
    """
    same = [(one.name, one.key, dict(one.strategy.parameters)) for one in state.plan.members] == [
        (one.name, one.key, dict(one.strategy.parameters)) for one in plan.members
    ]
    if same and len(first_state(plan).volatility) == len(state.volatility):
        kept: DeskState = replace(state, plan=plan)
        return kept
    if state.orders or any(one.holding is not None for one in state.members):
        raise InputError(
            "strategies, or rules about volatility, were changed while positions or orders of this desk are open; set them back, "
            "`tradeworthy flatten`, and change them then"
        )
    new = first_state(plan)
    fresh: DeskState = replace(
        new, sequence=state.sequence, time_ns=state.time_ns, mode=state.mode, balance=state.balance, financing=state.financing,
        peak_equity=state.peak_equity, day=state.day, calibration=state.calibration, record=state.record, origin=state.origin,
        signals=state.signals,
    )  # fmt: skip
    return fresh
