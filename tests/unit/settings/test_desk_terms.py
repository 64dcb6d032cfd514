"""What a desk trades by, out of settings: every record as it is without a word, and every mistake at its line."""

from dataclasses import fields
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.filters import Filters
from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.limit_settings import Limits
from tradeworthy.controls.limits_of_time import Blackout, Weekday, WeeklyBlackout
from tradeworthy.controls.sizing import FixedFraction, Kelly, Units, VolatilityTarget
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import from_datetime
from tradeworthy.core.errors import SettingsError
from tradeworthy.live.freshness import FreshnessLimits
from tradeworthy.settings.desk_terms import (
    calibration_from,
    filters_from,
    freshness_from,
    groups_from,
    journal_from,
    limits_from,
    off_reasons,
    sizing_from,
)
from tradeworthy.settings.loading import from_text
from tradeworthy.settings.tree import Settings

BASE = """
[strategies.A]
instrument = "eurusd"
timeframe = "1d"
fast = 10
slow = 20
stop_atr = 1.5
target_atr = 2
"""


def settings(text: str = "", **environment: str) -> Settings:
    """Settings that begin with `text` from their second line on."""
    return from_text(f"schema = 1\n{text}\n{BASE}", "my.toml", environment)


def test_without_a_word_everything_is_as_the_records_have_it() -> None:
    found, usual = limits_from(settings('groups.euro = ["EURUSD"]')), Limits()
    assert found == usual
    assert calibration_from(settings()) == Calibration()
    assert filters_from(settings()) is None
    assert filters_from(settings("filters.enabled = true")) == Filters()
    assert sizing_from(settings()) == FixedFraction(0.01)
    assert freshness_from(settings()) == FreshnessLimits()
    assert journal_from(settings(), Path("desk")) == Path("desk/journal.sqlite")


@pytest.mark.parametrize("name", [one.name for one in fields(Limits)])
def test_every_limit_can_be_switched_off(name: str) -> None:
    found = limits_from(settings(f'groups.euro = ["EURUSD"]\nlimits.{name}.enabled = false'))
    off = {one.name for one in found if not one.enabled}
    usual = {one.name for one in Limits() if not one.enabled}
    assert off == usual | {getattr(Limits(), name).name}


def test_numbers_of_limits_calibration_and_filters_reach_their_records() -> None:
    found = settings(
        """
limits.daily_loss = { share = 0.03, trailing = true }
limits.fat_finger = { orders = 3, least = 2 }
calibration.streak_multipliers = [1, 0.5, 0.5, 0]
calibration.opening_from = "09:00"
calibration.late_from = 14:00:00
filters.enabled = true
filters.windows = [["08:00", 2], ["12:00", 1]]
filters.volatility_refused = "high"
live.usual_grace_minutes = 2
live.grace_minutes = { "4h" = 0.5 }
""",
        TRADEWORTHY_LIMITS__OPEN_POSITIONS__MOST="3",
    )
    limits = limits_from(found)
    assert (limits.daily_loss.share, limits.daily_loss.trailing, limits.open_positions.most) == (0.03, True, 3)
    assert (limits.fat_finger.orders, limits.fat_finger.least) == (3, 2)
    calibration, filters = calibration_from(found), filters_from(found)
    assert calibration == Calibration(streak_multipliers=(1.0, 0.5, 0.5, 0.0), opening_from=time(9), late_from=time(14))
    assert filters == Filters(windows=((time(8), 2.0), (time(12), 1.0)), volatility_refused=VolatilityLevel.HIGH)
    assert freshness_from(found) == FreshnessLimits(120_000_000_000, {Timeframe.H4: 30_000_000_000})
    assert calibration_from(settings("calibration.enabled = false")) is None


def test_windows_without_entries_reach_the_gate() -> None:
    found = limits_from(
        settings(
            """
[[limits.blackouts.dates]]
from = 2026-12-24T18:00:00Z
until = 2026-12-28T01:00:00+01:00
reason = "Christmas"
[[limits.blackouts.weekly]]
from_day = "Friday"
from_time = "16:30"
until_day = "Sunday"
until_time = "17:00"
zone = "America/New_York"
reason = "weekend"
"""
        )
    )
    start, end = (from_datetime(datetime(2026, 12, day, hour, tzinfo=UTC)) for day, hour in ((24, 18), (28, 0)))
    assert found.blackouts.windows == (
        Blackout(start, end, "Christmas"),
        WeeklyBlackout(Weekday.FRIDAY, time(16, 30), Weekday.SUNDAY, time(17), "America/New_York", "weekend"),
    )


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('kind = "units", units = 500', Units(500.0)),
        ("risk = 0.005", FixedFraction(0.005)),
        ('kind = "volatility_target"', VolatilityTarget()),
        ('kind = "volatility_target", annual = 0.2, window = 30', VolatilityTarget(0.2, 30)),
        ('kind = "kelly"', Kelly()),
        ('kind = "kelly", cap = 0.03, fraction = 0.25, confidence = 0.9, least_trades = 50, until_then = 0.005',
         Kelly(0.03, 0.25, 0.9, 50, 0.005)),
    ],
)  # fmt: skip
def test_every_kind_of_size_can_be_had(text: str, rule: object) -> None:
    assert sizing_from(settings(f"sizing = {{ {text} }}")) == rule


def test_groups_name_every_instrument_of_the_book_and_without_them_the_limit_is_off_and_says_why() -> None:
    none = settings()
    assert groups_from(none) is None
    assert not limits_from(none).group_risk.enabled
    assert "no groups are given" in off_reasons(none)["group risk"]
    assert off_reasons(none)["units per order"] == "switched off in the settings"
    some = settings('groups.pound = ["GBPUSD", "gbp/jpy"]')
    assert groups_from(some) == {"EUR_USD": "EUR_USD by itself", "GBP_USD": "pound", "GBP_JPY": "pound"}
    assert limits_from(some).group_risk.enabled
    assert "group risk" not in off_reasons(some)


def test_what_is_off_of_calibration_and_filters_is_said_at_once_or_rule_by_rule() -> None:
    usual = off_reasons(settings())
    assert usual["filters"] == "switched off in the settings"
    assert not any(name.startswith("calibration") for name in usual)
    some = off_reasons(settings("calibration.streak = false\nfilters.enabled = true"))
    assert {name for name in some if ":" in name} == {"calibration: streak", "filters: volatility"}
    assert "calibration" in off_reasons(settings("calibration.enabled = false"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("limits.daily_loss.share = 5", "limits.daily_loss.share: share must be a number above 0 and below 1, not 5.0"),
        ("limits.daily_loss.shar = 0.1", "limits.daily_loss.shar: unknown key; did you mean share?"),
        ("limits.dayly_loss = { share = 0.1 }", "limits.dayly_loss: unknown key; did you mean daily_loss?"),
        ("limits.daily_loss = { trailing = 1 }", "limits.daily_loss.trailing: 1 is not true or false"),
        ("limits.fat_finger = { orders = 3 }", "limits.fat_finger.orders: orders must be a whole number of at least 5"),
        ("limits.open_positions.most = 2.5", "limits.open_positions.most: 2.5 is not a whole number"),
        ("limits = 3", "limits: 3 is not a table"),
        (
            "calibration.streak_multipliers = [1, 2]",
            "calibration.streak_multipliers: streak_multipliers must be a list",
        ),
        ("calibration.drawdown_edges = [0.1, 0.05, 0.2]", "drawdown_edges must rise from one to the next"),
        ("calibration.drawdown_edges = 0.1", "calibration.drawdown_edges: 0.1 is not a list in square brackets"),
        ('calibration.late_from = "25:00"', "calibration.late_from: '25:00' is not a time of day such as \"09:15\""),
        ("calibration.late_from = 9", "calibration.late_from: 9 is not a time of day"),
        ('filters.windows = [["09:15", 99]]', "filters.windows: a strictness of windows must be a number of at least"),
        ('filters.volatility_refused = "LOW"', "volatility_refused must be HIGH or EXTREME, not LOW"),
        ('filters.volatility_refused = "x"', '\'x\' is not one of "UNKNOWN", "LOW"'),
        ("sizing.units = 3", 'sizing.units: it belongs to kind = "units", and kind is "fixed_fraction"'),
        ('sizing.kind = "units"', 'sizing.kind: kind = "units" needs units'),
        ("sizing.risk = 2", "sizing.risk: risk must be a number above 0 and below 1"),
        ("sizing = { kind = 'kelly', cap = 0.01, until_then = 0.02 }", "sizing.until_then: until_then must be"),
        ("groups = { a = ['EURUSD'], b = ['EUR_USD'] }", "groups.b: EUR_USD is in the group a too"),
        ("groups.a = 'EURUSD'", "groups.a: 'EURUSD' is not a list in square brackets"),
        ("groups.a = ['€']", "groups.a: '€' is not the name of an instrument"),
        ("live.grace_minutes = { H3 = 2 }", "live.grace_minutes: 'H3' is not a timeframe"),
        ("live.grace_minutes.H4 = -2", "live.grace_minutes.H4: -2 is out of range; allowed is 0 or more"),
        ("live.session_zone = 'Mars'", "live.session_zone: 'Mars' is not a time zone"),
        ("paper.reject_share = 1.5", "paper.reject_share: 1.5 is out of range; allowed is 0 or more and 1 or less"),
        ("account.currency = 'usd'", "account.currency: 'usd' is not a currency"),
        ("account.balance = 0", "account.balance: 0 is out of range; allowed is above 0"),
        ("journal.url = 'mysql://me:secret@x'", "journal.url: this is no URL of a journal"),
        (
            "limits.blackouts.dates = [{ from = 2026-01-02, until = 2026-01-03T00:00:00Z, reason = 'x' }]",
            "names no zone",
        ),
    ],
)
def test_a_mistake_is_one_sentence_at_its_line(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as raised:
        settings(text)
    [problem] = [str(one) for one in raised.value.problems]
    assert problem.startswith("my.toml, line 2: ")
    assert said in problem
    assert "secret" not in problem
    assert "tuple" not in problem


def test_mistakes_of_several_tables_are_said_at_once_and_name_the_variable_that_brought_them() -> None:
    with pytest.raises(SettingsError) as raised:
        settings("limits.daily_loss.share = 5\nsizing.risk = 0", TRADEWORTHY_CALIBRATION__STREAK_PAUSE="0")
    said = [str(one) for one in raised.value.problems]
    assert [one.split(": ")[0] for one in said] == [
        "my.toml, line 2",
        "my.toml, line 3",
        "environment variable TRADEWORTHY_CALIBRATION__STREAK_PAUSE",
    ]
