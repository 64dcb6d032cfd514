"""A desk of the smallest kind, which carries decisions out on a broker, and the orders and approvals it needs."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.backtest.fills import FillRules
from tradeworthy.controls.account_view import AccountView, OpenPosition
from tradeworthy.controls.gate import Gate
from tradeworthy.core.approved import Approved
from tradeworthy.core.deals import Fill, Leg
from tradeworthy.core.instrument import Instrument, instrument_named
from tradeworthy.core.messages import BarCame, DealCame, Message
from tradeworthy.core.order import Order, Refused
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import Decisions

EURUSD = instrument_named("EUR_USD")


def approved(order: Order) -> Approved[Order]:
    """By a gate without limits; to one that reduces the account holds ten times what it needs."""
    held = OpenPosition(order.strategy, order.instrument, order.units * -10)
    answer = Gate(()).judge(order, AccountView(currency="USD", positions=(held,)), 0)
    assert not isinstance(answer, Refused)
    return answer


def order(client_id: str, units: str | int = 1, **changes: Any) -> Order:
    """At market, of the strategy `one`."""
    given: dict[str, Any] = {"instrument": EURUSD, "strategy": "one", **changes}
    return Order(client_id, units=Decimal(units), **given)


def exit_of(client_id: str, entry: Order, **changes: Any) -> Order:
    """An order that closes what the entry opened."""
    given: dict[str, Any] = {"units": -entry.units, "closes": entry.client_id, **changes}
    return Order(
        client_id, instrument=entry.instrument, strategy=entry.strategy, reduce_only=True, **given,
    )  # fmt: skip


def heard(venue: PaperVenue) -> list[Message]:
    """Everything a venue says to somebody who only listens."""

    async def listen() -> list[Message]:
        return [message async for message in venue.messages()]

    return asyncio.run(listen())


@dataclass
class DeskTrade:
    """What a desk knows of a trade by the deals it was told of."""

    entry: Fill
    side: int
    signal: int
    exit: Fill | None = None
    reason: str = "open"


@dataclass
class SmallDesk:
    """Decides on bar i as its decisions say, one position at a time, with the rules that belong to a desk."""

    venue: PaperVenue
    strategy: str
    bars: Bars
    decisions: Decisions
    rules: FillRules
    instrument: Instrument = EURUSD
    units: Decimal = Decimal(1)
    trades: list[DeskTrade] = field(default_factory=list)
    _bar: int = 0
    _held: tuple[str, int] | None = None
    _sent: dict[str, int] = field(default_factory=dict)

    async def hear(self, message: Message) -> None:
        """One message."""
        if isinstance(message, DealCame):
            self._deal(message)
        if isinstance(message, BarCame) and (message.symbol, message.timeframe) == (
            self.bars.instrument.symbol,
            self.bars.timeframe,
        ):
            await self._decide(self._bar)
            self._bar += 1

    def _deal(self, message: DealCame) -> None:
        name = message.client_id
        if name.startswith(f"{self.strategy}-in-") and "-" not in name.removeprefix(f"{self.strategy}-in-"):
            self._held = (name, 1 if message.fill.units > 0 else -1)
            self.trades.append(DeskTrade(message.fill, self._held[1], self._sent[name]))
        elif self._held is not None and name.startswith(self.strategy):
            entry = self._held[0]
            reasons = {Leg.STOP.of(entry): "stop", Leg.TARGET.of(entry): "target"}
            self.trades[-1].exit, self.trades[-1].reason = message.fill, reasons.get(name, "signal")
            self._held = None

    async def _decide(self, i: int) -> None:
        place = self._places.get(i)
        if place is None:
            return
        one = self.decisions
        enter, leave = int(one.enter[place]), int(one.leave[place])
        stop, target = float(one.stop_distance[place]), float(one.target_distance[place])
        if self._held is not None:
            entry, side = self._held
            if not leave & (1 if side > 0 else 2):
                return
            out = Order(
                f"{self.strategy}-out-{i}", self.instrument, self.strategy, self.units * -side, reduce_only=True,
                closes=entry,
            )  # fmt: skip
            await self.venue.place(approved(out))
            if enter != -side or self.rules.reenter_on_exit_bar is False:
                return
        if enter and _usable(stop) and _usable(target):
            await self._enter(i, enter, stop, target)

    async def _enter(self, i: int, enter: int, stop: float, target: float) -> None:
        name = f"{self.strategy}-in-{i}"
        self._sent[name] = i
        legs: dict[str, Any] = (
            {"stop_distance": _some(stop), "target_distance": _some(target)}
            if self.rules.stops_from == "fill"
            else {
                "stop": _level(float(self.bars.close[i]), -enter, stop),
                "target": _level(float(self.bars.close[i]), enter, target),
            }
        )
        wanted = Order(name, self.instrument, self.strategy, self.units * enter, **legs)
        await self.venue.place(approved(wanted))

    @cached_property
    def _places(self) -> dict[int, int]:
        return {int(bar): place for place, bar in enumerate(self.decisions.bar)}


def _usable(distance: float) -> bool:
    return math.isnan(distance) or 0 < distance < math.inf


def _some(distance: float) -> float | None:
    return None if math.isnan(distance) else distance


def _level(base: float, sign: int, distance: float) -> Decimal | None:
    return None if math.isnan(distance) else Decimal(repr(base + sign * distance))


def run_desks(desks: Sequence[SmallDesk]) -> None:
    """Several desks on one venue, each hearing every message in turn."""

    async def run() -> None:
        async for message in desks[0].venue.messages():
            for desk in desks:
                await desk.hear(message)

    asyncio.run(run())
