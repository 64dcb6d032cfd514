"""Measures of a list of closed trades, each by its published definition.

Results are P&L in money after costs, or R, shape (k,), in the order in which the trades closed. A result above zero is
a win, one below a loss; zero is neither, though it counts as a trade and ends a streak. NaN is left out: a trade without
a stop has no R. What the trades do not define (no trade, no loss) is None, never NaN.
"""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.validation.arguments import present, representable, unit_of, varied, whole

Flags = npt.NDArray[np.bool_]


def _results(results: npt.ArrayLike) -> Floats:
    return present("results of trades", results)


def _ratio(name: str, over: float, under: float) -> float:
    return representable(name, over / under, "leave out losses that are next to nothing")


def _wins(results: Floats) -> Floats:
    return results[results > 0.0]


def _losses(results: Floats) -> Floats:
    return results[results < 0.0]


def _mean(values: Floats) -> float | None:
    return float(values.sum()) / len(values) if len(values) else None


def win_rate(results: npt.ArrayLike) -> float | None:
    """Winning trades over all trades, those of zero included."""
    values = _results(results)
    return int(np.count_nonzero(values > 0.0)) / len(values) if len(values) else None


def profit_factor(results: npt.ArrayLike) -> float | None:
    """Sum of wins over the absolute sum of losses; None without a loss."""
    values = _results(results)
    lost = -float(_losses(values).sum())
    return _ratio("the profit factor", float(_wins(values).sum()), lost) if lost > 0.0 else None


def average_win(results: npt.ArrayLike) -> float | None:
    """Mean of the wins, above zero; None without one."""
    return _mean(_wins(_results(results)))


def average_loss(results: npt.ArrayLike) -> float | None:
    """Mean of the losses, below zero; None without one."""
    return _mean(_losses(_results(results)))


def payoff_ratio(results: npt.ArrayLike) -> float | None:
    """Average win over the absolute average loss; None without one of them."""
    win, loss = average_win(results), average_loss(results)
    return _ratio("the payoff ratio", win, -loss) if win is not None and loss is not None else None


def expectancy(results: npt.ArrayLike) -> float | None:
    """Mean result of a trade, which is win rate x average win + loss rate x average loss (Tharp 1998)."""
    return _mean(_results(results))


def expectancy_ratio(results: npt.ArrayLike) -> float | None:
    """((1 + payoff ratio) x win rate) - 1, as freqtrade defines it: what one average loss risked brings.

    -1 where no trade wins, None without a loss. Trades of zero count as lost here, so it is below the mean result over
    the average loss where there are any.
    """
    rate = win_rate(results)
    if rate is None or average_loss(results) is None:
        return None
    return (1.0 + (payoff_ratio(results) or 0.0)) * rate - 1.0


def sqn(results: npt.ArrayLike, ddof: int = 1) -> float | None:
    """System quality number: sqrt(n) x mean / standard deviation of the results (Tharp 2008), n not capped at 100.

    ddof 1 is the sample deviation, 0 the population's. None without variation, or with no more trades than ddof.
    """
    values, less = _results(results), whole("ddof", ddof, 0)
    if len(values) <= less:
        return None
    unit = unit_of(values)
    values = values / unit if unit != 1.0 else values
    mean, spread = float(values.mean()), float(values.std(ddof=less))
    return math.sqrt(len(values)) * mean / spread if varied(values, spread) else None


def _longest_run(flags: Flags) -> int:
    bounded = np.zeros(len(flags) + 2, np.int8)
    bounded[1:-1] = flags
    edges = np.flatnonzero(bounded[1:] != bounded[:-1])
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def longest_winning_streak(results: npt.ArrayLike) -> int | None:
    """Most wins in a row; None without a trade."""
    values = _results(results)
    return _longest_run(values > 0.0) if len(values) else None


def longest_losing_streak(results: npt.ArrayLike) -> int | None:
    """Most losses in a row; None without a trade."""
    values = _results(results)
    return _longest_run(values < 0.0) if len(values) else None


def largest_win(results: npt.ArrayLike) -> float | None:
    """The best result, None where nothing won."""
    wins = _wins(_results(results))
    return float(wins.max()) if len(wins) else None


def largest_loss(results: npt.ArrayLike) -> float | None:
    """The worst result, below zero; None where nothing lost."""
    losses = _losses(_results(results))
    return float(losses.min()) if len(losses) else None


def average_bars_held(bars: npt.ArrayLike) -> float | None:
    """Mean number of bars from entry to exit, bars (k,); None without a trade."""
    return _mean(_results(bars))
