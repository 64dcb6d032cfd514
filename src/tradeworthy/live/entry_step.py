"""The chain of decision for an entry: mode, filters, sizing with calibration, limits and gate; each refusal is told."""

import math
from decimal import Decimal

from msgspec.structs import replace

from tradeworthy.controls.account_view import AccountView, OpenPosition
from tradeworthy.controls.refusals import Refusal
from tradeworthy.controls.sizing import VolatilityTarget
from tradeworthy.core.approved import Approved
from tradeworthy.core.clock import MINUTE_NS
from tradeworthy.core.deals import Leg
from tradeworthy.core.order import Order, Refused
from tradeworthy.live.chain_outcomes import input_flags, size_outcome
from tradeworthy.live.chain_weighing import weigh_entry, weigh_refusal, weigh_sent
from tradeworthy.live.desk_commands import NoteKind, NoteLevel, Place
from tradeworthy.live.desk_state import DeskState, Role, Wanted, Working
from tradeworthy.live.holding_back import only_for_a_while, restrictions_of
from tradeworthy.live.mode import Mode
from tradeworthy.live.money import last_prices, rate_of, rates
from tradeworthy.live.order_life import LiveOrder
from tradeworthy.live.trading_days import minute_of_day
from tradeworthy.live.turn import Turn
from tradeworthy.live.verdict_chain import Stage
from tradeworthy.live.volatility_feed import VolatilityFeed

_ROLES = {Leg.STOP: Role.STOP, Leg.TARGET: Role.TARGET}
RECENT_SIZES = 20
"""Sizes kept by symbol, against which a fat finger is told."""


def enter(turn: Turn, place: int, wanted: Wanted) -> None:
    """Send an entry, or say which check refused it."""
    plan, member = turn.plan, turn.plan.members[place]
    if turn.weighing is not None:
        weigh_entry(turn, turn.weighing, place, wanted)
    closed = not_active(turn.state, place) or _unusable(wanted) or _filtered(turn, place, wanted)
    if closed is not None:
        refuse(turn, place, wanted, closed)
        return
    sized = _units(turn, place, wanted)
    if isinstance(sized, Refused):
        refuse(turn, place, wanted, sized)
        return
    units = member.instrument.quantise_units(sized * wanted.side)
    if units == 0:
        least = f"{member.instrument.min_units} units"
        refuse(turn, place, wanted, Refused("sizing", Refusal.BELOW_MINIMUM.words, least, f"{sized:g}"))
        return
    if turn.weighing is not None:
        turn.weighing.add(member.name, Stage.SIZING, size_outcome(turn.state, place, sized))
    life = LiveOrder(turn.next_id(), member.instrument.symbol, member.name, units)
    stop = _level(wanted, -1, wanted.stop_distance, wanted.stop)
    target = _level(wanted, 1, wanted.target_distance, wanted.target)
    working = Working(life, Role.ENTRY, place, wanted, stop=stop, target=target)
    order, book = order_of(turn.state, working), account_view(turn.state)
    if turn.weighing is not None:
        turn.weighing.add(member.name, Stage.LIMITS, *plan.gate.ruling(order, book, turn.now).outcomes)
    answer = plan.gate.judge(order, book, turn.now)
    if isinstance(answer, Refused):
        refuse(turn, place, wanted, answer)
        return
    _send(turn, working, wanted, answer)


def _send(turn: Turn, working: Working, wanted: Wanted, approved: Approved[Order]) -> None:
    """Hand an approved entry to the broker, with its legs known from now on."""
    place, order = working.member, approved.value
    ticket = turn.ticket()
    if ticket is None:
        why = "the broker is not called at the moment, it failed too often"
        phase = str(turn.state.breaker.phase)
        refuse(turn, place, wanted, Refused("broker", why, "a broker that answers", phase))
        return
    if turn.weighing is not None:
        weigh_sent(turn.weighing, order, str(turn.state.breaker.phase))
    orders = {order.client_id: replace(working, life=working.life.sent(), sent_ns=turn.now)}
    for leg, level, distance in (
        (Leg.STOP, order.stop, order.stop_distance),
        (Leg.TARGET, order.target, order.target_distance),
    ):
        if level is not None or distance is not None:
            name = leg.of(order.client_id)
            life = LiveOrder(name, order.instrument.symbol, order.strategy, -order.units)
            orders[name] = Working(life, _ROLES[leg], place, closes=order.client_id, why=leg.value)
    turn.member(place, entry_id=order.client_id, wanted=None)
    state, symbol = turn.state, order.instrument.symbol
    sizes = (*state.recent_units.get(symbol, ()), abs(float(order.units)))[-RECENT_SIZES:]
    turn.change(
        orders={**state.orders, **orders}, recent_units={**state.recent_units, symbol: sizes},
        sent_ns=lately(state.sent_ns, turn.now),
    )  # fmt: skip
    turn.command(Place(approved, ticket))
    side = "long" if order.units > 0 else "short"
    turn.tell(
        NoteKind.ORDER, NoteLevel.INFO, f"{order.strategy}: {side} {abs(order.units)} {symbol} sent", strategy=order.strategy,
        symbol=symbol, client_id=order.client_id, units=str(order.units), decided_ns=wanted.decided_ns,
    )  # fmt: skip


def refuse(turn: Turn, place: int, wanted: Wanted, refused: Refused) -> None:
    """Tell which check stopped an entry, what it allows and what was found."""
    member = turn.plan.members[place]
    if turn.weighing is not None:
        weigh_refusal(turn, turn.weighing, place, wanted, refused)
    turn.tell(
        NoteKind.REFUSED, NoteLevel.WARNING, f"{member.name}: no entry, {refused.reason}", strategy=member.name,
        symbol=member.instrument.symbol, check=refused.check, limit=refused.limit, actual=refused.actual,
        side="long" if wanted.side > 0 else "short", decided_ns=wanted.decided_ns,
    )  # fmt: skip


def order_of(state: DeskState, one: Working) -> Order:
    """What is sent to the broker for it: the same for ever."""
    member = state.plan.members[one.member]
    wanted = one.wanted
    from_fill = state.plan.stops_from_fill and wanted is not None and not wanted.has_prices
    return Order(
        one.life.client_id, member.instrument, member.name, one.life.units, one.stop, one.target,
        reduce_only=one.role is not Role.ENTRY, closes=one.closes,
        stop_distance=wanted.stop_distance if from_fill and wanted else None,
        target_distance=wanted.target_distance if from_fill and wanted else None,
    )  # fmt: skip


def account_view(state: DeskState) -> AccountView:
    """What the gate sees."""
    plan, equity = state.plan, state.equity
    positions = tuple(
        OpenPosition(
            member.name, member.instrument, held.holding.units,
            None if held.holding.stop is None else Decimal(repr(held.holding.stop)),
        )
        for member, held in zip(plan.members, state.members, strict=True)
        if held.holding is not None
    )  # fmt: skip
    pending = tuple(
        order_of(state, one)
        for one in state.orders.values()
        if one.role in {Role.ENTRY, Role.EXIT} and not one.life.status.is_over
    )
    return AccountView(
        currency=plan.currency, equity=equity, day_start_equity=state.day.start_equity,
        day_high_equity=state.day.high_equity, equity_peak=state.peak_equity, positions=positions, pending=pending,
        prices=last_prices(state), rates=rates(state), orders_sent_ns=state.sent_ns, trades_today=state.day.trades,
        recent_units=state.recent_units, groups=plan.groups, correlations=plan.correlations,
    )  # fmt: skip


def lately(sent_ns: tuple[int, ...], now: int) -> tuple[int, ...]:
    """The moments of the last minute, and now."""
    return (*(one for one in sent_ns if one > now - MINUTE_NS), now)


def enter_waiting(turn: Turn, place: int) -> None:
    """An entry that waited for its position to be left may go now, or waits on while the broker is being reconciled."""
    member = turn.state.members[place]
    if member.wanted is None or member.holding is not None or member.entry_id:
        return
    if not only_for_a_while(turn.state, place):
        turn.member(place, wanted=None)
        enter(turn, place, member.wanted)


def not_active(state: DeskState, place: int) -> Refused | None:
    """What holds entries of a strategy back; None where nothing does."""
    found = restrictions_of(state, place)
    return Refused("mode", found[0].sentence, Mode.ACTIVE, found[0].mode) if found else None


def _unusable(wanted: Wanted) -> Refused | None:
    for name, distance in (("stop", wanted.stop_distance), ("target", wanted.target_distance)):
        if distance is not None and not 0.0 < distance < math.inf:
            return Refused(
                "strategy",
                f"its {name} lies {distance:g} away from the price",
                "a distance above zero",
                f"{distance:g}",
            )
    return None


def _filtered(turn: Turn, place: int, wanted: Wanted) -> Refused | None:
    rules = turn.plan.packed.filters
    if rules is None:
        return None
    from tradeworthy.controls.filter_steps import filter_decision

    applies = input_flags(turn.state, place)
    minute = minute_of_day(turn.now, turn.plan.session_zone)
    feed = _volatility(turn, place)
    level = 0 if feed is None else feed.level
    _, code = filter_decision(minute, math.nan, math.nan, math.nan, level, wanted.side, applies, rules)
    return _refusal("filters", code)


def _volatility(turn: Turn, place: int) -> VolatilityFeed | None:
    """How volatile the strategy's market is; None where no rule of this desk asks."""
    feeds = turn.state.volatility
    return feeds[turn.plan.series_at[turn.plan.members[place].key]] if feeds else None


def _units(turn: Turn, place: int, wanted: Wanted) -> float | Refused:
    from tradeworthy.controls.calibration_steps import permission
    from tradeworthy.controls.sizing_steps import permitted_units, wanted_units

    state, plan, member = turn.state, turn.plan, turn.plan.members[place]
    feed = _volatility(turn, place)
    share, code, packed = 1.0, 0, plan.packed.calibration
    if packed is not None:
        level = 0 if feed is None else feed.level
        minute = minute_of_day(turn.now, plan.session_zone)
        day = turn.day_number()
        share, code = permission(state.calibration, turn.now, day, minute, level, packed)
    if code:
        return _refusal("calibration", code) or 0.0
    rate = rate_of(state, member.instrument.quote)
    value = math.nan if rate is None else rate * float(member.instrument.multiplier)
    stop = math.nan if wanted.stop_distance is None else wanted.stop_distance
    sizing, sizes = plan.packed.sizings[place], plan.packed.sizes[place]
    annual = math.nan if feed is None or not isinstance(member.sizing, VolatilityTarget) else feed.annual
    units, code = wanted_units(sizing, state.balance, wanted.close, stop, value, annual, state.record, share)
    if not code:
        units, code = permitted_units(units, wanted.close, value, state.balance, *sizes)
    return _refusal("sizing", code) or float(units)


def _refusal(check: str, code: int) -> Refused | None:
    if not code:
        return None
    found = Refusal(int(code))
    return Refused(check, found.words, "allowed", found.name.lower().replace("_", " "))


def _level(wanted: Wanted, sign: int, distance: float | None, price: float | None) -> Decimal | None:
    if price is not None:
        return Decimal(repr(price))
    return None if distance is None else Decimal(repr(wanted.close + sign * wanted.side * distance))
