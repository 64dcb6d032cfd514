"""Everything that a desk can be told, and nothing else moves it: messages from outside, answers to its own commands, an
operator's wishes, and time. Each is journaled as it is."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeAlias

import msgspec

from tradeworthy.core.deals import BrokerBook, OrderReport
from tradeworthy.core.errors import InputError
from tradeworthy.core.events import Envelope
from tradeworthy.core.messages import BarCame, DealCame, FeedEnded, Heartbeat, LineDown, LineUp, OrderNews
from tradeworthy.live.broker_errors import ActionKind


class DeskStarted(msgspec.Struct, frozen=True, tag="started"):
    """A process took the desk over. settings: the frozen form of what it runs with, fingerprint: its hash."""

    time_ns: int
    generation: int
    version: str
    broker: str
    simulated: bool
    currency: str
    fingerprint: str
    settings: dict[str, Any]


class DeskStopped(msgspec.Struct, frozen=True, tag="stopped"):
    """The process left in good order."""

    time_ns: int
    reason: str


class Placed(msgspec.Struct, frozen=True, tag="placed"):
    """The broker took an order."""

    time_ns: int
    ticket: int
    client_id: str
    broker_id: str


class CancelTaken(msgspec.Struct, frozen=True, tag="cancel taken"):
    """The broker took a wish to cancel; that it is cancelled comes as news of the order."""

    time_ns: int
    ticket: int
    client_id: str


class Replaced(msgspec.Struct, frozen=True, tag="replaced"):
    """The broker moved a leg: it rests at this price."""

    time_ns: int
    ticket: int
    client_id: str
    price: Decimal


class ReportCame(msgspec.Struct, frozen=True, tag="report"):
    """What the broker says of one order that it was asked for."""

    time_ns: int
    ticket: int
    client_id: str
    report: OrderReport


class BookCame(msgspec.Struct, frozen=True, tag="book"):
    """All that the broker holds. asked_ns: when it was asked."""

    time_ns: int
    ticket: int
    asked_ns: int
    book: BrokerBook


class SignedIn(msgspec.Struct, frozen=True, tag="signed in"):
    """The broker granted a session, or renewed it; has_session: False for a broker that has none."""

    time_ns: int
    ticket: int
    has_session: bool
    expires_ns: int | None = None


class CallKind(StrEnum):
    """What a broker was called for."""

    PLACE = "place"
    CANCEL = "cancel"
    REPLACE = "replace"
    REPORT = "report"
    BOOK = "book"
    SIGN_IN = "sign in"


class CallFailed(msgspec.Struct, frozen=True, tag="call failed"):
    """A call to the broker failed, and what its type says to do (`broker_errors.action_for`)."""

    time_ns: int
    ticket: int
    call: CallKind
    client_id: str
    action: ActionKind
    reason: str
    wait_ns: int
    asks_first: bool
    counts_as_failure: bool


class TimeReached(msgspec.Struct, frozen=True, tag="time"):
    """The moment for which the desk asked to be woken."""

    time_ns: int


class Wish(StrEnum):
    """What an operator can ask for."""

    HALT = "halt"
    FLATTEN = "flatten"
    KILL = "kill"
    RESUME = "resume"
    LOCK = "lock"
    UNLOCK = "unlock"
    RECONCILE = "reconcile"
    ACCEPT = "accept"
    STOP = "stop"
    MOVE_STOP = "move stop"


class OperatorAsked(msgspec.Struct, frozen=True, tag="operator"):
    """A person's wish: who, why, and about what. scope: of a resume, `all`, `instrument X` or `source Y`; of a lock, the
    instrument; of a stop that is moved, the strategy. price: where that stop is to rest."""

    time_ns: int
    wish: Wish
    operator: str
    reason: str
    scope: str = ""
    price: Decimal | None = None


class Trouble(msgspec.Struct, frozen=True, tag="trouble"):
    """Something in the desk's own house: a full queue, a lost lease, changed settings, a clock that jumped, a bar that is
    no number. halts: it latches a halt. over: the reason has gone; it is lifted if it was not latched. expected: it is no
    alarm, and passes."""

    time_ns: int
    source: str
    reason: str
    halts: bool = False
    over: bool = False
    instrument: str = ""
    expected: bool = False


class SettingsDiffer(msgspec.Struct, frozen=True, tag="settings"):
    """The settings on the disk are not those that the desk started with, and goes on with. changes: a line each; none where
    they are again."""

    time_ns: int
    where: str
    changes: tuple[str, ...] = ()


class SignalAction(StrEnum):
    """What a signal from outside asks for."""

    BUY = "BUY"
    SELL = "SELL"
    CLOSE = "CLOSE"


class SignalCame(msgspec.Struct, frozen=True, tag="signal"):
    """Somebody outside wants a strategy to do something. stop, target: prices, None for none. sent_ns: what the signal says of
    its own time."""

    time_ns: int
    signal_id: str
    strategy: str
    action: SignalAction
    stop: float | None = None
    target: float | None = None
    sent_ns: int | None = None


DeskEvent: TypeAlias = (
    BarCame
    | DealCame
    | OrderNews
    | Heartbeat
    | LineUp
    | LineDown
    | FeedEnded
    | DeskStarted
    | DeskStopped
    | Placed
    | CancelTaken
    | Replaced
    | ReportCame
    | BookCame
    | SignedIn
    | CallFailed
    | TimeReached
    | OperatorAsked
    | Trouble
    | SettingsDiffer
    | SignalCame
)

NOTE_KIND: Final = "note"
"""Envelopes of this kind tell people what the desk made of its events. They are no events: folding passes over them."""


class Happened(msgspec.Struct, frozen=True, gc=False):
    """An event at its place in the journal. received_ns: when the desk heard of it, by the clock it lives by."""

    sequence: int
    received_ns: int
    event: DeskEvent


def envelope_of(one: Happened, account: str, source: str) -> Envelope:
    """The event in its envelope. Raises InputError, when it is encoded, for numbers that are not finite."""
    body: dict[str, object] = msgspec.to_builtins(one.event, enc_hook=_plain)
    kind = str(body.pop("type"))
    return Envelope(
        sequence=one.sequence, account=account, strategy="", kind=kind, event_time_ns=one.event.time_ns,
        receive_time_ns=one.received_ns, source=source, body=body,
    )  # fmt: skip


def _plain(value: object) -> object:
    """Brokers say what they hold in mappings of any kind."""
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(f"an event holds {type(value).__name__}, which no journal knows")


def happened_in(envelope: Envelope) -> Happened | None:
    """The event of an envelope; None for a note. Raises InputError for what this version does not know."""
    if envelope.kind == NOTE_KIND:
        return None
    try:
        event: DeskEvent = msgspec.convert({"type": envelope.kind, **envelope.body}, DeskEvent)
    except msgspec.ValidationError as error:
        raise InputError(
            f"event {envelope.sequence} ({envelope.kind}) is not one that this version knows: {error}; "
            "use the version that wrote it"
        ) from error
    return Happened(envelope.sequence, envelope.receive_time_ns, event)
