"""Carrying a command out at the broker: whatever comes of it, an answer or a failure, is an event."""

import asyncio
from typing import Final

from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.errors import TradeworthyError
from tradeworthy.live.broker_errors import action_for
from tradeworthy.live.desk_commands import AskBook, AskReport, Cancel, Place, Replace, SignIn
from tradeworthy.live.desk_events import (
    BookCame,
    CallFailed,
    CallKind,
    CancelTaken,
    DeskEvent,
    Placed,
    Replaced,
    ReportCame,
    SignedIn,
)
from tradeworthy.ports import Broker

BrokerCommand = Place | Cancel | Replace | AskReport | AskBook | SignIn
_CHANGES: Final = frozenset({CallKind.PLACE, CallKind.CANCEL, CallKind.REPLACE})


async def called(broker: Broker, command: BrokerCommand, answer_ns: int) -> DeskEvent:
    """What came of one call. One that is not answered within `answer_ns` has failed, and nobody knows how far it went."""
    kind, name = _kind(command)
    try:
        async with asyncio.timeout(answer_ns / SECOND_NS):
            return await _asked(broker, command)
    except (TradeworthyError, OSError, ExceptionGroup) as error:
        action = action_for(error, sending=kind in _CHANGES)
        return CallFailed(
            broker.now_ns(), command.ticket, kind, name, action.kind, action.reason, int(action.wait_seconds * SECOND_NS),
            action.asks_first and kind is CallKind.PLACE, action.counts_as_failure,
        )  # fmt: skip


async def _asked(broker: Broker, command: BrokerCommand) -> DeskEvent:
    ticket, asked_ns = command.ticket, broker.now_ns()
    if isinstance(command, Place):
        broker_id = await broker.place(command.order)
        return Placed(broker.now_ns(), ticket, command.order.value.client_id, broker_id)
    if isinstance(command, Cancel):
        await broker.cancel(command.client_id)
        return CancelTaken(broker.now_ns(), ticket, command.client_id)
    if isinstance(command, Replace):
        await broker.replace(command.client_id, command.price)
        return Replaced(broker.now_ns(), ticket, command.client_id, command.price)
    if isinstance(command, AskReport):
        report = await broker.report(command.client_id)
        return ReportCame(broker.now_ns(), ticket, command.client_id, report)
    if isinstance(command, SignIn):
        grant = await broker.sign_in()
        return SignedIn(broker.now_ns(), ticket, grant is not None, None if grant is None else grant.expires_ns)
    book = await broker.book()
    return BookCame(broker.now_ns(), ticket, asked_ns, book)


def _kind(command: BrokerCommand) -> tuple[CallKind, str]:
    if isinstance(command, Place):
        return CallKind.PLACE, command.order.value.client_id
    if isinstance(command, Cancel):
        return CallKind.CANCEL, command.client_id
    if isinstance(command, Replace):
        return CallKind.REPLACE, command.client_id
    if isinstance(command, AskReport):
        return CallKind.REPORT, command.client_id
    return (CallKind.SIGN_IN, "") if isinstance(command, SignIn) else (CallKind.BOOK, "")
