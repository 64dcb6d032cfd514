"""What must hold of the controls for any history, any numbers and any settings."""

import math
import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import percentileofscore

from support.plain_controls import MINUTE, PlainDesk, plain_filter, plain_kelly, plain_level
from tradeworthy.controls import (
    Calibration,
    FilterInput,
    Filters,
    FixedFraction,
    Kelly,
    Percentiles,
    Refusal,
    SizeLimits,
    Units,
    VolatilityLevel,
    VolatilityTarget,
    calibration_steps,
    filter_steps,
    levels_at,
    sizing_steps,
)
from tradeworthy.core.instrument import AssetClass, Instrument

RULES = Calibration().packed()
DAY_NS = 24 * 60 * MINUTE
OPENING = 9 * 60 + 15


def lived_through(seed: int, days: int, edge: float) -> tuple[set[str], int]:
    """A scripted run of days held against the plain desk at every step; the refusals seen, and the trades taken."""
    rng = random.Random(seed)  # noqa: S311 - a script, not a secret
    plain, state = PlainDesk(Decimal(100_000)), calibration_steps.started(100_000.0)
    balance, seen, taken = Decimal(100_000), set[str](), 0
    for day in range(days):
        minute = OPENING
        while (minute := minute + rng.choice([1, 4, 5, 6, 10, 15, 20, 60, 90])) <= 15 * 60 + 30:
            now, level = day * DAY_NS + minute * MINUTE, rng.randrange(5)
            asked = rng.choice([minute, minute, -1])
            multiplier, code = calibration_steps.permission(state, now, day, asked, level, RULES)
            expected, name = plain.ask(now, day, asked, level)
            assert Refusal(code).name == name
            assert multiplier == pytest.approx(expected, rel=1e-12)
            assert 0.0 <= multiplier <= 1.1
            seen.add(name)
            if name != "NONE":
                continue
            taken += 1
            plain.entries.append(day)
            state = calibration_steps.entered(state, day)
            share = Decimal(rng.choice(["0.0049", "0.005", "0.0051", "0.01", "0.011", "0.02", "0.03"]))
            sign = 0 if rng.random() < 0.05 else (1 if rng.random() < edge else -1)
            pnl = sign * (balance * share).quantize(Decimal("0.01"))
            balance += pnl
            minute += rng.choice([0, 1, 30])
            closes = now + rng.choice([0, 1, 30]) * MINUTE
            plain.results.append((pnl, closes, day))
            state = calibration_steps.closed(state, float(pnl), closes, day, RULES)
            assert (state[7] == 1, state[0]) == (plain.read()[0], plain.streak())
    return seen, taken


@pytest.mark.parametrize(("seed", "edge", "days"), [(1, 0.5, 250), (2, 0.56, 120), (3, 0.6, 90)])
def test_months_and_a_year_of_trades_are_calibrated_as_by_the_plain_version(seed: int, edge: float, days: int) -> None:
    seen, taken = lived_through(seed, days, edge)
    assert taken > 20
    assert {"NONE", "COOLDOWN"} <= seen


def test_the_scripts_meet_every_refusal_of_the_default_rules() -> None:
    seen = set().union(*(lived_through(seed, 12, 0.5)[0] for seed in range(12)))
    seen |= lived_through(99, 12, 1.0)[0]
    assert seen == {"NONE", "STOPPED", "STREAK", "TRADES_PER_DAY", "COOLDOWN"}


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from([0.3, 0.45, 0.5, 0.6, 0.8]))
def test_any_script_is_calibrated_as_by_the_plain_version(seed: int, edge: float) -> None:
    lived_through(seed, 4, edge)


RESULTS = st.lists(st.floats(-30_000, 30_000), max_size=30)
SIZING = st.sampled_from([Units(7), FixedFraction(), VolatilityTarget(), Kelly()])
POSITIVE = st.floats(1e-6, 1e6)
ANYTHING = st.floats(allow_nan=True, allow_infinity=True)


@settings(max_examples=200)
@given(RESULTS, st.integers(-1, 1439), st.integers(0, 4), st.integers(0, 3))
def test_multipliers_stay_between_0_and_1_1_and_0_comes_with_a_reason(
    results: list[float], minute: int, level: int, day: int
) -> None:
    state = calibration_steps.started(100_000.0)
    for k, pnl in enumerate(results):
        state = calibration_steps.closed(calibration_steps.entered(state, k // 10), pnl, k, k // 10, RULES)
    multiplier, code = calibration_steps.permission(state, 10**15, day, minute, level, RULES)
    assert 0.0 <= multiplier <= 1.1
    assert (multiplier == 0.0) == (code != Refusal.NONE)


@settings(max_examples=200)
@given(SIZING, POSITIVE, POSITIVE, POSITIVE, POSITIVE, POSITIVE, st.sampled_from([0.0, -0.0, -1.0, math.nan]))
def test_no_position_comes_from_a_multiplier_of_zero(
    sizing: Units, equity: float, price: float, stop: float, rate: float, volatility: float, multiplier: float
) -> None:
    record = (40, 20, 80.0, -20.0)
    got = sizing_steps.wanted_units(sizing.packed(), equity, price, stop, rate, volatility, record, multiplier)
    assert got == (0.0, Refusal.NO_MULTIPLIER)


@settings(max_examples=400)
@given(SIZING, ANYTHING, ANYTHING, ANYTHING, ANYTHING, ANYTHING, ANYTHING, st.floats(0.01, 100))
def test_whatever_goes_in_a_size_is_whole_within_limits_or_zero_with_a_reason(
    sizing: Units,
    equity: float,
    price: float,
    stop: float,
    rate: float,
    volatility: float,
    multiplier: float,
    leverage: float,
) -> None:
    record = (40, 20, 80.0, -20.0)
    units, code = sizing_steps.wanted_units(sizing.packed(), equity, price, stop, rate, volatility, record, multiplier)
    assert (units == 0.0 and code != 0) or units >= 0.0
    assert not math.isnan(units)
    sized, refused = sizing_steps.permitted_units(units, price, rate, equity, 10.0, 20.0, leverage, 1e9)
    if refused:
        assert sized == 0.0
        return
    assert 20.0 <= sized <= min(units, 1e9) * (1 + 1e-9)
    assert sized % 10 == 0
    assert sized * price * rate <= leverage * equity * (1 + 1e-9)


STEPS = [
    Decimal(one) for one in ("0.00001", "0.001", "0.01", "0.05", "0.1", "0.25", "0.5", "1", "10", "1000", "100000")
]


@settings(max_examples=500)
@given(st.sampled_from(STEPS), st.integers(0, 10**7), st.integers(0, 999_999))
def test_whole_steps_are_those_of_exact_decimals_and_of_the_brokers_edge(step: Decimal, whole: int, part: int) -> None:
    exact = step * whole + step * Decimal(part) / 10**6
    instrument = Instrument("X", AssetClass.FX, "X", "USD", Decimal(1), Decimal(1), step, step)
    sized = sizing_steps.whole_steps(float(exact), float(step))
    assert sized == float(step * whole)
    assert instrument.quantise_units(sized) == step * whole
    units, code = sizing_steps.permitted_units(float(exact), 1.0, 1.0, 1e15, *SizeLimits.of(instrument, 1e3).numbers())
    assert (units, code) == ((sized, 0) if whole else (0.0, Refusal.BELOW_MINIMUM))
    if part:
        assert instrument.quantise_units(float(exact)) == step * whole


@settings(max_examples=500)
@given(st.sampled_from(STEPS), st.integers(1, 10**7), st.lists(st.sampled_from([3.0, 7.0, 0.1, 1.1]), max_size=4))
def test_float_noise_neither_loses_nor_gains_a_lot(step: Decimal, whole: int, detour: list[float]) -> None:
    noisy = float(step) * whole
    for factor in detour:
        noisy = noisy * factor / factor
    assert sizing_steps.whole_steps(noisy, float(step)) == float(step * whole)


R = st.floats(0.01, 5).map(lambda r: round(r, 3))


@settings(max_examples=300)
@given(
    st.lists(st.tuples(R, st.sampled_from([1, 1, -1])), max_size=80),
    st.sampled_from([0.0, 0.8, 0.95]),
    st.sampled_from([0.25, 0.5, 1.0]),
    st.sampled_from([0.05, 0.25]),
)
def test_kelly_risks_what_the_plain_version_does(
    trades: list[tuple[float, int]], confidence: float, fraction: float, cap: float
) -> None:
    results = [r * sign for r, sign in trades]
    wins, losses = [r for r in results if r > 0], [r for r in results if r < 0]
    packed = Kelly(cap=cap, fraction=fraction, confidence=confidence, least_trades=10).packed()
    risk, code = sizing_steps.kelly_risk(packed, (len(wins), len(losses), sum(wins), sum(losses)))
    plain = plain_kelly(results, float(packed[3]), cap=cap, fraction=fraction, least=10, until=0.01)
    assert risk <= cap
    if plain is None or abs(plain) < 1e-12:
        assert risk == pytest.approx(0.0, abs=1e-12)
    else:
        assert code == Refusal.NONE
        assert risk == pytest.approx(plain, rel=1e-7, abs=1e-12)


VALUES = st.lists(st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0, math.nan]) | st.floats(0.1, 9), min_size=1, max_size=60)


@settings(max_examples=300)
@given(VALUES, st.integers(2, 30), st.integers(2, 12), st.sampled_from([(20.0, 80.0, 95.0), (25.0, 50.0, 75.0)]))
def test_levels_are_those_of_sorting_and_of_scipy(
    values: list[float], window: int, least: int, edges: tuple[float, float, float]
) -> None:
    low, high, extreme = edges
    rules = Percentiles(window=max(window, least), least=least, low=low, high=high, extreme=extreme)
    levels = levels_at(values, np.arange(len(values)), rules)
    for place, level in enumerate(levels):
        name = VolatilityLevel(int(level)).name
        assert name == plain_level(values, place, rules.window, least, edges)
        recent = np.array(values[max(0, place - rules.window + 1) : place + 1])
        known = recent[np.isfinite(recent)]
        if name != "UNKNOWN":
            rank = percentileofscore(known, values[place], kind="mean")
            span = {"LOW": (0, low), "NORMAL": (low, high), "HIGH": (high, extreme), "EXTREME": (extreme, 100)}[name]
            assert span[0] - 1e-9 <= rank <= span[1] + 1e-9


@settings(max_examples=100)
@given(VALUES, VALUES)
def test_no_level_changes_when_the_future_does(past: list[float], future: list[float]) -> None:
    rules, places = Percentiles(window=20, least=5), np.arange(len(past))
    np.testing.assert_array_equal(levels_at([*past, *future], places, rules), levels_at(past, places, rules))


SHARE = st.none() | st.integers(0, 100).map(lambda percent: f"{percent / 100:.2f}")
WORDS = {"bias": FilterInput.BIAS, "trap": FilterInput.TRAP, "oi": FilterInput.OPEN_INTEREST}


@settings(max_examples=500)
@given(
    st.integers(-1, 1439),
    SHARE,
    SHARE,
    st.none() | st.integers(-2, 2).map(float),
    st.sampled_from([1, -1]),
    st.frozensets(st.sampled_from(sorted(WORDS))),
)
def test_filters_decide_as_the_plain_version_does(
    minute: int, bias: str | None, trap: str | None, change: float | None, side: int, has: frozenset[str]
) -> None:
    known, trapped, moved = (math.nan if one is None else float(one) for one in (bias, trap, change))
    applies = sum(int(WORDS[word]) for word in has)
    passed, code = filter_steps.filter_decision(minute, known, trapped, moved, 0, side, applies, Filters().packed())
    name = plain_filter(minute, bias, trap, change, side, has)
    assert (passed, Refusal(code).name) == (name == "NONE", name)
