"""Chains of states: where they spend their time."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.indicators.given_numbers import Floats, floats

MOST_STATES = 2_000
_ROUNDING = 1e-8


def stationary_distribution(matrix: npt.ArrayLike) -> Floats:
    """(n,) share of time that a chain with these transition probabilities (n, n), rows from, columns to, spends in each state.

    By elimination without a subtraction (Grassmann, Taksar, Heyman 1985). States that are left for good have 0. Raises
    InputError for what is no table of probabilities with rows that sum to 1, and where the answer depends on the start,
    because there is more than one set of states that is never left.
    """
    table = _transitions(matrix)
    stays = _closed(table)
    shares = np.zeros(len(table))
    shares[stays] = _eliminated(table[np.ix_(stays, stays)].copy())
    return shares


def long_run_shares(counts: npt.NDArray[np.int64]) -> tuple[float, ...] | None:
    """Share of time in each state, if moves went on as counted (k, k), rows from, columns to; 0 for states never seen.

    None where a state that was seen cannot be reached from every other: then a few moves more would change the answer, or
    where it began decides it.
    """
    from scipy.sparse.csgraph import connected_components

    seen = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))
    moves = counts[np.ix_(seen, seen)].astype(np.float64)
    if not len(seen) or connected_components(moves > 0.0, directed=True, connection="strong")[0] > 1:
        return None
    shares = np.zeros(len(counts))
    shares[seen] = stationary_distribution(moves / moves.sum(axis=1, keepdims=True))
    return tuple(float(one) for one in shares)


def _transitions(matrix: npt.ArrayLike) -> Floats:
    table = floats("transition probabilities", matrix, math.inf)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not 0 < len(table) <= MOST_STATES:
        raise InputError(
            f"transition probabilities must be a square table of 1 to {MOST_STATES:,} states, not of shape {table.shape}"
        )
    if not np.isfinite(table).all() or table.min() < 0.0:
        row, place = (int(one) for one in np.argwhere(~(table >= 0.0) | ~np.isfinite(table))[0])
        raise InputError(f"row {row}, column {place} holds {table[row, place]}; a transition probability is 0 or more")
    sums = table.sum(axis=1)
    worst = int(np.abs(sums - 1.0).argmax())
    if abs(sums[worst] - 1.0) > _ROUNDING:
        raise InputError(f"row {worst} sums to {sums[worst]:.10g}; the transition probabilities of a state sum to 1")
    scaled: Floats = table / sums[:, np.newaxis]
    return scaled


def _closed(table: Floats) -> npt.NDArray[np.int64]:
    """The states of the one set that is never left."""
    from scipy.sparse.csgraph import connected_components

    sets, names = connected_components(table > 0.0, directed=True, connection="strong")
    leaving = {int(names[i]) for i, j in np.argwhere(table > 0.0) if names[i] != names[j]}
    closed = [one for one in range(sets) if one not in leaving]
    if len(closed) > 1:
        first, second = (int(np.flatnonzero(names == one)[0]) for one in closed[:2])
        raise InputError(
            f"states {first} and {second} never reach each other, so the shares of time depend on the start; give each "
            "set of states a table of its own"
        )
    return np.flatnonzero(names == closed[0]).astype(np.int64)


def _eliminated(table: Floats) -> Floats:
    n = len(table)
    for last in range(n - 1, 0, -1):
        table[:last, last] /= table[last, :last].sum()
        table[:last, :last] += np.outer(table[:last, last], table[last, :last])
    shares = np.ones(n)
    for state in range(1, n):
        shares[state] = shares[:state] @ table[:state, state]
    total: Floats = shares / shares.sum()
    return total
