"""What the ledger knows of the searches that a strategy came from."""

from collections.abc import Iterable

import numpy as np

from tradeworthy.adapters.files.trial_ledger import TrialRecord, trials
from tradeworthy.core.clock import from_rfc3339
from tradeworthy.validation.selection import SMALLEST_SEARCHED, Trials


def past_search(
    records: Iterable[TrialRecord], strategy: str, instrument: str, timeframe: str, elsewhere: int = 0
) -> Trials | None:
    """All that was tried of one strategy on one instrument and timeframe; `elsewhere`: sets that no ledger counted.

    None where nothing was tried anywhere. Mean and spread of mean R are those of the sets with at least twenty trades
    that had a stop, where two or more have and nothing was tried elsewhere; a set that was tried several times counts
    once, as it was last measured.
    """
    mine = [
        one for one in records
        if (one.strategy, one.instrument, one.timeframe) == (strategy, instrument, timeframe) and one.sets
    ]  # fmt: skip
    entered = trials(mine, strategy, [instrument])
    if not entered + elsewhere:
        return None
    means = list(_mean_r(mine).values())
    known = len(means) > 1 and not elsewhere
    mean, spread = (float(np.mean(means)), float(np.std(means, ddof=1))) if known else (None, None)
    until = max(from_rfc3339(one.last) for one in mine) if mine and not elsewhere else None
    told = [f"{entered:,} in the ledger"] if entered else []
    told += [f"{elsewhere:,} elsewhere, by the settings"] if elsewhere else []
    return Trials(entered + elsewhere, mean, spread, until, " and ".join(told))


def _mean_r(records: Iterable[TrialRecord]) -> dict[tuple[object, ...], float]:
    means: dict[tuple[object, ...], float] = {}
    for record in records:
        total, count = record.measures.index("sum_r"), record.measures.index("trades_with_r")
        for point, values in zip(record.sets, record.values, strict=True):
            if values[count] >= SMALLEST_SEARCHED:
                named = zip(record.names, point, strict=True)
                means[tuple(sorted((name, value) for name, value in named if value is not None))] = (
                    values[total] / values[count]
                )
    return means
