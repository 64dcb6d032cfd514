"""What luck alone gives the best of so many sets, held against the best set of a search."""

import math

import msgspec
import numpy as np

from tradeworthy.backtest.sweep_result import SweepResult

_FEWEST_SETS = 10
"""From fewer the spread of their Sharpe ratios is no number to rest on; the error of one of them stands in for it."""


class SearchLuck(msgspec.Struct, frozen=True, kw_only=True):
    """Of the best set on one instrument. Sharpe ratios are per bar x the root of bars a year, as the search ranks by.

    by_luck: the expected best of as many sets without an edge. deflated: the probability that the best set's Sharpe ratio is
    more than that, the deflated Sharpe ratio of Bailey, Lopez de Prado 2014 with the spread of the sets' own ratios as the
    spread of luck. Returns are taken as Normal: skewness and tails enter its error in proportion to the Sharpe ratio per bar,
    which is too small for them to matter.
    """

    trials: int
    sharpe: float
    by_luck: float
    deflated: float


def luck_of(result: SweepResult, best: int) -> SearchLuck | None:
    """For the set in that place; None over several instruments, whose luck is not independent, and without a Sharpe ratio."""
    from tradeworthy.validation.sharpe_trials import deflated_sharpe_ratio, expected_maximum_sharpe

    ratios = result.of("sharpe")
    if len(result.searched) > 1 or math.isnan(ratios[best]):
        return None
    bars, year = result.searched[0].bars, math.sqrt(result.searched[0].bars_a_year)
    known = ratios[~np.isnan(ratios)] / year
    spread = float(np.var(known, ddof=1)) if len(known) >= _FEWEST_SETS else 1.0 / bars
    own = float(ratios[best]) / year
    return SearchLuck(
        trials=result.trials, sharpe=float(ratios[best]), by_luck=expected_maximum_sharpe(result.trials, spread) * year,
        deflated=deflated_sharpe_ratio(own, bars, result.trials, spread),
    )  # fmt: skip
