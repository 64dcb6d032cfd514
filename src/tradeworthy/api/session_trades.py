"""The trades of a desk as its journal tells them: sent, dealt, closed, refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tradeworthy.api.session_words import Closed, Fill, Opened, Sent
from tradeworthy.appraisal.desk_record import Hindered, LiveDeal, LiveTrade
from tradeworthy.core.deals import LEGS

_LEGS: Final = tuple(f"-{leg.value}" for leg in LEGS)


@dataclass
class _Order:
    strategy: str
    decided_ns: int = 0
    closes: str = ""
    fills: dict[str, tuple[Fill, float]] = field(default_factory=dict)


@dataclass
class _Position:
    strategy: str
    side: int
    decided_ns: int
    exits: list[str] = field(default_factory=list)
    closed: Closed | None = None
    is_moved: bool = False
    lost_ns: int = 0


class TradesHeard:
    """Positions of one stretch of a journal that was traded under one book."""

    def __init__(self) -> None:
        self.hindered: dict[str, dict[int, Hindered]] = {}
        self.before: list[tuple[str, Closed]] = []
        self._orders: dict[str, _Order] = {}
        self._positions: dict[str, _Position] = {}
        self._held: dict[str, str] = {}

    def sent(self, strategy: str, note: Sent, sentence: str) -> None:
        """An order went out, or ended without a deal."""
        if note.status:
            order = self._orders.get(note.client_id)
            if order is not None and order.decided_ns and not order.fills:
                self.refused(strategy, order.decided_ns, f"order {note.status}", sentence)
        elif note.decided_ns:
            self._orders.setdefault(note.client_id, _Order(strategy, note.decided_ns))
        elif note.client_id:
            held = self._held.get(strategy, "")
            self._orders.setdefault(note.client_id, _Order(strategy, closes=held))
            if held:
                self._positions[held].exits.append(note.client_id)

    def refused(self, strategy: str, decided_ns: int, check: str, reason: str) -> None:
        """A check stopped an entry."""
        self.hindered.setdefault(strategy, {})[decided_ns] = Hindered(check, reason)

    def dealt(self, client_id: str, fill: Fill, rate: float) -> None:
        """A deal; told twice it is one."""
        order = self._orders.get(client_id)
        if order is None:
            entry = next((client_id.removesuffix(leg) for leg in _LEGS if client_id.endswith(leg)), "")
            if entry not in self._orders:
                return
            order = self._orders.setdefault(client_id, _Order(self._orders[entry].strategy, closes=entry))
        if float(fill.units) and fill.fill_id not in order.fills:
            order.fills[fill.fill_id] = (fill, rate if fill.rate is None else fill.rate)

    def symbol_of(self, client_id: str, keys: Mapping[str, tuple[str, str]]) -> str:
        """The instrument of an order or a leg; "" where nobody sent it."""
        entry = next((client_id.removesuffix(leg) for leg in _LEGS if client_id.endswith(leg)), client_id)
        order = self._orders.get(client_id) or self._orders.get(entry)
        return "" if order is None else keys.get(order.strategy, ("", ""))[0]

    def opened(self, strategy: str, note: Opened) -> None:
        """A position is held."""
        order = self._orders.get(note.client_id)
        decided = 0 if order is None else order.decided_ns
        side = 1 if float(note.units) > 0 else -1
        self._positions.setdefault(
            note.client_id, _Position(strategy, side, decided, [note.client_id + leg for leg in _LEGS])
        )
        self._held[strategy] = note.client_id

    def closed(self, strategy: str, note: Closed) -> None:
        """A position is over."""
        position = self._positions.get(note.entry_id)
        if position is None:
            self.before.append((strategy, note))
            return
        position.closed = note
        if self._held.get(strategy) == note.entry_id:
            del self._held[strategy]

    def moved(self, client_id: str) -> None:
        """A stop was moved."""
        for leg in _LEGS:
            position = self._positions.get(client_id.removesuffix(leg))
            if position is not None:
                position.is_moved = True

    def lost(self, strategy: str, moment_ns: int) -> None:
        """What a strategy held was written off."""
        name = self._held.pop(strategy, "")
        if name:
            self._positions[name].lost_ns = moment_ns

    def trades(self, strategy: str) -> tuple[LiveTrade, ...]:
        """Of one strategy, by the order in which they were opened."""
        return tuple(self._trade(name, one) for name, one in self._positions.items() if one.strategy == strategy)

    def held_before(self, strategy: str) -> tuple[LiveTrade, ...]:
        """Those that were opened before this stretch and closed in it: with no more than their end."""
        return tuple(
            LiveTrade(
                one.entry_id, strategy, 1 if one.side == "long" else -1, one.decided_ns, (),
                (LiveDeal(one.exit_ns, float(one.units), one.exit_price, 0.0, 0.0),), one.reason, one.pnl, one.r,
            )
            for name, one in self.before
            if name == strategy
        )  # fmt: skip

    def _trade(self, name: str, one: _Position) -> LiveTrade:
        exits = [deal for order in one.exits for deal in self._deals(order)]
        closed = one.closed
        return LiveTrade(
            name, one.strategy, one.side, one.decided_ns, tuple(self._deals(name)),
            tuple(sorted(exits, key=lambda deal: deal.time_ns)), None if closed is None else closed.reason,
            None if closed is None else closed.pnl, None if closed is None else closed.r, one.is_moved, one.lost_ns,
        )  # fmt: skip

    def _deals(self, name: str) -> list[LiveDeal]:
        order = self._orders.get(name)
        leg = next((leg.value for leg in LEGS if name.endswith(f"-{leg.value}")), "")
        fills = () if order is None else order.fills.values()
        return [
            LiveDeal(one.time_ns, abs(float(one.units)), float(one.price), float(one.fee), rate, leg, place == 0)
            for place, (one, rate) in enumerate(fills)
        ]
