"""What one backtest did, as one record: the same in Python, in report.json and on the page.

Times are RFC 3339 in UTC. Money is in the account's currency, prices are in the quote currency, R is P&L in units of the
risk planned at the signal, shares are fractions. A number that could not be had is None, never NaN.
"""

from typing import Any

import msgspec

from tradeworthy.backtest.statistics import Statistics
from tradeworthy.market.rules import Finding
from tradeworthy.validation.intervals import Interval


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """What was run on which bars. trading_day: where the days of the statistics begin.

    sha256: data over times and prices, run over parameters, fill rules, costs and account.
    """

    strategy: str
    parameters: dict[str, Any]
    instrument: str
    timeframe: str
    first: str
    last: str
    bars: int
    source: str
    price_side: str
    day_cut: str
    trading_day: str
    close_only: bool
    finer: str | None
    data_sha256: str
    run_sha256: str
    version: str


class FillRule(msgspec.Struct, frozen=True):
    """One switch of the fill rules as it stood, and what it means."""

    name: str
    value: str | bool
    meaning: str


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """What all trades paid, account money, above zero where it cost. Spread and slippage are estimates: both are in the
    prices, so they are counted as units x width at entry and exit."""

    commission: float
    swap: float
    spread: float
    slippage: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.commission + self.swap + self.spread + self.slippage


class CostsUsed(msgspec.Struct, frozen=True, kw_only=True):
    """Costs in sentences, as the numbers that were set, and what they came to."""

    words: tuple[str, ...]
    numbers: dict[str, Any]
    paid: Paid


class AccountUsed(msgspec.Struct, frozen=True, kw_only=True):
    """The account. calibration, filters: each rule with `on`, `off` or why it does not apply."""

    balance: float
    currency: str
    sizing: str
    leverage: float
    lot_step: float
    min_units: float
    max_units: float | None
    rates: str
    calibration: dict[str, str]
    filters: dict[str, str]


class TradeColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Every trade, oldest first, one column a field; a last one may still be open. None where there was no stop or target."""

    side: tuple[str, ...]
    entry_time: tuple[str, ...]
    exit_time: tuple[str, ...]
    entry_price: tuple[float, ...]
    exit_price: tuple[float, ...]
    stop: tuple[float | None, ...]
    target: tuple[float | None, ...]
    reason: tuple[str, ...]
    risk: tuple[float | None, ...]
    units: tuple[float, ...]
    multiplier: tuple[float, ...]
    commission: tuple[float, ...]
    swap: tuple[float, ...]
    pnl: tuple[float, ...]
    r: tuple[float | None, ...]
    mae: tuple[float, ...]
    mfe: tuple[float, ...]
    ambiguous: tuple[bool, ...]
    bars_held: tuple[int, ...]


class TradeGroup(msgspec.Struct, frozen=True):
    """Closed trades that have something in common. mean_r: None where none of them had a stop."""

    name: str
    trades: int
    wins: int
    net: float
    mean_r: float | None


class TradeGroups(msgspec.Struct, frozen=True, kw_only=True):
    """Closed trades by what they have in common; hours and weekdays are those of the entry, UTC."""

    reason: tuple[TradeGroup, ...]
    side: tuple[TradeGroup, ...]
    bars_held: tuple[TradeGroup, ...]
    hour: tuple[TradeGroup, ...]
    weekday: tuple[TradeGroup, ...]


class Distribution(msgspec.Struct, frozen=True):
    """Counts of closed trades between edges (one more than counts); the first and last bin hold what lies beyond too.

    unit: `R`, or the account's currency where no trade had a stop.
    """

    unit: str
    edges: tuple[float, ...]
    counts: tuple[int, ...]


class MeanTrade(msgspec.Struct, frozen=True, kw_only=True):
    """The mean closed trade and how sure it is. interval: 95%, None with too few trades. chance: that the true mean is
    above zero. win_rate: 95% Wilson interval of the share of winners."""

    unit: str
    mean: float | None
    interval: Interval | None
    chance: float | None
    win_rate: Interval | None
    block: float | None
    paths: int
    seed: int


class Curve(msgspec.Struct, frozen=True):
    """Equity (of one unit: P&L) and its fall from the peak as a fraction, thinned: of each stretch the last level and the
    deepest fall."""

    time: tuple[str, ...]
    equity: tuple[float, ...]
    fall: tuple[float, ...]


class Series(msgspec.Struct, frozen=True):
    """A number over time, thinned; None where it is not defined."""

    time: tuple[str, ...]
    value: tuple[float | None, ...]


class Variant(msgspec.Struct, frozen=True):
    """The same decisions under other rules."""

    name: str
    refused: int
    statistics: Statistics


class BacktestRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A finished backtest. answer: sentences, the first says what was earned and the last how sure that is.

    refused: entries that were not made, by reason in words. ambiguous_share: of closed trades whose exit bar held both
    levels. bounds: stop first and target first; empty when not asked for. variants: without and with calibration and
    filters; empty where neither is on. months: return by `2024-06`, empty for a ruined account.
    """

    ran: Ran
    answer: tuple[str, ...]
    currency: str
    capital: float
    account: AccountUsed | None
    fills: tuple[FillRule, ...]
    costs: CostsUsed
    statistics: Statistics
    mean_trade: MeanTrade
    curve: Curve
    months: dict[str, float]
    rolling_sharpe: Series
    groups: TradeGroups
    distribution: Distribution | None
    refused: dict[str, int]
    ambiguous_share: float | None
    bounds: tuple[Variant, ...]
    variants: tuple[Variant, ...]
    findings: tuple[Finding, ...]
    assumptions: tuple[str, ...]
    trades: TradeColumns

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers, as in report.json."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain
