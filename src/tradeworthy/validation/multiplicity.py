"""Several tests at once: p-values that keep the chance, or the share, of false alarms at the stated level."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.indicators.given_numbers import Floats, floats
from tradeworthy.validation.arguments import table


def _p_values(p_values: Sequence[float] | Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
    values = floats("p-values", p_values)
    if values.ndim != 1 or not ((values >= 0.0) & (values <= 1.0)).all():
        raise InputError("p-values must be one column of numbers from 0 to 1")
    return values, np.argsort(values, kind="stable")


def _back_in_order(ranked: Floats, order: npt.NDArray[np.intp]) -> list[float]:
    adjusted = np.empty(len(ranked))
    adjusted[order] = np.minimum(ranked, 1.0)
    return [float(value) for value in adjusted]


def holm(p_values: Sequence[float] | Floats) -> list[float]:
    """Adjusted p-values of Holm 1979, in the order given: below the level they keep the chance of even one false alarm there.

    Valid whatever the tests' dependence. Raises InputError for anything outside 0 to 1.
    """
    values, order = _p_values(p_values)
    return _back_in_order(np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1)), order)


def benjamini_hochberg(p_values: Sequence[float] | Floats) -> list[float]:
    """Adjusted p-values of Benjamini, Hochberg 1995, in the order given: below q they keep the share of false alarms at q.

    The share is of those alarms that are raised (false discovery rate); valid for independent or positively dependent tests.
    Never above Holm's. Raises InputError for anything outside 0 to 1.
    """
    values, order = _p_values(p_values)
    count = len(values)
    raised = values[order] * count / np.arange(1, count + 1)
    return _back_in_order(np.minimum.accumulate(raised[::-1])[::-1], order)


def effective_number(correlation: npt.ArrayLike) -> float:
    """How many independent tests as many correlated ones amount to: 1 if all are the same, their number if none are alike.

    (sum of sqrt(l))^2 / sum of l over the eigenvalues l of the correlation matrix, shape (n, n), negative ones clipped to zero:
    Galwey 2009. Raises InputError unless the matrix is square, symmetric, within -1 to 1, and 1 on its diagonal.
    """
    matrix = table("a correlation matrix", correlation)
    if matrix.shape[0] != matrix.shape[1] or not np.allclose(matrix, matrix.T, rtol=0, atol=1e-8):
        raise InputError("a correlation matrix must be square and symmetric")
    if not np.allclose(np.diag(matrix), 1.0, rtol=0, atol=1e-6) or np.abs(matrix).max() > 1.0 + 1e-6:
        raise InputError(
            "a correlation matrix must be 1 on its diagonal and within -1 to 1 elsewhere; scale a covariance first"
        )
    values = np.maximum(np.linalg.eigvalsh(matrix), 0.0)
    return float(np.sum(np.sqrt(values)) ** 2 / np.sum(values))
