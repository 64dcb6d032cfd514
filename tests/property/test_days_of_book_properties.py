"""What must hold for the days of a book, whatever prices do."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support.backtests import Told, daily
from tradeworthy.appraisal.days_of_book import book_days, trade_days
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.controls.sizing import Units
from tradeworthy.core.clock import DAY_NS
from tradeworthy.validation.samples import TradeSample

CLOSES = st.lists(st.integers(9_000, 12_000).map(lambda pips: pips / 10_000), min_size=4, max_size=30)
ACCOUNT = Account(10_000.0, sizing=Units(100_000.0), leverage=1_000.0)


@settings(max_examples=80)
@given(CLOSES, st.sampled_from([-1, 1]), st.sampled_from([1_000.0, 50_000.0, 100_000.0]))
def test_days_compound_to_the_equity_and_end_where_there_is_none(closes: list[float], side: int, units: float) -> None:
    bars = daily(*closes, gapping=True)
    result = run_backtest(bars, Told((0, side, np.nan, np.nan)), account=replace(ACCOUNT, sizing=Units(units)))
    days = book_days({"one": result})
    gone = np.flatnonzero(result.equity <= 0.0)
    assert days.ends_in_ruin is bool(len(gone))
    last = int(gone[0]) if len(gone) else len(bars) - 1
    assert len(days.date) == last + 1
    np.testing.assert_allclose(
        10_000 * np.cumprod(1 + days.book), np.maximum(0.0, result.equity[: last + 1]), rtol=1e-9, atol=1e-9
    )


@settings(max_examples=40)
@given(CLOSES, CLOSES)
def test_what_comes_after_a_ruin_changes_no_day(before: list[float], after: list[float]) -> None:
    told = Told((0, 1, np.nan, np.nan))
    start = [1.1, 1.1, *before, 0.9]
    short, long = (
        book_days({"one": run_backtest(daily(*closes, gapping=True), told, account=ACCOUNT)})
        for closes in (start, [*start, *after])
    )
    np.testing.assert_array_equal(short.shares, long.shares)
    assert short.notes == long.notes


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 600), st.lists(st.floats(-3, 5), min_size=1, max_size=40)), min_size=1, max_size=4
    )
)
def test_a_history_keeps_each_trade_of_its_days_once_and_says_what_it_leaves_out(
    histories: list[tuple[int, list[float]]],
) -> None:
    samples = []
    for place, (first, r) in enumerate(histories):
        times = (first + 5 * np.arange(len(r), dtype=np.int64)) * DAY_NS + 1
        samples.append(TradeSample(f"s{place}", times, np.array(r), int(times[0]) - 1, int(times[-1])))
    days = trade_days(samples, 0.01)
    start = int(days.date[0])
    assert start in {min(first for first, _ in histories), max(first for first, _ in histories)}
    kept = [[x for i, x in enumerate(r) if first + 5 * i >= start] for first, r in histories]
    np.testing.assert_allclose(days.shares.sum(axis=0), [0.01 * sum(r) for r in kept], atol=1e-12)
    assert days.trades == sum(map(len, kept))
    assert bool(days.notes) is (len({first for first, _ in histories}) > 1)
