"""A bar came: is it one to decide on, what do the strategies make of it, and what is the account worth now?"""

import math

from msgspec.structs import replace

from tradeworthy.core.messages import BarCame
from tradeworthy.core.order import Refused
from tradeworthy.live.bar_arrival import Arrival, Arrived, judge
from tradeworthy.live.chain_weighing import weigh_decision, weigh_held, weigh_wait
from tradeworthy.live.desk_commands import NoteKind, NoteLevel
from tradeworthy.live.desk_plan import Series
from tradeworthy.live.desk_state import Day, Wanted
from tradeworthy.live.entry_step import enter, refuse
from tradeworthy.live.exit_step import ask_cancel, leave, try_again
from tradeworthy.live.holding_back import BARS, FRESHNESS, source_of
from tradeworthy.live.mode import Mode, lifted
from tradeworthy.live.money import gain
from tradeworthy.live.trading_days import trading_day
from tradeworthy.live.turn import Turn
from tradeworthy.strategies.protocol import LEAVE_LONG, LEAVE_SHORT, Decision


def bar_came(turn: Turn, event: BarCame) -> None:
    """Judge the bar, feed it to the strategies of its series, and act on what they decide."""
    plan = turn.plan
    place = plan.series_at.get((event.symbol, event.timeframe))
    if place is None:
        name = f"{event.symbol} {event.timeframe}"
        turn.tell(
            NoteKind.DATA, NoteLevel.WARNING, f"a bar of {name} came, which no strategy trades", symbol=event.symbol
        )
        return
    state = turn.state
    arrived = judge(state.histories[place], event.bar, turn.now, plan.hours[event.symbol], plan.freshness)
    if turn.now >= state.day.ends_ns:
        new_day(turn)
    if not arrived.verdict.keeps:
        _not_kept(turn, event, arrived)
        return
    _kept(turn, place, plan.series[place], event, arrived)


def _kept(turn: Turn, place: int, series: Series, event: BarCame, arrived: Arrived) -> None:
    bar, state = event.bar, turn.state
    streams, decisions = list(state.streams), []
    for i in series.members:
        stream = streams[i]
        if hasattr(stream, "copy"):  # a plain Python function remembers what it saw by itself
            stream = stream.copy()
        decision = stream.update(bar.high, bar.low, bar.close)
        streams[i] = stream
        if decision.enter or decision.leave:
            decisions.append((i, decision))
    histories = (*state.histories[:place], arrived.history, *state.histories[place + 1 :])
    volatility = state.volatility
    if volatility:
        feed = volatility[place].copy()
        feed.update(bar.high, bar.low, bar.close, bar.close_ns)
        volatility = (*volatility[:place], feed, *volatility[place + 1 :])
    turn.state = replace(
        state,
        streams=tuple(streams),
        histories=histories,
        volatility=volatility,
        looks=(*state.looks[:place], bar.close_ns + state.plan.limits_ns[place], *state.looks[place + 1 :]),
        sequence=turn.sequence,
        time_ns=turn.now,
    )
    if arrived.missing_ns or any(one.instrument == event.symbol for one in state.mode.restrictions):
        _gap(turn, event, arrived)
    _mark(turn, series, bar.close)
    for i, decision in decisions:
        _decided(turn, i, event, decision, arrived)
    for i in series.members:  # an entry that waited for an exit is as old as its bar
        if turn.state.members[i].exit_failures and not event.backfill:
            try_again(turn, i)
        waiting = turn.state.members[i].wanted
        if waiting is not None and waiting.decided_ns < bar.close_ns:
            turn.member(i, wanted=None)
            why = "the position was not left before the next bar"
            refuse(turn, i, waiting, Refused("reversal", why, "left before the next bar", "still held"))


def _decided(turn: Turn, i: int, event: BarCame, decision: Decision, arrived: Arrived) -> None:
    member = turn.state.members[i]
    bar = event.bar
    wanted = Wanted(
        int(decision.enter),
        bar.close,
        bar.close_ns,
        _distance(decision.stop_distance),
        _distance(decision.target_distance),
    )
    late = event.backfill or arrived.verdict is not Arrival.ACCEPT
    stale = Refused("data", f"the bar is not fresh: {arrived.sentence}", "a fresh bar", "a late one") if late else None
    if turn.weighing is not None:
        before = f"{arrived.sentence}; fetched afterwards, and not traded on" if event.backfill else arrived.sentence
        weigh_decision(turn, i, wanted, before if late else "")
    if member.holding is not None:
        if decision.leave & (LEAVE_LONG if member.holding.side > 0 else LEAVE_SHORT) and not member.holding.leaving:
            _reversed(turn, i, member.holding.side, wanted, stale)
        elif member.holding.leaving and wanted.side and not event.backfill:
            why = f"its position is still being left ({member.holding.leaving})"
            refuse(turn, i, wanted, Refused("one position", why, "none held", f"{member.holding.units} units"))
        weigh_held(turn, i, member.holding.units)
        return
    if member.entry_id:
        pending = turn.state.orders[member.entry_id].wanted
        going = pending is not None and decision.leave & (LEAVE_LONG if pending.side > 0 else LEAVE_SHORT)
        if going:
            ask_cancel(turn, member.entry_id)
        if wanted.side:
            why = "an entry of this strategy is still on its way"
            refuse(turn, i, wanted, Refused("one order", why, "none", member.entry_id))
        return
    if not wanted.side or event.backfill:
        return
    if stale is not None:
        refuse(turn, i, wanted, stale)
        return
    enter(turn, i, wanted)


def _reversed(turn: Turn, i: int, side: int, wanted: Wanted, stale: Refused | None) -> None:
    """Leave; an entry the other way waits until that is done, if it may be entered on this bar."""
    if wanted.side == -side and stale is None:
        turn.member(i, wanted=wanted)
        weigh_wait(turn, i)
    leave(turn, i, "signal")
    if wanted.side == -side and stale is not None:
        refuse(turn, i, wanted, stale)


def _distance(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _not_kept(turn: Turn, event: BarCame, arrived: Arrived) -> None:
    if arrived.verdict is Arrival.DUPLICATE:
        return
    turn.tell(NoteKind.DATA, NoteLevel.WARNING, arrived.sentence, symbol=event.symbol, verdict=str(arrived.verdict))
    if arrived.verdict.asks_again:
        latched = arrived.verdict is not Arrival.BAD  # a bad bar may still be sent again as it should be
        turn.restrict(
            source_of(BARS, event.timeframe), Mode.REDUCING, arrived.sentence, latched=latched, instrument=event.symbol
        )


def _gap(turn: Turn, event: BarCame, arrived: Arrived) -> None:
    whole = (
        lifted(turn.state.mode, source_of(BARS, event.timeframe), event.symbol)
        if not arrived.missing_ns
        else turn.state.mode
    )
    fresh = arrived.verdict is Arrival.ACCEPT and not event.backfill
    mode = lifted(whole, source_of(FRESHNESS, event.timeframe), event.symbol) if fresh else whole
    if mode != turn.state.mode:
        turn.change(mode=mode)
        sentence = f"{event.symbol} {event.timeframe}: bars come again; it is {mode.mode_of(event.symbol)}"
        turn.tell(NoteKind.MODE, NoteLevel.INFO, sentence, symbol=event.symbol)
    if not arrived.missing_ns:
        return
    if not event.backfill:
        turn.tell(NoteKind.DATA, NoteLevel.INFO, arrived.sentence, symbol=event.symbol, missing_ns=arrived.missing_ns)


def _mark(turn: Turn, series: Series, close: float) -> None:
    held = False
    for i in series.members:
        holding = turn.state.members[i].holding
        if holding is not None:
            held = True
            units = float(holding.units) * holding.side
            turn.member(i, holding=replace(holding, mark=gain(turn.state, i, holding, units, close)))
    if held:
        marked(turn)


def marked(turn: Turn) -> None:
    """The equity may have a new high."""
    equity = turn.state.equity
    if equity is None:
        return
    if equity > turn.state.peak_equity:
        turn.change(peak_equity=equity)
    if equity > turn.state.day.high_equity:
        turn.change(day=replace(turn.state.day, high_equity=equity))


def new_day(turn: Turn) -> None:
    """Another trading day has begun: it starts with what the account was worth before anything of it."""
    day = trading_day(turn.now, turn.plan.day)
    equity = turn.state.equity
    start = turn.state.balance if equity is None else equity
    turn.change(day=Day(day.number, day.ends_ns, start, start))
