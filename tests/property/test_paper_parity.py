"""The paper broker deals as the backtest does, to the last digit."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.backtests import EVERY_COST
from support.markets import random_walk
from support.paper_desk import SmallDesk, run_desks
from tradeworthy import read_bars
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.charges import Slippage
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest, trade
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.spreads import Spread
from tradeworthy.backtest.trades import Trades
from tradeworthy.controls import Units
from tradeworthy.core.bar import PriceSide, Timeframe
from tradeworthy.market.bars import Bars
from tradeworthy.market.resampling import resample
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.protocol import Decisions

Told = tuple[int, int, int, str, Decimal, Decimal | None, int, int | None]

SWITCHES: dict[str, tuple[Any, Any]] = {
    "stops_from": ("fill", "signal_close"), "check_entry_bar": (True, False), "gap": ("open", "trigger"),
    "both": ("stop", "target"), "open_first": (True, False), "reenter_on_exit_bar": (True, False),
}  # fmt: skip
RULES = [FillRules(**dict(zip(SWITCHES, chosen, strict=True))) for chosen in product(*SWITCHES.values())]


def of_backtest(trades: Trades) -> list[Told]:
    """Signal, entry and side, why it was left, both prices with every digit, and when."""
    return [
        (
            one.signal_index, one.side.sign, one.entry_index, str(one.reason), Decimal(repr(one.entry_price)),
            None if one.reason == "open" else Decimal(repr(one.exit_price)), one.entry_time,
            None if one.reason == "open" else one.exit_time,
        )
        for one in trades
    ]  # fmt: skip


def of_desk(desk: SmallDesk) -> list[Told]:
    """The same by what the venue told."""
    opened = [int(time) for time in desk.bars.open_time]
    return [
        (
            one.signal, one.side, opened.index(one.entry.time_ns), one.reason, one.entry.price,
            None if one.exit is None else one.exit.price, one.entry.time_ns,
            None if one.exit is None else one.exit.time_ns,
        )
        for one in desk.trades
    ]  # fmt: skip


def random_decisions(n: int, seed: int, *, often: float = 0.4) -> Decisions:
    """Entries, exits and turns at random, with stops and targets near enough to be hit, or none."""
    rng = np.random.default_rng(seed)
    bar = np.flatnonzero(rng.random(n) < often)
    k = len(bar)
    stop = rng.choice([0.0004, 0.001, 0.002, 0.0035, np.nan, 0.0], k, p=[0.2, 0.25, 0.25, 0.15, 0.13, 0.02])
    target = rng.choice([0.0005, 0.0015, 0.003, np.nan], k)
    enter, leave = rng.integers(-1, 2, k).astype(np.int8), rng.integers(0, 4, k).astype(np.int8)
    return Decisions(bar.astype(np.int64), enter, leave, stop, target)


def replayed(
    bars: Bars, decisions: Decisions, rules: FillRules, costs: Costs, others: Sequence[Bars] = ()
) -> SmallDesk:
    """The desk after the whole replay."""
    venue = PaperVenue([*others, bars], watched={"one": len(others)}, costs=costs, fills=rules)
    desk = SmallDesk(venue, "one", bars, decisions, rules)
    run_desks([desk])
    return desk


@pytest.mark.parametrize("number", range(len(RULES)))
def test_random_decisions_give_the_backtests_trades_under_every_rule(number: int) -> None:
    bars, rules = random_walk(600, number), RULES[number]
    costs = Costs((0.0, 0.8, 6.0)[number % 3], slippage=Slippage(0.3, 0.05) if number % 2 else None)
    decisions = random_decisions(len(bars), number)
    expected = trade(bars, MaCrossover(2, 3), decisions, rules, costs, None, None).trades
    assert {one.reason for one in expected} >= {"stop", "target", "signal"}
    assert of_desk(replayed(bars, decisions, rules, costs)) == of_backtest(expected)


@given(
    seed=st.integers(0, 10**6),
    rules=st.sampled_from(RULES),
    spread=st.sampled_from([0.0, 0.7, 3.1]),
    gap=st.sampled_from([0.0, 0.0004, 0.002]),
)
@settings(max_examples=40)
def test_any_market_gives_the_backtests_trades(seed: int, rules: FillRules, spread: float, gap: float) -> None:
    bars = random_walk(150, seed, gap=gap)
    decisions = random_decisions(len(bars), seed + 1, often=0.7)
    expected = trade(bars, MaCrossover(2, 3), decisions, rules, Costs(spread), None, None).trades
    assert of_desk(replayed(bars, decisions, rules, Costs(spread))) == of_backtest(expected)


@pytest.mark.parametrize("leaves", [True, False])
@pytest.mark.parametrize("costs", [Costs(), Costs(1.2), EVERY_COST])
def test_a_moving_average_cross_trades_as_in_its_backtest(leaves: bool, costs: Costs) -> None:
    bars = random_walk(3_000, 8)
    strategy = MaCrossover(5, 20, stop_atr=1.5, target_atr=2.5, exit_on_opposite_cross=leaves)
    expected = run_backtest(bars, strategy, costs=costs)
    desk = replayed(bars, strategy.decisions(bars), FillRules(), costs)
    assert len(expected.trades) > 40
    assert of_desk(desk) == of_backtest(expected.trades)


def quoted(bars: Bars) -> Spread:
    """Bid and ask bars a pip and a half apart, and more at every third bar."""
    wide = np.where(np.arange(len(bars)) % 3, 0.00015, 0.0004)
    bid, ask = (
        replace(
            bars, price_side=side, open=bars.open + sign * wide, high=bars.high + sign * wide, low=bars.low + sign * wide,
            close=bars.close + sign * wide,
        )
        for side, sign in ((PriceSide.BID, -0.5), (PriceSide.ASK, 0.5))
    )  # fmt: skip
    return Spread(quotes=(bid, ask))


@pytest.mark.parametrize("by_quotes", [True, False])
def test_spreads_of_every_kind_are_paid_as_in_the_backtest(by_quotes: bool) -> None:
    bars, decisions = random_walk(1_000, 44), random_decisions(1_000, 45)
    costs = Costs(quoted(bars) if by_quotes else Spread(0.5, by_hour={17: 9.0, 18: 4.0}))
    expected = trade(bars, MaCrossover(2, 3), decisions, FillRules(), costs, None, None).trades
    assert len(expected) > 150
    assert of_desk(replayed(bars, decisions, FillRules(), costs)) == of_backtest(expected)


def test_fixings_of_27_years_are_traded_as_in_the_backtest() -> None:
    bars, strategy = read_bars("ecb:EUR_USD"), MaCrossover(10, 40, stop_atr=2, target_atr=3)
    expected = run_backtest(bars, strategy, costs=Costs(0.8)).trades
    assert len(expected) > 100
    assert of_desk(replayed(bars, strategy.decisions(bars), FillRules(), Costs(0.8))) == of_backtest(expected)


def test_a_daily_strategy_is_not_disturbed_by_hours_of_the_same_instrument() -> None:
    hours = random_walk(4_000, 4)
    days = resample(hours, Timeframe.D)
    decisions = random_decisions(len(days), 9, often=0.8)
    expected = trade(days, MaCrossover(2, 3), decisions, FillRules(), Costs(0.5), None, None).trades
    assert len(expected) > 20
    assert of_desk(replayed(days, decisions, FillRules(), Costs(0.5), [hours])) == of_backtest(expected)


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_money_agrees_with_an_accounts_backtest_to_the_last_digit(currency: str) -> None:
    bars, size = random_walk(2_000, 21), 30_000
    strategy = MaCrossover(5, 20, stop_atr=1.5, target_atr=2.5)
    account = Account(balance=50_000.0, currency=currency, sizing=Units(size), leverage=1_000)
    result = run_backtest(bars, strategy, costs=EVERY_COST, account=account)
    closed = [one for one in result.trades if one.reason != "open"]
    decisions = strategy.decisions(bars)
    last = closed[-1].exit_index + 1  # up to there everything is booked
    bars = bars.slice(0, last)
    terms = PaperTerms(balance=50_000.0, currency=currency)
    venue = PaperVenue([bars], watched={"one": 0}, costs=EVERY_COST, terms=terms)
    desk = SmallDesk(venue, "one", bars, decisions.until(last), FillRules(), units=Decimal(size))
    run_desks([desk])
    book = venue._replay.book.told(venue.now_ns())
    balance, swap = 50_000.0, 0.0
    for one in closed:
        balance, swap = balance + one.pnl, swap + one.swap
    assert len(closed) > 30
    assert swap != 0
    assert (book.balance, book.financing) == (balance, swap)
    fees = [float(one.entry.fee) + float(one.exit.fee) for one in desk.trades if one.exit]
    assert fees == [one.commission for one in closed]


def test_two_strategies_deal_on_one_account_each_as_if_alone() -> None:
    bars = random_walk(1_500, 30)
    mine, other = random_decisions(1_500, 1), random_decisions(1_500, 2)
    venue = PaperVenue([bars], watched={"one": 0, "two": 0}, costs=Costs(0.8))
    desks = [SmallDesk(venue, name, bars, told, FillRules()) for name, told in (("one", mine), ("two", other))]
    run_desks(desks)
    for desk in desks:
        expected = trade(bars, MaCrossover(2, 3), desk.decisions, FillRules(), Costs(0.8), None, None).trades
        assert of_desk(desk) == of_backtest(expected)
