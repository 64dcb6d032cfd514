"""Measures of trades, curves and days once more, in plain Python from their definitions, to hold the product's against."""

import math
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

DAY_S = 86_400
YEAR_S = 365.25 * DAY_S

Numbers = dict[str, float | int | None]


def streak(results: Sequence[float], sign: int) -> int:
    """Most results of one sign in a row."""
    return max((len(list(run)) for good, run in groupby(results, lambda x: x * sign > 0) if good), default=0)


def trade_numbers(results: Sequence[float]) -> Numbers:
    """Every measure of trades, by its name in the product."""
    n, wins, losses = len(results), [x for x in results if x > 0], [-x for x in results if x < 0]
    win = math.fsum(wins) / len(wins) if wins else 0.0
    loss = math.fsum(losses) / len(losses) if losses else 0.0
    spread = statistics.stdev(results) if n > 1 and len(set(results)) > 1 else 0.0
    return {
        "win_rate": len(wins) / n if n else None,
        "profit_factor": math.fsum(wins) / math.fsum(losses) if losses else None,
        "average_win": win if wins else None,
        "average_loss": -loss if losses else None,
        "payoff_ratio": win / loss if wins and losses else None,
        "expectancy": len(wins) / n * win - len(losses) / n * loss if n else None,
        "expectancy_ratio": (1 + win / loss) * len(wins) / n - 1 if losses else None,
        "sqn": math.sqrt(n) * statistics.fmean(results) / spread if spread else None,
        "longest_winning_streak": streak(results, 1) if n else None,
        "longest_losing_streak": streak(results, -1) if n else None,
        "largest_win": max(wins) if wins else None,
        "largest_loss": -max(losses) if losses else None,
    }


def curve_numbers(levels: Sequence[float], times: Sequence[int]) -> Numbers:
    """Every measure of a curve whose first value is its start: each pair of moments looked at, none remembered."""
    n = len(levels)
    tops = [max(levels[: i + 1]) for i in range(n)]
    under = [1 - level / top for level, top in zip(levels, tops, strict=True)]
    worst = max(range(n), key=under.__getitem__)
    longest = 0
    for i in range(n):
        if levels[i] == tops[i]:
            back = next((j for j in range(i + 1, n) if levels[j] >= levels[i]), None)
            if back != i + 1:
                longest = max(longest, times[n - 1 if back is None else back] - times[i])
    peak = max((i for i in range(worst + 1) if levels[i] == tops[worst]), default=0)
    back = next((j for j in range(worst, n) if levels[j] >= tops[worst]), None)
    money = max(top - level for level, top in zip(levels, tops, strict=True))
    fell = under[worst] > 0
    return {
        "max_drawdown_fraction": under[worst],
        "max_drawdown_money": money,
        "drawdown_peak_ns": times[peak] if fell else None,
        "drawdown_trough_ns": times[worst] if fell else None,
        "drawdown_recovered_ns": times[back] if fell and back is not None else None,
        "longest_under_water_ns": longest,
        "ulcer_index": math.sqrt(math.fsum(x * x for x in under) / n),
        "recovery_factor": (levels[-1] - levels[0]) / money if money > 0 else None,
    }


def trading_day(time_ns: int, zone: str, hour: int) -> int:
    """Ordinal of the date on which the trading day of a close begins, by the wall clock."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=(time_ns - 1) // 1000)
    return (moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(hours=hour)).date().toordinal()


def day_levels(equity: Sequence[float], times: Sequence[int], zone: str, hour: int) -> dict[int, float]:
    """The last equity of each trading day."""
    return {trading_day(time, zone, hour): level for level, time in zip(equity, times, strict=True)}


def changes(levels: Sequence[float]) -> list[float]:
    """Simple returns."""
    return [b / a - 1 for a, b in pairwise(levels)]


def month_returns(capital: float, levels: dict[int, float], hour: int) -> list[float]:
    """Returns between the last equity of one month and that of the next, a late trading day belonging to the morrow."""
    ends: dict[tuple[int, int], float] = {}
    for day, level in levels.items():
        date = datetime.fromordinal(day + (hour >= 12))
        ends[date.year, date.month] = level
    return changes([capital, *ends.values()])


def quantile(values: Sequence[float], share: float) -> float:
    """Between the two nearest in order, in proportion (type 7 of Hyndman and Fan)."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    return ordered[low] + (place - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def day_numbers(returns: Sequence[float], rate: float, periods: float) -> Numbers:
    """Every measure of daily returns that vary, with losses and gains among them."""
    n, mean, spread = len(returns), statistics.fmean(returns), statistics.stdev(returns)
    moments = [math.fsum((x - mean) ** k for x in returns) / n for k in range(5)]
    short = math.sqrt(math.fsum(min(x - rate, 0.0) ** 2 for x in returns) / n)
    return {
        "days": n,
        "annual_volatility": spread * math.sqrt(periods),
        "sharpe": (mean - rate) / spread * math.sqrt(periods),
        "sortino": (mean - rate) / short * math.sqrt(periods),
        "downside_risk": short * math.sqrt(periods),
        "omega": math.fsum(max(x - rate, 0) for x in returns) / math.fsum(max(rate - x, 0) for x in returns),
        "skewness": moments[3] / moments[2] ** 1.5,
        "kurtosis": moments[4] / moments[2] ** 2,
        "tail_ratio": quantile(returns, 0.95) / abs(quantile(returns, 0.05)),
        "positive_days": sum(x > 0 for x in returns) / n,
        "best_day": max(returns),
        "worst_day": min(returns),
    }
