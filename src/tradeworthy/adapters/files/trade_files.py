"""Histories of trades, of this project's own columns or as other platforms write them: R for each, by strategy."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tradeworthy.adapters.files.option_words import DATAFRAME
from tradeworthy.adapters.files.tables import expanded
from tradeworthy.adapters.files.trade_words import units_in_words
from tradeworthy.market.rules import Finding
from tradeworthy.market.zones import known_zone
from tradeworthy.validation.samples import TradeSample
from tradeworthy.validation.trade_table import TradeTable
from tradeworthy.validation.trade_units import Unit, measured


@dataclass(frozen=True, slots=True)
class TradeHistory:
    """Samples by strategy, what was assumed about the numbers, and what was noticed.

    table: the closed trades behind the samples. units: what one R is for each strategy.
    """

    source: str
    samples: tuple[TradeSample, ...]
    assumptions: dict[str, str]
    findings: tuple[Finding, ...]
    table: TradeTable
    units: tuple[Unit, ...]

    @property
    def sizes(self) -> dict[str, float]:
        """By strategy, what stands in for one R as a fraction of the money traded; those measured by stops are not in it."""
        return {unit.strategy: unit.size for unit in self.units if unit.size is not None}

    def without_copies(self) -> tuple["TradeHistory", dict[str, int]]:
        """The same with each trade once, and by strategy how many exact copies of others were left out."""
        kept = self.table.without_copies()
        if len(kept) == len(self.table):
            return self, {}
        left = Counter(self.table.strategy.tolist())
        left.subtract(kept.strategy.tolist())
        return _history(kept, None), {name: count for name, count in left.items() if count}

    def measured_before(self, moment_ns: int, sizes: Mapping[str, float] | None = None) -> "TradeHistory":
        """The same trades, with R's whose stand-ins for missing stops rest on trades closed by that moment alone.

        sizes: stand-ins that are given, by strategy. Where stops are known, or where those trades closed earlier anyway,
        nothing changes.
        """
        return _history(self.table, moment_ns, sizes)


def read_trades(source: Any, *, columns: Mapping[str, str] | None = None, timezone: str | None = None) -> TradeHistory:
    """Closed trades from a file or a dataframe: freqtrade, MetaTrader 4 and 5, TradingView, or plain columns.

    What a file is, is told by what it holds. Plain columns need time (of the exit), side, entry, exit, and stop, or risk in
    money with quantity. Strategies are told apart as docs/trades.md says. Raises InputError in one sentence for anything
    that cannot be read.
    """
    from tradeworthy.adapters.trades_from.recognising import table_from_path, table_from_source

    zone = None if timezone is None else known_zone(timezone).key
    if isinstance(source, str | Path):
        return _history(table_from_path(expanded(source), str(source), columns or {}, zone), None)
    return _history(table_from_source(source, DATAFRAME, columns or {}, zone), None)


def _history(table: TradeTable, before_ns: int | None, sizes: Mapping[str, float] | None = None) -> TradeHistory:
    r, units = measured(table, before_ns, sizes)
    sentence, findings = units_in_words(units, table, windowed=before_ns is not None)
    unsaid = {"R"} if any(unit.size is None for unit in units) else {"R", "stops"}
    assumptions = {"R": sentence} | {key: said for key, said in table.assumptions.items() if key not in unsaid}
    samples = tuple(_samples(table, r))
    return TradeHistory(table.source, samples, assumptions, (*table.findings, *findings), table, units)


def _samples(table: TradeTable, r: np.ndarray) -> list[TradeSample]:
    """By strategy in order of name, each from its own first trade to the last of the whole history."""
    out = []
    end = int(table.closed.max())
    for name in np.unique(table.strategy):
        mine = np.flatnonzero(table.strategy == name)
        mine = mine[np.argsort(table.closed[mine], kind="stable")]
        times = table.closed[mine]
        out.append(TradeSample(str(name), times, r[mine], int(times[0]) - 1, end))
    return out
