"""What the paper broker asks of its settings and of every order before it takes it."""

from collections.abc import Mapping, Sequence

from tradeworthy.adapters.brokers.paper_book import PaperBook
from tradeworthy.adapters.brokers.paper_changes import Taken
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.deals import LEGS
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import whole_number
from tradeworthy.core.order import Order
from tradeworthy.market.bars import Bars


def checked(series: Sequence[Bars], watched: Mapping[str, int], fills: FillRules) -> None:
    """Raises InputError for a replay that cannot be begun."""
    if not sum(len(bars) for bars in series):
        raise InputError("paper: there are no bars to replay; give at least one series")
    labels = [bars.label for bars in series]
    twice = next((label for label in labels if labels.count(label) > 1), None)
    if twice is not None:
        raise InputError(f"paper: {twice} is given twice; give each instrument and timeframe once")
    for strategy, place in watched.items():
        if whole_number(place) is None or not 0 <= place < len(series):
            raise InputError(
                f"paper: {strategy} is watched on series {place!r}, and they go from 0 to {len(series) - 1}"
            )
    if not fills.at_next_open:
        raise InputError(
            'paper: orders are dealt at the next open, at the soonest; entry="close" can be had in a backtest only'
        )


def refusal(
    order: Order, book: PaperBook, watched: Mapping[str, int], series: Sequence[Bars], terms: PaperTerms
) -> str:
    """Why an order is not taken; "" where it is."""
    place = watched.get(order.strategy)
    if not order.units.is_finite() or not order.units:
        return f"units must be a number other than zero, not {order.units}"
    if place is None:
        return f"the strategy {order.strategy!r} is watched on no series of bars"
    symbol = series[place].instrument.symbol
    if order.instrument.symbol != symbol:
        return f"{order.strategy} is dealt on bars of {symbol}, not of {order.instrument.symbol}"
    if any(book.knows(leg.of(order.client_id)) for leg in LEGS) or book.knows(order.client_id):
        return "its client id, or that of a leg of it, is taken"
    if order.reduce_only and not book.closable(taken_from(order, "", 0, 0)):
        return f"it only reduces, and nothing is left of {order.closes or f'a position of {order.strategy}'}"
    return "it is one of those that this account's terms refuse" if terms.rejects(order.client_id) else ""


def taken_from(order: Order, broker_id: str, now_ns: int, live_ns: int) -> Taken:
    """The order as the account keeps it."""
    stop, target = (None if level is None else float(level) for level in (order.stop, order.target))
    return Taken(
        now_ns, live_ns, broker_id, order.client_id, order.instrument.symbol, order.strategy, order.units, stop, target,
        order.reduce_only, None if order.price is None else float(order.price), order.stop_distance,
        order.target_distance, order.closes,
    )  # fmt: skip
