"""The bars of a comparison: those in the store, those that the desk got, and what each of them lacks."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.desk_record import GotBars
from tradeworthy.market.bars import Bars

Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ComparedBars:
    """dealt: the market that orders met, (n,): the desk's own bars, and between them those that only the store has. missing, late
    (n,): bars that the desk never got, and that it got too late to enter on. is_revised: whether any that it got is another in
    the store, or gone from it."""

    dealt: Bars
    missing: Marks
    late: Marks
    is_revised: bool

    @property
    def has_gaps(self) -> bool:
        """Whether the desk lacked any bar when it was time to trade on it."""
        return bool(self.missing.any() or self.late.any())

    def seen(self) -> tuple[Bars, npt.NDArray[np.int64]]:
        """The bars that the desk decided on, and their places among those that were dealt in."""
        places = np.flatnonzero(~self.missing)
        return (self.dealt if len(places) == len(self.dealt) else _chosen(self.dealt, places)), places


def compared(stored: Bars, got: GotBars, begins_ns: int) -> ComparedBars:
    """Put together. Bars that the store has before the first that the desk got were its history; of what was missing before
    `begins_ns` nothing could be traded, so it is no gap."""
    first = int(got.open_time[0])
    own = np.searchsorted(got.close_time, stored.open_time, side="right")
    inside = own < len(got.open_time)
    following = got.open_time[np.minimum(own, len(got.open_time) - 1)]
    overlaps = (inside & (following < stored.close_time)) | np.isin(stored.open_time, got.open_time)
    alone = np.flatnonzero(~overlaps)
    opened = np.concatenate((stored.open_time[alone], got.open_time))
    order = np.argsort(opened, kind="stable")
    closed = np.concatenate((stored.close_time[alone], got.close_time))[order]
    kept = np.stack([stored.open, stored.high, stored.low, stored.close])[:, alone]
    prices = np.concatenate((kept, got.prices), axis=1)[:, order]
    opened = opened[order]
    only_stored = np.concatenate((np.ones(len(alone), bool), np.zeros(len(got.open_time), bool)))[order]
    late = np.concatenate((np.zeros(len(alone), bool), got.late))[order] & (closed >= begins_ns)
    missing = only_stored & (opened > first) & (closed >= begins_ns)
    same = (
        len(opened) == len(stored)
        and np.array_equal(opened, stored.open_time)
        and np.array_equal(closed, stored.close_time)
        and np.array_equal(prices, np.stack([stored.open, stored.high, stored.low, stored.close]))
    )
    if same:
        return ComparedBars(stored, missing, late, is_revised=False)
    dealt = replace(
        stored,
        open_time=opened,
        close_time=closed,
        open=prices[0],
        high=prices[1],
        low=prices[2],
        close=prices[3],
        volume=None,
    )
    return ComparedBars(dealt, missing, late, is_revised=True)


def ended(stored: Bars, got: GotBars, ends_ns: int) -> Bars:
    """The stored bars that the desk could have had when its journal ends: a bar that is younger than its own length may still be
    on its way."""
    length = stored.timeframe.length_ns
    known = (stored.close_time <= got.close_time[-1]) | (stored.close_time + length <= ends_ns)
    return stored.slice(0, int(known.sum()))


def _chosen(bars: Bars, places: npt.NDArray[np.int64]) -> Bars:
    columns = {
        name: getattr(bars, name)[places] for name in ("open_time", "close_time", "open", "high", "low", "close")
    }
    return replace(bars, volume=None, **columns)
