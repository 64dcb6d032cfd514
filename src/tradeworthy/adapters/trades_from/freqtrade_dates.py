"""Dates as freqtrade writes them: UTC, with or without saying so, and empty while a trade is open."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from tradeworthy.adapters.files.times import moments
from tradeworthy.validation.trade_table import Times


def utc_dates(dates: Sequence[str | None], where: str) -> Times:
    """Nanoseconds UTC (n,), 0 where there is none. Raises InputError for what is no date."""
    given = [place for place, date in enumerate(dates) if date]
    out = np.zeros(len(dates), np.int64)
    if given:
        frame = pl.DataFrame({"date": [dates[place] for place in given]})
        out[given] = moments(frame, ["date"], "UTC", where)
    return out
