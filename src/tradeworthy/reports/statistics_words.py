"""Every statistic of a backtest as a reader meets it: what it is called, its unit, and how it was computed."""

from enum import StrEnum
from typing import NamedTuple


class Unit(StrEnum):
    """How a number is written."""

    MONEY = "money"
    CHANGE = "change"
    SHARE = "share"
    RATIO = "ratio"
    R = "R"
    COUNT = "count"
    BARS = "bars"
    TIME = "time"
    LENGTH = "length"
    FLAG = "flag"


class StatisticWords(NamedTuple):
    """Name, unit and definition; docs/statistics.md gives the sources."""

    label: str
    unit: Unit
    definition: str


_Words = StatisticWords

SECTIONS: dict[str, dict[str, StatisticWords]] = {
    "Account": {
        "start_ns": _Words("Start", Unit.TIME, "when the first bar opened"),
        "end_ns": _Words("End", Unit.TIME, "when the last bar closed"),
        "capital": _Words("Capital", Unit.MONEY, "before the first bar; of one unit its price at the first close"),
        "final_equity": _Words("Final equity", Unit.MONEY, "the account at the last close, open position marked"),
        "net_profit": _Words("Net profit", Unit.MONEY, "final equity less capital"),
        "total_return": _Words("Total return", Unit.CHANGE, "final equity over capital, less 1"),
        "cagr": _Words("Growth a year", Unit.CHANGE, "(final equity / capital) to the power of 1 / years, less 1"),
        "ruined": _Words("Ruined", Unit.FLAG, "whether the account was ever at zero or below"),
    },
    "Drawdown": {
        "max_drawdown_fraction": _Words("Deepest drawdown", Unit.SHARE, "largest (peak less equity) over peak, at bars' closes"),
        "max_drawdown_money": _Words("Deepest in money", Unit.MONEY, "largest peak less equity; can be another fall"),
        "drawdown_peak_ns": _Words("It began", Unit.TIME, "last moment at the peak before the deepest fraction"),
        "drawdown_trough_ns": _Words("It was deepest", Unit.TIME, "when equity was furthest below that peak"),
        "drawdown_recovered_ns": _Words("It was made good", Unit.TIME, "when equity was back at that peak; none if never"),
        "longest_under_water_ns": _Words("Under water", Unit.LENGTH, "longest time from a peak until back at it, or the end"),
        "ulcer_index": _Words("Ulcer index", Unit.SHARE, "root mean square of the fraction below the peak, over all bars"),
        "recovery_factor": _Words("Recovery factor", Unit.RATIO, "net profit over the deepest drawdown in money"),
        "calmar": _Words("Calmar", Unit.RATIO, "growth a year over the deepest drawdown"),
    },
    "Days": {
        "days": _Words("Trading days", Unit.COUNT, "trading days on which a bar closed"),
        "periods": _Words("Trading days a year", Unit.RATIO, "as measured: 365.25 x (days less 1) over calendar days"),
        "annual_volatility": _Words("Volatility a year", Unit.SHARE, "deviation of daily returns x root of days a year"),
        "sharpe": _Words("Sharpe (daily)", Unit.RATIO, "mean daily return over its deviation x root of days a year"),
        "sortino": _Words("Sortino", Unit.RATIO, "annual mean return over the downside risk"),
        "downside_risk": _Words("Downside risk a year", Unit.SHARE, "root mean square of the losing days x root of days a year"),
        "omega": _Words("Omega", Unit.RATIO, "sum of daily gains over the sum of daily losses"),
        "skewness": _Words("Skewness", Unit.RATIO, "third standardised moment of daily returns; Normal is 0"),
        "kurtosis": _Words("Kurtosis", Unit.RATIO, "fourth standardised moment of daily returns; Normal is 3"),
        "tail_ratio": _Words("Tail ratio", Unit.RATIO, "95% quantile of daily returns over the absolute 5% quantile"),
        "positive_days": _Words("Days with a gain", Unit.SHARE, "days with a gain over all days"),
        "best_day": _Words("Best day", Unit.CHANGE, "largest daily return"),
        "worst_day": _Words("Worst day", Unit.CHANGE, "smallest daily return"),
        "best_month": _Words("Best month", Unit.CHANGE, "largest return of a calendar month"),
        "worst_month": _Words("Worst month", Unit.CHANGE, "smallest return of a calendar month"),
    },
    "Trades": {
        "trades": _Words("Closed trades", Unit.COUNT, "trades that were left before the end"),
        "win_rate": _Words("Winners", Unit.SHARE, "trades above zero after costs over all"),
        "profit_factor": _Words("Profit factor", Unit.RATIO, "money won over money lost"),
        "average_win": _Words("Average win", Unit.MONEY, "mean of the winners"),
        "average_loss": _Words("Average loss", Unit.MONEY, "mean of the losers"),
        "payoff_ratio": _Words("Payoff ratio", Unit.RATIO, "average win over the absolute average loss"),
        "expectancy": _Words("Mean trade", Unit.MONEY, "mean result of a trade after costs"),
        "expectancy_ratio": _Words("Expectancy ratio", Unit.RATIO, "(1 + payoff ratio) x share of winners, less 1"),
        "expectancy_r": _Words("Mean trade in R", Unit.R, "mean of P&L over the risk planned at the signal"),
        "sqn": _Words("SQN of money", Unit.RATIO, "root of trades x mean over standard deviation of P&L"),
        "sqn_r": _Words("SQN", Unit.RATIO, "root of trades x mean over standard deviation of R"),
        "longest_winning_streak": _Words("Longest run of wins", Unit.COUNT, "most winners in a row"),
        "longest_losing_streak": _Words("Longest run of losses", Unit.COUNT, "most losers in a row"),
        "largest_win": _Words("Largest win", Unit.MONEY, "best trade"),
        "largest_loss": _Words("Largest loss", Unit.MONEY, "worst trade"),
        "average_bars_held": _Words("Bars held", Unit.BARS, "mean number of bars from entry to exit"),
    },
}  # fmt: skip
"""In the order in which they are shown; every field of `Statistics` once."""

COMPARED = (
    "trades", "total_return", "max_drawdown_fraction", "sharpe", "worst_day", "win_rate", "profit_factor", "expectancy_r",
)  # fmt: skip
"""What is shown side by side of several runs."""

WORDS = {name: words for section in SECTIONS.values() for name, words in section.items()}
