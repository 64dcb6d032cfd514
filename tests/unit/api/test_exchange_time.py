"""Clocks that people give."""

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from tradeworthy.api.exchange_time import ExchangeTime
from tradeworthy.core.clock import now_ns
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import AssetClass

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOON_NS = 1_772_452_800_000_000_000


@pytest.mark.parametrize(
    "value", [NOON, NOON.astimezone(timezone(timedelta(hours=-7))), NOON_NS, np.int64(NOON_NS), NOON_NS / 1e9]
)
def test_moments_are_understood_in_any_zone_and_as_time_tells_them(value: Any) -> None:
    assert ExchangeTime(lambda: value, "option", None).now().time_ns == NOON_NS


def test_a_time_without_a_zone_is_refused_in_a_sentence() -> None:
    with pytest.raises(
        InputError, match=r"what clock\(\) gave \(2026-03-02T12:00:00\) has no time zone and so names no moment"
    ):
        ExchangeTime(lambda: datetime(2026, 3, 2, 12), "option", None).now()  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    "value", [1_772_452_800, 1_772_452_800_000, None, "2026-03-02T12:00Z", True, -NOON_NS, 10**20, 1e30, math.nan, 12.5]
)
def test_what_is_no_moment_is_refused(value: Any) -> None:
    with pytest.raises(
        InputError, match=r"what clock\(\) gave.* (lies before 1973|must be an aware datetime|must be a finite number)"
    ):
        ExchangeTime(lambda: value, "option", None).now()


def test_options_are_on_the_time_of_nse_and_others_have_no_windows() -> None:
    late = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # half past one of the next day in Mumbai
    option, fx = (ExchangeTime(lambda: late, one, None).now() for one in ("option", AssetClass.FX))
    assert (option.minute, fx.minute, option.day - fx.day) == (90, -1, 1)
    assert ExchangeTime(lambda: late, "future", "America/New_York").now().minute == 15 * 60
    assert (option.time_ns, ExchangeTime(None, "fx", None).is_option) == (NOON_NS + 8 * 3600 * 10**9, False)


def test_without_a_clock_it_is_the_hosts() -> None:
    before = now_ns()
    assert before <= ExchangeTime(None, "option", None).now().time_ns <= now_ns()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((NOON, "option", None), "clock must be a function that gives the time, such as"),
        ((None, "options", None), "asset_class must be one of fx, metal, crypto, equity, index, option, future, not"),
        ((None, 5, None), "asset_class must be one of"),
        ((None, "option", "Mumbai"), "'Mumbai' is not a time zone"),
        ((None, "option", 5), "zone must be the name of a time zone such as Asia/Kolkata, not 5"),
    ],
)
def test_arguments_that_cannot_be_used_are_told(arguments: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        ExchangeTime(*arguments)
