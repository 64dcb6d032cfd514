"""Columns of numbers as reports write them: 1 234.56, 1.234,56, with a true minus sign, or nothing at all."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from tradeworthy.adapters.files.columns import numbers
from tradeworthy.adapters.files.tables import with_points
from tradeworthy.validation.trade_table import Floats


def written_numbers(columns: Mapping[str, Sequence[str]], where: str) -> dict[str, Floats]:
    """Each column (n,) as numbers, NaN where it is empty.

    Whether a comma stands before decimals is decided for all columns at once, since 1,085 alone could be either.
    Raises InputError where something is no number.
    """
    frame = pl.DataFrame({name: pl.Series(name, list(texts), dtype=pl.String) for name, texts in columns.items()})
    plain = with_points(
        frame.select(
            pl.col(name)
            .str.replace_all("[ \u00a0\u202f'\u2019]", "")
            .str.replace_all("\u2212", "-", literal=True)
            .str.replace("^\u2014$", "")
            for name in frame.columns
        )
    )
    return {name: numbers(plain, name, where) for name in plain.columns}


def or_zero(values: Floats) -> Floats:
    """Empty cells of a column of costs as nothing paid."""
    return np.where(np.isnan(values), 0.0, values)
