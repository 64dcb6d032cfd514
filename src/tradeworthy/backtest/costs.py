"""What trading costs, all of it in one record."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tradeworthy.backtest.charges import Commission, Slippage, Swap
from tradeworthy.backtest.spreads import Spread
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import Instrument


def _is_spread(pips: object) -> bool:
    return isinstance(pips, int | float | np.number) and not isinstance(pips, bool) and 0 <= float(pips) < math.inf


@dataclass(frozen=True, slots=True)
class Costs:
    """Spread, commission, slippage and swap; whatever is not named costs nothing.

    spread_pips: one number for every instrument, one per symbol, or a `Spread` with hours, blow-outs or quotes.
    A mapping without the instrument raises InputError: a missing cost is not a cost of nothing. How each is taken off
    stands in docs/money.md.
    """

    spread_pips: float | Mapping[str, float] | Spread = 0.0
    commission: Commission | None = None
    slippage: Slippage | None = None
    swap: Swap | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.spread_pips, Spread):
            given = self.spread_pips.values() if isinstance(self.spread_pips, Mapping) else [self.spread_pips]
            for pips in given:
                if not _is_spread(pips):
                    raise InputError(f"costs: a spread must be zero pips or more, not {pips!r}")
        for name, kind in (("commission", Commission), ("slippage", Slippage), ("swap", Swap)):
            if not isinstance(getattr(self, name), kind | None):
                raise InputError(f"costs: {name} must be a {kind.__name__} or None, not {getattr(self, name)!r}")

    @property
    def only_spread(self) -> bool:
        """Whether nothing but the spread is taken off."""
        return self.commission is None and self.slippage is None and self.swap is None

    def spread_of(self, instrument: Instrument) -> Spread:
        """The spread of one instrument."""
        pips = self.spread_pips
        if isinstance(pips, Spread):
            return pips
        if isinstance(pips, Mapping):
            if instrument.symbol not in pips:
                raise InputError(
                    f"no spread for {instrument.symbol}: name one in pips (costs.spread_pips in the settings), 0 if it is free"
                )
            pips = pips[instrument.symbol]
        return Spread(float(pips))

    def spread(self, instrument: Instrument) -> float:
        """In price units, at hours that are not named otherwise and outside of blow-outs."""
        return float(self.spread_of(instrument).pips) * float(instrument.pip)

    def told(self, instrument: Instrument) -> dict[str, Any]:
        """What names them in a hash, as plain data."""
        parts = {"commission": self.commission, "slippage": self.slippage, "swap": self.swap}
        named = {name: part.told() for name, part in parts.items() if part is not None}
        return {"spread": self.spread_of(instrument).told(), **named}
