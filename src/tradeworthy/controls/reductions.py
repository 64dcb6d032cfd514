"""Whether an order that says it only reduces does so."""

from tradeworthy.controls.account_view import AccountView
from tradeworthy.controls.filters import CheckState
from tradeworthy.controls.knowing import Known, Unknown, known, total
from tradeworthy.controls.outcomes import NOISE, Outcome, in_count, judged, missing
from tradeworthy.core.order import Order

NAME = "reduce only"


def verified(order: Order, book: AccountView) -> Outcome:
    """Passes an order against the strategy's own position, with no more units than it holds.

    Orders on their way that reduce the same position have used up their part of it, as far as they are known. Nothing
    but the position and the order's units has to be known.
    """
    units, held = known(order.units, "the units of the order"), _held(order, book)
    required = f"units against what {order.strategy} holds of {order.instrument.symbol}, and no more"
    if isinstance(units, Unknown):
        return missing(NAME, required, units)
    if isinstance(held, Unknown):
        return missing(NAME, required, held)
    left = max(abs(held) - _on_their_way(order, held, book), 0.0)
    opposite = units * held < 0.0
    actual = f"{in_count(units)} units against {in_count(held)} held, {in_count(left)} of them not being closed yet"
    return judged(NAME, required, actual, passes=opposite and abs(units) <= left * (1.0 + NOISE))


def not_asked(order: Order) -> Outcome:
    """The same check for an order that may open a position."""
    return Outcome(NAME, CheckState.NOT_APPLICABLE, actual=f"{order.client_id} may open a position")


def _held(order: Order, book: AccountView) -> Known:
    if book.positions is None:
        return Unknown("the open positions")
    what = f"the units held of {order.instrument.symbol} of {order.strategy}"
    return total(
        known(one.units, what)
        for one in book.positions
        if (one.strategy, one.instrument.symbol) == (order.strategy, order.instrument.symbol)
    )


def _on_their_way(order: Order, held: float, book: AccountView) -> float:
    used = 0.0
    for one in book.pending or ():
        if (one.strategy, one.instrument.symbol) != (order.strategy, order.instrument.symbol):
            continue
        units = known(one.units, "pending")
        if not isinstance(units, Unknown) and units * held < 0.0:
            used += abs(units)
    return used
