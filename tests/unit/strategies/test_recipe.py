"""Compiled strategies of one's own."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.markets import random_walk
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.indicators import atr, ema
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.recipe import Answer, Recipe

BARS = random_walk(200)
NOTHING: Answer = (0, 0, math.nan, math.nan)


@dataclass(frozen=True)
class EmaCross(Recipe):
    """A cross of exponential averages."""

    fast: int = 5
    slow: int = 20
    stop_atr: float = 2.0
    turns: bool = True

    def indicators(self, bars: Bars) -> tuple[Any, ...]:
        return ema(bars.close, self.fast), ema(bars.close, self.slow), atr(bars.high, bars.low, bars.close, 14)

    @staticmethod
    def decide(now: Any, before: Any, parameters: Any) -> Answer:
        fast, slow, true_range = now
        was_fast, was_slow, _ = before
        leaves = parameters.turns > 0
        if fast > slow and was_fast <= was_slow:
            return 1, 2 * leaves, parameters.stop_atr * true_range, math.nan
        if fast < slow and was_fast >= was_slow:
            return -1, 1 * leaves, parameters.stop_atr * true_range, math.nan
        return 0, 0, math.nan, math.nan


def made_of(decide: Callable[..., Any], columns: Any = None) -> Recipe:
    """A recipe with another decision, or other indicators."""

    @dataclass(frozen=True)
    class Odd(EmaCross):
        def indicators(self, bars: Bars) -> Any:
            return super().indicators(bars) if columns is None else columns(bars)

    Odd.decide = staticmethod(decide)  # type: ignore[method-assign]
    return Odd()


RECIPES = st.builds(EmaCross, st.integers(1, 9), st.integers(10, 25), st.sampled_from([0.5, 2.0]), st.booleans())


@settings(max_examples=50)
@given(RECIPES, st.integers(0, 10**6))
def test_compiled_it_decides_as_the_plain_function_does(recipe: EmaCross, seed: int) -> None:
    class Named:
        turns, stop_atr = float(recipe.turns), recipe.stop_atr

    bars = random_walk(120, seed)
    rows = list(zip(*(column.tolist() for column in recipe.indicators(bars)), strict=True))
    expected = [NOTHING] + [
        NOTHING if math.isnan(sum(now) + sum(before)) else EmaCross.decide(now, before, Named)
        for before, now in pairwise(rows)
    ]
    ours = recipe.decisions(bars).columns(len(bars))
    for i in range(4):
        np.testing.assert_array_equal(ours[i], [row[i] for row in expected])


@settings(max_examples=20)
@given(RECIPES, st.integers(0, 10**6))
def test_fed_live_it_decides_as_it_did_over_columns(recipe: EmaCross, seed: int) -> None:
    bars, stream = random_walk(80, seed), recipe.stream()
    columns = recipe.decisions(bars).columns(len(bars))
    for i in range(len(bars)):
        said = stream.update(float(bars.high[i]), float(bars.low[i]), float(bars.close[i]))
        row = [said.enter, said.leave, said.stop_distance, said.target_distance]
        np.testing.assert_array_equal(row, [column[i] for column in columns])


@settings(max_examples=30)
@given(RECIPES, st.integers(0, 10**6), st.integers(40, 199))
def test_no_decision_changes_when_the_future_does(recipe: EmaCross, seed: int, cut: int) -> None:
    bars = random_walk(200, seed)
    whole, part = recipe.decisions(bars).until(cut), recipe.decisions(bars.slice(0, cut))
    for name in ("bar", "enter", "leave", "stop_distance", "target_distance"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(part, name))


def test_it_trades_and_names_itself_and_its_parameters() -> None:
    result = run_backtest(BARS, EmaCross(3, 10))
    assert len(result.trades) > 3
    assert result.strategy == "ema_cross"
    assert result.parameters == {"fast": 3, "slow": 10, "stop_atr": 2.0, "turns": True}
    assert result.parameter_hash != run_backtest(BARS, EmaCross(3, 11)).parameter_hash


def test_one_indicator_and_no_parameter_are_enough() -> None:
    @dataclass(frozen=True)
    class RisingRSIClose(Recipe):
        def indicators(self, bars: Bars) -> Any:
            return bars.close

        @staticmethod
        def decide(now: Any, before: Any, parameters: Any) -> Answer:  # noqa: ARG004 - has none
            return (1 if now[0] > before[0] else -1), 3, math.nan, math.nan

    recipe = RisingRSIClose()
    assert recipe.name == "rising_rsi_close"
    np.testing.assert_array_equal(recipe.decisions(BARS).enter, np.where(np.diff(BARS.close) > 0, 1, -1))


def test_bars_whose_indicators_are_missing_are_passed_over() -> None:
    def gaps(bars: Bars) -> Any:
        column = np.arange(len(bars), dtype=float)
        column[[0, 1, 5, 9]] = [np.nan, np.nan, np.nan, np.inf]
        return (column,)

    always = made_of(lambda _now, _before, _parameters: (1, 0, 1.0, 1.0), gaps)
    assert always.decisions(BARS.slice(0, 13)).bar.tolist() == [3, 4, 7, 8, 11, 12]


def test_a_stated_warm_up_is_kept_and_too_few_bars_are_told() -> None:
    class Patient(EmaCross):
        warm_up = 150

    with pytest.raises(NotEnoughData, match="needs 150 bars"):
        run_backtest(BARS.slice(0, 150), Patient())
    with pytest.raises(
        NotEnoughData, match="over 19 bars there is none at which all indicators of ema_cross are numbers"
    ):
        EmaCross().decisions(BARS.slice(0, 19))


def test_a_recipe_that_waits_for_volume_waits_until_it_is_told() -> None:
    recipe = made_of(lambda _now, _before, _parameters: (1, 0, 1.0, 1.0), lambda bars: (bars.volume,))
    stream = recipe.stream()
    said = [stream.update(1.1, 1.0, 1.05).enter, stream.update(1.1, 1.0, 1.05, volume=3.0).enter]
    assert [*said, stream.update(1.1, 1.0, 1.05, volume=4.0).enter] == [0, 0, 1]


def misspelt(now: Any, before: Any, parameters: Any) -> Any:  # noqa: ARG001 - decide takes three
    """Asks for what is not there."""
    return parameters.stop, 0, 1.0, 1.0


def listing(now: Any, before: Any, parameters: Any) -> Any:  # noqa: ARG001 - the same
    """Makes a list."""
    return len([now[0], now[1]]), 0, 1.0, 1.0


def short(now: Any, before: Any, parameters: Any) -> Any:  # noqa: ARG001 - the same
    """Leaves something out."""
    return 1, 0, 1.0


def texts(now: Any, before: Any, parameters: Any) -> Any:  # noqa: ARG001 - the same
    """Gives a word."""
    return "buy", 0, 1.0, 1.0


def sometimes(now: Any, before: Any, parameters: Any) -> Any:  # noqa: ARG001 - the same
    """Gives nothing on one way."""
    return None if now[0] > 0 else (1, 0, 1.0, 1.0)


def unpacks(now: Any, before: Any, parameters: Any) -> Any:  # noqa: ARG001 - the same
    """Takes three indicators for two."""
    fast, slow = now
    return 1, 0, fast, slow


def loud(now: Any, before: Any, parameters: Any) -> Any:  # noqa: ARG001 - the same
    """Raises."""
    if now[0] > 0:
        raise ValueError("never mind")
    return 1, 0, 1.0, 1.0


def opening(now: Any, before: Any, parameters: Any) -> Any:  # noqa: ARG001 - the same
    """Does what numba cannot."""
    with open("x") as file:  # noqa: PTH123 - never runs
        file.read()
    return 1, 0, 1.0, 1.0


def wild(now: Any, before: Any, parameters: Any) -> Any:  # noqa: ARG001 - the same
    """Gives a word that there is not."""
    return 257, 0, 1.0, 1.0


@pytest.mark.parametrize(
    ("decide", "words"),
    [
        (misspelt, r"^misspelt \(line \d+\) cannot be compiled: Unknown attribute 'stop' of type Parameters"),
        (listing, "listing .* it makes a list, a set, an array or a text"),
        (short, r"it gives \(int, int, float\) and has to give enter, leave, stop distance and target distance"),
        (texts, r"it gives \(str, int, float, float\) and has to give enter"),
        (sometimes, "it gives nothing on one of its ways and has to give enter"),
        (unpacks, "wrong tuple length for now: expected 2, got 3"),
        (loud, "odd: decide raised ValueError: never mind"),
        (opening, "opening .* cannot be compiled"),
        (wild, "odd: at bar 20 enter is 100; it must be one of -1 short, 0 nothing, 1 long"),
        (lambda _now, _before: NOTHING, "decide must be a plain function of"),
    ],
)
def test_a_decision_that_cannot_be_used_is_told_in_one_sentence(decide: Callable[..., Any], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        run_backtest(BARS, made_of(decide))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (lambda bars: (bars.close, bars.close[1:]), r"indicator 1 has shape \(199,\), and there are 200 bars"),
        (lambda bars: (bars.close, "x"), "indicator 1 is a str and no column of numbers"),
        (lambda _: None, "indicators must give a tuple of columns, not NoneType"),
        (lambda _: (), "indicators must give a tuple of columns, not tuple"),
        (lambda bars: bars.foo, "odd: indicators raised AttributeError"),
    ],
)
def test_indicators_that_cannot_be_used_are_told(columns: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        made_of(short, columns).decisions(BARS)


def test_parameters_have_to_be_numbers_of_a_dataclass() -> None:
    class Bare(Recipe):
        def indicators(self, bars: Bars) -> Any:
            return (bars.close,)

        @staticmethod
        def decide(now: Any, before: Any, parameters: Any) -> Answer:  # noqa: ARG004 - never asked
            return NOTHING

    with pytest.raises(InputError, match="Bare has to be a dataclass"):
        Bare().decisions(BARS)
    with pytest.raises(InputError, match="ema_cross: fast is 'quick'; the parameters of a recipe are numbers"):
        _ = EmaCross("quick").parameters  # type: ignore[arg-type]
