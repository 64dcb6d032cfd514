"""A deal was made: the order, the strategy's position, the money and the calibration move on, once for each deal."""

from decimal import Decimal

from msgspec.structs import replace

from tradeworthy.core.deals import LEGS, NOTHING, Fill, Leg, OrderStatus
from tradeworthy.live.desk_commands import NoteKind, NoteLevel
from tradeworthy.live.desk_state import Holding, MemberState, Role, Wanted, Working
from tradeworthy.live.entry_step import enter_waiting
from tradeworthy.live.exit_step import ask_cancel, exit_failed, leave
from tradeworthy.live.mode import Mode
from tradeworthy.live.money import gain
from tradeworthy.live.order_life import LiveOrder
from tradeworthy.live.over_closing import DEALS, closed_twice, over_closed, unexplained
from tradeworthy.live.turn import Turn


def dealt(turn: Turn, name: str, fill: Fill) -> None:
    """A deal of the order `name`. One that is known already changes nothing."""
    one = turn.state.orders.get(name) or turn.state.done.get(name)
    if not is_number(fill):
        sentence = f"the broker told a deal of {name} that is none: {fill.units} units at {fill.price}, fee {fill.fee}"
        symbol = "" if one is None else one.life.symbol
        turn.tell(NoteKind.BREAK, NoteLevel.ALERT, sentence, symbol=symbol, client_id=name)
        turn.restrict(DEALS, Mode.REDUCING, sentence, latched=True, instrument=symbol)
        turn.change(book=replace(turn.state.book, due_ns=turn.now))
        return
    if one is None:
        sentence = f"the broker dealt {fill.units} for the order {name}, which the desk does not know"
        turn.tell(
            NoteKind.BREAK, NoteLevel.ALERT, sentence, client_id=name, units=str(fill.units), price=str(fill.price)
        )
        turn.restrict(DEALS, Mode.REDUCING, sentence)
        turn.change(book=replace(turn.state.book, due_ns=turn.now))
        return
    moved(turn, one, one.life.filled_by(fill))


def is_number(fill: Fill) -> bool:
    """Whether a deal can be reckoned with at all."""
    return fill.units.is_finite() and fill.price.is_finite() and fill.fee.is_finite()


def moved(turn: Turn, one: Working, life: LiveOrder) -> None:
    """The order stands elsewhere now: book the deals that are new, tell what cannot be true, and what its end means."""
    known = {fill.fill_id for fill in one.life.fills}
    fills = [
        fill for fill in life.fills if fill.fill_id not in known and fill.units
    ]  # of no units: a break, and no deal
    for sentence in life.breaks[len(one.life.breaks) :]:
        turn.tell(
            NoteKind.BREAK,
            NoteLevel.ALERT,
            f"order {life.client_id}: {sentence}",
            strategy=life.strategy,
            symbol=life.symbol,
        )
        turn.restrict(DEALS, Mode.REDUCING, f"order {life.client_id}: {sentence}", latched=True, instrument=life.symbol)
    was_over = one.life.status.is_over and not one.life.must_ask
    one = turn.keep(
        replace(
            one,
            life=life,
            doubted=one.doubted and not life.status.is_over,
            moving=None if life.status.is_over else one.moving,
        )
    )
    for fill in fills:
        turn.change(latest_deals={**turn.state.latest_deals, life.symbol: (float(fill.price), fill.time_ns)})
        if one.role is Role.ENTRY:
            _opened(turn, one, fill)
        else:
            _reduced(turn, one, fill)
    if life.status.is_over and not was_over and not life.must_ask:
        _ended(turn, one)


def _opened(turn: Turn, one: Working, fill: Fill) -> None:
    place, member = one.member, turn.state.members[one.member]
    held, price, units = member.holding, float(fill.price), fill.units
    if held is not None and held.entry_id != one.life.client_id:
        sentence = f"{one.life.strategy} was dealt {units} by {one.life.client_id} while it held {held.units} of {held.entry_id}"
        turn.tell(NoteKind.BREAK, NoteLevel.ALERT, sentence, strategy=one.life.strategy, symbol=one.life.symbol)
        turn.restrict(DEALS, Mode.REDUCING, sentence, latched=True, instrument=one.life.symbol)
    if held is not None and units * held.units < NOTHING:
        _lessened(turn, one, held, fill)
        return
    wanted = one.wanted or Wanted(1 if units > 0 else -1, price, fill.time_ns, None, None)
    if held is None:
        stop, target = _levels(turn, wanted, price, one)
        held = Holding(
            one.life.client_id, units, units, price, fill.time_ns, wanted, stop, target, fees=float(fill.fee)
        )
        _counted(turn)
    else:
        more = held.units + units
        mean = (float(held.units) * held.price + float(units) * price) / float(more)
        held = replace(held, units=more, opened=held.opened + units, price=mean, fees=held.fees + float(fill.fee))
    turn.member(place, holding=held)
    overtaken = _overtaken(turn, one) if fill == one.life.fills[0] else []
    if not overtaken:
        _protected(turn, held)
    side = "long" if held.side > 0 else "short"
    turn.tell(
        NoteKind.OPENED, NoteLevel.INFO,
        f"{one.life.strategy}: {side} {abs(units):,} {one.life.symbol} at {shown(turn, place, price)}",
        strategy=one.life.strategy, symbol=one.life.symbol, client_id=one.life.client_id, units=str(units),
        price=str(fill.price), time_ns=fill.time_ns,
    )  # fmt: skip
    for leg, deal in overtaken:
        left = turn.state.members[place].holding
        if left is not None and left.entry_id == one.life.client_id:
            _lessened(turn, leg, left, deal)
    if member.entry_id not in {"", one.life.client_id}:  # of two entries the one that was still to come is one too many
        ask_cancel(turn, member.entry_id)
    if one.life.cancel_wanted:
        leave(turn, place, "its entry was to be taken back")


def _overtaken(turn: Turn, one: Working) -> list[tuple[Working, Fill]]:
    """Deals of an entry's legs that were heard of before the first of its own."""
    names = [leg.of(one.life.client_id) for leg in LEGS]
    legs = [turn.state.orders.get(name) or turn.state.done.get(name) for name in names]
    return [(leg, deal) for leg in legs if leg is not None for deal in leg.life.fills]


def _protected(turn: Turn, held: Holding) -> None:
    """The legs rest for what was dealt. They are known again where their entry had seemed to end without a deal; a stop that
    has dealt already protects nothing of what was dealt after it."""
    for leg in LEGS:
        name = leg.of(held.entry_id)
        resting = turn.state.orders.get(name)
        if resting is not None:
            life = replace(resting.life, units=-held.opened, status=OrderStatus.WORKING)
            turn.keep(replace(resting, life=life, doubted=leg is Leg.STOP, asked_ns=0))  # whether it rests is asked for
            continue
        gone = turn.state.done.get(name)
        if gone is None:
            continue
        if not gone.life.fills:
            life = LiveOrder(name, gone.life.symbol, gone.life.strategy, -held.opened, OrderStatus.WORKING)
            turn.keep(replace(gone, life=life, doubted=leg is Leg.STOP, asked_ns=0))
            turn.change(book=replace(turn.state.book, due_ns=turn.now))
        elif leg is Leg.STOP:
            leave(turn, gone.member, "stop gone")


def shown(turn: Turn, place: int, price: float) -> str:
    """A price as people read it, to the instrument's tick."""
    return str(turn.plan.members[place].instrument.quantise_price(price))


def _levels(turn: Turn, wanted: Wanted, price: float, one: Working) -> tuple[float | None, float | None]:
    if not turn.plan.stops_from_fill or wanted.has_prices:
        return (None if one.stop is None else float(one.stop)), (None if one.target is None else float(one.target))
    stop = None if wanted.stop_distance is None else price - wanted.side * wanted.stop_distance
    target = None if wanted.target_distance is None else price + wanted.side * wanted.target_distance
    return stop, target


def _counted(turn: Turn) -> None:
    from tradeworthy.controls.calibration_steps import entered

    day = turn.state.day
    turn.change(calibration=entered(turn.state.calibration, turn.day_number()), day=replace(day, trades=day.trades + 1))


def _reduced(turn: Turn, one: Working, fill: Fill) -> None:
    held = turn.state.members[one.member].holding
    entry = turn.state.orders.get(one.closes)
    if held is None and entry is not None and not entry.life.fills:
        sentence = f"{one.life.client_id} dealt {fill.units} before its entry was heard to deal; the broker is asked"
        turn.tell(NoteKind.BREAK, NoteLevel.WARNING, sentence, strategy=one.life.strategy, symbol=one.life.symbol)
        turn.restrict(DEALS, Mode.REDUCING, sentence)
        turn.keep(replace(entry, doubted=True, asked_ns=0))
        turn.change(book=replace(turn.state.book, due_ns=turn.now))
        return
    if held is None or held.entry_id != one.closes:
        if not closed_twice(turn, one, fill):
            unexplained(turn, one, fill)
        return
    _lessened(turn, one, held, fill)


def _lessened(turn: Turn, one: Working, held: Holding, fill: Fill) -> None:
    """A deal against what is held; one that goes beyond it leaves units the other way, of which the next deals make less."""
    place = one.member
    earned = gain(turn.state, place, held, -float(fill.units) * held.side, float(fill.price), fill.rate)
    left = held.units + fill.units
    if earned is None:
        sentence = f"{one.life.strategy}: what the deal earned is not known, as a conversion rate is missing"
        turn.tell(NoteKind.BREAK, NoteLevel.ALERT, sentence, strategy=one.life.strategy, symbol=one.life.symbol)
        turn.restrict(DEALS, Mode.REDUCING, sentence, latched=True)
    share = 0.0 if held.units == 0 else float(left / held.units)
    mark = None if held.mark is None else held.mark * share
    held = replace(
        held,
        units=left,
        realised=held.realised + (earned or 0.0),
        exit_fees=held.exit_fees + float(fill.fee),
        mark=mark,
    )
    turn.member(place, holding=held)
    if left * held.opened < NOTHING < left * fill.units:
        over_closed(turn, one, left)
    elif left == NOTHING:
        _closed(turn, place, held, one, fill)


def _closed(turn: Turn, place: int, held: Holding, one: Working, fill: Fill) -> None:
    from tradeworthy.backtest.account_steps import with_result
    from tradeworthy.controls.calibration_steps import closed

    state, plan = turn.state, turn.plan
    member, pnl = state.members[place], held.booked
    day, calibration = turn.day_number(), state.calibration
    if plan.packed.calibration is not None:
        calibration = closed(calibration, pnl, fill.time_ns, day, plan.packed.calibration)
    r = _in_r(turn, place, held, pnl, fill.rate)
    record = state.record if r is None else with_result(state.record, r)
    turn.change(balance=state.balance + pnl, calibration=calibration, record=record)
    turn.member(
        place,
        holding=None,
        wanted=member.wanted,
        trades=member.trades + 1,
        won=member.won + (pnl > 0),
        pnl=member.pnl + pnl,
        exit_failures=0,
    )
    side, why = "long" if held.side > 0 else "short", one.why or "a deal the other way"
    turn.tell(
        NoteKind.CLOSED, NoteLevel.INFO,
        f"{one.life.strategy}: {side} {abs(held.opened):,} {one.life.symbol} left at {shown(turn, place, float(fill.price))} "
        f"by {why}, "
        f"{pnl:+,.2f} {plan.currency}",
        strategy=one.life.strategy, symbol=one.life.symbol, side=side, units=str(abs(held.opened)),
        entry_price=held.price, exit_price=float(fill.price), entry_ns=held.opened_ns, exit_ns=fill.time_ns,
        decided_ns=held.wanted.decided_ns, reason=why, pnl=pnl, r=r, fees=held.fees + held.exit_fees, entry_id=held.entry_id,
    )  # fmt: skip
    _after(turn, place, state.members[place])


def _in_r(turn: Turn, place: int, held: Holding, pnl: float, rate: float | None) -> float | None:
    if held.wanted.stop_distance is None:
        return None
    stop = held.price + held.side * held.wanted.stop_distance
    risked = gain(turn.state, place, held, abs(float(held.opened)), stop, rate)
    return None if not risked else pnl / risked


def _after(turn: Turn, place: int, before: MemberState) -> None:
    """The position is gone: the exit that was on its way with it, and an entry that waited for this may go."""
    if before.exit_id:
        turn.member(place, exit_id="")
        ask_cancel(turn, before.exit_id)  # of what it was to close, nothing is left
    if before.entry_id:
        ask_cancel(turn, before.entry_id)
    enter_waiting(turn, place)


def _ended(turn: Turn, one: Working) -> None:
    """The order is over, whichever way."""
    place, life = one.member, one.life
    member = turn.state.members[place]
    if one.role is Role.ENTRY:
        if member.entry_id == life.client_id:
            turn.member(place, entry_id="")
        if not life.fills:
            for leg in LEGS:
                _forget(turn, leg.of(life.client_id))
            _told_end(turn, one)
    elif one.role is Role.EXIT:
        if not life.fills:
            _told_end(turn, one)
        if member.exit_id == life.client_id:
            _attempt_over(turn, place, dealt=bool(life.fills))
    elif life.status is not OrderStatus.FILLED:
        _unprotected(turn, one, member)


def _attempt_over(turn: Turn, place: int, *, dealt: bool) -> None:
    """An exit ended. One that dealt got through, and what is still held may be left with the next."""
    turn.member(place, exit_id="")
    if dealt:
        turn.member(place, exit_failures=0, next_exit_ns=turn.now + turn.plan.timing.exit_ns)
    else:
        exit_failed(turn, place)


def _told_end(turn: Turn, one: Working) -> None:
    life = one.life
    sentence = f"{life.strategy}: the {one.role} order of {abs(life.units)} {life.symbol} was {life.status}"
    reason = f": {life.reason}" if life.reason else ""
    turn.tell(
        NoteKind.ORDER, NoteLevel.WARNING, sentence + reason, strategy=life.strategy, symbol=life.symbol,
        client_id=life.client_id, status=str(life.status),
    )  # fmt: skip


def _forget(turn: Turn, name: str) -> None:
    leg = turn.state.orders.get(name)
    if leg is not None:
        turn.keep(replace(leg, life=leg.life.cancelled("its entry was not dealt", NOTHING)))


def _unprotected(turn: Turn, one: Working, member: MemberState) -> None:
    """A leg ended while what it protects is held, and no other leg has taken it: without its stop it is left."""
    held = member.holding
    if held is None or held.entry_id != one.closes or held.leaving or one.role is not Role.STOP:
        return
    target = turn.state.done.get(Leg.TARGET.of(one.closes)) or turn.state.orders.get(Leg.TARGET.of(one.closes))
    if target is not None and target.life.fills:
        return
    sentence = f"{one.life.strategy}: the stop of {abs(held.units)} {one.life.symbol} is gone ({one.life.status}), so it is left"
    turn.tell(NoteKind.BREAK, NoteLevel.ALERT, sentence, strategy=one.life.strategy, symbol=one.life.symbol)
    leave(turn, one.member, "stop gone")


def units_held(turn: Turn) -> dict[str, Decimal]:
    """Net units that the desk holds, over all strategies, by symbol; symbols that none of them holds are left out."""
    held: dict[str, Decimal] = {}
    for member, state in zip(turn.plan.members, turn.state.members, strict=True):
        if state.holding is not None:
            symbol = member.instrument.symbol
            held[symbol] = held.get(symbol, NOTHING) + state.holding.units
    return held
