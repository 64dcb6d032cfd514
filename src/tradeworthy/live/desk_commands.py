"""What a step asks the runtime to do. Nothing here is journaled: the events before it are, and give it again."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from tradeworthy.core.approved import Approved
from tradeworthy.core.order import Order


@dataclass(frozen=True, slots=True)
class Place:
    """Send this order. ticket: of the breaker, to come back with the answer."""

    order: Approved[Order]
    ticket: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """Ask the broker to take an order back."""

    client_id: str
    ticket: int


@dataclass(frozen=True, slots=True)
class Replace:
    """Ask the broker to move a leg that rests to this price."""

    client_id: str
    price: Decimal
    ticket: int


@dataclass(frozen=True, slots=True)
class AskReport:
    """Ask the broker what became of an order."""

    client_id: str
    ticket: int


@dataclass(frozen=True, slots=True)
class AskBook:
    """Ask the broker for positions, open orders and balance."""

    ticket: int


@dataclass(frozen=True, slots=True)
class SignIn:
    """Begin a session with the broker, or renew it before it expires."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Leave:
    """The desk is done: end the process in good order."""

    reason: str


class NoteKind(StrEnum):
    """What people are told about."""

    REFUSED = "refused"
    ORDER = "order"
    OPENED = "opened"
    CLOSED = "closed"
    MODE = "mode"
    BROKER = "broker"
    DATA = "data"
    BREAK = "break"
    OPERATOR = "operator"
    DESK = "desk"
    SIGNAL = "signal"


class NoteLevel(StrEnum):
    """How loudly."""

    INFO = "info"
    WARNING = "warning"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell people, in one sentence and with the numbers behind it; kept in the journal as a note."""

    kind: NoteKind
    level: NoteLevel
    sentence: str
    strategy: str = ""
    symbol: str = ""
    data: "MappingProxyType[str, Any]" = field(default_factory=lambda: MappingProxyType({}))


Command: TypeAlias = Place | Cancel | Replace | AskReport | AskBook | SignIn | Leave | Tell
