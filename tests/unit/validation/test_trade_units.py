"""What one R is with stops, without, and with stops that were moved."""

import numpy as np
import pytest

from tradeworthy.core.clock import DAY_NS
from tradeworthy.validation.trade_table import Floats, TradeTable, no_money
from tradeworthy.validation.trade_units import FEWEST, FIRST_LOSSES, Measure, measured


def table(net: Floats, stop: Floats | None = None, *, names: list[str] | None = None, side: float = 1.0) -> TradeTable:
    """Trades of one unit at 100, one a day, of which only the profit differs."""
    n = len(net)
    ones = np.ones(n)
    who = np.array(names or ["a"] * n)
    return TradeTable(
        "here", "made up", None, np.arange(n, dtype=np.int64) * DAY_NS, side * ones, ones, 100 * ones, 100 + side * net,
        no_money(n) if stop is None else stop, net, 0 * ones, ones, no_money(n), who, who,
    )  # fmt: skip


def test_with_stops_r_is_profit_over_what_the_stop_would_have_lost() -> None:
    for side in (1.0, -1.0):
        r, [unit] = measured(table(np.array([4.0, -2.0]), 100 - side * np.array([2.0, 4.0]), side=side))
        assert r.tolist() == [2.0, -0.5]
        assert (unit.measure, unit.size, unit.without, unit.beyond) == (Measure.STOPS, None, 0, 0)


def test_without_stops_one_r_is_the_median_of_the_first_losses() -> None:
    net = np.array([-1.0, 5.0, -2.0, -3.0, 0.0, -4.0, -50.0])
    r, [unit] = measured(table(net))
    assert (unit.measure, unit.size, unit.taken, unit.later) == (Measure.LOSSES, 0.03, 5, False)
    assert r == pytest.approx(net / 3.0)


def test_later_trades_never_change_the_unit() -> None:
    net = -np.arange(1.0, FIRST_LOSSES + 21)
    short, [first] = measured(table(net[:FIRST_LOSSES]))
    long, [second] = measured(table(net))
    assert first.size == second.size == 0.155
    assert np.array_equal(long[:FIRST_LOSSES], short)


def test_only_trades_closed_by_the_moment_given_make_the_unit() -> None:
    net = np.array([-1.0, -1.0, -1.0, -1.0, -1.0, -9.0, -9.0, -9.0, -9.0, -9.0, -9.0, -9.0])
    assert measured(table(net))[1][0].size == 0.09
    r, [unit] = measured(table(net), 4 * DAY_NS)
    assert (unit.size, unit.taken, unit.later) == (0.01, 5, False)
    assert r[-1] == -9.0


def test_too_few_losses_before_the_moment_are_replaced_by_sizes_and_then_by_the_later_trades() -> None:
    net = np.array([2.0, 2.0, 2.0, 2.0, -1.0, -8.0, -8.0, -8.0, -8.0, -8.0])
    _, [sizes] = measured(table(net), 4 * DAY_NS)
    assert (sizes.measure, sizes.size, sizes.taken, sizes.later) == (Measure.SIZES, 0.02, FEWEST, False)
    _, [late] = measured(table(net), 2 * DAY_NS)
    assert (late.measure, late.size, late.later) == (Measure.LOSSES, 0.08, True)
    r, [nothing] = measured(table(np.zeros(3)))
    assert r.tolist() == [0.0, 0.0, 0.0]
    assert nothing.size == 1.0


def test_one_trade_without_a_stop_or_with_a_moved_one_leaves_all_stops_of_its_strategy_unused() -> None:
    net = np.array([-1.0, -1.0, -1.0, -1.0, -1.0, 3.0])
    missing = np.array([98.0, 98.0, 98.0, 98.0, 98.0, np.nan])
    moved = np.array([98.0, 98.0, 98.0, 98.0, 98.0, 101.0])
    at_entry = np.array([98.0, 98.0, 98.0, 98.0, 98.0, 100.0])
    for stop, without, beyond in ((missing, 1, 0), (moved, 0, 1), (at_entry, 0, 1)):
        r, [unit] = measured(table(net, stop))
        assert (unit.measure, unit.without, unit.beyond) == (Measure.LOSSES, without, beyond)
        assert r.tolist() == pytest.approx([-1, -1, -1, -1, -1, 3])


def test_strategies_are_measured_each_by_itself() -> None:
    net = np.array([-1.0, -2.0] * 6)
    stop = np.where(np.arange(12) % 2 == 0, 96.0, np.nan)
    r, units = measured(table(net, stop, names=["b", "a"] * 6))
    assert [(unit.strategy, unit.measure) for unit in units] == [("a", Measure.LOSSES), ("b", Measure.STOPS)]
    assert r.tolist() == pytest.approx([-0.25, -1.0] * 6)


def test_money_at_risk_that_the_history_states_comes_first() -> None:
    plain = table(np.array([5.0, -5.0]))
    stated = TradeTable(
        **{**{name: getattr(plain, name) for name in TradeTable.__slots__}, "risk": np.array([10.0, 2.5])}
    )
    r, [unit] = measured(stated)
    assert r.tolist() == [0.5, -2.0]
    assert unit.measure is Measure.STATED
