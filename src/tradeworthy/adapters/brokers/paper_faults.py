"""Faults that a paper broker commits as a script says, so that a desk can be held against each of them."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import whole_number


class FaultKind(StrEnum):
    """What goes wrong. docs/paper.md says of each what the desk sees of it."""

    TIMEOUT_BEFORE = "timeout before"
    TIMEOUT_AFTER = "timeout after"
    REJECT = "reject"
    NO_CONNECTION = "no connection"
    DOWN = "down"
    WRONG_POSITION = "wrong position"
    DEAL_LOST = "deal lost"
    DEAL_TWICE = "deal twice"
    DEAL_LATE = "deal late"
    DEALS_SWAPPED = "deals swapped"
    NEWS_LOST = "news lost"
    LINE_DOWN = "line down"
    GHOST_DEAL = "ghost deal"


class FaultCall(StrEnum):
    """Where it goes wrong: in a call, in a kind of message, or anywhere in a stretch of time."""

    PLACE = "place"
    CANCEL = "cancel"
    REPLACE = "replace"
    REPORT = "report"
    BOOK = "book"
    HISTORY = "history"
    DEAL = "deal"
    NEWS = "news"
    ANY = "any"


_CHANGES = frozenset({FaultCall.PLACE, FaultCall.CANCEL, FaultCall.REPLACE})
_ASKED = _CHANGES | {FaultCall.REPORT, FaultCall.BOOK, FaultCall.HISTORY}
_ALLOWED: Final = {
    FaultKind.TIMEOUT_BEFORE: _ASKED,
    FaultKind.TIMEOUT_AFTER: _ASKED,
    FaultKind.REJECT: _CHANGES,
    FaultKind.NO_CONNECTION: _ASKED,
    FaultKind.WRONG_POSITION: frozenset({FaultCall.BOOK}),
    FaultKind.NEWS_LOST: frozenset({FaultCall.NEWS}),
    **dict.fromkeys(
        (FaultKind.DEAL_LOST, FaultKind.DEAL_TWICE, FaultKind.DEAL_LATE, FaultKind.DEALS_SWAPPED),
        frozenset({FaultCall.DEAL}),
    ),
    **dict.fromkeys((FaultKind.DOWN, FaultKind.LINE_DOWN, FaultKind.GHOST_DEAL), frozenset({FaultCall.ANY})),
}
TIMED: Final = frozenset({FaultKind.DOWN, FaultKind.LINE_DOWN})


@dataclass(frozen=True, slots=True)
class PaperFault:
    """One fault, committed once.

    It strikes the `nth` call or message of its kind since this venue was made, or, where `client_id` is given, the nth that
    concerns that order; DOWN and LINE_DOWN last from `from_ns` up to but without `until_ns` (nanoseconds UTC), and a
    GHOST_DEAL comes at `from_ns`. messages: how many others overtake a late deal. symbol, units: by how much a position is
    told wrong, or what a ghost dealt. Raises InputError where kind and call do not go together.
    """

    call: FaultCall
    kind: FaultKind
    nth: int = 1
    client_id: str = ""
    from_ns: int = 0
    until_ns: int = 0
    messages: int = 1
    symbol: str = ""
    units: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        if self.call not in _ALLOWED[FaultKind(self.kind)]:
            allowed = " or ".join(sorted(_ALLOWED[self.kind]))
            raise InputError(f"paper: a fault {self.kind.value!r} strikes {allowed}, not {str(self.call)!r}")
        for name in ("nth", "messages"):
            if (whole_number(getattr(self, name)) or 0) < 1:
                raise InputError(f"paper: {name} of a fault counts from 1, not {getattr(self, name)!r}")
        if self.kind in TIMED and self.until_ns <= self.from_ns:
            raise InputError(f"paper: a fault {self.kind.value!r} needs from_ns and a later until_ns")
        if self.kind is FaultKind.WRONG_POSITION and not self.symbol:
            raise InputError("paper: a wrong position needs the symbol that it is of")
