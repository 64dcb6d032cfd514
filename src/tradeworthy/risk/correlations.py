"""Correlation matrices: what is one, the nearest one to what is none, and how a crisis would bend one."""

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, shown
from tradeworthy.indicators.given_numbers import Floats, floats
from tradeworthy.risk.observations import count, probability

ROUNDING = 1e-8
"""By which entries may miss, and eigenvalues fall below 0."""
MOST_ASSETS = 2_000
_ROUNDS = 10_000


def correlation_matrix(values: npt.ArrayLike) -> Floats:
    """`values` as a correlation matrix (n, n). Raises InputError for what is none, naming why.

    It is square and symmetric, has 1 on the diagonal, and no portfolio of it has a variance below 0.
    """
    matrix = _symmetric(values)
    off = int(np.abs(np.diag(matrix) - 1.0).argmax())
    if abs(matrix[off, off] - 1.0) > ROUNDING:
        raise InputError(f"the diagonal of a correlation matrix is 1; at {off} it is {matrix[off, off]:g}")
    if np.abs(matrix).max() > 1.0 + ROUNDING:
        row, place = (int(one) for one in np.argwhere(np.abs(matrix) > 1.0 + ROUNDING)[0])
        raise InputError(f"correlation {row}, {place} is {matrix[row, place]:g}; none lies outside -1 to 1")
    lowest = float(np.linalg.eigvalsh(matrix)[0])
    if lowest < -ROUNDING * len(matrix):
        raise InputError(
            f"this is no correlation matrix: some portfolio would have a variance below 0 (its least eigenvalue is {lowest:.3g}); "
            "mend it with nearest_correlation"
        )
    return matrix


def nearest_correlation(matrix: npt.ArrayLike) -> Floats:
    """The correlation matrix (n, n) with the least sum of squared differences from a symmetric matrix (n, n).

    By alternating projections with Dykstra's correction (Higham 2002). Raises InputError for what is not square, symmetric
    and finite.
    """
    given = _symmetric(matrix)
    if (np.diag(given) == 1.0).all() and float(np.linalg.eigvalsh(given)[0]) >= 0.0:
        return given
    nearest, correction = given.copy(), np.zeros_like(given)
    tolerance = 1e-12 * max(1.0, float(np.abs(given).max())) * len(given)
    for _ in range(_ROUNDS):
        raised = nearest - correction
        positive = _without_negative(raised)
        correction = positive - raised
        before, nearest = nearest, positive.copy()
        np.fill_diagonal(nearest, 1.0)
        if (
            float(np.linalg.norm(nearest - before)) <= tolerance
            and float(np.linalg.norm(nearest - positive)) <= ROUNDING
        ):
            break
    return _exact(nearest)


def stressed_correlation(
    correlation: npt.ArrayLike,
    weight: float,
    pairs: Iterable[tuple[int, int]] | None = None,
    to: float = 1.0,
) -> Floats:
    """`correlation` (n, n) moved by `weight` (0 to 1) of the way towards `to`: all pairs, or those given, by row and column.

    All pairs towards 1 stay a correlation matrix by themselves; otherwise, where the result is none, the nearest one
    (Higham 2002) is returned, in which other pairs have moved too. Raises InputError for what is no correlation matrix, a
    weight outside 0 to 1, a `to` outside -1 to 1, and a pair that is not there.
    """
    matrix, part = correlation_matrix(correlation), probability(weight, "weight")
    end = finite_number(to, "to")
    if abs(end) > 1.0:
        raise InputError(f"to must be a correlation from -1 to 1, not {shown(to)}")
    moved = np.ones(matrix.shape, dtype=bool) if pairs is None else _marked(pairs, len(matrix))
    np.fill_diagonal(moved, val=False)
    stressed = np.where(moved, (1.0 - part) * matrix + part * end, matrix)
    np.fill_diagonal(stressed, 1.0)
    if float(np.linalg.eigvalsh(stressed)[0]) >= -1e-12 * len(stressed):
        return stressed
    return nearest_correlation(stressed)


def _marked(pairs: Iterable[object], n: int) -> npt.NDArray[np.bool_]:
    marked = np.zeros((n, n), dtype=bool)
    for pair in _listed(pairs):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise InputError(f"pairs must be of two places each, such as [(0, 1)]; one of them is {shown(pair)}")
        i, j = (count(place, "a place of a pair", 0, n - 1) for place in pair)
        if i == j:
            raise InputError(f"pair {i}, {j} is on the diagonal, where a correlation is always 1")
        marked[i, j] = marked[j, i] = True
    return marked


def _listed(pairs: Iterable[object]) -> list[object]:
    try:
        return list(pairs)
    except TypeError:
        raise InputError(f"pairs must be a list of two places each, such as [(0, 1)], not {shown(pairs)}") from None


def _symmetric(values: npt.ArrayLike) -> Floats:
    matrix = floats("correlations", values, math.inf)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not 0 < len(matrix) <= MOST_ASSETS:
        raise InputError(
            f"a correlation matrix must be square, up to {MOST_ASSETS:,} wide, not of shape {matrix.shape}"
        )
    if not np.isfinite(matrix).all():
        row, place = (int(one) for one in np.argwhere(~np.isfinite(matrix))[0])
        raise InputError(f"correlation {row}, {place} is {matrix[row, place]}; it must be a finite number")
    if np.abs(matrix).max() > 1e6:
        raise InputError(
            f"a correlation of {np.abs(matrix).max():g} is far outside -1 to 1; give correlations, not covariances"
        )
    row, place = (int(one) for one in np.unravel_index(np.abs(matrix - matrix.T).argmax(), matrix.shape))
    if abs(matrix[row, place] - matrix[place, row]) > ROUNDING:
        raise InputError(
            f"a correlation matrix is symmetric; {row}, {place} holds {matrix[row, place]:g}, but {place}, {row} holds "
            f"{matrix[place, row]:g}"
        )
    even: Floats = (matrix + matrix.T) / 2.0
    return even


def _without_negative(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    raised: Floats = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return raised


def _exact(matrix: Floats) -> Floats:
    """Without the last rounding: no eigenvalue below 0, 1 on the diagonal, symmetric."""
    positive = _without_negative(matrix)
    scale = 1.0 / np.sqrt(np.diag(positive))
    whole: Floats = np.clip(positive * np.outer(scale, scale), -1.0, 1.0)
    whole = (whole + whole.T) / 2.0
    np.fill_diagonal(whole, 1.0)
    return whole
