"""Whatever is asked of the paper broker in whatever order, its account adds up."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.markets import random_walk
from support.paper_desk import approved, order
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.backtest.charges import Commission, Slippage, Swap
from tradeworthy.backtest.costs import Costs
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.deals import Fill, Leg, OrderStatus
from tradeworthy.core.errors import RefuseError
from tradeworthy.core.messages import BarCame, DealCame, OrderNews
from tradeworthy.market.resampling import resample

NOTHING = Decimal(0)
NAMES = st.sampled_from([f"o{number}" for number in range(9)])
DISTANCE = st.sampled_from([None, 0.0001, 0.001, 0.004])
PRICE = st.sampled_from([None, None, Decimal("1.0"), Decimal("1.1"), Decimal("1.2")])
ENTRY = st.tuples(st.just("enter"), NAMES, st.sampled_from([-7, -1, 1, 3, 10]), DISTANCE, DISTANCE, PRICE)
EXIT = st.tuples(st.just("leave"), NAMES, st.sampled_from([0, 0, 1, 2, 99]), st.sampled_from([1, 3, 12]), PRICE)
CANCEL = st.tuples(st.just("cancel"), NAMES, st.sampled_from(["", "-stop", "-target"]))
ASKED = st.lists(st.tuples(st.integers(0, 2), ENTRY | ENTRY | EXIT | EXIT | CANCEL), min_size=5, max_size=40)
TERMS = st.builds(
    PaperTerms,
    latency_ms=st.sampled_from([0.0, 0.0, 600_000.0, 5_000_000.0]),
    partial_share=st.sampled_from([0.0, 0.5, 1.0]),
    units_per_bar=st.sampled_from([None, 2.0]),
    reject_share=st.sampled_from([0.0, 0.2]),
    expiry=st.sampled_from([None, 1, 3]),
    seed=st.integers(0, 99),
)
COSTS = Costs(0.8, Commission(per_unit=0.001, minimum=0.02), Slippage(0.1), Swap(-0.5, -0.3, triple_weekday=None))


@dataclass
class Witness:
    """Asks what it is told to, each so many bars after the one before, and writes down what it hears."""

    venue: PaperVenue
    deals: dict[str, list[Fill]] = field(default_factory=lambda: defaultdict(list))
    news: dict[str, list[OrderStatus]] = field(default_factory=lambda: defaultdict(list))
    units: dict[str, Decimal] = field(default_factory=dict)
    closes: dict[str, str] = field(default_factory=dict)

    async def run(self, asked: list[tuple[int, tuple[Any, ...]]]) -> None:
        bars, at = 0, [*accumulate(after for after, _ in asked)]
        last = self.venue.now_ns()
        async for message in self.venue.messages():
            assert message.time_ns >= last
            last = message.time_ns
            if isinstance(message, DealCame):
                self.deals[message.client_id].append(message.fill)
            elif isinstance(message, OrderNews):
                self.news[message.client_id].append(message.status)
            elif isinstance(message, BarCame):
                await self.check()
                for number, one in zip(at, asked, strict=True):
                    if number == bars:
                        await self.ask(*one[1])
                bars += 1

    async def ask(self, what: str, name: str, *rest: Any) -> None:
        try:
            if what == "enter":
                units, stop, target, price = rest
                wanted = order(name, units, stop_distance=stop, target_distance=target, price=price)
            elif what == "leave":
                ago, size, price = rest
                entered = [one for one in self.units if one.startswith("o")]
                closes = entered[-1 - ago] if ago < len(entered) else ""
                units = int(Decimal(size).copy_sign(-self.units.get(closes, Decimal(-1))))
                name = f"x-{name}-{len(self.units)}"
                wanted = order(name, units, reduce_only=True, closes=closes, price=price)
            else:
                await self.venue.cancel(name + rest[0])
                return
            await self.venue.place(approved(wanted))
        except RefuseError:
            return
        self.units.setdefault(name, wanted.units)
        self.closes.setdefault(name, wanted.closes)

    async def check(self) -> None:
        """Positions are the sum of the deals told."""
        net = sum((fill.units for fills in self.deals.values() for fill in fills), NOTHING)
        assert dict((await self.venue.book()).positions) == ({"EUR_USD": net} if net else {})


def replay(asked: list[tuple[int, tuple[Any, ...]]], terms: PaperTerms, seed: int) -> Witness:
    """Over hours, and bars of four of them."""
    hours = random_walk(40, seed)
    venue = PaperVenue([hours, resample(hours, Timeframe.H4)], watched={"one": 0}, costs=COSTS, terms=terms)
    witness = Witness(venue)
    asyncio.run(witness.run(asked))
    return witness


@given(asked=ASKED, terms=TERMS, seed=st.integers(0, 50))
@settings(max_examples=150)
def test_an_account_adds_up_whatever_is_asked(
    asked: list[tuple[int, tuple[Any, ...]]], terms: PaperTerms, seed: int
) -> None:
    witness = replay(asked, terms, seed)
    book = witness.venue._replay.book
    told = book.told(witness.venue.now_ns())
    fills = [fill for one in witness.deals.values() for fill in one]
    assert len({fill.fill_id for fill in fills}) == len(fills)
    cash = sum(-float(fill.units) * float(fill.price) - float(fill.fee) for fill in fills)
    held = sum(
        trade.side * float(lot.units) * lot.price
        for trades in book.open_trades
        for trade in trades.values()
        for lot in trade.lots
    )
    assert told.balance == pytest.approx(terms.balance + cash + held + told.financing, abs=1e-7)


@given(asked=ASKED, terms=TERMS, seed=st.integers(0, 50))
@settings(max_examples=150)
def test_no_order_deals_beyond_its_units_and_no_two_legs_of_a_trade(
    asked: list[tuple[int, tuple[Any, ...]]], terms: PaperTerms, seed: int
) -> None:
    witness = replay(asked, terms, seed)
    book = witness.venue._replay.book
    for name, units in witness.units.items():
        report, dealt = book.report(name), sum((fill.units for fill in witness.deals[name]), NOTHING)
        assert report.filled == dealt
        assert list(report.fills) == witness.deals[name]
        assert 0 <= dealt / units <= 1
        assert (report.status is OrderStatus.FILLED) == (dealt == units)
        if report.status in {OrderStatus.CANCELLED, OrderStatus.EXPIRED}:
            assert witness.news[name] == [report.status]
        legs = [witness.deals[leg.of(name)] for leg in Leg]
        assert sum(len(one) for one in legs) <= 1
        exits = [fill for out, closes in witness.closes.items() if closes == name for fill in witness.deals[out]]
        left = dealt + sum((fill.units for one in (*legs, exits) for fill in one), NOTHING)
        if name.startswith("o"):
            assert 0 <= left / units <= 1


@given(asked=ASKED, terms=TERMS, seed=st.integers(0, 50))
@settings(max_examples=40)
def test_the_same_questions_have_the_same_answers(
    asked: list[tuple[int, tuple[Any, ...]]], terms: PaperTerms, seed: int
) -> None:
    once, again = replay(asked, terms, seed), replay(asked, terms, seed)
    assert once.deals == again.deals
    assert once.news == again.news
