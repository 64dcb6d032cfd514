"""Every seam of the house as a Protocol, on one page. An adapter fulfils one; nothing inside knows which."""

from collections.abc import AsyncIterator, Iterator, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

from tradeworthy.core.approved import Approved
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.deals import BrokerBook, OrderReport, SessionGrant
from tradeworthy.core.events import Envelope
from tradeworthy.core.messages import ArrivingBar, Message
from tradeworthy.core.order import Order
from tradeworthy.core.snapshot import Snapshot

T_co = TypeVar("T_co", covariant=True)


class BarStore(Protocol[T_co]):
    """Somewhere that bars come from. `T_co` is `market.bars.Bars`, which this floor may not name."""

    @property
    def name(self) -> str:
        """What people call it: a folder, or `ecb`."""

    def read(self, symbol: str, timeframe: Timeframe) -> T_co:
        """All bars of one instrument. Raises InputError, saying what to do, when there are none."""


class Progress(Protocol):
    """Somebody who wants to know how far a long piece of work is."""

    def update(self, work: str, done: int, total: int) -> None:
        """`done` of `total` equal parts of `work` are finished."""


class Journal(Protocol):
    """Every event of one desk, in order, for one writer at a time.

    Durable means: still there after the process is killed and after the machine loses power, as far as its disk keeps
    what it was told to flush. Whatever returns from `append` or `save_snapshot` is durable; whatever raised may be there
    or not, and after a JournalError from a write nothing more is written until the journal is opened again.
    """

    def append(self, batch: Sequence[Envelope]) -> int:
        """Write the envelopes in one commit, all or none, and return the last sequence. Durable on return.

        Sequences are dense from 1 on. Raises InputError, before anything is written, unless the batch begins with the
        next sequence and goes on without a gap, and for an event that cannot be encoded; JournalError when it cannot be
        written: another writer, a full or failing disk, a lost connection.
        """

    def read(self, start: int = 1) -> Iterator[Envelope]:
        """Events from `start` on, oldest first, a bounded number of them in memory at a time.

        Only durable events are seen. Each is held against its checksum. Raises InputError where `start` lies
        before the events that are still in the journal; JournalError at the first damaged one.
        """

    def last_sequence(self) -> int:
        """The sequence of the last durable event; 0 for a new journal."""

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep what the events up to `snapshot.sequence` fold to. Durable on return; events stay where they are.

        Raises InputError for a sequence past the last event or before the newest snapshot; JournalError as `append`.
        """

    def load_snapshot(self) -> Snapshot | None:
        """The newest snapshot that is whole; None where there is none and every event since the first is at hand.

        Raises JournalError when there is no whole snapshot and the events it stood for were moved to an archive.
        """

    def close(self) -> None:
        """Let the next writer in. Nothing is lost by not calling it. Closing twice is closing once."""


class Line(Protocol):
    """Where messages come from: a socket to a broker or a feed, or a replay. One that is lost comes back by itself."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def waits(self) -> bool:
        """Whether it waits for the desk, as a replay does: nothing happens there between two messages."""

    def messages(self) -> AsyncIterator[Message]:
        """Messages as they come, each asked for when the one before has been dealt with. Asked for once in its life."""

    def now_ns(self) -> int:
        """The present moment where the line lives: the host's clock, or how far a replay has come."""


class Feed(Line, Protocol):
    """Where bars come from."""

    async def history(self, symbol: str, timeframe: Timeframe, after_ns: int, count: int) -> Sequence[ArrivingBar]:
        """The last `count` bars that opened at `after_ns` or later and are closed now, oldest first.

        Raises a `BrokerError` that says what to do.
        """


class Broker(Line, Protocol):
    """Where orders go. Its messages tell of deals and of orders that end.

    Every call but `name`, `simulated` and `currency` raises a `BrokerError` whose class says what to do next.
    """

    @property
    def simulated(self) -> bool:
        """Whether no real money is moved; every output says so."""

    @property
    def currency(self) -> str:
        """Of the account."""

    async def sign_in(self) -> SessionGrant | None:
        """Begin a session, or renew the one there is; None for a broker that has none. RefreshError: it was refused."""

    async def place(self, order: Approved[Order]) -> str:
        """Send the order and return the broker's own id of it. The same client id sent again is the same order, not a
        second one. The legs `Leg.STOP` and `Leg.TARGET` rest from the first deal on, for what was dealt."""

    async def cancel(self, client_id: str) -> None:
        """Ask for an order to be taken back. One that is over, or not known, raises RefuseError."""

    async def replace(self, client_id: str, price: Decimal) -> None:
        """Move a leg that rests to another price: it keeps its id, and is never absent meanwhile. The same price again changes
        nothing. One that is over, not known, or would lie beyond the market raises RefuseError, and rests where it did."""

    async def report(self, client_id: str) -> OrderReport:
        """What became of an order, or of a leg of one; a status of None where the broker does not know it."""

    async def book(self) -> BrokerBook:
        """Positions, open orders and balance, all of one moment."""


class Lease(Protocol):
    """The right to be the only desk on an account. Each holder has a higher generation than all before it."""

    def acquire(self) -> int:
        """Take it and return the generation. Raises InputError, naming the holder, while another has it."""

    def is_held(self) -> bool:
        """Whether it is still ours: nobody has taken it since."""

    def release(self) -> None:
        """Let the next in. Releasing twice is releasing once."""
