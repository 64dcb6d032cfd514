"""What the ledger knows of the search behind a strategy."""

from dataclasses import dataclass

import numpy as np
import pytest

from tradeworthy.adapters.files.past_searches import past_search
from tradeworthy.adapters.files.trial_ledger import TrialRecord
from tradeworthy.backtest.sweep_result import MEASURES
from tradeworthy.core.clock import from_rfc3339


@dataclass
class Tried:
    """One set: its fast period, trades with R, and their sum."""

    fast: int
    trades: int
    sum_r: float


def record(*sets: Tried, instrument: str = "EUR_USD", last: str = "2024-01-01T00:00:00Z") -> TrialRecord:
    values = []
    for one in sets:
        row = dict.fromkeys(MEASURES, 0.0) | {"trades_with_r": float(one.trades), "sum_r": one.sum_r}
        values.append([row[name] for name in MEASURES])
    return TrialRecord(
        time="2024-02-01T00:00:00Z", version="0", run="r", strategy="ma_crossover", instrument=instrument, timeframe="D",
        first="2000-01-01T00:00:00Z", last=last, bars=1, data_hash="h", terms={}, names=("fast", "min_atr"),
        sets=[(one.fast, None) for one in sets], measures=MEASURES, values=values,
    )  # fmt: skip


def test_count_spread_and_reach_come_from_the_sets_of_this_strategy_alone() -> None:
    records = [
        record(Tried(5, 40, 4.0), Tried(6, 20, 6.0)),
        record(Tried(9, 40, 40.0), instrument="GBP_USD", last="2025-01-01T00:00:00Z"),
        record(Tried(7, 100, -10.0), Tried(8, 19, 19.0), last="2023-01-01T00:00:00Z"),
    ]
    found = past_search(records, "ma_crossover", "EUR_USD", "D")
    assert found is not None
    assert found.count == 4
    assert found.mean_r == pytest.approx(np.mean([0.1, 0.3, -0.1]))
    assert found.spread_r == pytest.approx(np.std([0.1, 0.3, -0.1], ddof=1))
    assert found.until_ns == from_rfc3339("2024-01-01T00:00:00Z")
    assert found.source == "4 in the ledger"


def test_a_set_tried_again_counts_once_as_it_was_last_measured() -> None:
    found = past_search(
        [record(Tried(5, 40, 4.0), Tried(6, 40, 0.0)), record(Tried(5, 40, 8.0))], "ma_crossover", "EUR_USD", "D"
    )
    assert found is not None
    assert found.count == 2
    assert found.mean_r == pytest.approx(0.1)


def test_sets_that_were_tried_elsewhere_are_counted_and_leave_the_figures_unknown() -> None:
    found = past_search([record(Tried(5, 40, 4.0), Tried(6, 40, 0.0))], "ma_crossover", "EUR_USD", "D", elsewhere=1_000)
    assert found is not None
    assert (found.count, found.mean_r, found.spread_r, found.until_ns) == (1_002, None, None, None)
    assert found.source == "2 in the ledger and 1,000 elsewhere, by the settings"
    alone = past_search([], "ma_crossover", "EUR_USD", "D", elsewhere=7)
    assert alone is not None
    assert (alone.count, alone.source) == (7, "7 elsewhere, by the settings")


def test_nothing_tried_anywhere_is_not_one_trial_but_unknown() -> None:
    assert past_search([], "ma_crossover", "EUR_USD", "D") is None
    assert past_search([record(Tried(5, 40, 4.0))], "ma_crossover", "EUR_USD", "H4") is None
    assert past_search([record(Tried(5, 40, 4.0))], "rsi_bollinger", "EUR_USD", "D") is None
