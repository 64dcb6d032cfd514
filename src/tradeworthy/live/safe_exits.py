"""Leaving positions when something has failed: each is closed once, and never by more than is held."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from tradeworthy.core.clock import now_ns
from tradeworthy.core.deals import NOTHING
from tradeworthy.core.errors import InputError
from tradeworthy.core.moments import Clock, now_by
from tradeworthy.live.attempting import Attempt
from tradeworthy.live.cells import Cell, MemoryCell
from tradeworthy.live.foreign_errors import action_about, nothing_was_done
from tradeworthy.live.given_units import positions_of, units_of


class ExitSent(msgspec.Struct, frozen=True):
    """An exit that may be at the broker. units: signed, against the position. sure: whether the broker has answered."""

    symbol: str
    client_id: str
    units: Decimal
    sure: bool = False


Exits = tuple[ExitSent, ...]


class SafeExitManager:
    """`exit_all(positions, send)` closes what is held, reduce-only, and sends nothing twice.

    An exit that was sent, or of which nobody knows, is not sent again until `confirm` has heard what the broker still
    holds. One that fails leaves the others alone. No halt and no pause stops it: exits are always allowed. Any thread
    may call.
    """

    def __init__(self, *, clock: Clock = now_ns, state: Cell[Exits] | None = None) -> None:
        self._clock = clock
        self._state: Cell[Exits] = MemoryCell(()) if state is None else state

    @staticmethod
    def reduces(units: Any, held: Any) -> bool:
        """Whether an order of so many signed units makes a position of so many smaller, or closes it, and no more."""
        order, position = units_of(units, "the order's units"), units_of(held, "the position's units")
        return order * position < 0 and abs(order) <= abs(position)

    def exit_all(self, positions: Any, send: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """Close all of them: {sent, waiting, failed}.

        positions: the broker's, {symbol: net signed units}. send: is given {client_id, symbol, units, reduce_only: True} for
        one at a time, and raises where it could not. sent: the orders that were taken. waiting: symbols of exits that may be
        there already. failed: {symbol, action, reason} each; of retry and pause the same call may be made again.
        """
        if not callable(send):
            raise InputError(f"send must be a function that sends one order, not {type(send).__name__}")
        held = positions_of(positions, "the broker's")
        mine = self._claimed(held)
        told: dict[str, Any] = {
            "sent": [], "waiting": sorted(held.keys() - {one.symbol for one in mine}), "failed": []
        }  # fmt: skip
        for one in mine:
            order = {"client_id": one.client_id, "symbol": one.symbol, "units": one.units, "reduce_only": True}
            with Attempt() as tried:
                send(dict(order))
            if tried.error is None:
                self._settle(one, msgspec.structs.replace(one, sure=True))
                told["sent"].append(order)
            else:
                told["failed"].append(self._failed(one, tried.error))
        return told

    def confirm(self, positions: Any, open_orders: Any = ()) -> dict[str, Any]:
        """What the broker holds now, and the client ids that it still has: {flat, left, waiting}.

        An exit that the broker no longer has is over, and what is left of its position may be closed by `exit_all`.
        """
        held = positions_of(positions, "the broker's")
        if isinstance(open_orders, str):
            raise InputError("open_orders must be a list of client ids, not one text")
        working = set(open_orders)
        kept = self._state.change(lambda exits: tuple(one for one in exits if one.client_id in working))
        return {"flat": not held, "left": held, "waiting": sorted(one.symbol for one in kept)}

    def waiting(self) -> list[dict[str, Any]]:
        """{symbol, client_id, units, sure} of every exit that may be at the broker."""
        return [msgspec.structs.asdict(one) for one in self._state.get()]

    def _claimed(self, held: Mapping[str, Decimal]) -> Exits:
        """Kept before they are sent, so that a process that is killed in between does not send them again."""
        stamp = now_by(self._clock)
        mine: Exits = ()

        def step(exits: Exits) -> Exits:
            nonlocal mine
            under_way = {one.symbol for one in exits}
            mine = tuple(
                ExitSent(symbol, f"exit-{symbol}-{stamp}", NOTHING - units)
                for symbol, units in sorted(held.items())
                if symbol not in under_way
            )
            return exits + mine

        self._state.change(step)
        return mine

    def _settle(self, one: ExitSent, after: ExitSent | None) -> None:
        new = () if after is None else (after,)
        self._state.change(
            lambda exits: tuple(
                kept for each in exits for kept in (new if each.client_id == one.client_id else (each,))
            )
        )

    def _failed(self, one: ExitSent, error: Exception) -> dict[str, Any]:
        action = action_about(error)
        if nothing_was_done(error):
            self._settle(one, None)
        return {"symbol": one.symbol, "action": action.kind.value, "reason": action.reason}
