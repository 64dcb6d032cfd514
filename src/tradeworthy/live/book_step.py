"""Reconciliation: our positions and orders against the broker's, over the symbols of both. A difference locks, and nothing
is ever made up to explain it."""

from decimal import Decimal

from msgspec.structs import replace

from tradeworthy.core.counting import counted
from tradeworthy.core.deals import NOTHING, BrokerBook, OrderStatus
from tradeworthy.live.deal_step import units_held
from tradeworthy.live.desk_commands import AskBook, Cancel, NoteKind, NoteLevel
from tradeworthy.live.desk_events import BookCame
from tradeworthy.live.desk_state import Role, Working
from tradeworthy.live.health import Agreement, Reconciliation
from tradeworthy.live.holding_back import BROKER
from tradeworthy.live.mode import START, Mode, Restriction, lifted, reported
from tradeworthy.live.over_closing import DEALS, confirm
from tradeworthy.live.position_differences import differing
from tradeworthy.live.reply_step import answered
from tradeworthy.live.turn import Turn

RECONCILIATION = "reconciliation"
"""The source of its restrictions."""

_NOISE = 1e-4
"""Account money that float sums may differ by."""
_WORTH_TELLING = 0.001
"""Share of the balance: conversion at other prices than the broker's makes smaller differences."""
_RESTING = frozenset({OrderStatus.WORKING, OrderStatus.SENT, OrderStatus.UNKNOWN})


def ask_book(turn: Turn) -> None:
    """Ask for the broker's book, unless that is under way or the broker may not be called."""
    if turn.state.book.asked_ns:
        return
    ticket = turn.ticket()
    if ticket is None:
        turn.change(book=replace(turn.state.book, due_ns=turn.now + turn.plan.timing.ask_ns))
        return
    turn.change(book=replace(turn.state.book, asked_ns=turn.now, asked_in=turn.sequence, due_ns=0))
    if turn.state.reconciliation.agreement is not Agreement.AGREES:
        turn.change(reconciliation=Reconciliation(Agreement.RUNNING, ticket))
    turn.command(AskBook(ticket))


def book_came(turn: Turn, event: BookCame) -> None:
    """Compare. Where the fate of an order is open it is asked for first, and the book again after it."""
    answered(turn, event.ticket)
    timing, talk = turn.plan.timing, turn.state.book
    if talk.asked_ns and talk.due_ns:  # something happened since it was asked that wants a newer one
        turn.change(book=replace(talk, asked_ns=0))
        return
    turn.change(book=replace(talk, asked_ns=0, due_ns=turn.now + timing.reconcile_ns))
    book = event.book
    doubted = [one for one in turn.state.orders.values() if _to_be_asked(turn, one, book)]
    if doubted:
        for one in doubted:
            turn.keep(replace(one, doubted=True, asked_ns=0))
        turn.change(book=replace(turn.state.book, due_ns=0))  # again when they are settled
        if turn.state.reconciliation.agreement is not Agreement.AGREES:
            turn.change(reconciliation=Reconciliation(Agreement.RUNNING, event.ticket))
        return
    _cancel_strays(turn, book)
    _forget_orphans(turn, book)
    differences = _differences(turn, book)
    if differences and any(dealt > event.asked_ns for _, dealt in turn.state.latest_deals.values()):
        turn.change(book=replace(turn.state.book, due_ns=turn.now + timing.ask_ns))  # it may be from before that deal
        return
    confirm(turn, differences, talk.asked_in)
    now = tuple(
        Restriction(RECONCILIATION, Mode.REDUCING, sentence, turn.now, instrument=symbol)
        for symbol, sentence in sorted(differences.items())
    )
    before = turn.state.book.differences
    sentences = tuple(differences.values())
    turn.change(mode=reported(turn.state.mode, RECONCILIATION, now))
    if differences:
        turn.change(
            reconciliation=Reconciliation(Agreement.DIFFERS, event.ticket),
            book=replace(turn.state.book, differences=sentences, due_ns=turn.now + timing.again_ns),
        )
        if sentences != before:
            for symbol, sentence in differences.items():
                turn.tell(
                    NoteKind.BREAK, NoteLevel.ALERT, f"{sentence}; {symbol or 'the desk'} is locked", symbol=symbol
                )
        return
    _agreed(turn, event, before)


def _agreed(turn: Turn, event: BookCame, before: tuple[str, ...]) -> None:
    first = any(one.source == START for one in turn.state.mode.restrictions)
    mode = turn.state.mode
    for source in (START, DEALS, BROKER):
        mode = lifted(mode, source)
    turn.change(
        mode=mode, reconciliation=Reconciliation(Agreement.AGREES, event.ticket),
        book=replace(turn.state.book, differences=(), agreed_ns=turn.now, agreed_in=turn.state.book.asked_in),
    )  # fmt: skip
    _money(turn, event.book, first=first)
    if first or before:
        held = counted(len(event.book.positions), "position")
        orders = counted(len(event.book.open_orders), "open order")
        turn.tell(
            NoteKind.BROKER, NoteLevel.INFO, f"reconciled with the broker: {held}, {orders}", asked_ns=event.asked_ns
        )  # fmt: skip


def _to_be_asked(turn: Turn, one: Working, book: BrokerBook) -> bool:
    """Whether only a report can say what became of an order: it may be open, and the broker does not name it."""
    if one.life.must_ask:
        return True
    if one.life.client_id in book.open_orders or one.life.status not in _RESTING:
        return False
    if one.role in {Role.STOP, Role.TARGET}:
        held = turn.state.members[one.member].holding
        return held is not None and held.entry_id == one.closes
    return one.sent_ns > 0 and one.sent_ns <= book.time_ns


def _differences(turn: Turn, book: BrokerBook) -> dict[str, str]:
    held = units_held(turn)
    found: dict[str, str] = {}
    for symbol, ours, theirs in differing(held, book.positions):
        found[symbol] = f"the desk holds {_plain(ours)} {symbol} and the broker {_plain(theirs)}"
    strangers = [name for name in book.open_orders if not _ours(turn, name)]
    if strangers:
        found[""] = (
            f"the broker has {counted(len(strangers), 'open order')} that this desk did not send, such as {strangers[0]}"
        )
    return found


def _ours(turn: Turn, name: str) -> bool:
    return name.startswith(f"tw-{turn.plan.mark}-")


def _cancel_strays(turn: Turn, book: BrokerBook) -> None:
    """Orders of ours that the broker still has and that ended here, or whose position is gone, are taken back."""
    for name in book.open_orders:
        one = turn.state.orders.get(name)
        if not _ours(turn, name) or (one is not None and not _orphan(turn, one)):
            continue
        ticket = turn.ticket()
        if ticket is not None:
            turn.command(Cancel(name, ticket))
            turn.tell(
                NoteKind.ORDER,
                NoteLevel.WARNING,
                f"the broker still has {name}, which is over here; it is taken back",
                client_id=name,
            )


def _forget_orphans(turn: Turn, book: BrokerBook) -> None:
    """Legs whose position is gone and that the broker no longer has ended with it, though nobody said so."""
    for one in list(turn.state.orders.values()):
        if _orphan(turn, one) and one.life.client_id not in book.open_orders:
            turn.keep(replace(one, life=one.life.cancelled("it ended with its position", NOTHING)))


def _orphan(turn: Turn, one: Working) -> bool:
    if one.role not in {Role.STOP, Role.TARGET}:
        return False
    held, entry = turn.state.members[one.member].holding, turn.state.orders.get(one.closes)
    return entry is None and (held is None or held.entry_id != one.closes)


def _money(turn: Turn, book: BrokerBook, *, first: bool) -> None:
    """The broker's balance is the truth. Fees of open positions are booked there already, and here when they close."""
    state = turn.state
    paid = -sum(one.holding.booked for one in state.members if one.holding is not None)
    ours, swap = state.balance - paid, book.financing - state.financing
    if book.currency != turn.plan.currency:
        reason = f"the account is in {book.currency} and the settings say {turn.plan.currency}"
        turn.restrict("account", Mode.HALTED, reason, latched=True)
        return
    if abs(book.balance - ours) < _NOISE:
        return
    balance = book.balance + paid
    losses, _, peak, *rest = state.calibration
    begins = first and not any(one.trades or one.holding for one in state.members)
    day = replace(state.day, start_equity=balance, high_equity=balance) if begins else state.day
    turn.change(
        balance=balance, financing=book.financing, day=day,
        calibration=(losses, balance, balance if begins else max(peak, balance), *rest),
        peak_equity=balance if begins else max(state.peak_equity, balance),
    )  # fmt: skip
    off = book.balance - ours - swap
    if abs(off) >= _WORTH_TELLING * abs(balance) and not first:
        why = f"the broker's balance is {book.balance:,.2f} {book.currency}, {off:+,.2f} from the desk's own sum; it is taken"
        turn.tell(NoteKind.BROKER, NoteLevel.WARNING, why, difference=off)


def _plain(units: Decimal) -> str:
    return f"{units:f}"
