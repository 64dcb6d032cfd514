"""What the market was when a desk's deal was made, as far as the bars tell."""

from dataclasses import dataclass

import numpy as np

from tradeworthy.appraisal.attributed import Part
from tradeworthy.appraisal.compared_bars import ComparedBars
from tradeworthy.appraisal.desk_record import LiveDeal

Split = dict[Part, float]
"""A difference of prices, in the quote currency, by its parts."""


@dataclass(frozen=True, slots=True, eq=False)
class MarketThen:
    """has_latency: the simulated broker takes time, and deals an order that a bar overtakes at the worse of its open and close."""

    bars: ComparedBars
    has_latency: bool

    def lacked(self, bar: int) -> bool:
        """Whether the desk did not have this bar when it closed."""
        return bool(self.bars.missing[bar] or self.bars.late[bar])

    def split(self, difference: float, buys: bool, deal: LiveDeal, bar: int, *, decided_late: bool) -> Split:
        """How a deal at market differs from the one at the open of `bar`: by what the market did until then (latency), and by what
        was paid above it (slippage); where no bar tells the market of that moment, both in one. The open of a bar that never came,
        or an order decided on one that came late, is a gap."""
        opened = self.bars.dealt.open
        if deal.time_ns == int(self.bars.dealt.open_time[bar]):
            return {Part.SLIPPAGE: difference}
        if decided_late or self.bars.missing[bar]:
            return {Part.GAP: difference}
        then = self._price(buys, deal)
        if then is None:
            return {Part.SLIPPAGE_AND_LATENCY: difference}
        moved = then - float(opened[bar])
        return {Part.LATENCY: moved, Part.SLIPPAGE: difference - moved}

    def _price(self, buys: bool, deal: LiveDeal) -> float | None:
        dealt = self.bars.dealt
        over = int(np.searchsorted(dealt.close_time, deal.time_ns))
        if self.has_latency and deal.is_first and over < len(dealt) and int(dealt.close_time[over]) == deal.time_ns:
            worse = max if buys else min
            return float(worse(dealt.open[over], dealt.close[over]))
        place = int(np.searchsorted(dealt.open_time, deal.time_ns))
        if place < len(dealt) and int(dealt.open_time[place]) == deal.time_ns:
            return float(dealt.open[place])
        return None
