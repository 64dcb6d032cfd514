"""How long the gate takes for one order: 16 positions on 8 pairs, their groups and correlations given, default limits."""

import time
from decimal import Decimal
from itertools import combinations
from statistics import median

from timing import save

from tradeworthy.controls.account_view import AccountView, LastPrice, OpenPosition
from tradeworthy.controls.gate import Gate
from tradeworthy.core.approved import Approved
from tradeworthy.core.clock import SECOND_NS, from_rfc3339
from tradeworthy.core.instrument import instrument_named
from tradeworthy.core.order import Order

NOW, RULINGS = from_rfc3339("2026-03-04T14:30:00Z"), 20_000
PRICES = {
    "EUR_USD": 1.1, "GBP_USD": 1.3, "AUD_USD": 0.7, "NZD_USD": 0.6, "USD_CAD": 1.3, "USD_JPY": 150.0, "EUR_GBP": 0.85,
    "GBP_JPY": 190.0,
}  # fmt: skip
RATES = {"CAD": 0.75, "JPY": 1 / 150, "GBP": 1.3, "EUR": 1.1, "AUD": 0.7, "NZD": 0.6}


def stop(symbol: str) -> Decimal:
    """One percent under the price."""
    return Decimal(repr(round(PRICES[symbol] * 0.99, 5)))


def book() -> AccountView:
    """Two strategies hold each pair."""
    held = tuple(
        OpenPosition(strategy, instrument_named(symbol), Decimal(1000), stop(symbol))
        for symbol in PRICES
        for strategy in ("cross", "bands")
    )
    return AccountView(
        currency="USD", equity=1e6, day_start_equity=1e6, day_high_equity=1e6, equity_peak=1e6, positions=held, pending=(),
        prices={symbol: LastPrice(price, NOW - SECOND_NS) for symbol, price in PRICES.items()}, rates=RATES,
        orders_sent_ns=(), trades_today=3, recent_units=dict.fromkeys(PRICES, (1000.0,) * 20),
        groups={symbol: symbol for symbol in PRICES},
        correlations={frozenset(pair): 0.1 for pair in combinations(PRICES, 2)}, events=(),
    )  # fmt: skip


def taken_us(gate: Gate, order: Order, view: AccountView) -> list[float]:
    """Of every ruling, in order of length."""
    taken = []
    for _ in range(RULINGS):
        began = time.perf_counter_ns()
        gate.ruling(order, view, NOW)
        taken.append((time.perf_counter_ns() - began) / 1e3)
    return sorted(taken)


def words_us(gate: Gate, order: Order, view: AccountView) -> float:
    """Putting all outcomes of a ruling into words, which a desk does for those that it shows or journals."""
    taken = []
    for _ in range(RULINGS // 10):
        outcomes = gate.ruling(order, view, NOW).outcomes
        began = time.perf_counter_ns()
        for one in outcomes:
            _ = one.required, one.actual, one.reason
        taken.append((time.perf_counter_ns() - began) / 1e3)
    return median(taken)


def main() -> None:
    """Measure, print a table, and write bench/results/gate_speed.json."""
    gate, view = Gate(), book()
    adding = Order("c-1", instrument_named("EUR_USD"), "cross", Decimal(1000), stop("EUR_USD"))
    leaving = Order("c-2", instrument_named("EUR_USD"), "cross", Decimal(-1000), reduce_only=True)
    another = Order("c-3", instrument_named("EUR_USD"), "third", Decimal(1000), stop("EUR_USD"))
    figures = {}
    for name, order, approved in (
        ("an entry approved", adding, True), ("an entry refused", another, False), ("an exit approved", leaving, True),
    ):  # fmt: skip
        answer = gate.judge(order, view, NOW)
        if isinstance(answer, Approved) != approved:
            raise SystemExit(f"{name}: {answer}")
        taken = taken_us(gate, order, view)
        for percent in (50, 99):
            figures[f"{name}: p{percent}, us"] = taken[len(taken) * percent // 100]
        figures[f"{name}: its words, p50, us"] = words_us(gate, order, view)
    for name, value in figures.items():
        print(f"{name:32} {value:10.2f}")
    save("gate_speed", figures)


main()
