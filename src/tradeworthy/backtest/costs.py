"""What trading costs: a spread per instrument for now."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tradeworthy.core.bar import PriceSide
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import Instrument


def _is_spread(pips: object) -> bool:
    return isinstance(pips, int | float | np.number) and not isinstance(pips, bool) and 0 <= float(pips) < math.inf


@dataclass(frozen=True, slots=True)
class Costs:
    """Spread in pips: one number for every instrument, or one per symbol.

    Buys fill at the ask and sells at the bid. Stops and targets are seen on the side at which the position would be
    left. A mapping without the instrument raises InputError: a missing cost is not a cost of nothing.
    """

    spread_pips: float | Mapping[str, float] = 0.0

    def __post_init__(self) -> None:
        given = self.spread_pips.values() if isinstance(self.spread_pips, Mapping) else [self.spread_pips]
        for pips in given:
            if not _is_spread(pips):
                raise InputError(f"costs: a spread must be zero pips or more, not {pips!r}")

    def spread(self, instrument: Instrument) -> float:
        """In price units."""
        pips = self.spread_pips
        if isinstance(pips, Mapping):
            if instrument.symbol not in pips:
                raise InputError(
                    f"no spread for {instrument.symbol}: name one in pips (costs.spread_pips in the settings), 0 if it is free"
                )
            pips = pips[instrument.symbol]
        return float(pips) * float(instrument.pip)

    def offsets(self, instrument: Instrument, side: PriceSide) -> tuple[float, float]:
        """What to add to a bar's price of that side to get the price one can buy at, and the one one can sell at."""
        spread = self.spread(instrument)
        return {
            PriceSide.MID: (spread / 2, -spread / 2),
            PriceSide.BID: (spread, 0.0),
            PriceSide.ASK: (0.0, -spread),
        }[side]
