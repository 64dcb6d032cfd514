"""Journals of a desk that trades for real, as its runtime would write them, and a journal that is a list."""

from collections.abc import Iterator, Sequence
from typing import Any

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS, MINUTE_NS
from tradeworthy.core.deals import BrokerBook
from tradeworthy.core.events import Envelope
from tradeworthy.core.messages import ArrivingBar, BarCame
from tradeworthy.live.desk_commands import NoteKind, NoteLevel, Tell
from tradeworthy.live.desk_events import BookCame, DeskEvent, DeskStarted, Happened, Placed, envelope_of
from tradeworthy.live.desk_notes import note_of

START_NS = 1_772_582_400_000_000_000  # 2026-03-04T00:00:00Z
MS_NS = 1_000_000


class ListedJournal:
    """A journal in memory, to be followed while it grows."""

    name = "listed"

    def __init__(self, events: Sequence[Envelope] = ()) -> None:
        self.events = list(events)
        self.reads = 0

    def read(self, start: int = 1) -> Iterator[Envelope]:
        """See `ports.Journal`."""
        for one in self.events[start - 1 :]:
            self.reads += 1
            yield one

    def last_sequence(self) -> int:
        """See `ports.Journal`."""
        return len(self.events)


class Writer:
    """Writes events and notes one behind the other."""

    def __init__(self) -> None:
        self.events: list[Envelope] = []
        self._about = Happened(0, START_NS, Placed(START_NS, 0, "", ""))

    def event(self, event: DeskEvent, received_ns: int) -> None:
        """An event that the desk heard of then."""
        self._about = Happened(len(self.events) + 1, received_ns, event)
        self.events.append(envelope_of(self._about, "broker", "test"))

    def note(self, kind: NoteKind, *, symbol: str = "EUR_USD", **data: Any) -> None:
        """A note about the latest event."""
        tell = Tell(kind, NoteLevel.INFO, "said", "one", symbol, data)  # type: ignore[arg-type]  # any mapping will do
        self.events.append(note_of(tell, len(self.events) + 1, self._about, "broker"))

    def started(self, *, simulated: bool = False, balance: float = 10_000.0, **settings: Any) -> None:
        """A process takes over, and the broker tells of the account."""
        self.event(DeskStarted(START_NS, 1, "test", "broker", simulated, "EUR", "none", settings), START_NS)
        book = BrokerBook(START_NS, "EUR", balance, {})
        self.event(BookCame(START_NS, 1, START_NS, book), START_NS)

    def bar(self, hour: int, close: float, late_ms: float = 100.0, *, backfill: bool = False) -> int:
        """A bar that closes at that hour and is received so much later; gives when it closed."""
        closed = START_NS + hour * HOUR_NS
        bar = ArrivingBar(closed - HOUR_NS, closed, close, close, close, close)
        came = BarCame(closed, "EUR_USD", Timeframe("H1"), bar, backfill)
        self.event(came, closed + int(late_ms * MS_NS))
        return closed

    def closed(self, pnl: float, reason: str, time_ns: int) -> None:
        """A trade is over."""
        self.note(
            NoteKind.CLOSED, side="long", units="1", entry_price=1.0, exit_price=1.0, entry_ns=time_ns - MINUTE_NS,
            exit_ns=time_ns, decided_ns=time_ns, reason=reason, pnl=pnl, r=None, fees=0.0, entry_id="x",
        )  # fmt: skip

    def sent(self, name: str, decided_ns: int | None, units: str = "1000") -> None:
        """An order is on its way; decided_ns: of an entry."""
        more: dict[str, Any] = {} if decided_ns is None else {"decided_ns": decided_ns}
        self.note(NoteKind.ORDER, client_id=name, units=units, **more)

    def refused(self, check: str) -> None:
        """An entry is not allowed."""
        self.note(NoteKind.REFUSED, check=check, limit="a", actual="b")

    def placed(self, name: str, received_ns: int) -> None:
        """The broker took an order."""
        self.event(Placed(received_ns, 1, name, f"b-{name}"), received_ns)
