"""Levels so close to the price that another unit may have been meant."""

import numpy as np

from tradeworthy.core.counting import counted
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import Decisions

NEAR = 1e-4
"""Share of the price. A spread alone is about as wide."""


def near_levels(decisions: Decisions, bars: Bars) -> list[str]:
    """A sentence for stops, and one for targets, of entries that lie within `NEAR` of the close."""
    close, entered = bars.close[decisions.bar], decisions.enter != 0
    said = []
    for word, distance in (("stop", decisions.stop_distance), ("target", decisions.target_distance)):
        there = entered & ~np.isnan(distance)
        near = there & (distance < NEAR * close)
        if near.any():
            first = int(np.argmax(near))
            said.append(
                f"Of {counted(int(there.sum()), word)}, {int(near.sum()):,} lie within 0.01% of the price, the first "
                f"{distance[first]:.6g} from {close[first]:.10g}: distances are in price units, not shares of the price."
            )
    return said
