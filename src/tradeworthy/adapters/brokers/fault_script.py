"""Carrying out a script of faults: which call fails, and what becomes of messages on their way."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tradeworthy.adapters.brokers.paper_faults import TIMED, FaultCall, FaultKind, PaperFault
from tradeworthy.core.deals import NOTHING, BrokerBook, Fill
from tradeworthy.core.errors import AskError, BrokerError, RefuseError, RetryError
from tradeworthy.core.messages import DealCame, FeedEnded, LineDown, LineUp, Message, OrderNews

_MESSAGES = frozenset({FaultCall.DEAL, FaultCall.NEWS})
_CHANGES = frozenset({FaultCall.PLACE, FaultCall.CANCEL, FaultCall.REPLACE})
GHOST = "paper-ghost"


@dataclass(slots=True)
class _Held:
    message: Message
    until_passed: int


class FaultScript:
    """The faults that have not been committed yet, and how often each call and message has come."""

    def __init__(self, faults: Sequence[PaperFault], line: str) -> None:
        self._left = [fault for fault in faults if fault.kind not in TIMED]
        self._timed = [fault for fault in faults if fault.kind in TIMED]
        self._line = line
        self._seen: Counter[tuple[FaultCall, str]] = Counter()
        self._held: list[_Held] = []
        self._swapped: Message | None = None
        self._is_down = False
        self.touches_messages = any(
            fault.call in _MESSAGES or fault.kind in {FaultKind.LINE_DOWN, FaultKind.GHOST_DEAL} for fault in faults
        )

    def called(self, call: FaultCall, client_id: str, time_ns: int) -> PaperFault | None:
        """Count the call. Raises the error of a fault that keeps it from being done; gives the one that comes after."""
        if any(one.kind is FaultKind.DOWN and one.from_ns <= time_ns < one.until_ns for one in self._timed):
            raise RetryError("the paper broker is down, as its script says; ask again later")
        fault = self._due(call, client_id)
        if fault is None:
            return None
        if fault.kind is FaultKind.NO_CONNECTION:
            raise RetryError("no connection to the paper broker, as its script says; ask again")
        if fault.kind is FaultKind.REJECT:
            raise RefuseError(f"the paper broker refuses to {call} {client_id}, as its script says")
        if fault.kind is FaultKind.TIMEOUT_BEFORE:
            raise unanswered(call)
        return fault

    def told(self, message: Message) -> Iterator[Message]:
        """What arrives in the place of one message."""
        if isinstance(message, FeedEnded):
            yield from self._everything_held()
            if self._is_down:
                yield LineUp(message.time_ns, self._line)
            yield message
            return
        yield from self._line_at(message.time_ns)
        if self._is_down:
            return
        for one in (*self._ghosts(message.time_ns), *self._struck(message)):
            yield one
            yield from self._overtaken()

    def _due(self, call: FaultCall, client_id: str) -> PaperFault | None:
        self._seen[call, ""] += 1
        if client_id:
            self._seen[call, client_id] += 1
        for fault in self._left:
            concerned = fault.call is call and fault.client_id in {"", client_id}
            if concerned and self._seen[call, fault.client_id] == fault.nth:
                self._left.remove(fault)
                return fault
        return None

    def _line_at(self, time_ns: int) -> Iterator[Message]:
        lost = any(one.kind is FaultKind.LINE_DOWN and one.from_ns <= time_ns < one.until_ns for one in self._timed)
        if lost and not self._is_down:
            yield LineDown(time_ns, self._line, "lost, as its script says")
        if self._is_down and not lost:
            yield LineUp(time_ns, self._line)
        self._is_down = lost

    def _ghosts(self, time_ns: int) -> Iterator[Message]:
        for fault in [one for one in self._left if one.kind is FaultKind.GHOST_DEAL and one.from_ns <= time_ns]:
            self._left.remove(fault)
            fill = Fill(f"{GHOST}-deal", fault.units, Decimal(1), NOTHING, time_ns)
            yield DealCame(time_ns, fault.client_id or GHOST, fill)

    def _struck(self, message: Message) -> Iterator[Message]:
        if not isinstance(message, DealCame | OrderNews):
            yield message
            return
        is_deal = isinstance(message, DealCame)
        fault = self._due(FaultCall.DEAL if is_deal else FaultCall.NEWS, message.client_id)
        kind = None if fault is None else fault.kind
        if fault is not None and kind is FaultKind.DEAL_LATE:
            self._held.append(_Held(message, fault.messages))
        elif kind is FaultKind.DEALS_SWAPPED:
            self._swapped = message
        elif kind not in {FaultKind.DEAL_LOST, FaultKind.NEWS_LOST}:
            yield message
            if kind is FaultKind.DEAL_TWICE:
                yield message
            if is_deal and self._swapped is not None:
                yield self._swapped
                self._swapped = None

    def _overtaken(self) -> Iterator[Message]:
        """What was late until one more message had passed it."""
        for one in self._held:
            one.until_passed -= 1
        due = [one for one in self._held if one.until_passed <= 0]
        self._held = [one for one in self._held if one.until_passed > 0]
        yield from (one.message for one in due)

    def _everything_held(self) -> Iterator[Message]:
        yield from (one.message for one in self._held)
        if self._swapped is not None:
            yield self._swapped
        self._held, self._swapped = [], None


def after(fault: PaperFault | None, call: FaultCall) -> None:
    """Raise what the script says of an answer that does not come although the call was carried out."""
    if fault is not None and fault.kind is FaultKind.TIMEOUT_AFTER:
        raise unanswered(call)


def unanswered(call: FaultCall) -> BrokerError:
    """No answer came. A question may be asked again; whatever changes something must be asked about first."""
    sentence = f"no answer of the paper broker to {call}, as its script says"
    return AskError(f"{sentence}; ask by client id") if call in _CHANGES else RetryError(f"{sentence}; ask again")


def misreported(fault: PaperFault | None, book: BrokerBook) -> BrokerBook:
    """The book with the position that the script tells wrong."""
    if fault is None or fault.kind is not FaultKind.WRONG_POSITION:
        return book
    wrong = book.positions.get(fault.symbol, NOTHING) + fault.units
    positions = {**book.positions, fault.symbol: wrong}
    told = {symbol: units for symbol, units in positions.items() if units}
    return BrokerBook(book.time_ns, book.currency, book.balance, told, book.open_orders, book.financing)
