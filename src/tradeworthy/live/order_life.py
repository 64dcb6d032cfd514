"""The life of one order as the desk knows it: every message moves it on, and none of them twice.

    NEW -> SENT -> WORKING -> FILLED | CANCELLED | EXPIRED
             |        ^
             |        +-- UNKNOWN (no answer came) -> asked -> WORKING, or NEVER_ARRIVED
             +-> REJECTED

A fill is a fact whatever was said before it: it counts in every state, also after a cancellation or a rejection that crossed
it on the way. What cannot be true (more filled than asked for, filled after the broker denied ever having had it) is counted
too and told as a break, which locks the instrument until somebody has looked.
"""

import re
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from tradeworthy.core.deals import NOTHING, Fill, OrderReport, OrderStatus
from tradeworthy.core.errors import InputError

_CLIENT_ID = re.compile(r"tw-[A-Za-z0-9]{1,8}-([0-9]{10,})-[0-9]{3}")
_MAY_HAVE_DEALT = frozenset({OrderStatus.CANCELLED, OrderStatus.EXPIRED})


class LiveOrder(msgspec.Struct, frozen=True):
    """An order and what became of it. units: signed, below zero sells. fills: in the order in which they were heard of.

    cancel_wanted: a cancellation was asked for. missing: units that the broker says were dealt and that no fill has told of.
    settled: whether the broker has said how much was dealt in all. breaks: what cannot be true, in sentences.
    """

    client_id: str
    symbol: str
    strategy: str
    units: Decimal
    status: OrderStatus = OrderStatus.NEW
    broker_id: str = ""
    fills: tuple[Fill, ...] = ()
    cancel_wanted: bool = False
    missing: Decimal = NOTHING
    settled: bool = False
    reason: str = ""
    breaks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.units.is_finite() or self.units == 0:
            raise InputError(f"order {self.client_id}: units must be a number other than zero, not {self.units}")

    @property
    def filled(self) -> Decimal:
        """Signed units dealt."""
        return sum((one.units for one in self.fills), NOTHING)

    @property
    def open_units(self) -> Decimal:
        """Signed units that may still be dealt: everything where the broker has not said that it is over."""
        left = self.units - self.filled
        return NOTHING if self.status.is_over or left * self.units <= 0 else left

    @property
    def average_price(self) -> Decimal | None:
        """Of the units dealt; None before the first."""
        filled = self.filled
        return sum((one.units * one.price for one in self.fills), NOTHING) / filled if filled else None

    def sent(self) -> "LiveOrder":
        """It is about to be handed to the broker. From here on it may be there, whatever comes back."""
        return replace(self, status=OrderStatus.SENT) if self.status is OrderStatus.NEW else self

    def acknowledged(self, broker_id: str) -> "LiveOrder":
        """The broker has it. A late word of that changes nothing of an order that is over, but its number."""
        if self.status is OrderStatus.NEVER_ARRIVED:
            return replace(self.with_break("the broker denied it and then acknowledged it"), broker_id=broker_id)
        known = replace(self, broker_id=broker_id)
        return known if self.status.is_over else replace(known, status=OrderStatus.WORKING)

    def filled_by(self, fill: Fill) -> "LiveOrder":
        """A deal was made. The same fill counts once; one of another sign than the order's is a break and counts."""
        if any(one.fill_id == fill.fill_id for one in self.fills):
            return self
        left = _less(self.missing, fill.units)
        settled = self.settled or (bool(self.missing) and not left)
        more = replace(self, fills=(*self.fills, fill), missing=left, settled=settled)
        if self.status is OrderStatus.NEVER_ARRIVED:
            more = more.with_break(f"fill {fill.fill_id} came although the broker had denied the order")
        if fill.units * self.units <= 0:
            more = more.with_break(f"fill {fill.fill_id} of {fill.units} units goes against the order of {self.units}")
        elif abs(more.filled) > abs(self.units):
            more = more.with_break(f"{more.filled} units were dealt and {self.units} were asked for")
        if more.filled == self.units or abs(more.filled) > abs(self.units):
            return replace(more, status=OrderStatus.FILLED, settled=True)
        return more if self.status.is_over else replace(more, status=OrderStatus.WORKING)

    def rejected(self, reason: str) -> "LiveOrder":
        """The broker will not have it."""
        told = self.with_break("it was dealt, and then the broker rejected it") if self.fills else self
        return told.ended_as(OrderStatus.REJECTED, reason)

    def cancelled(self, reason: str = "", filled: Decimal | None = None) -> "LiveOrder":
        """The broker has taken it back; what was dealt before stays dealt.

        filled: signed units dealt in all, if the message says it; without it a fill may be on its way, and it is asked for.
        """
        return self._ended(OrderStatus.CANCELLED, reason, filled)

    def expired(self, filled: Decimal | None = None) -> "LiveOrder":
        """Its time ran out at the broker; filled as in `cancelled`."""
        return self._ended(OrderStatus.EXPIRED, "its time ran out", filled)

    def timed_out(self) -> "LiveOrder":
        """No answer came: it may be there or not, and nobody may send it again before the broker was asked."""
        return replace(self, status=OrderStatus.UNKNOWN) if self.status is OrderStatus.SENT else self

    def cancel_asked(self) -> "LiveOrder":
        """A cancellation is about to be sent. One that was never sent is over at once."""
        if self.status is OrderStatus.NEW:
            return replace(
                self, status=OrderStatus.CANCELLED, cancel_wanted=True, settled=True, reason="it was never sent"
            )
        return self if self.status.is_over else replace(self, cancel_wanted=True)

    def reported(self, report: OrderReport) -> "LiveOrder":
        """The broker's answer. Not known ends an order of which nothing was ever heard; of any other it is a break."""
        if report.status is None:
            return self._denied()
        told = self
        for fill in report.fills:
            told = told.filled_by(fill)
        gap = report.filled - told.filled
        told = replace(told, missing=gap if gap * self.units > 0 else NOTHING)
        if report.status is OrderStatus.WORKING:
            return told if told.status.is_over else replace(told, status=OrderStatus.WORKING)
        if not report.status.is_over or report.status is OrderStatus.NEVER_ARRIVED:
            raise InputError(f"order {self.client_id}: a broker cannot report {report.status} of it")
        if report.status is OrderStatus.FILLED and told.missing:
            return told  # it is over when the fills have come that make it so
        return replace(told.ended_as(report.status, told.reason), settled=not told.missing)

    @property
    def must_ask(self) -> bool:
        """Whether only the broker can say what became of it."""
        unsettled = self.status in _MAY_HAVE_DEALT and not self.settled
        return self.status is OrderStatus.UNKNOWN or bool(self.missing) or unsettled

    def if_filled(self, status: OrderStatus) -> OrderStatus:
        """FILLED where all of it is dealt, else `status`."""
        return OrderStatus.FILLED if self.filled == self.units else status

    def _denied(self) -> "LiveOrder":
        if self.status.is_over and not self.must_ask:
            return self
        if self.status.is_over:  # nobody will ever say more of it than is known
            return replace(self.with_break("the broker ended it and now denies it"), missing=NOTHING, settled=True)
        if self.fills or self.broker_id or self.status is OrderStatus.WORKING:
            return self.with_break("the broker knew it and now denies it")
        return replace(self, status=OrderStatus.NEVER_ARRIVED, reason="the broker was asked and does not know it")

    def _ended(self, status: OrderStatus, reason: str, filled: Decimal | None) -> "LiveOrder":
        told = self.ended_as(status, reason)
        if filled is None or told.status is not status:
            return told
        gap = filled - told.filled
        missing = gap if gap * self.units > 0 else NOTHING
        return replace(told, missing=missing, settled=not missing)

    def ended_as(self, status: OrderStatus, reason: str) -> "LiveOrder":
        """The first ending stands; a contradicting one is a break, but for a cancellation that all was dealt before."""
        if not self.status.is_over:
            told = self.if_filled(status)
            return replace(self, status=told, reason=reason, settled=self.settled or told is OrderStatus.FILLED)
        settled = {self.status, status} <= {OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED}
        if self.status is status or settled:
            return self
        return self.with_break(f"it was {self.status}, and then the broker said {status}")

    def with_break(self, sentence: str) -> "LiveOrder":
        """The same with something that cannot be true, told once."""
        return self if sentence in self.breaks else replace(self, breaks=(*self.breaks, sentence))


def client_id(desk: str, sequence: int, part: int = 0) -> str:
    """The id of the order that the event at `sequence` of the journal of `desk` led to, the part-th of its commands.

    The same event gives the same id for ever, so that sending twice is sending once. Raises InputError for what makes none.
    """
    if not desk.isalnum() or not 1 <= len(desk) <= 8:
        raise InputError(f"a desk's mark is 1 to 8 letters and digits, not {desk!r}")
    if sequence < 1 or not 0 <= part < 1_000:
        raise InputError(f"a journal begins at 1 and an event has at most 1,000 commands, not {sequence} and {part}")
    return f"tw-{desk}-{sequence:010d}-{part:03d}"


def event_of(name: str) -> int:
    """The sequence of the event that an order with this client id came of. Raises InputError for what is no such id."""
    found = _CLIENT_ID.fullmatch(name)
    if found is None:
        raise InputError(
            f"{name!r} is neither the id of a signal from outside nor a client id, which look like tw-desk-0000000123-000"
        )
    return int(found[1])


def _less(missing: Decimal, units: Decimal) -> Decimal:
    """What is still missing after a fill of so many units."""
    left = missing - units
    return left if left * missing > 0 else NOTHING
