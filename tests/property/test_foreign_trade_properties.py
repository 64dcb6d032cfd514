"""What must hold for trades of any platform, however they are written."""

import random
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.foreign_trades import (
    MT5_HEADING,
    Made,
    freqtrade_backtest,
    freqtrade_trade,
    mt4_statement,
    mt5_cells,
    mt5_history,
    tradingview,
)
from tradeworthy.adapters.files.trade_files import TradeHistory, read_trades
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError
from tradeworthy.validation.trade_table import TradeTable, no_money
from tradeworthy.validation.trade_units import measured

PIPS = st.integers(1, 400)


@st.composite
def trades(draw: st.DrawFn, *, stops: bool = True) -> list[Made]:
    """Trades that move by whole pips, with or without stops on the losing side."""
    made = []
    for _ in range(draw(st.integers(1, 12))):
        side = draw(st.sampled_from([1, -1]))
        entry = draw(st.integers(8_000, 20_000)) / 10_000
        moved = draw(PIPS) * draw(st.sampled_from([1, -1])) / 10_000
        stop = round(entry - side * draw(PIPS) / 10_000, 5) if stops else None
        cost = -draw(st.integers(0, 900)) / 100
        made.append(Made(side, entry, round(entry + moved, 5), stop, draw(st.integers(1, 300)) / 100, cost))
    return made


def read(text: str | bytes) -> TradeHistory:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_trades(path, timezone="UTC")


@settings(max_examples=25)
@given(trades())
def test_statements_histories_and_exports_of_the_same_trades_give_the_same_r(made: list[Made]) -> None:
    want = pytest.approx([one.r for one in made], rel=1e-6, abs=1e-9)
    rows = [MT5_HEADING.split(","), *mt5_cells(made)]
    for text in (mt4_statement(made), mt5_history(made), "\n".join("\t".join(row) for row in rows)):
        history = read(text)
        assert history.samples[0].r.tolist() == want
        assert history.findings == ()


@settings(max_examples=25)
@given(trades())
def test_freqtrade_and_plain_columns_of_the_same_trades_give_the_same_r(made: list[Made]) -> None:
    near = [one for one in made if one.stop is not None and abs(one.entry - one.stop) < 0.5 * one.entry]
    whole = [Made(one.side, one.entry, one.exit, one.stop, one.volume) for one in near] or [Made(1, 1.1, 1.2, 1.0)]
    plain = "time,side,entry,exit,stop\n" + "\n".join(
        f"2024-01-02T00:00:{place:02d}Z,{'long' if one.side > 0 else 'short'},{one.entry},{one.exit},{one.stop}"
        for place, one in enumerate(whole)
    )
    backtest = freqtrade_backtest({"all trades": [freqtrade_trade(place, one) for place, one in enumerate(whole)]})
    assert read(backtest).samples[0].r.tolist() == pytest.approx(read(plain).samples[0].r.tolist(), rel=1e-9)


@settings(max_examples=25)
@given(trades(stops=False), st.randoms(use_true_random=False))
def test_the_order_of_tradingviews_rows_means_nothing(made: list[Made], chance: random.Random) -> None:
    heading, *rows = tradingview(made).splitlines()
    shuffled = list(rows)
    chance.shuffle(shuffled)
    one, other = (read("\n".join([heading, *lines])) for lines in (rows, shuffled))
    assert np.array_equal(one.samples[0].r, other.samples[0].r)
    assert np.array_equal(one.table.side, other.table.side)
    assert one.table.side.tolist() == [float(trade.side) for trade in made]


def without_stops(net: list[float]) -> TradeTable:
    ones = np.ones(len(net))
    return TradeTable(
        "", "", None, np.arange(len(net), dtype=np.int64) * DAY_NS, ones, ones, ones, ones, no_money(len(net)), np.array(net),
        0 * ones, ones, no_money(len(net)), np.full(len(net), "a"), np.full(len(net), "a"),
    )  # fmt: skip


CENTS = st.integers(-500, 500).map(lambda cents: cents / 1000)


@given(st.lists(CENTS, min_size=1, max_size=80), st.lists(CENTS, max_size=40))
def test_what_comes_after_the_window_began_changes_no_r_before_it(before: list[float], after: list[float]) -> None:
    start = (len(before) - 1) * DAY_NS
    whole, [unit] = measured(without_stops(before + after), start)
    alone, [fixed] = measured(without_stops(before), start)
    if not unit.later:
        assert unit.size == fixed.size
        assert np.array_equal(whole[: len(before)], alone)
    assert unit.size is not None
    assert unit.size > 0
    assert np.array_equal(np.sign(whole), np.sign(np.array(before + after)))


@settings(max_examples=150)
@given(st.integers(0, 4), st.data())
def test_files_that_were_tampered_with_are_read_or_refused_and_nothing_else(kind: int, data: st.DataObject) -> None:
    made = [Made(1, 1.1, 1.11, 1.09), Made(-1, 1.1, 1.09, 1.2)]
    rows = [MT5_HEADING.split(","), *mt5_cells(made)]
    whole = [
        mt4_statement(made).encode(), mt5_history(made).encode("utf-16"), "\n".join(";".join(row) for row in rows).encode(),
        tradingview(made).encode(), freqtrade_backtest({"A": [freqtrade_trade(0, made[0])]}),
    ][kind]  # fmt: skip
    at = data.draw(st.integers(0, len(whole)))
    other = data.draw(
        st.binary(max_size=12) | st.sampled_from([b"", b"0", b"-", b'"', b"<td>", b"</tr>", b"{", b"nan", b"1e400"])
    )
    gone = data.draw(st.sampled_from([0, 1, 10, len(whole)]))
    sentence = ""
    try:
        history = read(whole[:at] + other + whole[at + gone :])
    except InputError as refused:
        sentence = str(refused)
    else:
        assert all(np.isfinite(sample.r).all() for sample in history.samples)
    assert "\n" not in sentence
