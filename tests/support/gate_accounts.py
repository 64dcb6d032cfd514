"""An account in dollars that every limit lets trade, and orders that meet it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tradeworthy.controls.account_view import AccountView, LastPrice, OpenPosition
from tradeworthy.controls.filters import CheckState
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.outcomes import Limit, Outcome
from tradeworthy.core.clock import SECOND_NS, from_rfc3339
from tradeworthy.core.instrument import Instrument, instrument_named
from tradeworthy.core.order import Order

NOW = from_rfc3339("2026-03-04T14:30:00Z")
PRICES = {"EUR_USD": 1.25, "GBP_USD": 1.5, "USD_JPY": 160.0, "EUR_GBP": 0.8, "SPX": 5000.0}
ACCOUNT = AccountView(
    currency="USD",
    equity=10_000.0,
    day_start_equity=10_000.0,
    day_high_equity=10_000.0,
    equity_peak=10_000.0,
    positions=(),
    pending=(),
    prices={symbol: LastPrice(price, NOW - SECOND_NS) for symbol, price in PRICES.items()},
    rates={"EUR": 1.25, "GBP": 1.5, "JPY": 0.00625},
    orders_sent_ns=(),
    trades_today=0,
    recent_units={},
    groups={"EUR_USD": "a", "GBP_USD": "b", "USD_JPY": "c", "EUR_GBP": "d", "SPX": "e"},
    correlations={},
    events=(),
)


def order(
    units: str | Decimal = "1000",
    stop: str | None = "1.20",
    symbol: str = "EUR_USD",
    price: str | None = None,
    **changes: Any,
) -> Order:
    """A market order of the strategy `cross`; by default it risks 50 USD, 0.5% of the account."""
    given: dict[str, Any] = {"client_id": "c-1", "strategy": "cross", "instrument": instrument_named(symbol), **changes}
    return Order(
        units=Decimal(units),
        stop=None if stop is None else Decimal(stop),
        price=None if price is None else Decimal(price),
        **given,
    )


def position(
    units: str | None, stop: str | None = "1.20", symbol: str = "EUR_USD", strategy: str = "cross"
) -> OpenPosition:
    """An open position of a strategy."""
    held: Instrument = instrument_named(symbol)
    return OpenPosition(
        strategy, held, None if units is None else Decimal(units), None if stop is None else Decimal(stop)
    )


def account(**changes: Any) -> AccountView:
    """The account, changed."""
    return replace(ACCOUNT, **changes)


def outcome(limit: Limit, asked: Order, book: AccountView = ACCOUNT, moment_ns: int = NOW) -> Outcome:
    """What a gate with this limit alone says by it."""
    outcomes = Gate([limit]).ruling(asked, book, moment_ns).outcomes
    return next(one for one in outcomes if one.check == limit.name)


def state(limit: Limit, asked: Order, book: AccountView = ACCOUNT, moment_ns: int = NOW) -> CheckState:
    """Only what became of it."""
    return outcome(limit, asked, book, moment_ns).state
