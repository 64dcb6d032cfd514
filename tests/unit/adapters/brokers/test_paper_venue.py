"""How the paper broker deals, one case at a time, by hand."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from support.markets import random_walk
from support.paper_desk import EURUSD, approved, exit_of, heard, order
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.backtest.charges import Commission, Swap
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS
from tradeworthy.core.deals import OrderStatus
from tradeworthy.core.errors import InputError, ReconfigureError, RefuseError
from tradeworthy.core.instrument import instrument_named
from tradeworthy.core.messages import BarCame, DealCame, FeedEnded, LineUp, Message, OrderNews
from tradeworthy.core.order import Order
from tradeworthy.market.bars import Bars
from tradeworthy.market.resampling import resample

HALF_AN_HOUR_MS = 1_800_000.0


def hours(*ohlc: tuple[float, float, float, float], symbol: str = "EUR_USD") -> Bars:
    """Hours from 1970 on: open, high, low, close."""
    columns = np.array(ohlc).T
    opened = np.arange(len(ohlc), dtype=np.int64) * HOUR_NS
    return Bars(instrument_named(symbol), Timeframe.H1, opened, opened + HOUR_NS, *columns)


FIVE = hours(
    (1.10, 1.11, 1.09, 1.10), (1.12, 1.14, 1.11, 1.13), (1.13, 1.15, 1.12, 1.14), (1.14, 1.16, 1.13, 1.15),
    (1.15, 1.17, 1.14, 1.16),
)  # fmt: skip


@dataclass
class Replayed:
    """What was said, and what came of it."""

    venue: PaperVenue
    said: list[Message] = field(default_factory=list)

    def deals(self) -> list[tuple[str, str, str, float]]:
        """Order, units, price and hours since the first open, of each deal."""
        return [
            (one.client_id, str(one.fill.units), str(one.fill.price), one.fill.time_ns / HOUR_NS)
            for one in self.said
            if isinstance(one, DealCame)
        ]

    def news(self) -> list[tuple[str, OrderStatus, str, float]]:
        """Order, how it ended, units dealt, and hours since the first open."""
        return [
            (one.client_id, one.status, str(one.filled), one.time_ns / HOUR_NS)
            for one in self.said
            if isinstance(one, OrderNews)
        ]


def replay(asked: Mapping[int, Sequence[Order | str]], bars: Bars = FIVE, **given: Any) -> Replayed:
    """Place orders (or cancel, by id) when the bar of that number has come."""

    async def work() -> Replayed:
        found = Replayed(PaperVenue([bars], watched={"one": 0}, **given))
        count = 0
        async for message in found.venue.messages():
            found.said.append(message)
            if isinstance(message, BarCame):
                for one in asked.get(count, []):
                    await (found.venue.cancel(one) if isinstance(one, str) else found.venue.place(approved(one)))
                count += 1
        return found

    return asyncio.run(work())


def test_bars_come_in_order_after_line_up_and_before_the_end() -> None:
    walk = random_walk(50, 1)
    said = heard(PaperVenue([walk, resample(walk, Timeframe.H4)], watched={}))
    assert isinstance(said[0], LineUp)
    assert isinstance(said[-1], FeedEnded)
    bars = [message for message in said if isinstance(message, BarCame)]
    assert len(said) == len(bars) + 2
    assert [bar.time_ns for bar in bars] == sorted(bar.time_ns for bar in bars)
    mine = [bar.bar for bar in bars if bar.timeframe is Timeframe.H1]
    assert [(bar.open_ns, bar.open, bar.high, bar.low, bar.close) for bar in mine] == list(
        zip(*(getattr(walk, name).tolist() for name in ("open_time", "open", "high", "low", "close")), strict=True)
    )


def test_fixings_that_open_and_close_at_one_moment_are_dealt_at_the_next_one() -> None:
    at = np.arange(1, 6) * DAY_NS
    price = np.array([1.1, 1.2, 1.3, 1.4, 1.5])
    fixings = Bars(EURUSD, Timeframe.D, at, at, price, price, price, price)
    done = replay({1: [order("a", 1, stop_distance=0.01, target_distance=0.15)]}, fixings)
    assert done.deals() == [("a", "1", "1.3", 72.0), ("a-target", "-1", "1.5", 120.0)]


def test_an_order_is_dealt_at_the_next_open_and_left_at_the_next_again() -> None:
    entry = order("a", 2)
    done = replay({0: [entry], 2: [exit_of("x", entry)]}, costs=Costs(2.0))
    assert done.deals() == [("a", "2", "1.1201", 1.0), ("x", "-2", "1.1399", 3.0)]


def test_exits_come_before_entries_and_both_in_the_order_of_arrival() -> None:
    first, second = order("a", 1), order("b", -1)
    asked = {0: [first, second], 1: [order("c", -1), exit_of("x", first), order("d", 1), exit_of("y", second)]}
    assert [name for name, *_ in replay(asked).deals()] == ["a", "b", "x", "y", "c", "d"]


def test_an_order_that_missed_the_open_is_dealt_at_the_worse_price_of_its_bar_when_that_closes() -> None:
    falling = hours(
        (1.10, 1.11, 1.09, 1.10), (1.12, 1.13, 1.05, 1.06), (1.06, 1.07, 1.05, 1.06), (1.06, 1.07, 1.05, 1.06)
    )
    terms = PaperTerms(latency_ms=HALF_AN_HOUR_MS)
    buys, sells = order("buys", 1, stop_distance=0.03), order("sells", -1)
    assert replay({0: [buys, sells]}, falling, terms=terms).deals() == [
        ("buys", "1", "1.12", 2.0), ("sells", "-1", "1.06", 2.0), ("buys-stop", "-1", "1.06", 2.0),
    ]  # fmt: skip


def test_an_order_that_is_later_than_a_bar_is_dealt_in_the_one_in_which_it_arrives() -> None:
    assert replay({0: [order("a")]}, terms=PaperTerms(latency_ms=3 * HALF_AN_HOUR_MS)).deals() == [
        ("a", "1", "1.14", 3.0)
    ]
    assert replay({0: [order("a")]}, terms=PaperTerms(latency_ms=2 * HALF_AN_HOUR_MS)).deals() == [
        ("a", "1", "1.13", 2.0)
    ]


def test_what_is_sent_while_deals_of_an_open_are_told_is_dealt_at_that_open() -> None:
    entry = order("a", 1, stop_distance=0.5)

    async def work() -> list[Message]:
        venue = PaperVenue([FIVE], watched={"one": 0}, terms=PaperTerms(units_per_bar=2))
        said, bars = [], 0
        async for message in venue.messages():
            said.append(message)
            if isinstance(message, BarCame):
                bars += 1
                if bars in {1, 2}:
                    await venue.place(approved(entry if bars == 1 else exit_of("x", entry)))
            if isinstance(message, DealCame) and message.client_id == "x":
                await venue.place(approved(order("turned", -3, target_distance=0.00001)))
        return said

    done = Replayed(PaperVenue([FIVE], watched={}), asyncio.run(work()))
    assert done.deals() == [
        ("a", "1", "1.12", 1.0), ("x", "-1", "1.13", 2.0), ("turned", "-2", "1.13", 2.0),
        ("turned-target", "2", repr(1.13 - 0.00001), 3.0),
    ]  # fmt: skip
    assert [type(one) for one in done.said if one.time_ns == 2 * HOUR_NS] == [BarCame, DealCame, OrderNews, DealCame]


def test_a_new_account_may_begin_later_with_the_bars_before_as_history() -> None:
    async def work() -> None:
        venue = PaperVenue([FIVE], watched={}, begins_ns=2 * HOUR_NS + 1)
        assert venue.now_ns() == 3 * HOUR_NS
        assert len(await venue.history("EUR_USD", Timeframe.H1, 0, 9)) == 2
        said = [message async for message in venue.messages()]
        assert [one.time_ns // HOUR_NS for one in said if isinstance(one, BarCame)] == [3, 4, 5]

    asyncio.run(work())


def test_a_limit_is_the_worst_price_that_is_taken() -> None:
    done = replay({0: [order("low", 1, price=Decimal("1.0")), order("high", -1, price=Decimal("1.135"))]})
    assert done.deals() == [("high", "-1", "1.14", 3.0)]
    assert asyncio.run(done.venue.report("low")).status is OrderStatus.WORKING


def test_what_waits_expires_after_so_many_bars_with_what_was_dealt() -> None:
    terms = PaperTerms(expiry=2, units_per_bar=2)
    done = replay({0: [order("low", 1, price=Decimal("1.0")), order("large", 9)]}, terms=terms)
    assert done.deals() == [("large", "2", "1.12", 1.0), ("large", "2", "1.13", 2.0)]
    assert done.news() == [("low", OrderStatus.EXPIRED, "0", 2.0), ("large", OrderStatus.EXPIRED, "4", 2.0)]


def test_an_order_is_dealt_in_parts_and_its_legs_rest_from_the_first_for_all_of_them() -> None:
    entry = order("a", 5, stop_distance=0.5, target_distance=0.035)
    done = replay({0: [entry]}, terms=PaperTerms(units_per_bar=2), costs=Costs(commission=Commission(minimum=1.0)))
    assert done.deals() == [
        ("a", "2", "1.12", 1.0), ("a", "2", "1.13", 2.0), ("a", "1", "1.14", 3.0), ("a-target", "-5", "1.155", 4.0),
    ]  # fmt: skip
    book = asyncio.run(done.venue.book())
    assert book.balance == pytest.approx(10_000 + 5 * 1.155 - 2 * 1.12 - 2 * 1.13 - 1.14 - 2.0, abs=1e-9)


def test_a_share_of_orders_is_dealt_in_parts_whatever_is_asked_before() -> None:
    orders = [order(f"o{number}", 100) for number in range(40)]
    terms = PaperTerms(partial_share=0.5, seed=2)
    first = [dealt for dealt in replay({0: [*orders]}, terms=terms).deals() if dealt[3] == 1.0]
    assert 10 < sum(units != "100" for _, units, _, _ in first) < 30
    parts = sorted(int(units) for _, units, _, _ in first if units != "100")
    assert 10 <= parts[0] < 40
    assert 60 < parts[-1] <= 90
    assert sorted(dealt for dealt in replay({0: orders[::-1]}, terms=terms).deals() if dealt[3] == 1.0) == sorted(first)


def test_a_share_of_orders_is_refused_by_seed_and_client_id() -> None:
    def refused(seed: int) -> list[str]:
        async def work() -> list[str]:
            found, venue = [], PaperVenue([FIVE], watched={"one": 0}, terms=PaperTerms(reject_share=0.3, seed=seed))
            for number in range(100):
                try:
                    await venue.place(approved(order(f"o{number}")))
                except RefuseError:
                    found.append(f"o{number}")
                    assert (await venue.report(f"o{number}")).status is OrderStatus.REJECTED
            return found

        return asyncio.run(work())

    assert 15 < len(refused(1)) < 45
    assert refused(1) == refused(1) != refused(2)


def test_the_rest_of_an_entry_is_cancelled_when_its_trade_is_closed() -> None:
    entry = order("a", 5, target_distance=0.5)
    done = replay({0: [entry], 1: [exit_of("x", entry)]}, terms=PaperTerms(units_per_bar=2))
    assert done.deals() == [("a", "2", "1.12", 1.0), ("x", "-2", "1.13", 2.0)]
    assert sorted(done.news()) == [
        ("a", OrderStatus.CANCELLED, "2", 2.0), ("a-target", OrderStatus.CANCELLED, "0", 2.0),
        ("x", OrderStatus.CANCELLED, "-2", 2.0),
    ]  # fmt: skip


def test_an_exit_that_still_waits_is_cancelled_when_a_leg_deals() -> None:
    entry = order("a", 1, target_distance=0.025)
    done = replay({0: [entry], 1: [exit_of("x", entry, price=Decimal("1.5"))]})
    assert done.deals() == [("a", "1", "1.12", 1.0), ("a-target", "-1", "1.145", 3.0)]
    assert done.news() == [("x", OrderStatus.CANCELLED, "0", 3.0)]


def test_a_reduction_that_names_no_entry_takes_the_oldest_trades_of_its_strategy() -> None:
    asked = {0: [order("a", 2)], 1: [order("b", 2)], 2: [order("x", -3, reduce_only=True)]}
    done = replay(asked)
    assert done.deals()[-1] == ("x", "-3", "1.14", 3.0)
    book = asyncio.run(done.venue.book())
    assert book.positions == {"EUR_USD": Decimal(1)}
    assert book.balance == pytest.approx(10_000 + 2 * (1.14 - 1.12) + (1.14 - 1.13), abs=1e-9)


def test_parts_of_a_trade_are_closed_first_in_first_out() -> None:
    entry = order("a", 4)
    asked = {0: [entry], 2: [exit_of("x", entry, units=Decimal(-1))], 3: [exit_of("y", entry, units=Decimal(-2))]}
    done = replay(asked, terms=PaperTerms(units_per_bar=2))
    assert [dealt[:3] for dealt in done.deals()] == [
        ("a", "2", "1.12"), ("a", "2", "1.13"), ("x", "-1", "1.14"), ("y", "-2", "1.15"),
    ]  # fmt: skip
    book = asyncio.run(done.venue.book())
    assert book.balance == pytest.approx(10_000 + (1.14 - 1.12) + (1.15 - 1.12) + (1.15 - 1.13), abs=1e-9)


HALF = HOUR_NS // 2
HALVES_OPEN = np.arange(8, dtype=np.int64) * HALF
FLAT = np.full(8, 1.1)
HALVES = Bars(EURUSD, Timeframe.M30, HALVES_OPEN, HALVES_OPEN + HALF, FLAT, FLAT, FLAT, FLAT)


def in_between(hourly: Bars, asked: Mapping[float, Order | str], **given: Any) -> Replayed:
    """The same with orders at any half hour, and hours to deal on."""

    async def work() -> Replayed:
        found = Replayed(PaperVenue([HALVES, hourly], watched={"one": 1}, **given))
        async for message in found.venue.messages():
            found.said.append(message)
            one = asked.get(message.time_ns / HOUR_NS)
            if isinstance(message, BarCame) and message.timeframe is Timeframe.M30 and one is not None:
                await (found.venue.cancel(one) if isinstance(one, str) else found.venue.place(approved(one)))
        return found

    return asyncio.run(work())


@pytest.mark.parametrize("latency_ms", [0.0, 600_000.0])
def test_an_order_that_is_sent_within_a_bar_waits_for_the_next_open(latency_ms: float) -> None:
    done = in_between(FIVE, {1.5: order("a", -1)}, terms=PaperTerms(latency_ms=latency_ms))
    assert done.deals() == [("a", "-1", "1.13", 2.0)]


def test_a_level_that_a_leg_hid_at_the_open_is_dealt_at_the_close_when_that_leg_is_taken_back() -> None:
    both = hours((1.1, 1.1, 1.1, 1.1), (1.1, 1.11, 1.09, 1.1), (1.2, 1.21, 1.0, 1.1), (1.1, 1.1, 1.1, 1.1))
    entry, rules = order("a", 1, stop_distance=0.05, target_distance=0.05), FillRules(open_first=False)
    stopped = in_between(both, {1.0: entry}, fills=rules)
    assert stopped.deals()[-1] == ("a-stop", "-1", repr(1.1 - 0.05), 3.0)
    taken_back: dict[float, Order | str] = {1.0: entry, 2.5: "a-stop"}
    assert in_between(both, taken_back, fills=rules).deals()[-1] == ("a-target", "-1", "1.2", 3.0)


@pytest.mark.parametrize(("latency_ms", "nights"), [(0.0, 0), (600_000.0, 1)])
def test_a_night_counts_for_what_is_dealt_just_before_it_and_not_for_what_is_dealt_just_after(
    latency_ms: float, nights: int
) -> None:
    rollover = 22 * HOUR_NS  # 17:00 in New York on 1970-01-01, a Thursday
    flat = hours(*[(1.1, 1.1, 1.1, 1.1)] * 26)
    entry = order("a", 1000)
    late = 20 if latency_ms else 21  # dealt at the close that is the moment of the night, or at the open that is
    done = replay(
        {late: [entry], 23: [exit_of("x", entry)]}, flat, costs=Costs(swap=Swap(long_pips=-1.0)),
        terms=PaperTerms(latency_ms=latency_ms),
    )  # fmt: skip
    assert next(one.fill.time_ns for one in done.said if isinstance(one, DealCame)) == rollover
    assert asyncio.run(done.venue.book()).financing == pytest.approx(-0.1 * nights)


def test_a_leg_that_was_taken_back_is_held_against_no_bar() -> None:
    done = replay({0: [order("a", 1, stop_distance=0.5, target_distance=0.015)], 1: []})
    assert done.deals()[-1][0] == "a-target"
    kept = replay({0: [order("a", 1, stop_distance=0.5, target_distance=0.025)], 1: ["a-target"]})
    assert kept.deals() == [("a", "1", "1.12", 1.0)]
    assert kept.news() == [("a-target", OrderStatus.CANCELLED, "0", 2.0)]
    assert asyncio.run(kept.venue.book()).open_orders == ("a-stop",)


def test_legs_at_given_prices_rest_there() -> None:
    done = replay({0: [order("a", 1, stop=Decimal("1.0"), target=Decimal("1.155"))]})
    assert done.deals()[-1] == ("a-target", "-1", "1.155", 4.0)


def test_an_open_beyond_a_level_is_told_at_the_open_and_what_the_range_holds_at_the_close() -> None:
    gap = hours((1.1, 1.1, 1.1, 1.1), (1.1, 1.11, 1.09, 1.1), (1.05, 1.06, 1.04, 1.05), (1.05, 1.06, 1.04, 1.05))
    done = replay({0: [order("a", 1, stop_distance=0.02)]}, gap)
    assert done.deals()[-1] == ("a-stop", "-1", "1.05", 2.0)
    deal = next(place for place, one in enumerate(done.said) if isinstance(one, DealCame) and one.client_id == "a-stop")
    assert done.said[deal + 1].time_ns == 3 * HOUR_NS
    inside = replay({0: [order("a", 1, stop_distance=0.005)]}, gap)
    assert inside.deals()[-1] == ("a-stop", "-1", repr(1.1 - 0.005), 2.0)
    assert replay({0: [order("a", 1, stop_distance=0.005)]}, gap, fills=FillRules(check_entry_bar=False)).deals()[-1] == (
        "a-stop", "-1", "1.05", 2.0,
    )  # fmt: skip


def test_nothing_is_entered_before_its_money_can_be_converted() -> None:
    later = hours((1.2, 1.2, 1.2, 1.2), symbol="GBP_USD")
    rates = Bars(
        later.instrument, later.timeframe, later.open_time + 2 * HOUR_NS, later.close_time + 2 * HOUR_NS, later.open,
        later.high, later.low, later.close,
    )  # fmt: skip
    terms = PaperTerms(currency="GBP", rates={"USD": rates})
    done = replay({0: [order("early")], 2: [order("late")]}, terms=terms)
    assert done.deals() == [("late", "1", "1.14", 3.0)]
    assert done.news() == [("early", OrderStatus.REJECTED, "0", 1.0)]
    assert done.venue.currency == "GBP"


def test_history_ends_before_the_bar_that_is_being_told_and_holds_the_last_ones_asked_for() -> None:
    async def work() -> None:
        venue = PaperVenue([FIVE], watched={})
        assert await venue.history("EUR_USD", Timeframe.H1, 0, 9) == []
        count = 0
        async for message in venue.messages():
            if isinstance(message, BarCame):
                found = await venue.history("EUR_USD", Timeframe.H1, 0, 9)
                assert [bar.open_ns for bar in found] == [number * HOUR_NS for number in range(count)]
                count += 1
        assert [bar.close for bar in await venue.history("EUR_USD", Timeframe.H1, HOUR_NS, 2)] == [1.14, 1.15]
        assert len(await venue.history("EUR_USD", Timeframe.H1, 3 * HOUR_NS, 9)) == 1
        assert await venue.history("EUR_USD", Timeframe.H1, 9 * HOUR_NS, 9) == []
        with pytest.raises(ReconfigureError, match="no bars of EUR_USD M1"):
            await venue.history("EUR_USD", Timeframe.M1, 0, 9)

    asyncio.run(work())


@pytest.mark.parametrize("told", [0, 2, 3])
def test_a_replay_that_goes_on_after_a_bar_never_shows_one_that_is_still_open(told: int) -> None:
    async def work() -> None:
        seen = {("EUR_USD", Timeframe.H1): told * HOUR_NS}
        venue = PaperVenue([FIVE], watched={"one": 0}, told=seen)
        assert len(await venue.history("EUR_USD", Timeframe.H1, 0, 9)) == told
        await venue.place(approved(order("a", price=Decimal("9.9"))))
        opened = []
        async for message in venue.messages():
            found = await venue.history("EUR_USD", Timeframe.H1, 0, 9)
            assert all(bar.close_ns <= venue.now_ns() for bar in found)
            if isinstance(message, BarCame):
                assert len(found) == message.bar.open_ns // HOUR_NS
            opened += [message.time_ns // HOUR_NS] if isinstance(message, DealCame) else []
        assert opened == [told]

    asyncio.run(work())


def test_bar_time_passes_as_fast_as_it_is_asked_to() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    heard(PaperVenue([FIVE], watched={}, speed=60, sleep=sleep))
    assert [seconds for seconds in slept if seconds] == [60.0] * 5


@pytest.mark.parametrize(("asked", "sentence"), [
    (order("a", 0), "other than zero"),
    (order("a", "NaN"), "other than zero"),
    (order("a", strategy="two"), "'two' is watched on no series"),
    (order("a", instrument=instrument_named("GBP_USD")), "dealt on bars of EUR_USD, not of GBP_USD"),
    (order("a", -1, reduce_only=True, closes="b"), "nothing is left of b"),
    (order("a", -1, reduce_only=True), "nothing is left of a position of one"),
    (order("held"), "its client id, or that of a leg of it, is taken"),
])  # fmt: skip
def test_an_order_that_makes_no_sense_is_refused_again_and_again(asked: Order, sentence: str) -> None:
    from tradeworthy.core.mint import approve

    async def work() -> None:
        venue = PaperVenue([FIVE], watched={"one": 0})
        await venue.place(approved(order("held-stop")))
        for _ in range(2):
            with pytest.raises(RefuseError, match=sentence):
                await venue.place(approve(asked))
        assert (await venue.book()).open_orders == ("held-stop",)

    asyncio.run(work())


@pytest.mark.parametrize(("given", "sentence"), [
    ({"series": []}, "no bars to replay"),
    ({"series": [FIVE, FIVE]}, "EUR_USD H1 is given twice"),
    ({"watched": {"one": 1}}, "watched on series 1, and they go from 0 to 0"),
    ({"fills": FillRules(entry="close")}, "at the next open, at the soonest"),
    ({"speed": 0}, "speed must be above zero"),
    ({"terms": PaperTerms(currency="JPY")}, "the account is in JPY: no rate between them"),
])  # fmt: skip
def test_what_does_not_go_together_is_said(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        PaperVenue(**{"series": [FIVE], "watched": {"one": 0}, **given})


@pytest.mark.parametrize(("given", "sentence"), [
    ({"balance": 0}, "balance must be above zero"),
    ({"latency_ms": -1}, "latency_ms must be zero or more"),
    ({"partial_share": 1.5}, "partial_share is a share from 0 to 1"),
    ({"reject_share": 2}, "reject_share is a share from 0 to 1"),
    ({"units_per_bar": 0}, "units_per_bar must be above zero"),
    ({"expiry": 0}, "expiry must be a whole number of bars"),
    ({"seed": 0.5}, "seed must be a whole number"),
])  # fmt: skip
def test_terms_that_cannot_be_are_said(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        PaperTerms(**given)


def test_messages_are_asked_for_once() -> None:
    venue = PaperVenue([FIVE], watched={})
    heard(venue)
    with pytest.raises(InputError, match="asked for already"):
        heard(venue)
