"""The paper account: a fold of its changes, the same while it runs and when it is read from its store."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tradeworthy.adapters.brokers.paper_changes import Begun, Change, Dealt, Ended, Moved, Rejected, Taken
from tradeworthy.adapters.brokers.paper_trade import Lot, PaperTrade
from tradeworthy.core.deals import NOTHING, BrokerBook, Fill, Leg, OrderReport, OrderStatus
from tradeworthy.core.errors import InputError


@dataclass(slots=True)
class PaperOrder:
    """An order and what became of it. left: signed units not dealt. raw_fee: of what was dealt, before the least fee."""

    client_id: str
    broker_id: str
    status: OrderStatus
    taken: Taken | None = None
    reason: str = ""
    left: Decimal = NOTHING
    raw_fee: float = 0.0
    charged: float = 0.0


class PaperBook:
    """Orders, trades and money. `watched`: place of the series of every strategy."""

    def __init__(self, watched: Mapping[str, int], places: int) -> None:
        self.currency = ""
        self.balance_at_first = 0.0
        self.orders: dict[str, PaperOrder] = {}
        self.trades: dict[str, PaperTrade] = {}
        self.waiting: list[dict[str, PaperOrder]] = [{} for _ in range(places)]
        self.open_trades: list[dict[str, PaperTrade]] = [{} for _ in range(places)]
        self._legs: dict[str, tuple[PaperTrade, Leg, OrderStatus]] = {}
        self._fills: dict[str, list[Fill]] = {}
        self._watched = watched
        self._positions: dict[str, Decimal] = {}
        self._booked = 0.0
        self._financing = 0.0
        self._deals = 0

    @property
    def next_fill_id(self) -> str:
        """Deals are numbered as they come."""
        return f"paper-deal-{self._deals + 1}"

    @property
    def next_broker_id(self) -> str:
        """Orders are numbered as they come."""
        return f"paper-{len(self.orders) + 1}"

    @property
    def balance(self) -> float:
        """Realised: what closed trades left, less the fees paid for those that are open."""
        fees = sum(lot.fee for trades in self.open_trades for trade in trades.values() for lot in trade.lots)
        return self._booked - fees

    def apply(self, change: Change) -> None:
        """Take a change in. Raises InputError for an order of a strategy that is watched no more."""
        match change:
            case Begun():
                self.currency, self.balance_at_first = change.currency, change.balance
                self._booked = change.balance
            case Taken():
                place = self.place_of(change.strategy)
                order = PaperOrder(change.client_id, change.broker_id, OrderStatus.WORKING, change, left=change.units)
                self.orders[change.client_id] = self.waiting[place][change.client_id] = order
            case Rejected():
                refused = PaperOrder(change.client_id, change.broker_id, OrderStatus.REJECTED, reason=change.reason)
                self.orders[change.client_id] = refused
            case Dealt():
                self._dealt(change)
            case Ended():
                self._ended(change)
            case Moved():
                trade, leg, _ = self._legs[change.client_id]
                trade.move(leg, change.price, change.time_ns)

    def place_of(self, strategy: str) -> int:
        """Of the series on which the strategy deals."""
        if strategy not in self._watched:
            raise InputError(
                f"paper: its store holds orders of {strategy!r}, and that strategy is watched on no series; name it in "
                "`watched`, or move the store away to begin a new account"
            )
        return self._watched[strategy]

    def knows(self, client_id: str) -> bool:
        """Whether an order or a leg of that id was ever heard of."""
        return client_id in self.orders or client_id in self._legs

    def is_working(self, client_id: str) -> bool:
        """Whether an order or a leg may still deal."""
        return self.report(client_id).status is OrderStatus.WORKING

    def closable(self, taken: Taken) -> list[PaperTrade]:
        """The trades that a reduce-only order may close: the one it names, or the oldest of its strategy."""
        trades = self.open_trades[self.place_of(taken.strategy)].values()
        mine = [
            one
            for one in trades
            if one.strategy == taken.strategy and one.symbol == taken.symbol and one.side == -taken.sign
        ]
        return [one for one in mine if one.entry_id == taken.closes] if taken.closes else mine

    def leg(self, client_id: str) -> tuple[PaperTrade, Leg] | None:
        """The trade and the leg of that id that rests for it; None where none does."""
        found = self._legs.get(client_id)
        return found[:2] if found is not None and found[2] is OrderStatus.WORKING else None

    def filled(self, client_id: str) -> Decimal:
        """Signed units dealt of an order or a leg."""
        return sum((fill.units for fill in self._fills.get(client_id, ())), NOTHING)

    def report(self, client_id: str) -> OrderReport:
        """As `Broker.report`."""
        if client_id in self.orders:
            status = self.orders[client_id].status
        elif client_id in self._legs:
            status = self._legs[client_id][2]
        else:
            return OrderReport(None)
        return OrderReport(status, self.filled(client_id), tuple(self._fills.get(client_id, ())))

    def told(self, time_ns: int) -> BrokerBook:
        """As `Broker.book`."""
        orders = [client_id for waiting in self.waiting for client_id in waiting]
        legs = [leg.of(one.entry_id) for trades in self.open_trades for one in trades.values() for leg in one.resting]
        return BrokerBook(
            time_ns, self.currency, self.balance, dict(self._positions), (*orders, *legs), self._financing
        )

    def _dealt(self, deal: Dealt) -> None:
        self._deals += 1
        self._fills.setdefault(deal.client_id, []).append(deal.fill)
        self._booked += deal.pnl
        self._financing += deal.swap
        order = self.orders.get(deal.client_id)
        taken = None if order is None else order.taken
        if order is not None and taken is not None:
            order.left -= deal.units
            order.raw_fee += deal.raw_fee
            order.charged += deal.fee
            if not order.left:
                self._over(order, taken, OrderStatus.FILLED)
            symbol = taken.symbol
            if deal.opening is not None:
                self._opened(deal, taken)
        else:
            trade, leg, _ = self._legs[deal.client_id]
            self._legs[deal.client_id] = (trade, leg, OrderStatus.FILLED)
            trade.resting.pop(leg, None)
            symbol = trade.symbol
        for closing in deal.closings:
            trade = self.trades[closing.entry_id]
            _, trade.lots = trade.split(closing.units)
            if not trade.lots:
                self.open_trades[trade.place].pop(trade.entry_id, None)
        self._move(symbol, deal.units)

    def _opened(self, deal: Dealt, taken: Taken) -> None:
        opening = deal.opening
        assert opening is not None  # noqa: S101 - the caller has seen it
        place = self.place_of(taken.strategy)
        trade = self.trades.get(taken.client_id)
        if trade is None:
            trade = PaperTrade(taken.client_id, taken.strategy, taken.symbol, taken.sign, place, opening.from_ns)
            for leg, level in ((Leg.STOP, opening.stop), (Leg.TARGET, opening.target)):
                if level is not None:
                    trade.resting[leg] = level
                    self._legs[leg.of(taken.client_id)] = (trade, leg, OrderStatus.WORKING)
            self.trades[taken.client_id] = trade
        self.open_trades[place][taken.client_id] = trade
        trade.lots.append(Lot(abs(deal.units), deal.price, deal.fee, opening.since_ns))

    def _ended(self, change: Ended) -> None:
        order = self.orders.get(change.client_id)
        if order is not None and order.taken is not None:
            order.reason = change.reason
            self._over(order, order.taken, change.status)
            return
        trade, leg, _ = self._legs[change.client_id]
        self._legs[change.client_id] = (trade, leg, change.status)
        trade.resting.pop(leg, None)

    def _over(self, order: PaperOrder, taken: Taken, status: OrderStatus) -> None:
        order.status = status
        self.waiting[self.place_of(taken.strategy)].pop(order.client_id, None)

    def _move(self, symbol: str, units: Decimal) -> None:
        net = self._positions.get(symbol, NOTHING) + units
        if net:
            self._positions[symbol] = net
        else:
            self._positions.pop(symbol, None)
