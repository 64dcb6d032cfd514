"""Each thing that separates a desk from its backtest shows under its own name, with money that is reckoned here once more."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest

from support.attributed_desk import AttributedDesk, by_trade, trades_by_name, worth
from support.markets import random_walk
from tradeworthy.adapters.brokers.paper_faults import FaultCall, FaultKind, PaperFault
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.appraisal.attributed import EXPECTED, Attributed, Part
from tradeworthy.backtest.charges import Commission, Slippage
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.limits_of_size import UnitsPerOrder
from tradeworthy.controls.sizing import FixedFraction, Units
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.events import decode
from tradeworthy.live.desk_events import OperatorAsked, Wish
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.python_function import python_strategy

PIP = 0.0001
OWN = ("stop", "target", "signal")
UNITS = 10_000


def without(bars: Bars, place: int) -> Bars:
    """The same bars but for one."""
    kept = [i for i in range(len(bars)) if i != place]
    columns = {name: getattr(bars, name)[kept] for name in ("open_time", "close_time", "open", "high", "low", "close")}
    return replace(bars, **columns)


def changed(bars: Bars, place: int, by: float) -> Bars:
    """The same bars but for one whose prices are all moved."""
    columns = {}
    for name in ("open", "high", "low", "close"):
        columns[name] = getattr(bars, name).copy()
        columns[name][place] += by
    return replace(bars, **columns)


@pytest.mark.parametrize("calibration", [None, Calibration()], ids=["as it is", "calibrated"])
@pytest.mark.parametrize("sizing", [Units(UNITS), FixedFraction(0.01)], ids=repr)
@pytest.mark.parametrize("seed", [5, 11])
def test_a_desk_without_frictions_differs_from_its_backtest_by_nothing_at_all(
    sizing: Units | FixedFraction, calibration: Calibration | None, seed: int
) -> None:
    desk = AttributedDesk(
        random_walk(1_500, seed), book_costs=Costs(), sizing=sizing, calibration=calibration
    ).lived()  # fmt: skip
    run = desk.attributed()
    assert run.verdict is Attributed.ALL
    assert len(desk.closed_notes()) > 20
    for session in run.sessions:
        for trade in session.trades:
            assert (trade.money.parts, trade.money.unexplained) == ({}, 0.0)
            assert trade.money.live == trade.money.frictionless == trade.money.expected
    assert run.money.live == pytest.approx(worth(desk.backtest(), float(desk.bars.close[-1])), abs=1e-9)


def test_the_books_own_costs_are_all_that_separates_a_desk_that_pays_them() -> None:
    costs = Costs(1.3, Commission(per_lot=4.0), Slippage(pips=0.2))
    desk = AttributedDesk(random_walk(1_500, 3), book_costs=costs).lived()
    run, last = desk.attributed(), float(desk.bars.close[-1])
    ends = [
        worth(desk.backtest(costs=one), last) for one in (Costs(), Costs(1.3), replace(costs, commission=None), costs)
    ]
    assert run.money.frictionless == pytest.approx(ends[0], abs=1e-9)
    assert [run.money.parts[part] for part in EXPECTED] == pytest.approx(np.diff(ends).tolist(), abs=1e-9)
    assert sum(run.money.parts.values()) == pytest.approx(sum(run.money.parts[part] for part in EXPECTED), abs=1e-9)
    assert run.money.live == pytest.approx(run.money.expected, abs=1e-9)
    assert run.verdict is Attributed.ALL


def test_slippage_is_paid_at_the_entry_and_at_every_exit_but_a_target() -> None:
    """A stop moves with the fill that slipped, so that its trade pays once, and a target not at all."""
    desk = AttributedDesk(random_walk(1_500, 7, gap=0.0), paper_costs=Costs(1.0, slippage=Slippage(pips=0.3))).lived()
    run = desk.attributed()
    times, reckoned, seen = {"signal": 2, "stop": 1, "target": 0}, 0, set()
    for name, trade in trades_by_name(run).items():
        live, expected = trade.live, trade.expected
        if live is None or expected is None or live.exit_ns is None or live.exit_ns != expected.exit_ns:
            continue
        if live.reason != expected.reason or live.reason is None:
            continue
        parts = by_trade(run)[name]
        assert parts.get(Part.SLIPPAGE, 0.0) == pytest.approx(-times[live.reason] * 0.3 * PIP * UNITS, abs=1e-6), name
        assert {part for part, value in parts.items() if abs(value) > 1e-6} <= {Part.SLIPPAGE, Part.EXPECTED_SPREAD}
        reckoned += 1
        seen.add(live.reason)
    assert reckoned > 20
    assert seen == {"signal", "stop", "target"}
    assert run.verdict is Attributed.ALL


def test_latency_is_what_the_bar_did_until_the_order_was_dealt() -> None:
    terms = PaperTerms(currency="USD", latency_ms=400)
    desk = AttributedDesk(random_walk(1_500, 7), terms=terms).lived()
    run, bars = desk.attributed(), desk.bars
    row = {int(time): i for i, time in enumerate(bars.open_time)}
    reckoned = 0
    for name, trade in trades_by_name(run).items():
        live, expected = trade.live, trade.expected
        if live is None or expected is None or live.reason != expected.reason != "signal":
            continue
        if live.reason != "signal" or live.exit_ns is None or expected.exit_ns is None:
            continue
        lost = 0.0
        for buys, moment in ((trade.side == "long", expected.entry_ns), (trade.side != "long", expected.exit_ns)):
            own = live.entry_ns if moment == expected.entry_ns else live.exit_ns
            i = row[own - HOUR_NS]  # a reversal waits for its exit, and is sent an hour later
            worse = max(bars.open[i], bars.close[i]) if buys else min(bars.open[i], bars.close[i])
            lost += (1 if buys else -1) * (worse - bars.open[row[moment]]) * UNITS
        assert by_trade(run)[name].get(Part.LATENCY, 0.0) == pytest.approx(-lost, abs=1e-6), name
        reckoned += 1
    assert reckoned > 5
    assert run.verdict is Attributed.ALL


def test_the_part_of_an_order_that_is_dealt_later_is_latency() -> None:
    desk = AttributedDesk(random_walk(1_500, 9), terms=PaperTerms(currency="USD", partial_share=1.0)).lived()
    run = desk.attributed()
    assert {part for part, value in run.money.parts.items() if abs(value) > 1e-6} <= {
        Part.EXPECTED_SPREAD, Part.LATENCY, Part.FOLLOWED, Part.SIZE
    }  # fmt: skip
    assert abs(run.money.parts[Part.LATENCY]) > 1.0
    assert run.verdict is Attributed.ALL


def test_orders_that_the_broker_rejects_are_refusals_with_the_money_of_their_trades() -> None:
    desk = AttributedDesk(random_walk(1_500, 4), terms=PaperTerms(currency="USD", reject_share=0.5, seed=3)).lived()
    run = desk.attributed()
    trades = trades_by_name(run)
    refused = {name: one for name, one in trades.items() if one.check == "order rejected"}
    parts = by_trade(run)
    assert len(refused) > 10
    result = {
        f"one {'long' if one.side.sign > 0 else 'short'} {moment(desk.bars, one.signal_index)}": one.pnl
        for one in desk.backtest().trades
        if one.reason != "open"
    }
    for name, one in refused.items():
        assert one.live is None
        if name in result:
            assert parts[name][Part.REFUSAL] == pytest.approx(-result[name], abs=1e-9)
    assert run.refused["order rejected"] == pytest.approx(sum(parts[name][Part.REFUSAL] for name in refused), abs=1e-9)
    assert run.verdict is Attributed.ALL


def moment(bars: Bars, place: int) -> str:
    """When a bar closed, as a trade's name has it."""
    return datetime.fromtimestamp(int(bars.close_time[place]) / 1e9, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_limit_that_refuses_everything_costs_all_that_the_backtest_made() -> None:
    desk = AttributedDesk(random_walk(1_000, 4), gate=Gate((UnitsPerOrder(most=5_000.0, enabled=True),))).lived()
    run = desk.attributed()
    assert run.money.live == 0.0
    made = worth(desk.backtest(), float(desk.bars.close[-1]))
    assert run.refused == {"units per order": pytest.approx(-made, abs=1e-9)}
    assert run.verdict is Attributed.ALL


@pytest.mark.parametrize("how", ["changed", "removed"])
def test_bars_that_are_others_in_the_store_now_are_a_data_revision(how: str) -> None:
    bars = random_walk(1_000, 8)
    stored = changed(bars, 300, 0.004) if how == "changed" else without(bars, 300)
    desk = AttributedDesk(bars, stored=stored).lived()
    run, last = desk.attributed(), float(bars.close[-1])
    difference = worth(desk.backtest(bars), last) - worth(desk.backtest(stored), last)
    assert abs(difference) > 0.1
    assert run.money.parts[Part.DATA] == pytest.approx(difference, abs=1e-9)
    assert Part.GAP not in run.money.parts
    assert run.verdict is Attributed.ALL
    told = [note for session in run.sessions for note in session.notes]
    assert told == ["EUR_USD H1: 1 bar of the desk is not the same in the store now"]


@pytest.mark.parametrize("place", [300, 301, 302, 318, 340])
def test_a_bar_that_never_came_is_a_gap(place: int) -> None:
    whole = random_walk(1_000, 8)
    desk = AttributedDesk(without(whole, place), stored=whole).lived()
    run, last = desk.attributed(), float(whole.close[-1])
    got, stored = worth(desk.backtest(desk.bars), last), worth(desk.backtest(whole), last)
    named = run.money.parts.get(Part.GAP, 0.0) + run.money.parts.get(Part.FOLLOWED, 0.0)
    assert named == pytest.approx(got - stored, abs=1e-6)
    assert run.money.live == pytest.approx(got, abs=1e-6)
    assert run.verdict is Attributed.ALL
    assert [note for one in run.sessions for note in one.notes] == ["EUR_USD H1: 1 bar never came"]


def test_an_entry_whose_own_bar_never_came_waits_for_the_next_and_that_is_a_gap() -> None:
    whole, reckoned = random_walk(600, 8), 0
    for one in AttributedDesk(whole).backtest().trades:
        if one.reason != "signal" or one.exit_index - one.entry_index < 4:
            continue
        desk = AttributedDesk(without(whole, one.entry_index), stored=whole).lived()
        run = desk.attributed()
        assert run.verdict is Attributed.ALL
        assert Part.LATENCY not in run.money.parts
        decided = int(whole.close_time[one.signal_index])
        trade = next((one for one in trades_by_name(run).values() if one.decided_ns == decided), None)
        if trade is None or trade.live is None or (trade.live.reason, trade.live.exit_ns) != ("signal", one.exit_time):
            continue
        assert trade.live.entry_ns == int(whole.open_time[one.entry_index + 1])
        later = float(whole.open[one.entry_index + 1] - whole.open[one.entry_index])
        assert by_trade(run)[trade.name][Part.GAP] == pytest.approx(-one.side.sign * later * UNITS, abs=1e-6)
        reckoned += 1
    assert reckoned > 3


def test_what_has_not_come_yet_is_neither_a_gap_nor_unexplained() -> None:
    """The desk is looked at just after an entry was dealt, in a bar that has not closed, while the store is ahead of it."""
    bars = random_walk(600, 5)
    desk = AttributedDesk(bars).lived()
    notes = [(place, decode(data)) for place, data in enumerate(desk.journal.events)]
    opened = [place for place, one in notes if one.kind == "note" and one.body["kind"] == "opened"]
    desk.journal.events = desk.journal.events[: opened[10] + 1]
    run = desk.attributed()
    last = run.sessions[-1].trades[-1]
    assert (last.expected, last.why) == (None, "the bar in which the backtest would deal has not come yet")
    assert last.money.parts == {Part.PENDING: pytest.approx(last.money.live, abs=1e-9)}
    before = run.sessions[-1].trades[-2]  # it turned: the exit too was dealt in the bar that has not closed
    assert before.live is not None
    assert before.live.exit_ns == last.live.entry_ns if last.live else None
    assert before.expected is not None
    assert before.expected.exit_ns is None
    assert abs(before.money.parts[Part.PENDING]) > 0.1
    assert [note for one in run.sessions for note in one.notes] == []
    assert run.verdict is Attributed.ALL


def test_bars_that_came_after_a_lost_line_are_a_gap() -> None:
    bars = random_walk(1_000, 8)
    down = PaperFault(FaultCall.ANY, FaultKind.LINE_DOWN, from_ns=290 * HOUR_NS, until_ns=420 * HOUR_NS)
    desk = AttributedDesk(bars, faults=[down]).lived()
    run = desk.attributed()
    assert abs(run.money.parts[Part.GAP]) > 1.0
    assert {part for part, value in run.money.parts.items() if abs(value) > 1e-6} <= {
        Part.EXPECTED_SPREAD, Part.GAP, Part.FOLLOWED
    }  # fmt: skip
    assert run.verdict is Attributed.ALL
    assert any("came too late to be entered on" in note for session in run.sessions for note in session.notes)


def test_a_plain_function_as_a_strategy_is_compared_like_any_other() -> None:
    def every_tenth(history: list[dict[str, float]], symbol: str) -> dict[str, object] | None:
        close = float(history[-1]["close"])
        side = {0: "BUY", 5: "SELL"}.get(len(history) % 10)
        return (
            None
            if side is None
            else {"symbol": symbol, "action": side, "stop_loss": None, "take_profit": None}
            | ({"stop_loss": close * (0.995 if side == "BUY" else 1.005)})
        )

    desk = AttributedDesk(
        random_walk(300, 2),
        strategy=python_strategy(every_tenth, "EUR_USD", history="rows"),
        fills=FillRules(stops_from="signal_close"),
    ).lived()
    run = desk.attributed()
    assert len(desk.closed_notes()) > 20
    assert {part for part, value in run.money.parts.items() if value} == {Part.EXPECTED_SPREAD}
    assert run.verdict is Attributed.ALL


def test_positions_that_are_open_at_a_days_end_are_valued_at_its_last_close_and_named() -> None:
    desk = AttributedDesk(random_walk(600, 5)).lived()
    run, bars = desk.attributed(), desk.bars
    notes, checked = desk.closed_notes(), 0
    total = 0.0
    for session in run.sessions:
        total += session.money.live
        last = float(bars.close[np.searchsorted(bars.close_time, session.ends_ns, side="right") - 1])
        booked = sum(
            one["pnl"] for one in notes
            if one["exit_ns"] < session.ends_ns or (one["exit_ns"] == session.ends_ns and one["reason"] != "signal")
        )  # fmt: skip
        held = [one for one in notes if one["entry_ns"] < session.ends_ns <= one["exit_ns"]]
        held = [one for one in held if one["exit_ns"] > session.ends_ns or one["reason"] == "signal"]
        open_ = sum(UNITS * (1 if one["side"] == "long" else -1) * (last - one["entry_price"]) for one in held)
        if session.ends_ns < notes[-1]["exit_ns"]:
            assert total == pytest.approx(booked + open_, abs=1e-6)
            assert bool(session.still_open) == bool(held)
            checked += bool(held)
    assert checked > 5


def test_what_an_operator_closes_is_an_intervention_and_what_is_refused_after_it_a_refusal() -> None:
    bars = random_walk(600, 5)
    held = next(
        one for one in AttributedDesk(bars).lived().closed_notes() if one["exit_ns"] - one["entry_ns"] > 6 * HOUR_NS
    )
    after = held["entry_ns"] // HOUR_NS + 3
    wish = OperatorAsked(0, Wish.FLATTEN, "Ann", "to see")
    desk = AttributedDesk(bars, wishes={after: wish}).lived()
    run = desk.attributed()
    trade = next(one for one in trades_by_name(run).values() if one.live and one.live.reason not in {*OWN, None})
    assert trade.live is not None
    assert trade.expected is not None
    assert (trade.live.entry_ns, trade.live.exit_ns) == (held["entry_ns"], after * HOUR_NS)
    side = 1 if trade.side == "long" else -1
    lost = side * ((trade.live.exit_price or 0.0) - (trade.expected.exit_price or 0.0)) * UNITS
    assert by_trade(run)[trade.name][Part.INTERVENTION] == pytest.approx(lost, abs=1e-6)
    assert set(run.refused) == {"mode"}
    assert run.verdict is Attributed.ALL


def test_a_stop_that_was_moved_is_an_intervention() -> None:
    bars = random_walk(600, 5)
    notes = AttributedDesk(bars).lived().closed_notes()
    long = [one for one in notes if one["side"] == "long" and one["exit_ns"] - one["entry_ns"] > 5 * HOUR_NS]
    note, first = long[0], long[0]["entry_ns"] // HOUR_NS
    close = float(bars.close[first + 1])
    price = Decimal(f"{min(close, float(bars.low[first + 2])) - 0.0001:.5f}")
    desk = AttributedDesk(
        bars, wishes={first + 2: OperatorAsked(0, Wish.MOVE_STOP, "Ann", "to see", "one", price)}
    ).lived()
    run = desk.attributed()
    trades = [trade for session in run.sessions for trade in session.trades]
    moved = next(one for one in trades if one.live and one.live.entry_ns == note["entry_ns"])
    assert moved.live is not None
    assert moved.live.reason == "stop"
    parts = by_trade(run)[moved.name]
    assert {part for part, value in parts.items() if abs(value) > 1e-9} <= {Part.INTERVENTION, Part.EXPECTED_SPREAD}
    assert abs(parts[Part.INTERVENTION]) > 0.1
    assert run.verdict is Attributed.ALL


def test_fees_that_the_book_does_not_count_on_are_a_part_of_their_own() -> None:
    desk = AttributedDesk(random_walk(600, 5), paper_costs=Costs(1.0, Commission(per_lot=3.0))).lived()
    run = desk.attributed()
    fees = sum(one["fees"] for one in desk.closed_notes())
    held = desk.state.members[0].holding
    assert fees > 1.0
    assert run.money.parts[Part.FEES] == pytest.approx(-fees - (held.fees if held else 0.0), abs=1e-9)
    assert {part for part, value in run.money.parts.items() if value} == {Part.FEES, Part.EXPECTED_SPREAD}
    assert run.verdict is Attributed.ALL


def test_units_that_the_account_alone_would_not_trade_are_a_difference_of_size() -> None:
    """The desk trades half of what its backtest does, and so makes half of it."""
    desk = AttributedDesk(random_walk(600, 5), sizing=Units(UNITS / 2)).lived()
    desk.plan = replace(desk.plan, members=(replace(desk.plan.members[0], sizing=Units(UNITS)),))
    run = desk.attributed()
    assert run.money.expected == pytest.approx(2 * run.money.live, abs=1e-6)
    assert run.money.parts[Part.SIZE] == pytest.approx(run.money.live - run.money.expected, abs=1e-6)
    assert run.verdict is Attributed.ALL


def test_a_slip_past_a_level_that_was_opened_beyond_is_told_by_the_bars_open() -> None:
    """With `gap = "trigger"` the backtest leaves at the level, and so does the paper broker: both are one."""
    desk = AttributedDesk(random_walk(1_500, 6, gap=0.002), fills=FillRules(gap="trigger")).lived()
    assert desk.attributed().verdict is Attributed.ALL
    book = AttributedDesk(random_walk(1_500, 6, gap=0.002)).lived()
    book.fills = FillRules(gap="trigger")
    run = book.attributed()
    assert run.money.parts[Part.GAP] < -1.0
    named = run.money.parts[Part.GAP] + run.money.parts.get(Part.FOLLOWED, 0.0)
    assert run.money.live - run.money.expected == pytest.approx(named, abs=1e-6)
    assert run.verdict is Attributed.ALL


def test_an_exit_that_the_desk_never_heard_of_is_unexplained_and_says_so() -> None:
    bars = random_walk(250, 0)
    lost = [PaperFault(FaultCall.DEAL, FaultKind.DEAL_LOST, nth) for nth in range(2, 30)]
    runs = (AttributedDesk(bars, faults=[one]).lived().attributed() for one in lost)
    run = next(run for run in runs if not run.money.is_explained)
    assert run.verdict is Attributed.UNEXPLAINED
    trade = next(trade for session in run.sessions for trade in session.trades if not trade.money.is_explained)
    assert trade.live is not None
    assert trade.live.exit_ns is None
    assert trade.why.endswith("and the desk has heard of no exit")
