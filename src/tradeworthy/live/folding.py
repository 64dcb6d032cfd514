"""Starting up is crash recovery: the journal's events give the state they gave before, from the newest snapshot on."""

from typing import Any, Final, get_type_hints

import msgspec
from msgspec.structs import replace

from tradeworthy.core.errors import InputError
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.live.desk_events import happened_in
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.desk_state import DeskState, first_state
from tradeworthy.live.stepping import step
from tradeworthy.live.volatility_feed import VolatilityFeed
from tradeworthy.ports import Journal

SNAPSHOT_SCHEMA: Final = 1
_APART = frozenset({"plan", "streams", "volatility"})
_LATER: Final = "signals"


def folded(plan: DeskPlan, journal: Journal) -> DeskState:
    """The state after the last durable event. Raises InputError for events of another version, JournalError for damage.

    Commands are not carried out again: what was sent is asked for once the desk is started.
    """
    snapshot = journal.load_snapshot()
    state = first_state(plan) if snapshot is None else restored(plan, snapshot)
    for envelope in journal.read(state.sequence + 1):
        happened = happened_in(envelope)
        state = replace(state, sequence=envelope.sequence) if happened is None else step(state, happened)[0]
    return state


def snapshot_of(state: DeskState) -> Snapshot | None:
    """The state for the journal; None where a strategy cannot be kept, so that the events have to be folded each time."""
    streams = []
    for stream in state.streams:
        if not hasattr(stream, "saved"):
            return None
        streams.append(stream.saved())
    fields = {name: getattr(state, name) for name in state.__struct_fields__ if name not in _APART}
    names = [one.name for one in state.plan.members]
    volatility = [feed.saved() for feed in state.volatility]
    data = msgspec.msgpack.encode({"members": names, "streams": streams, "volatility": volatility, "state": fields})
    return Snapshot(state.sequence, SNAPSHOT_SCHEMA, data)


def restored(plan: DeskPlan, snapshot: Snapshot) -> DeskState:
    """The state in a snapshot. Raises InputError for one of another version or of other strategies."""
    if snapshot.schema != SNAPSHOT_SCHEMA:
        raise InputError(
            f"the snapshot after event {snapshot.sequence} has schema {snapshot.schema}, this version reads "
            f"{SNAPSHOT_SCHEMA}; use the version that wrote it"
        )
    held: dict[str, Any] = msgspec.msgpack.decode(snapshot.data)
    names = [one.name for one in plan.members]
    if held["members"] != names:
        raise InputError(
            f"the journal is of the strategies {', '.join(held['members'])}, and the settings name {', '.join(names)}; "
            "begin another journal for another book"
        )
    streams = tuple(
        member.strategy.resumed(saved)  # type: ignore[attr-defined]  # those that were saved can be resumed
        for member, saved in zip(plan.members, held["streams"], strict=True)
    )
    series = plan.series if plan.feels_volatility else ()
    if len(held["volatility"]) != len(series):
        raise InputError(
            "the snapshot was written under rules that ask otherwise for volatility; begin with the settings of then"
        )
    volatility = tuple(
        VolatilityFeed.resumed(saved, plan.changes_of(one))
        for one, saved in zip(series, held["volatility"], strict=True)
    )
    kept = msgspec.convert(held["state"], type=_kept_type(), strict=False)
    fields = {name: getattr(kept, name) for name in kept.__struct_fields__}
    return DeskState(plan=plan, streams=streams, volatility=volatility, **fields)


def stored_origin(snapshot: Snapshot) -> tuple[str, dict[str, Any]]:
    """Version and settings of the process that wrote a snapshot."""
    origin = msgspec.msgpack.decode(snapshot.data)["state"]["origin"]
    return origin["version"], origin["settings"]


def _kept_type() -> Any:
    """The state's fields without those that stand apart. What came later is empty in a snapshot of before."""
    hints = {name: kind for name, kind in get_type_hints(DeskState).items() if name not in _APART}
    later = hints.pop(_LATER)
    return msgspec.defstruct("KeptState", [*hints.items(), (_LATER, later, msgspec.field(default_factory=dict))])
