"""What the gate sees of an account at one moment. Whatever is None, NaN or not in a mapping is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from tradeworthy.core.instrument import Instrument
from tradeworthy.core.order import Order


class OpenPosition(msgspec.Struct, frozen=True, gc=False):
    """What one strategy holds of one instrument. units: signed, below zero is short. stop: its resting stop."""

    strategy: str
    instrument: Instrument
    units: Decimal | None
    stop: Decimal | None = None


class LastPrice(msgspec.Struct, frozen=True, gc=False):
    """The latest price of an instrument and when it held: a quote's receipt or a bar's close (ns UTC)."""

    price: float | Decimal | None
    time_ns: int | None


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """Something announced that moves markets. concerns: currencies or symbols; empty is everything."""

    time_ns: int | None
    title: str
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """An account as it stands. Nothing given is nothing known, and refuses the entries of every limit that needs it.

    currency: of the account; all money is in it. equity: balance and open profit or loss. day_start_equity,
    day_high_equity: at the start of the exchange's day and the highest since. equity_peak: the highest ever.
    positions: per strategy and instrument. pending: orders sent and not yet filled, cancelled or refused, those whose
    fate is unknown included; the stops and targets that rest with a position are not among them. prices: by symbol.
    rates: account money for one unit of each currency. orders_sent_ns: when orders were sent, of the last minute at
    least. trades_today: entries filled on the exchange's day. recent_units: by symbol the units of the latest orders,
    oldest first. groups: by symbol the name of its correlated group. correlations: by pair of symbols, -1 to 1.
    events: announced ones, near the present at least.
    """

    currency: str
    equity: float | None = None
    day_start_equity: float | None = None
    day_high_equity: float | None = None
    equity_peak: float | None = None
    positions: tuple[OpenPosition, ...] | None = None
    pending: tuple[Order, ...] | None = None
    prices: Mapping[str, LastPrice] | None = None
    rates: Mapping[str, float] | None = None
    orders_sent_ns: tuple[int, ...] | None = None
    trades_today: int | None = None
    recent_units: Mapping[str, tuple[float, ...]] | None = None
    groups: Mapping[str, str] | None = None
    correlations: Mapping[frozenset[str], float] | None = None
    events: tuple[CalendarEvent, ...] | None = None
