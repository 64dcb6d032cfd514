"""Orders that were filled in part, or of which nobody knows, and our positions against the broker's."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tradeworthy.core.clock import now_ns
from tradeworthy.core.deals import NOTHING, Fill, OrderReport, OrderStatus
from tradeworthy.core.errors import InputError
from tradeworthy.core.moments import Clock, now_by
from tradeworthy.live.given_units import positions_of, units_of
from tradeworthy.live.health import Agreement, Reconciliation
from tradeworthy.live.order_life import LiveOrder
from tradeworthy.live.position_differences import differing


class PartialOrderReconciliation:
    """Follows each order by its client id, asks the broker about whatever is not known, and compares positions.

    units are signed: below zero sells. Every message may come twice, late or out of order and counts once. Nothing is
    made up: a difference stays until both sides say the same. Any thread may call.
    """

    def __init__(self, *, clock: Clock = now_ns) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._orders: dict[str, LiveOrder] = {}
        self._agreement = Reconciliation()
        self._differences: tuple[dict[str, Any], ...] = ()

    def order_sent(self, client_id: str, symbol: str, units: Any) -> None:
        """Say so before it is sent: from here on it may be there. Raises InputError for an id that is taken already."""
        with self._lock:
            if client_id in self._orders:
                raise InputError(
                    f"order {client_id} was sent before; an id is used once, so that sending twice is seen"
                )
            order = LiveOrder(client_id, symbol, "", units_of(units, f"the units of order {client_id}"))
            self._orders[client_id] = order.sent()

    def record_fill(self, client_id: str, units: Any, price: Any, fill_id: str) -> dict[str, Any]:
        """A deal, by the broker's id of it; the same one counts once. Gives the order as `order` does."""
        amount, at = units_of(units, f"fill {fill_id}: units"), units_of(price, f"fill {fill_id}: price")
        fill = Fill(fill_id, amount, at, NOTHING, now_by(self._clock))
        return self._moved(client_id, lambda order: order.filled_by(fill))

    def record_timeout(self, client_id: str) -> dict[str, Any]:
        """No answer came: whether it is there is not known, and the broker has to be asked before it is sent again."""
        return self._moved(client_id, LiveOrder.timed_out)

    def record_cancelled(self, client_id: str, filled: Any = None) -> dict[str, Any]:
        """It was taken back. filled: signed units dealt in all, if the broker said; else it has to be asked."""
        dealt = None if filled is None else units_of(filled, f"order {client_id}: filled")
        return self._moved(client_id, lambda order: order.cancelled(filled=dealt))

    def record_rejected(self, client_id: str, reason: str = "") -> dict[str, Any]:
        """The broker will not have it."""
        return self._moved(client_id, lambda order: order.rejected(reason))

    def record_report(self, client_id: str, status: str | None, filled: Any = 0) -> dict[str, Any]:
        """The broker's answer when asked: None where it does not know the order, else `working`, `filled`, `cancelled`,
        `expired` or `rejected`, and the signed units dealt in all. Units that no fill told of stay missing until one does."""
        try:
            told = None if status is None else OrderStatus(str(status).lower())
        except ValueError:
            raise InputError(f"order {client_id}: {status!r} is no state of an order; say working, filled, cancelled, "
                             "expired, rejected or None") from None  # fmt: skip
        report = OrderReport(told, units_of(filled, f"order {client_id}: filled"))
        return self._moved(client_id, lambda order: order.reported(report))

    def order(self, client_id: str) -> dict[str, Any]:
        """{status, units, filled, missing, remaining, must_ask, breaks}: units signed; missing are those dealt by the
        broker's word of which no fill told; breaks are sentences of what cannot be true."""
        with self._lock:
            return _told(self._known(client_id))

    def must_ask(self) -> list[str]:
        """Client ids of the orders whose fate only the broker knows."""
        with self._lock:
            return sorted(name for name, order in self._orders.items() if order.must_ask)

    def reconcile(self, ours: Any, theirs: Any, *, ticket: Callable[[], int] = lambda: 0) -> dict[str, Any]:
        """Compare positions, {symbol: net signed units}: {agrees, differences, must_ask, reason}.

        theirs: the broker's, or a function that asks for them; what it raises is raised. They agree only where they are the
        same, no order has to be asked about, and none holds what cannot be true. ticket: asked before `theirs` is.
        """
        given_with = ticket()
        told = theirs() if callable(theirs) else theirs
        held, booked = positions_of(ours, "our"), positions_of(told, "the broker's")
        found = tuple(_difference(*one) for one in differing(held, booked))
        with self._lock:
            asking = sorted(name for name, order in self._orders.items() if order.must_ask)
            broken = [sentence for order in self._orders.values() for sentence in _breaks(order)]
            agrees = not (found or asking or broken)
            unlike = bool(found or broken)
            outcome = Agreement.DIFFERS if unlike else Agreement.RUNNING if asking else Agreement.AGREES
            self._agreement, self._differences = Reconciliation(outcome, given_with), found
        sentences = (
            [one["reason"] for one in found] + broken + [f"ask the broker what became of {one}" for one in asking]
        )
        reason = "; ".join(sentences) or "positions and orders are those of the broker"
        return {"agrees": agrees, "differences": list(found), "must_ask": asking, "reason": reason}

    def doubt(self) -> None:
        """What became of an order is not known: only another reconciliation says how things are."""
        with self._lock:
            if self._agreement.agreement is Agreement.AGREES:
                self._agreement = Reconciliation()

    def reconciliation(self) -> Reconciliation:
        """What came of the latest comparison; it no longer agrees once an order has to be asked about."""
        with self._lock:
            open_question = any(order.must_ask for order in self._orders.values())
            known = self._agreement
        return Reconciliation() if open_question and known.agreement is Agreement.AGREES else known

    def differences(self) -> list[dict[str, Any]]:
        """Of the latest comparison: {symbol, ours, theirs, reason} each."""
        return list(self._differences)

    def _moved(self, client_id: str, step: Callable[[LiveOrder], LiveOrder]) -> dict[str, Any]:
        with self._lock:
            self._orders[client_id] = step(self._known(client_id))
            return _told(self._orders[client_id])

    def _known(self, client_id: str) -> LiveOrder:
        if client_id not in self._orders:
            raise InputError(f"order {client_id} is not known here; call order_sent before it is sent")
        return self._orders[client_id]


def _told(order: LiveOrder) -> dict[str, Any]:
    return {
        "status": order.status.value, "units": order.units, "filled": order.filled, "missing": order.missing,
        "remaining": order.open_units, "must_ask": order.must_ask, "breaks": list(order.breaks),
    }  # fmt: skip


def _breaks(order: LiveOrder) -> list[str]:
    return [f"order {order.client_id}: {sentence}" for sentence in order.breaks]


def _difference(symbol: str, ours: Decimal, theirs: Decimal) -> dict[str, Any]:
    reason = f"we hold {ours:f} {symbol} and the broker {theirs:f}"
    return {"symbol": symbol, "ours": ours, "theirs": theirs, "reason": reason}
