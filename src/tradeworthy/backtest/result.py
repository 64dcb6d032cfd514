"""What a backtest gives back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.account import Account
from tradeworthy.backtest.books import Books
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.statistics import Statistics
from tradeworthy.backtest.trades import Trades
from tradeworthy.controls.refusals import Refusal
from tradeworthy.core.finite import plain_number
from tradeworthy.core.version import PACKAGE_VERSION
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import Decisions

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Result:
    """A finished backtest on one instrument: of an account, or of one unit in the quote currency.

    refusal: why each decision was not entered (0 where it was, or nothing wanted to enter), shape of `decisions`.
    """

    bars: Bars
    strategy: str
    parameters: Mapping[str, float | int | bool]
    fills: FillRules
    costs: Costs
    account: Account | None
    decisions: Decisions
    trades: Trades
    books: Books | None
    refusal: npt.NDArray[np.int64] | None = None
    finer: Bars | None = None
    version: str = field(default=PACKAGE_VERSION)

    def __repr__(self) -> str:
        return f"<Result of {self.strategy} on {self.bars.label}: {self.trades!r}>"

    @property
    def start(self) -> float:
        """The balance it began with; 0 for one unit."""
        return self.account.balance if self.account else 0.0

    @property
    def capital(self) -> float:
        """What returns are a share of: the starting balance, or the price of the one unit at the first close."""
        return self.account.balance if self.account else float(self.bars.close[0])

    @property
    def currency(self) -> str:
        """What money is counted in."""
        return self.account.currency_for(self.bars) if self.account else self.bars.instrument.quote

    @property
    def ambiguous_share(self) -> float | None:
        """Share of closed trades whose exit bar held stop and target; None without a closed trade."""
        closed = self.trades.closed
        return float(self.trades.ambiguous[closed].mean()) if closed.any() else None

    @cached_property
    def equity(self) -> Floats:
        """(n,) Money at each bar's close: the balance, and the open position at the price it could be left at.

        Of one unit: its P&L so far, from zero.
        """
        from tradeworthy.backtest import marking

        out, t, dealing = np.empty(len(self.bars)), self.trades, self.trades.dealing
        if t.money is None or self.books is None:
            marking.mark_units(dealing.bid, dealing.ask, t.marks, t.prices, 0.0, out)
        else:
            b = self.books
            marking.mark_account(
                dealing.bid, dealing.ask, t.marks, t.prices, t.money, b.rate, b.night, b.nights, self.bars.open_time,
                self.bars.close_time, b.charges, t.at_next_open, self.start, out,
            )  # fmt: skip
        out.flags.writeable = False
        return out

    @cached_property
    def equity_r(self) -> Floats:
        """(n,) The same path with each trade's money in units of what it risked. Trades without a stop raise no line."""
        from tradeworthy.backtest.marking import mark_r

        out, t = np.empty(len(self.bars)), self.trades
        mark_r(self.equity, self.start, t.marks, t.pnl, t.risked, t.r, out)
        out.flags.writeable = False
        return out

    @cached_property
    def statistics(self) -> Statistics:
        """Everything usual, by its definition (docs/statistics.md); what the data do not define is None."""
        from tradeworthy.backtest.chances import day_of
        from tradeworthy.backtest.statistics import statistics_of

        t, done, day = self.trades, self.trades.closed, day_of(self.account, self.bars)
        return statistics_of(
            self.equity + (self.capital - self.start), self.bars.close_time, self.capital, t.pnl[done], t.r[done],
            t.bars_held[done], start_ns=int(self.bars.open_time[0]), zone=day.zone, hour=day.hour,
        )  # fmt: skip

    @property
    def refused(self) -> dict[Refusal, int]:
        """How many entries were not made, by reason."""
        if self.refusal is None:
            return {}
        codes, counts = np.unique(self.refusal[self.refusal > 0], return_counts=True)
        return {Refusal(int(code)): int(count) for code, count in zip(codes, counts, strict=True)}

    @cached_property
    def parameter_hash(self) -> str:
        """SHA-256 of strategy, parameters, fill rules, costs and account, by which a result names what was run."""
        told: list[Any] = [
            self.strategy, dict(self.parameters), asdict(self.fills), self.costs.told(self.bars.instrument),
            self.account.told(self.bars) if self.account else None, self.finer.data_hash if self.finer else None,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=plain_number).encode()).hexdigest()
