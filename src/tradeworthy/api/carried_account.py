"""A paper account that holds what a desk knows that its broker holds: positions, their legs, orders on their way, the balance."""

from collections.abc import Iterator
from decimal import Decimal

from tradeworthy.adapters.brokers.paper_changes import Begun, Change, Closing, Dealt, Opening, Taken
from tradeworthy.adapters.brokers.paper_checks import taken_from
from tradeworthy.core.deals import LEGS, NOTHING, Fill, Leg
from tradeworthy.live.desk_state import DeskState, Holding, Role, Working
from tradeworthy.live.entry_step import order_of


def carried_changes(state: DeskState, *, latency_ns: int, checks_entry_bar: bool, owed: float = 0.0) -> list[Change]:
    """What makes a new paper account the broker of a desk in this state; the first says how it begins.

    What is left of a position that was closed in part is carried as one lot at its mean price. Nights that passed are financed
    when positions are closed. owed: by how much the broker's balance is another than the desk's own sum.
    """
    rest = [*_changes(state, latency_ns, checks_entry_bar=checks_entry_bar)]
    held = [one.holding for one in state.members if one.holding is not None]
    fees = sum(one.fees * float(one.units / one.opened) for one in held)  # the account takes those of open units off
    booked = sum(one.booked for one in held)
    return [Begun(state.time_ns, state.balance + booked + fees + owed, state.plan.currency), *rest]


def _changes(state: DeskState, latency_ns: int, *, checks_entry_bar: bool) -> Iterator[Change]:
    for place, member in enumerate(state.members):
        if member.holding is not None:
            yield from _held(state, place, member.holding, latency_ns, checks_entry_bar=checks_entry_bar)
    for one in state.orders.values():
        if one.role in {Role.ENTRY, Role.EXIT} and _is_on_its_way(one) and not _is_held(state, one):
            yield _taken(state, one, latency_ns)
            held = state.members[one.member].holding
            if held is not None and _leaving(state, one):
                yield from _part_left(one, held.entry_id)


def _is_on_its_way(one: Working) -> bool:
    return one.sent_ns > 0 and not one.life.status.is_over and one.life.open_units != NOTHING


def _is_held(state: DeskState, one: Working) -> bool:
    held = state.members[one.member].holding
    return held is not None and held.entry_id == one.life.client_id


def _taken(state: DeskState, one: Working, latency_ns: int) -> Taken:
    return taken_from(order_of(state, one), f"carried-{one.life.client_id}", one.sent_ns, one.sent_ns + latency_ns)


def _leaving(state: DeskState, one: Working) -> tuple[Fill, ...]:
    """The deals of an exit order on its way that together are all that was closed of what it closes; else none."""
    held = state.members[one.member].holding
    if held is None or one.role is not Role.EXIT or not _is_on_its_way(one):
        return ()
    entry = state.orders.get(held.entry_id) or state.done.get(held.entry_id)
    opened = NOTHING if entry is None else sum((fill.units for fill in entry.life.fills), NOTHING)
    closed = sum((fill.units for fill in one.life.fills), NOTHING)
    return one.life.fills if held.opened == opened == held.units - closed else ()


def _part_left(one: Working, entry_id: str) -> Iterator[Dealt]:
    """What such an order has closed: the desk has booked it, so it moves no money again."""
    for fill in one.life.fills:
        yield Dealt(
            time_ns=fill.time_ns, client_id=one.life.client_id, fill_id=fill.fill_id, units=fill.units, price=float(fill.price),
            fee=0.0, raw_fee=0.0, closings=(Closing(entry_id, abs(fill.units)),),
        )  # fmt: skip


def _held(state: DeskState, place: int, held: Holding, latency_ns: int, *, checks_entry_bar: bool) -> Iterator[Change]:
    entry = state.orders.get(held.entry_id)
    known = entry or state.done.get(held.entry_id)
    leaving = state.orders.get(state.members[place].exit_id)
    closed = NOTHING if leaving is None else sum((one.units for one in _leaving(state, leaving)), NOTHING)
    left = NOTHING if entry is None else entry.life.open_units
    member = state.plan.members[place]
    levels = {leg: _resting(state, leg, held) for leg in LEGS}
    yield Taken(
        held.opened_ns, held.opened_ns + latency_ns, f"carried-{held.entry_id}", held.entry_id, member.instrument.symbol,
        member.name, held.units - closed + left, None, None, False, None, None, None, "",
    )  # fmt: skip
    from_ns = held.opened_ns + (not checks_entry_bar and not latency_ns)  # dealt at an open, where orders need no time
    opening = Opening(held.opened_ns, from_ns, levels[Leg.STOP], levels[Leg.TARGET])
    for fill_id, units, price, fee in _lots(held, known, held.units - closed):
        yield Dealt(
            time_ns=held.opened_ns, client_id=held.entry_id, fill_id=fill_id, units=units, price=price, fee=fee, raw_fee=fee,
            opening=opening,
        )  # fmt: skip


def _lots(held: Holding, entry: Working | None, units: Decimal) -> list[tuple[str, Decimal, float, float]]:
    """Id, units, price and fee of every deal of the entry; of one that is closed in part one for what is left of it. units: held,
    and those that an exit on its way has closed already."""
    fills = () if entry is None else entry.life.fills
    if units == held.opened == sum((one.units for one in fills), NOTHING):
        return [(one.fill_id, one.units, float(one.price), float(one.fee)) for one in fills]
    name = fills[0].fill_id if fills else f"carried-{held.entry_id}"
    return [(name, held.units, held.price, held.fees * float(held.units / held.opened))]


def _resting(state: DeskState, leg: Leg, held: Holding) -> float | None:
    """Where a leg rests; None where none does."""
    one = state.orders.get(leg.of(held.entry_id))
    if one is None or one.life.status.is_over:
        return None
    return held.stop if leg is Leg.STOP else held.target
