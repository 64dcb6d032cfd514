"""The parts for one's own bot give what the plain version gives, what the backtest's columns give, and what they give together."""

import math
import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.hand_clock import MUMBAI, HandClock
from support.plain_controls import PlainDesk, plain_filter, plain_level
from tradeworthy import (
    AdaptiveSignalFilter,
    Calibration,
    DrawdownProtection,
    DynamicCooldown,
    Filters,
    RiskCalibrationEngine,
    StreakBasedRiskManager,
    TimeBasedRiskManager,
    VolatilityBasedRiskManager,
)
from tradeworthy.controls import CheckState, Refusal, VolatilityLevel, filter_codes

LEVELS = [level.name for level in VolatilityLevel]
HOURS = [9 * 60 + 15 + step for step in range(0, 376, 5)]


class Script:
    """Days of trades for an engine and the plain desk at once; every answer of one is held against the other's."""

    def __init__(self, seed: int, edge: float, state: Path | None = None) -> None:
        self.rng, self.edge, self.state = random.Random(seed), edge, state  # noqa: S311 - a script, not a secret
        self.clock, self.plain, self.balance = HandClock(), PlainDesk(Decimal(100_000)), Decimal(100_000)
        self.volatility: list[float] = []
        self.level, self.seen, self.taken = "UNKNOWN", set[str](), 0
        self.restart()

    def restart(self) -> None:
        """The process ends, and another begins."""
        self.engine = RiskCalibrationEngine(100_000, clock=self.clock, state=self.state)

    @property
    def moment(self) -> tuple[int, int, int]:
        """Nanoseconds, day and minute, by the calendar and not by the package."""
        now = self.clock.now
        return int(now.timestamp()) * 10**9, now.toordinal(), now.hour * 60 + now.minute

    def live(self, days: int) -> None:
        """So many days."""
        for day in range(days):
            self.clock.now = datetime(2025, 1, 1, 9, 15, tzinfo=MUMBAI) + timedelta(days=day)
            self.update_volatility()
            if self.state is not None and day % 3 == 2:
                self.restart()
            while self.clock.now.hour * 60 + self.clock.now.minute <= 15 * 60 + 30:
                self.ask()
                self.clock.wait(minutes=self.rng.choice([1, 4, 5, 6, 10, 15, 20, 60, 90]))

    def update_volatility(self) -> None:
        self.volatility.append(round(15 * math.exp(self.rng.gauss(0, 0.3)), 1))
        self.level = plain_level(self.volatility, len(self.volatility) - 1, 252, 60, (20.0, 80.0, 95.0))
        assert self.engine.update_market_volatility(iv=self.volatility[-1]) == self.level

    def ask(self) -> None:
        """May a trade be entered now, and how large? If so, one is."""
        now, day, minute = self.moment
        multiplier, word = self.plain.ask(now, day, minute, LEVELS.index(self.level))
        found, profile = self.engine.can_take_trade(), self.engine.get_calibrated_risk_profile()
        assert (found["code"].upper() or "NONE", found["allowed"]) == (word, word == "NONE")
        assert profile.position_size_multiplier == pytest.approx(multiplier, rel=1e-12)
        assert profile.trades_today == self.plain.entries.count(day)
        assert profile.balance == pytest.approx(float(self.plain.balances()[-1]), rel=1e-12)
        price = Decimal(self.rng.randrange(500, 50_000)) / 100
        units = Fraction(self.balance) * Fraction(1, 50) * Fraction(repr(multiplier)) / Fraction(price)
        size = self.engine.get_position_size(float(self.balance), float(price))
        assert size in {math.floor(units - Fraction(1, 10**8)), math.floor(units + Fraction(1, 10**8))}
        self.seen.add(word)
        if found["allowed"]:
            self.trade(day)

    def trade(self, day: int) -> None:
        """Entered now and closed a little later."""
        self.taken += 1
        self.plain.entries.append(day)
        self.engine.record_entry()
        self.clock.wait(minutes=self.rng.choice([0, 1, 30]))
        share = Decimal(self.rng.choice(["0.0049", "0.005", "0.0051", "0.01", "0.011", "0.02", "0.03"]))
        sign = 0 if self.rng.random() < 0.05 else (1 if self.rng.random() < self.edge else -1)
        pnl = sign * (self.balance * share).quantize(Decimal("0.01"))
        self.balance += pnl
        now, day, _ = self.moment
        self.plain.results.append((pnl, now, day))
        assert self.engine.update_trade_result(pnl=float(pnl), trade_id=self.taken)


@pytest.mark.parametrize(("seed", "edge", "least"), [(1, 0.5, 100), (2, 0.58, 500), (3, 0.6, 1900)])
def test_a_year_of_trades_is_calibrated_as_by_the_plain_version(seed: int, edge: float, least: int) -> None:
    script = Script(seed, edge)
    script.live(365)
    assert script.taken > least
    assert script.seen == {"NONE", "STOPPED", "STREAK", "TRADES_PER_DAY", "COOLDOWN"}
    assert script.balance < 50_000_000  # up to there a cent decides at an edge


def test_days_with_restarts_between_them_are_the_same(tmp_path: Path) -> None:
    script = Script(9, 0.7, tmp_path / "state.json")
    script.live(15)
    assert script.taken > 50


shares = st.one_of(st.none(), st.integers(0, 1000).map(lambda k: k / 1000))
changes = st.one_of(st.none(), st.integers(-3, 3).map(float))


@given(
    minute=st.integers(0, 1439),
    bias=shares,
    trap=shares,
    change=changes,
    side=st.sampled_from([1, -1]),
    option=st.booleans(),
)
def test_a_signal_is_judged_as_by_the_plain_version_and_as_in_the_backtest(
    minute: int, bias: float | None, trap: float | None, change: float | None, side: int, *, option: bool
) -> None:
    clock = HandClock(f"{minute // 60:02d}:{minute % 60:02d}")
    asked = AdaptiveSignalFilter(clock=clock, asset_class="option" if option else "index", zone="Asia/Kolkata")
    signal: dict[str, Any] = {"bias_strength": bias, "trap_probability": trap, "oi_delta": change, "side": side}
    verdict = asked.judge(signal)
    given_ = {"bias": bias, "trap": trap, "oi": change}
    has = frozenset(name for name, value in given_.items() if option or value is not None)
    words = {bias: repr(bias), trap: repr(trap), None: None}
    first = plain_filter(minute, words[bias], words[trap], change, side, has)
    assert [one.upper() for one in verdict.reasons[:1]] == [] if first == "NONE" else [first]
    assert verdict.passed == (first == "NONE")
    columns = {
        name: None if one is None and not option else [math.nan if one is None else one]
        for name, one in (("bias", bias), ("trap", trap), ("oi_delta", change))
    }
    code = filter_codes(Filters(), [minute], [side], **columns)[0]
    assert Refusal(code).name == first
    assert verdict.confidence is None or 0.0 <= verdict.confidence <= 1.0
    assert {one.state for one in verdict.checks if one.refusal} <= {CheckState.REFUSED, CheckState.MISSING}


events = st.lists(
    st.tuples(
        st.sampled_from([-3_000, -600, -50, 0, 80, 2_500]), st.sampled_from([0, 4, 11, 60, 700]), st.floats(5, 50)
    ),
    max_size=30,
)


@settings(max_examples=60)
@given(events=events)
def test_the_parts_multiplied_are_the_whole(events: list[tuple[int, int, float]]) -> None:
    clock = HandClock("09:15")
    whole = RiskCalibrationEngine(clock=clock)
    results = (StreakBasedRiskManager(clock=clock), DrawdownProtection(), DynamicCooldown(clock=clock))
    volatility, hours = VolatilityBasedRiskManager(), TimeBasedRiskManager(clock=clock)
    for pnl, minutes, iv in events:
        clock.wait(minutes=minutes)
        hours.record_entry()
        for _ in range(5):
            assert whole.update_market_volatility(iv=iv) == volatility.update_market_volatility(iv=iv)
        for one in (whole, *results):
            one.update_trade_result(pnl=pnl)
        parts = [part.get_multiplier() for part in (*results, volatility, hours)]
        profile = whole.get_calibrated_risk_profile()
        assert profile.position_size_multiplier == pytest.approx(math.prod(parts), rel=1e-12)
        allowed = all(part.can_take_trade()["allowed"] for part in (*results, volatility, hours))
        assert whole.can_take_trade()["allowed"] == allowed
        assert (profile.position_size_multiplier > 0) == allowed


@settings(max_examples=60)
@given(events=events, worse=st.integers(1, 5_000))
def test_a_larger_loss_never_leaves_more(events: list[tuple[int, int, float]], worse: int) -> None:
    clocks = HandClock(), HandClock()
    rules = replace(Calibration(), streak=False)
    less, more = (RiskCalibrationEngine(clock=clock, calibration=rules) for clock in clocks)
    for pnl, minutes, _ in events:
        for one, clock, lost in zip((less, more), clocks, (pnl, pnl - worse if pnl < 0 else pnl), strict=True):
            clock.wait(minutes=minutes)
            one.update_trade_result(pnl=lost)
        profiles = less.get_calibrated_risk_profile(), more.get_calibrated_risk_profile()
        assert profiles[1].position_size_multiplier <= profiles[0].position_size_multiplier
        assert profiles[1].multiplier_when_allowed <= profiles[0].multiplier_when_allowed
