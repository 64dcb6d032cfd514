"""A leg of the paper broker that is moved: from when on it counts, what refuses it, and that it survives."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from support.paper_desk import EURUSD, approved, order
from tradeworthy.adapters.brokers.paper_faults import FaultCall, FaultKind, PaperFault
from tradeworthy.adapters.brokers.paper_trade import PaperTrade
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.deals import Leg, OrderStatus
from tradeworthy.core.errors import AskError, RefuseError
from tradeworthy.core.messages import BarCame, DealCame, Message
from tradeworthy.market.bars import Bars

STOP = Leg.STOP.of("a")
MOVES_AT = 6 * HOUR_NS


def bars(lows: Sequence[float], hours: int, timeframe: Timeframe) -> Bars:
    """At 1.10, with these lows in each hour."""
    low = np.array(lows).reshape(-1, hours).min(axis=1)
    flat, opened = np.full(len(low), 1.10), np.arange(len(low), dtype=np.int64) * timeframe.length_ns
    return Bars(EURUSD, timeframe, opened, opened + timeframe.length_ns, flat, flat, low, flat)


def venue(lows: Sequence[float], store: Path | None = None, *faults: PaperFault) -> PaperVenue:
    """The strategy `one` deals on bars of four hours; those of an hour are told beside them."""
    series = [bars(lows, 4, Timeframe.H4), bars(lows, 1, Timeframe.H1)]
    return PaperVenue(series, watched={"one": 0}, store=store, faults=faults)


async def lived(it: PaperVenue, *moves: str, ends_ns: int = 2**62) -> list[Message]:
    """Enter at the open of the second bar, and move the stop from 1.00 in the middle of it; what was said until the end."""
    said: list[Message] = []
    async for message in it.messages():
        said.append(message)
        if isinstance(message, BarCame) and message.timeframe is Timeframe.H4 and it.now_ns() == 4 * HOUR_NS:
            await it.place(approved(order("a", stop_distance=0.10)))
        if isinstance(message, BarCame) and message.timeframe is Timeframe.H1 and it.now_ns() == MOVES_AT:
            for price in moves:
                await it.replace(STOP, Decimal(price))
        if it.now_ns() >= ends_ns:
            break
    return said


def stopped(said: Sequence[Message]) -> list[tuple[float, int]]:
    """Prices of the stop's deals, and the hours in which they came."""
    deals = [one for one in said if isinstance(one, DealCame) and one.client_id == STOP]
    return [(float(one.fill.price), one.time_ns // HOUR_NS) for one in deals]


BEFORE = [1.1] * 4 + [1.1, 1.04, 1.1, 1.1] + [1.1] * 8
"""The low is in the bar in which the stop is moved."""
AFTER = [1.1] * 4 + [1.1, 1.04, 1.1, 1.1] + [1.1, 1.07, 1.1, 1.1] + [1.1] * 4
"""And again in the next one."""


def test_a_stop_that_is_moved_counts_for_bars_that_open_from_then_on() -> None:
    assert stopped(asyncio.run(lived(venue(BEFORE), "1.08"))) == []
    assert stopped(asyncio.run(lived(venue(AFTER), "1.08"))) == [(1.08, 12)]
    assert stopped(asyncio.run(lived(venue(AFTER)))) == []
    assert stopped(asyncio.run(lived(venue(AFTER), "1.02", "1.08"))) == [(1.08, 12)]


def test_the_bar_under_way_is_still_held_against_where_the_stop_rested() -> None:
    deep = [1.1] * 4 + [1.1, 0.99, 1.1, 1.1] + [1.1] * 8
    assert stopped(asyncio.run(lived(venue(deep), "1.08"))) == [(1.0, 8)]


def test_a_moved_stop_is_there_after_a_restart(tmp_path: Path) -> None:
    store = tmp_path / "paper.sqlite"
    first = venue(AFTER, store)
    asyncio.run(lived(first, "1.08", ends_ns=MOVES_AT))
    first.close()
    second = venue(AFTER, store)
    assert stopped(asyncio.run(lived(second))) == [(1.08, 12)]
    second.close()


@pytest.mark.parametrize(
    ("name", "price", "why"),
    [
        (STOP, "1.10", "the market is there already"),
        (STOP, "1.2", "the market is there already"),
        ("a", "1.08", "is no leg that rests"),
        (Leg.TARGET.of("a"), "1.2", "is no leg that rests"),
        ("nobody", "1.08", "is no leg that rests"),
    ],
)
def test_what_cannot_be_moved_is_refused_and_rests_where_it_did(name: str, price: str, why: str) -> None:
    async def work() -> None:
        it = venue(AFTER)
        await lived(it, ends_ns=MOVES_AT)
        with pytest.raises(RefuseError, match=why):
            await it.replace(name, Decimal(price))
        assert (await it.report(STOP)).status is OrderStatus.WORKING

    asyncio.run(work())


def test_the_same_price_again_changes_nothing() -> None:
    async def work() -> None:
        it = venue(AFTER)
        await lived(it, "1.08", "1.08", ends_ns=MOVES_AT)
        (trade,) = it._replay.book.trades.values()
        assert len(trade.moved) == 1

    asyncio.run(work())


@pytest.mark.parametrize(
    ("kind", "error", "level"),
    [(FaultKind.TIMEOUT_BEFORE, AskError, 1.0), (FaultKind.TIMEOUT_AFTER, AskError, 1.08), (FaultKind.REJECT, RefuseError, 1.0)],
)  # fmt: skip
def test_a_call_to_move_fails_as_its_fault_says(kind: FaultKind, error: type[Exception], level: float) -> None:
    async def work() -> None:
        it = venue(AFTER, None, PaperFault(FaultCall.REPLACE, kind))
        await lived(it, ends_ns=MOVES_AT)
        with pytest.raises(error):
            await it.replace(STOP, Decimal("1.08"))
        (trade,) = it._replay.book.trades.values()
        assert trade.stop == level

    asyncio.run(work())


def test_of_several_moves_each_bar_has_the_level_of_its_open() -> None:
    trade = PaperTrade("a", "one", "EUR_USD", 1, 0, 0, resting={Leg.STOP: 1.0, Leg.TARGET: 2.0})
    for at, price in ((10, 1.1), (20, 1.2)):
        trade.move(Leg.STOP, price, at)
    assert [trade.levels_at(open_ns) for open_ns in (9, 10, 19, 20)] == [(1.0, 2.0), (1.1, 2.0), (1.1, 2.0), (1.2, 2.0)]
    assert [trade.moves_after(open_ns) for open_ns in (9, 19, 20)] == [True, True, False]
