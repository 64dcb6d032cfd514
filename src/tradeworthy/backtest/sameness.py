"""Where two columns of decisions part."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.strategies.protocol import Decision, Decisions

ROUNDING = 1e-9
"""Distances closer than this share of themselves differ by the rounding of sums and by nothing that can be traded."""


def wanted_only(decisions: Decisions) -> Decisions:
    """Without the rows that neither enter nor leave: they say the same as no row."""
    keep = (decisions.enter != 0) | (decisions.leave != 0)
    if keep.all():
        return decisions
    return Decisions(
        decisions.bar[keep], decisions.enter[keep], decisions.leave[keep], decisions.stop_distance[keep],
        decisions.target_distance[keep],
    )  # fmt: skip


def first_difference(one: Decisions, other: Decisions, within: float = 0.0) -> int | None:
    """The lowest bar at which they differ, None where nowhere.

    within: distances as close as this share of the larger count as equal; 0 asks for the last bit. NaN equals NaN.
    """
    k = min(len(one), len(other))
    same = (one.bar[:k] == other.bar[:k]) & (one.enter[:k] == other.enter[:k]) & (one.leave[:k] == other.leave[:k])
    same &= close_enough(one.stop_distance[:k], other.stop_distance[:k], within)
    same &= close_enough(one.target_distance[:k], other.target_distance[:k], within)
    if not same.all():
        place = int(np.argmin(same))
        return int(min(one.bar[place], other.bar[place]))
    longer = one if len(one) > k else other
    return int(longer.bar[k]) if len(longer) > k else None


def close_enough(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64], within: float) -> npt.NDArray[np.bool_]:
    """(k,) True where both are NaN, equal, or as close as a share of the larger."""
    same: npt.NDArray[np.bool_] = (one == other) | (np.isnan(one) & np.isnan(other))
    if within > 0.0:
        finite = np.isfinite(one) & np.isfinite(other)
        with np.errstate(invalid="ignore"):
            same |= finite & (np.abs(one - other) <= within * np.maximum(np.abs(one), np.abs(other)))
    return same


def at_bar(decisions: Decisions, bar: int) -> Decision | None:
    """What is decided at a bar, None where nothing is."""
    place = int(np.searchsorted(decisions.bar, bar))
    if place == len(decisions) or decisions.bar[place] != bar:
        return None
    return Decision(
        int(decisions.enter[place]),
        int(decisions.leave[place]),
        float(decisions.stop_distance[place]),
        float(decisions.target_distance[place]),
    )


def same_decision(one: Decision | None, other: Decision | None, within: float = ROUNDING) -> bool:
    """Whether two rows say the same, None being nothing wanted."""
    if one is None or other is None:
        return one is other
    distances = ((one.stop_distance, other.stop_distance), (one.target_distance, other.target_distance))
    return (one.enter, one.leave) == (other.enter, other.leave) and all(
        (math.isnan(a) and math.isnan(b)) or a == b or abs(a - b) <= within * max(abs(a), abs(b)) < math.inf
        for a, b in distances
    )
