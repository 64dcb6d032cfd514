"""The four scenarios, and what cannot be strained."""

from dataclasses import replace

import numpy as np
import pytest

from support.markets import random_walk
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.market.synthetic import random_walk_bars
from tradeworthy.risk.scenarios import SCENARIOS, Scenario, Shock
from tradeworthy.risk.stress_scenarios import realised_factors, stressed_bars


def test_the_four_have_the_promised_factors() -> None:
    assert {one.name: (one.volatility, one.trend) for one in SCENARIOS} == {
        "Extreme Volatility": (3.0, 0.5),
        "High Trend": (1.5, 2.0),
        "Choppy": (2.0, 0.1),
        "Flash Crash": (5.0, 3.0),
    }
    assert all(one.spread == one.volatility for one in SCENARIOS)
    assert [one.name for one in SCENARIOS if one.shock is not None] == ["Flash Crash"]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_each_reaches_its_factors_on_a_market_of_its_own(scenario: Scenario) -> None:
    bars = random_walk_bars(10_000, 5)
    plain = replace(scenario, shock=None)
    assert realised_factors(bars, stressed_bars(bars, plain), 100) == pytest.approx(
        (scenario.volatility, scenario.trend)
    )


def test_a_flash_crash_falls_by_nine_percent_once_and_two_thirds_come_back_by_the_close() -> None:
    bars = random_walk(2_000, 3)
    scenario = SCENARIOS[-1]
    made, calm = (stressed_bars(bars, one, 7) for one in (scenario, replace(scenario, shock=None)))
    ratio = made.close / calm.close
    place = int(np.argmax(ratio < 0.999))
    assert place >= 1_000
    assert ratio[:place] == pytest.approx(1.0)
    assert ratio[place:] == pytest.approx(0.91 ** (1 / 3))
    assert made.open[place] / calm.open[place] == pytest.approx(0.91)
    assert made.low[place] <= made.open[place]
    assert place != int(np.argmax(stressed_bars(bars, scenario, 8).close / calm.close < 0.999))


def test_bars_of_the_same_span_crash_together_whatever_their_length() -> None:
    places = []
    for n in (1_000, 4_000):
        bars = random_walk(n, 3)
        made = stressed_bars(bars, Scenario("crash", shock=Shock(-9.0)), 11)
        places.append(np.argmax(made.close / bars.close < 0.95) / n)
    assert places[0] == pytest.approx(places[1], abs=0.002)


def test_a_market_known_by_its_closes_jumps_at_one_and_comes_back_at_the_next() -> None:
    bars = random_walk(60, 1)
    bars = replace(bars, open=bars.close, high=bars.close, low=bars.close, close_only=True)
    made = stressed_bars(bars, Scenario("crash", shock=Shock(-20.0, 0.5, 30)))
    assert (made.close / bars.close)[29:32] == pytest.approx([1.0, 0.8, 0.8**0.5])


def test_gaps_widen_by_themselves() -> None:
    bars = random_walk(500, 2)
    made = stressed_bars(bars, Scenario("gaps", gap=4.0))
    old, new = (np.log(one.open[1:] / one.close[:-1]) for one in (bars, made))
    assert new == pytest.approx(4.0 * old, abs=1e-12)
    assert np.log(made.close / made.open) == pytest.approx(np.log(bars.close / bars.open), abs=1e-12)


def test_bars_are_named_after_what_was_done_to_them() -> None:
    made = stressed_bars(random_walk(50, 0), SCENARIOS[0], 4)
    assert made.source == "Extreme Volatility on memory, seed 4"


def test_too_few_bars_are_refused() -> None:
    with pytest.raises(NotEnoughData, match="9 bars are too few to strain; bring at least 10"):
        stressed_bars(random_walk(9), SCENARIOS[0])


def test_a_market_that_never_moves_has_no_volatility_to_scale() -> None:
    bars = random_walk(50)
    flat = np.full(50, 1.1)
    with pytest.raises(
        InputError, match="EUR_USD H1: the close moves by the same at every bar, so there is no volatility"
    ):
        stressed_bars(replace(bars, open=flat, high=flat, low=flat, close=flat), SCENARIOS[0])


def test_a_price_that_leaves_what_numbers_hold_is_refused_with_its_bar() -> None:
    bars = random_walk_bars(5_000, 1)
    wild = Scenario("absurd", volatility=100.0, trend=100.0, block=2.0)
    rising = replace(
        bars,
        **{name: getattr(bars, name) * np.exp(np.arange(5_000) * 0.002) for name in ("open", "high", "low", "close")},
    )
    with pytest.raises(
        InputError, match=r"EUR_USD H1: absurd makes the price of bar [\d,]+ \(20\d\d-.*Z\) no number above zero"
    ):
        stressed_bars(rising, wild)


@pytest.mark.parametrize("place", [0, 50, -50, -51])
def test_a_shock_at_a_bar_that_is_not_there_is_refused(place: int) -> None:
    with pytest.raises(InputError, match=f"there is no bar {place} to jump to among 50 bars; places go from 1 to 49"):
        stressed_bars(random_walk(50), Scenario("x", shock=Shock(-5.0, bar=place)))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Scenario(""), "needs a name"),
        (lambda: Scenario("x", volatility=0.0), "x: volatility must be above zero"),
        (lambda: Scenario("x", volatility=float("nan")), "x: volatility must be a finite number"),
        (lambda: Scenario("x", trend=-1.0), "x: trend must be zero or more"),
        (lambda: Scenario("x", spread=-1.0), "x: spread must be zero or more"),
        (lambda: Scenario("x", gap=101.0), "x: gap must be at most 100"),
        (lambda: Scenario("x", trend_bars=1), "x: trend_bars must be a whole number of bars, 2 or more"),
        (lambda: Scenario("x", block=0.5), "x: block must be a number of bars from 1"),
        (lambda: Scenario("x", shock=-5.0), "x: shock must be a Shock"),  # type: ignore[arg-type]
        (lambda: Shock(-100.0), "shock: -100% leaves no price above zero"),
        (lambda: Shock(0.0), "shock: percent must not be 0"),
        (lambda: Shock(-5.0, 1.5), "shock: recovery is the share of the jump that comes back"),
        (lambda: Shock(-5.0, bar=1.5), "shock: bar is the place of a bar"),  # type: ignore[arg-type]
        (lambda: stressed_bars(random_walk(50), SCENARIOS[0], -1), "seed must be a whole number of 0 or more"),
        (lambda: stressed_bars([1, 2], SCENARIOS[0]), "takes Bars and a Scenario, and not list"),  # type: ignore[arg-type]
        (lambda: realised_factors(random_walk(50), random_walk(60), 100), "compare bars with what they were made from"),
    ],
)  # fmt: skip
def test_what_makes_no_scenario_is_told_in_a_sentence(made: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        made()  # type: ignore[operator]
