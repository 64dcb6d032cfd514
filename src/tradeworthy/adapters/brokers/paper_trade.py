"""What one entry opened: its lots, first in first out, and where its legs rest."""

import math
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tradeworthy.core.deals import NOTHING, Leg


@dataclass(frozen=True, slots=True)
class Lot:
    """Units (above zero) of one entry deal that are still held, what was paid, and the fee of them."""

    units: Decimal
    price: float
    fee: float
    since_ns: int

    def cut(self, units: Decimal) -> tuple["Lot", "Lot | None"]:
        """So many units of it and the rest; the whole keeps its fee to the last digit."""
        if units >= self.units:
            return self, None
        fee = self.fee * float(units / self.units)
        return replace(self, units=units, fee=fee), replace(self, units=self.units - units, fee=self.fee - fee)


@dataclass(slots=True)
class PaperTrade:
    """One trade. side: +1 long, -1 short. place: of the series on which its legs are watched, on bars that open at `from_ns`
    or later. resting: the levels of the legs that still rest.
    moved: (until when, leg, level before), of legs that were moved.
    touched: kept of the latest look ahead: for these levels no bar from the first place on touches one before the second."""

    entry_id: str
    strategy: str
    symbol: str
    side: int
    place: int
    from_ns: int
    lots: list[Lot] = field(default_factory=list)
    resting: dict[Leg, float] = field(default_factory=dict)
    moved: list[tuple[int, Leg, float]] = field(default_factory=list)
    touched: tuple[tuple[float, float], int, int] = field(default=((0.0, 0.0), 0, -1), compare=False, repr=False)

    @property
    def units(self) -> Decimal:
        """Units still held, above zero."""
        return sum((lot.units for lot in self.lots), NOTHING)

    @property
    def stop(self) -> float:
        """Price; NaN where none rests."""
        return self.resting.get(Leg.STOP, math.nan)

    @property
    def target(self) -> float:
        """Price; NaN where none rests."""
        return self.resting.get(Leg.TARGET, math.nan)

    def move(self, leg: Leg, price: float, time_ns: int) -> None:
        """Let a leg rest elsewhere, for bars that open then or later."""
        self.moved.append((time_ns, leg, self.resting[leg]))
        self.resting[leg] = price

    def moves_after(self, open_ns: int) -> bool:
        """Whether a leg was moved after a bar had opened."""
        return bool(self.moved) and open_ns < self.moved[-1][0]

    def levels_at(self, open_ns: int) -> tuple[float, float]:
        """Stop and target for a bar that opened then."""
        levels = {Leg.STOP: self.stop, Leg.TARGET: self.target}
        moved = reversed(self.moved)  # of several the first, as its level was that of the bar's open
        levels.update({leg: before for until_ns, leg, before in moved if open_ns < until_ns and leg in self.resting})
        return levels[Leg.STOP], levels[Leg.TARGET]

    def split(self, units: Decimal) -> tuple[list[Lot], list[Lot]]:
        """The lots of so many units, oldest first, and those that are left."""
        taken: list[Lot] = []
        for place, lot in enumerate(self.lots):
            if units <= 0:
                return taken, self.lots[place:]
            piece, rest = lot.cut(units)
            taken.append(piece)
            units -= piece.units
            if rest is not None:
                return taken, [rest, *self.lots[place + 1 :]]
        return taken, []
