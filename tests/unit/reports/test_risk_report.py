"""What a terminal says of a book's risk: the record first, one scale of words, nothing known that is not."""

import re
from io import StringIO
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from tradeworthy.api.risk_assessment import Assessed, RiskAssessment
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.reports.models import RiskReport
from tradeworthy.reports.risk_console import show_risk
from tradeworthy.reports.risk_page import render_risk
from tradeworthy.risk.scenarios import SCENARIOS

CROSS = {"fast": 3, "slow": 8, "stop_atr": 2.0, "target_atr": 3.0}
QUICK: dict[str, Any] = {"paths": 500, "crises": ()}
TRADES = [
    {"exit_time": f"2024-{1 + day // 28:02d}-{1 + day % 28:02d}T10:00:00Z", "r": float(r)}
    for day, r in enumerate(np.random.default_rng(5).normal(0.1, 1.0, 280))
]


def daily(symbol: str, days: int, seed: int) -> Bars:
    """A random walk of one bar a weekday."""
    on = np.arange(18_000, 18_000 + 2 * days)
    on = on[(on - 2) % 7 >= 2][:days]
    close = np.round(1.1 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.01, days))), 5)
    open_ = np.append(close[:1], close[:-1])
    high, low = np.maximum(open_, close) * 1.002, np.minimum(open_, close) * 0.998
    return Bars(
        instrument_named(symbol), Timeframe.D, on * DAY_NS, (on + 1) * DAY_NS, open_, high, low, close
    )  # fmt: skip


@pytest.fixture(scope="module")
def uneven() -> Assessed:
    """Two strategies, of which the second one's bars end two years before the other's."""
    book = {"EUR_USD_D": CROSS, "GBP_USD_D": CROSS}
    bars = {"EUR_USD": daily("EUR_USD", 1_500, 1), "GBP_USD": daily("GBP_USD", 1_000, 2)}
    return RiskAssessment(scenarios=SCENARIOS[:1], **QUICK).run(book, bars)


def shown(found: Assessed, width: int) -> str:
    """As the terminal has it."""
    out = StringIO()
    show_risk(found.record, Console(width=width, file=out))
    return out.getvalue()


def page(found: Assessed) -> str:
    """As the browser gets it."""
    return render_risk(RiskReport(generated_at="2024-01-01T00:00:00Z", risk=found.record)).decode()


def test_the_record_is_said_with_its_days_its_trades_and_its_worst_day(uneven: Assessed) -> None:
    one = uneven.record
    assert one.worst_day is not None
    said = (
        f"The record has {one.days:,} days, {one.first_day} to {one.last_day}, and {one.trades:,} closed trades; its worst day "
        f"lost {-100 * one.worst_day:.3g}% of equity."
    )
    assert said in one.summary
    assert said in shown(uneven, 400)


def test_a_strategy_whose_bars_cut_the_record_short_is_named_with_what_it_costs(uneven: Assessed) -> None:
    [cut] = [line for line in uneven.record.summary if "left out" in line]
    found = re.fullmatch(
        r"The record ends on (\S+) with the bars of GBP_USD_D, and (\d+) later days of others, up to (\S+), are left out; newer "
        r"bars there make it longer\.",
        cut,
    )
    assert found
    assert found[1] == uneven.record.last_day
    assert 495 <= int(found[2]) <= 505
    assert found[3] > found[1]
    assert f"{cut[0].lower()}{cut[1:-1]}" in uneven.record.assumptions


def test_volatility_says_its_date_and_that_of_bars_that_end_before(uneven: Assessed) -> None:
    said = shown(uneven, 400)
    newest = max(study["volatility_regimes"]["last"][:10] for study in uneven.record.volatility.values())
    assert f"Volatility on {newest}:" in said
    [older] = re.findall(r"GBP_USD_D \((\S+)\)", said)
    assert older == uneven.record.volatility["GBP_USD_D"]["volatility_regimes"]["last"][:10] < newest
    assert "EUR_USD_D (" not in said


def test_the_worst_case_has_no_level_of_its_own_beside_the_score_s(uneven: Assessed) -> None:
    words = ("LOW", "MODERATE", "HIGH")
    leveled = [line for line in uneven.record.summary if any(word in line for word in words)]
    assert all("futures fall by" in line or "A record of this length" in line for line in leveled)
    assert any("and 20% is the limit" in line for line in uneven.record.summary)
    assert "as it was:" not in " ".join(uneven.record.summary)


def test_each_loss_of_one_day_in_a_hundred_says_its_method(uneven: Assessed) -> None:
    assert any("or more (historical value at risk)" in line for line in uneven.record.summary)
    assert "Normal value at risk at 99%" in page(uneven)


def test_without_a_score_no_chance_and_no_percentile_is_told_and_both_days_and_trades_are_asked_for() -> None:
    short = RiskAssessment(**QUICK).run(trades=TRADES[:15])
    one = short.record
    assert one.summary[0].endswith("a score takes 120 and 30: 105 days and 15 trades more.")
    assert (one.measures, one.fan, one.potential, one.falls, one.portfolio) == ((), None, None, (), None)
    assert {"drawn futures", "value at risk", "portfolio"} <= set(one.not_run)
    for said in (shown(short, 100), page(short)):
        assert "in a hundred" not in said
        assert "95 of 100" not in said
        assert not re.search(r"\((LOW|MODERATE|HIGH|VERY HIGH)\)", said)


def test_trades_alone_get_no_advice_that_only_bars_can_follow() -> None:
    found = RiskAssessment(paths=500).run(trades=TRADES)
    assert found.score is not None
    assert "bring bars" not in " ".join(one.action for one in found.recommendations)
    [beside] = [one for one in found.recommendations if one.name == "scenarios_not_run"]
    assert (str(beside.level), beside.number) == ("LOW", 4.0)
    said = shown(found, 400)
    assert "stress: " not in said
    assert said.count("a list of trades holds no") == 2


@pytest.mark.parametrize(("width", "columns"), [(40, 3), (60, 4), (70, 6), (120, 7)])
def test_tables_show_as_many_whole_columns_as_there_is_room_for(uneven: Assessed, width: int, columns: int) -> None:
    said = shown(uneven, width)
    [head] = [line for line in said.splitlines() if line.startswith("Next day's")]
    assert len(re.split(r"\s{2,}", head.strip())) == columns
    assert "\N{HORIZONTAL ELLIPSIS}" not in said
    [historical] = [one for one in uneven.record.measures if one.method == "historical" and one.level == 0.99]
    assert f"{100 * (historical.value_at_risk or 0.0):.2f}%" in said


def test_a_strategy_left_out_changes_the_score_by_what_is_shown(uneven: Assessed) -> None:
    parts = uneven.record.parts
    assert parts is not None
    for name, own in parts.strategies.items():
        points = f"{-own:+.1f}".replace("-", "\N{MINUS SIGN}")
        assert re.search(rf"leaving out {name} +{re.escape(points)}\s", shown(uneven, 120))


def test_a_dash_in_the_table_of_losses_is_explained_below_it() -> None:
    found = RiskAssessment(**QUICK).run(trades=TRADES[:200])
    dashed = [one for one in found.record.measures if one.exceptions is None]
    assert dashed
    said = shown(found, 400)
    for one in dashed:
        assert one.why_not["backtest"] in said
