"""With costs, sizes and calibration too the desk trades what the backtest trades: the same units, prices and money."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.markets import random_walk
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.api.desk_running import RunWanted, prepared
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.charges import Commission, Slippage
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.sizing import FixedFraction, Kelly, Sizing, Units, VolatilityTarget
from tradeworthy.core.clock import DAY_NS
from tradeworthy.live.desk_commands import NoteKind, Tell
from tradeworthy.live.desk_events import DeskStarted
from tradeworthy.live.desk_plan import DeskPlan, Member, Timing
from tradeworthy.live.desk_runtime import DeskRuntime
from tradeworthy.live.desk_state import first_state
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.wiring.desk_plans import paper_costs, paper_rates

STRATEGY = MaCrossover(5, 20, 14, 2.0, 3.0)
COSTS = Costs(1.0, Commission(per_lot=3.0), Slippage(pips=0.3))


def closed_by_desk(
    bars: Bars,
    sizing: Sizing,
    calibration: Calibration | None,
    costs: Costs,
    fills: FillRules,
    notes: list[Tell] | None = None,
) -> list[Mapping[str, Any]]:
    """What the desk says of each trade that it closed on the paper broker."""
    plan = DeskPlan(
        "one", "USD", (Member("one", bars.instrument, bars.timeframe, STRATEGY, sizing),), {"EUR_USD": OpenHours.always()},
        Gate(()), stops_from_fill=fills.stops_from == "fill", balance=10_000.0, calibration=calibration,
        timing=Timing(reconcile_ns=30 * DAY_NS),
    )  # fmt: skip
    heard = [] if notes is None else notes
    venue = PaperVenue([bars], watched={"one": 0}, costs=costs, fills=fills, terms=PaperTerms(currency="USD"))
    runtime = DeskRuntime(first_state(plan), venue, None, told=lambda note, _: heard.append(note))
    asyncio.run(runtime.run(DeskStarted(0, 1, "test", venue.name, True, "USD", "none", {})))
    return [note.data for note in heard if note.kind is NoteKind.CLOSED]


@pytest.mark.parametrize(
    "fills",
    [
        FillRules(stops_from="signal_close"), FillRules(check_entry_bar=False), FillRules(gap="trigger", both="target"),
        FillRules(open_first=False),
    ],
    ids=["from the signal's close", "entry bar unchecked", "at the trigger, target first", "open not first"],
)  # fmt: skip
def test_every_fill_rule_that_can_be_had_live_gives_the_trades_of_the_backtest(fills: FillRules) -> None:
    bars = random_walk(3_000, 2, symbol="EUR_USD")
    trades = run_backtest(bars, STRATEGY, fills, Costs(1.0)).trades
    closed = trades.closed
    told = closed_by_desk(bars, Units(1), None, Costs(1.0), fills)
    made = [(one["entry_price"], one["exit_price"]) for one in told]
    assert made == list(zip(trades.entry_price[closed].tolist(), trades.exit_price[closed].tolist(), strict=True))
    assert len(made) > 100


@pytest.mark.parametrize("calibration", [None, Calibration()], ids=["as it is", "calibrated"])
@pytest.mark.parametrize("sizing", [FixedFraction(0.01), VolatilityTarget(0.2, 50), Kelly(), Units(1000)], ids=repr)
@pytest.mark.parametrize("seed", [5, 11])
def test_units_prices_and_money_are_those_of_the_backtest(
    sizing: Sizing, calibration: Calibration | None, seed: int
) -> None:
    bars = random_walk(3_000, seed, symbol="EUR_USD")
    account = Account(balance=10_000.0, currency="USD", sizing=sizing, calibration=calibration)
    result = run_backtest(bars, STRATEGY, costs=COSTS, account=account)
    trades, closed = result.trades, result.trades.closed
    expected = list(
        zip(
            trades.units[closed].tolist(), trades.entry_price[closed].tolist(), trades.exit_price[closed].tolist(),
            trades.pnl[closed].tolist(), strict=True,
        )
    )  # fmt: skip
    notes: list[Tell] = []
    told = closed_by_desk(bars, sizing, calibration, COSTS, FillRules(), notes)
    made = [(float(one["units"]), one["entry_price"], one["exit_price"], one["pnl"]) for one in told]
    assert made == expected
    assert len(expected) > 10
    refused = sum(note.kind is NoteKind.REFUSED for note in notes)
    assert refused == sum(result.refused.values())


def test_what_a_desk_books_in_other_currencies_is_what_its_broker_books(tmp_path: Path) -> None:
    """Over fixings, which open and close at once: the rate of a deal is known to the broker before the desk has the bar."""
    desk = prepared(RunWanted("fx-daily", desk=tmp_path, span_ns=1_500 * DAY_NS))
    account, places = desk.settings.account, {key: place for place, key in enumerate(desk.bars)}
    series = [*desk.bars.values()]
    venue = PaperVenue(
        series, watched={one.name: places[one.key] for one in desk.plan.members}, costs=paper_costs(desk.settings, desk.book),
        fills=desk.book.fills, terms=PaperTerms(account.balance, account.currency, paper_rates(account.currency, series)),
        begins_ns=desk.start_ns,
    )  # fmt: skip
    notes: list[Tell] = []
    plan = replace(desk.plan, timing=Timing(reconcile_ns=10_000 * DAY_NS))  # nothing is put right meanwhile
    runtime = DeskRuntime(first_state(plan), venue, None, told=lambda note, _: notes.append(note))
    asyncio.run(runtime.run(DeskStarted(0, 1, "test", venue.name, True, "USD", "none", {})))
    closed = [note for note in notes if note.kind is NoteKind.CLOSED]
    assert len({note.symbol for note in closed}) == 8
    assert len(closed) > 80
    booked = account.balance + sum(note.data["pnl"] for note in closed)
    assert booked == pytest.approx(asyncio.run(venue.book()).balance, abs=1e-6)
