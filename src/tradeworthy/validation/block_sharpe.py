"""Sharpe ratios of unions of equal blocks of rows, from the blocks' means and squares alone."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError

Floats = npt.NDArray[np.float64]
Masks = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

_CANCELLED = 1e-6  # below this share of the second moment a difference of squares has lost too many digits
_FLAT = 1e-13  # a deviation below this share of the mean is rounding


@dataclass(frozen=True, slots=True, eq=False)
class BlockMoments:
    """Of each block and column, shape (blocks, columns): the mean, and the mean square about that mean.

    centre, shape (columns,): the mean of all blocks. rows: how many rows a block has.
    """

    mean: Floats
    within: Floats
    centre: Floats
    rows: int

    @classmethod
    def of(cls, cells: Floats) -> "BlockMoments":
        """Those of `cells`, shape (blocks, rows of a block, columns), each column in units of its largest absolute value."""
        scaled = cells / np.abs(cells).max(
            axis=(0, 1)
        )  # a Sharpe ratio has no unit, and squares of tiny returns no digits
        mean = scaled.mean(axis=1)
        return cls(mean, np.square(scaled - mean[:, None, :]).mean(axis=1), mean.mean(axis=0), cells.shape[1])

    def sharpe(self, mask: Masks) -> Floats:
        """Sharpe ratio (ddof 1) per observation of each column over the blocks of each mask; (masks, blocks) to (masks, columns).

        As many blocks in every mask. A column that is 0 throughout has ratio 0. Raises InputError for one that is
        constant and not 0 there, as its ratio has no limit.
        """
        blocks = int(np.count_nonzero(mask[0]))
        weight = mask / blocks
        away = self.mean - self.centre
        shift, inner = weight @ away, weight @ self.within
        outer = weight @ np.square(away)
        mean, variance = shift + self.centre, inner + outer - np.square(shift)
        masks, columns = np.nonzero(variance <= _CANCELLED * (inner + outer))
        if len(masks):
            chosen = np.nonzero(mask)[1].reshape(len(mask), -1)[masks]
            mean[masks, columns], variance[masks, columns] = self._by_differences(chosen, columns[:, None])
        rows = blocks * self.rows
        deviation = np.sqrt(np.maximum(variance, 0.0) * (rows / (rows - 1)))
        flat = deviation <= _FLAT * np.abs(mean)
        if (flat & (mean != 0.0)).any():
            column = int(np.argwhere(flat & (mean != 0.0))[0, 1])
            raise InputError(
                f"column {column} of the returns has the same return throughout one half of the blocks, so its Sharpe ratio there "
                "has no limit; leave it out"
            )
        return np.divide(mean, deviation, out=np.zeros_like(mean), where=~flat)

    def _by_differences(self, chosen: Places, column: Places) -> tuple[Floats, Floats]:
        """Mean and variance over the `chosen` blocks of a column, without squares that cancel."""
        means = self.mean[chosen, column]
        mean = means.mean(axis=1)
        outer = np.square(means - mean[:, None]).mean(axis=1)
        return mean, self.within[chosen, column].mean(axis=1) + outer
