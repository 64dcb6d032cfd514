"""Profits, wins and losses of published freqtrade backtests, against the totals that stand in the same files.

Sources: the backtest results of github.com/brightears/btc-bot, and freqtrade's own test data.
"""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tradeworthy.adapters.files.trade_files import read_trades

FILES = [
    "freqtrade_brightears/backtest-result-2025-10-06_14-16-29_SimpleRSI.json.gz",
    "freqtrade_brightears/backtest-result-2025-10-06_14-16-37_MomentumStrategy.json.gz",
    "freqtrade_brightears/backtest-result-2025-10-06_14-23-39_BollingerMeanReversionFixed.json.gz",
    "freqtrade_brightears/backtest-result-2025-10-06_14-23-48_SimpleRSI.json.gz",
    "freqtrade_testdata/backtest-result.json.gz",
    "freqtrade_testdata/backtest-result_multistrat.json.gz",
]  # fmt: skip


def published(path: Path) -> dict[str, dict[str, Any]]:
    """What each file says of each strategy."""
    result = json.loads(gzip.decompress(path.read_bytes()))
    one = result["strategy"]
    return {one: result["metrics"]} if isinstance(one, str) else one


@pytest.mark.parametrize("name", FILES)
def test_profits_wins_and_losses_add_up_to_what_freqtrade_published(shared: Path, name: str) -> None:
    path = shared / "data" / "oracles" / name
    history = read_trades(path)
    told = published(path)
    assert {sample.strategy for sample in history.samples} == set(told)
    for strategy, figures in told.items():
        net = history.table.net[history.table.strategy == strategy]
        total = next(row for row in figures["results_per_pair"] if row["key"] == "TOTAL")
        assert len(net) == figures["total_trades"]
        assert float(net.sum()) == pytest.approx(figures["profit_total_abs"], rel=1e-14)
        assert int((net > 0).sum()) == total["wins"]
        assert int((net < 0).sum()) == total["losses"]


def test_r_is_profit_over_what_the_published_stop_would_have_lost(shared: Path) -> None:
    """The first trade: 0.0009 BTC at 110,609.07 with its stop at 109,502.9793, and -0.37292832 USDT in the end."""
    history = read_trades(shared / "data" / "oracles" / FILES[0])
    assert history.samples[0].r[0] == pytest.approx(-0.37292832 / (0.0009 * (110609.07 - 109502.9793)), rel=1e-6)
    stopped = history.samples[0].r[np.abs(history.samples[0].r + 1.2) < 0.02]
    assert len(stopped) == 9  # as many as left by their stop of 1%, fees of 0.2% on top
    assert history.findings == ()


@pytest.mark.parametrize("wrapped", ["plain", "gzip", "zip"])
def test_a_result_reads_the_same_however_it_is_packed(shared: Path, tmp_path: Path, wrapped: str) -> None:
    path = shared / "data" / "oracles" / FILES[-1]
    plain = gzip.decompress(path.read_bytes())
    packed = tmp_path / "whatever.bin"
    if wrapped == "zip":
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("backtest-result-2025-10-06_14-16-29_config.json", "{}")
            archive.writestr("backtest-result-2025-10-06_14-16-29.json", plain)
            archive.writestr("backtest-result-2025-10-06_14-16-29_TestStrategy.json", "{}")
            archive.writestr("backtest-result-2025-10-06_14-16-29_TestStrategy.py", "class TestStrategy: ...")
            archive.writestr("backtest-result-2025-10-06_14-16-29_market_change.feather", b"ARROW1")
    else:
        packed.write_bytes(plain if wrapped == "plain" else path.read_bytes())
    want, got = read_trades(path), read_trades(packed)
    for one, other in zip(want.samples, got.samples, strict=True):
        assert np.array_equal(one.r, other.r)
        assert np.array_equal(one.exit_time, other.exit_time)
