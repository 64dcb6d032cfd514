"""Signals of somebody's own bot, and the hour at which they come."""

import math
import threading
from datetime import datetime, time
from typing import Any

import pytest

from support.hand_clock import HandClock
from tradeworthy import AdaptiveSignalFilter, Filters, TimeOfDayAnalyzer, VolatilityRegimeDetector
from tradeworthy.controls import VolatilityLevel
from tradeworthy.core.errors import InputError

GOOD: dict[str, Any] = {
    "bias_strength": 0.8, "trap_probability": 0.1, "oi_delta": 1500.0, "current_iv": 16.0, "oi_data": {}, "strike": 24_000,
}  # fmt: skip


def asked(signal: dict[str, Any], **arguments: Any) -> dict[str, Any]:
    """The answer at eleven in the morning, unless a clock is given."""
    return AdaptiveSignalFilter(**{"clock": HandClock(), **arguments}).evaluate_signal(signal)


def test_a_good_signal_passes_and_every_check_says_what_it_compared() -> None:
    found = asked(GOOD)
    assert (found["passed"], found["confidence"], found["reasons"]) == (True, 0.8, [])
    assert [(one["check"], one["required"], one["actual"], one["passed"]) for one in found["checks"]] == [
        ("bias_strength", 0.6, 0.8, True), ("trap_probability", 0.65, 0.1, True), ("oi_confirmation", 0.0, 1500.0, True),
    ]  # fmt: skip
    assert found["not_run"] == [{"check": "volatility", "state": "OFF"}]
    assert (found["strictness"], found["window"], found["volatility"]) == (1.0, "10:30-12:00", "UNKNOWN")
    assert found["time"] == "2026-03-02T05:30:00Z"


def test_every_reason_is_told_in_its_order() -> None:
    found = asked({**GOOD, "bias_strength": 0.5, "trap_probability": 0.9, "oi_delta": -5})
    assert (found["passed"], found["confidence"]) == (False, 0.0)
    assert found["reasons"] == ["bias_too_weak", "likely_trap", "insufficient_oi"]


@pytest.mark.parametrize("lacking", [None, math.nan])
def test_an_option_that_lacks_inputs_is_refused_by_name(lacking: Any) -> None:
    assert asked(dict.fromkeys(GOOD, lacking))["reasons"] == ["bias_missing", "trap_missing", "oi_missing"]
    assert asked({})["reasons"] == ["bias_missing", "trap_missing", "oi_missing"]
    assert asked({**GOOD, "current_iv": lacking}, filters=Filters(volatility=True))["reasons"] == ["volatility_missing"]


def test_what_an_instrument_cannot_have_is_not_applicable_and_what_it_has_counts() -> None:
    found = asked({}, asset_class="fx", filters=Filters(volatility=True))
    assert (found["passed"], found["confidence"], found["checks"], found["window"]) == (True, None, [], None)
    assert [one["state"] for one in found["not_run"]] == ["NOT APPLICABLE"] * 4
    assert asked({"bias_strength": 0.59}, asset_class="fx")["reasons"] == ["bias_too_weak"]
    assert asked({"bias_strength": math.nan}, asset_class="fx")["reasons"] == ["bias_missing"]
    assert asked({"trap_probability": 0.7, "oi_delta": -1}, asset_class="fx")["reasons"] == [
        "likely_trap",
        "insufficient_oi",
    ]


def test_windows_apply_elsewhere_only_where_their_zone_is_given() -> None:
    early = HandClock("09:20")
    assert asked({}, asset_class="future", clock=early)["strictness"] == 1.0
    assert asked({}, asset_class="future", clock=early, zone="Asia/Kolkata")["strictness"] == 1.3


def test_confidence_is_the_weaker_of_bias_and_no_trap() -> None:
    assert asked({**GOOD, "trap_probability": 0.4})["confidence"] == 0.6
    assert asked({**GOOD, "trap_probability": 0.4}, filters=Filters(trap=False))["confidence"] == 0.8
    assert asked(GOOD, filters=Filters(trap=False, bias=False))["confidence"] is None


@pytest.mark.parametrize(
    ("data", "reasons"),
    [
        ({"put_oi_change": 900, "call_oi_change": 300}, []),
        ({"pe_oi_change": 300, "ce_oi_change": 900}, ["insufficient_oi"]),
        ({"put_oi_change": 900}, ["oi_missing"]),
        ({"put_oi_change": 900, "call_oi_change": math.nan}, ["oi_missing"]),
        ({}, ["oi_missing"]),
        (None, ["oi_missing"]),
    ],
)
def test_the_change_of_open_interest_may_come_as_that_of_puts_and_calls(data: Any, reasons: list[str]) -> None:
    assert asked({**GOOD, "oi_delta": None, "oi_data": data})["reasons"] == reasons
    assert asked({**GOOD, "oi_data": data})["passed"]  # oi_delta decides where it is given


def test_a_short_signal_wants_open_interest_the_other_way() -> None:
    assert asked({**GOOD, "side": "short"})["reasons"] == ["insufficient_oi"]
    assert asked({**GOOD, "side": "short", "oi_delta": -5})["passed"]


def test_extreme_volatility_refuses_where_that_is_switched_on() -> None:
    rules, history = Filters(volatility=True), [10.0 + k for k in range(99)]
    found = asked({**GOOD, "current_iv": 500.0}, filters=rules, detector=VolatilityRegimeDetector(history))
    assert found["reasons"] == ["volatility_too_high"]
    assert found["checks"][-1]["required"] == "below EXTREME"
    assert asked({**GOOD, "current_iv": 50.0}, filters=rules, detector=VolatilityRegimeDetector(history))["passed"]


def test_every_evaluation_adds_its_volatility_and_one_that_is_refused_by_an_error_does_not() -> None:
    one = AdaptiveSignalFilter(clock=HandClock())
    for _ in range(3):
        one.evaluate_signal(GOOD)
    for wrong in ({"bias_strength": "strong"}, {"side": "up"}, {"current_iv": "16"}, {"oi_data": 5, "oi_delta": None}):
        with pytest.raises(InputError, match="must be"):
            one.evaluate_signal({**GOOD, **wrong})
    assert one.detector.values == (16.0, 16.0, 16.0)
    assert one.judge({**GOOD, "current_iv": -3.0}).volatility is VolatilityLevel.UNKNOWN


@pytest.mark.parametrize("signal", [None, 5, "signal", [("bias_strength", 1)]])
def test_a_signal_is_a_dict(signal: Any) -> None:
    with pytest.raises(InputError, match="a signal must be a dict of its inputs such as bias_strength, not"):
        asked(signal)


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="has no time zone"):
        asked(GOOD, clock=lambda: datetime(2026, 3, 2, 11))  # noqa: DTZ001 - what is refused


def test_arguments_that_cannot_be_used_are_told() -> None:
    for arguments, sentence in (
        ({"filters": 5}, r"takes filters as Filters\(...\), not as int"),
        ({"detector": []}, "detector must be a VolatilityRegimeDetector, not"),
        ({"asset_class": "bond"}, "asset_class must be one of"),
    ):
        with pytest.raises(InputError, match=sentence):
            asked(GOOD, **arguments)


@pytest.mark.parametrize(
    ("clock", "name", "strictness"),
    [
        ("08:00", "09:15-10:30", 1.3), ("09:15", "09:15-10:30", 1.3), ("12:00", "12:00-14:00", 0.8),
        ("15:15", "from 15:15", 1.5), ("23:59", "from 15:15", 1.5),
    ],
)  # fmt: skip
def test_the_window_has_a_name(clock: str, name: str, strictness: float) -> None:
    window = TimeOfDayAnalyzer(clock=HandClock(clock)).get_time_window()
    assert window is not None
    assert (window.name, window.strictness) == (name, strictness)


def test_windows_of_ones_own_and_none_at_all() -> None:
    own = TimeOfDayAnalyzer(((time(8), 2.0), (time(17), 0.5)), zone="Europe/London", clock=HandClock("22:30"))
    assert own.get_strictness_multiplier() == 0.5  # 17:00 in London
    for none in (TimeOfDayAnalyzer(zone="", clock=HandClock("09:20")), TimeOfDayAnalyzer(enabled=False)):
        assert (none.get_time_window(), none.get_strictness_multiplier()) == (None, 1.0)
    with pytest.raises(InputError, match="windows must be a tuple"):
        TimeOfDayAnalyzer([])  # type: ignore[arg-type]


def test_signals_may_come_from_many_threads() -> None:
    one, found = AdaptiveSignalFilter(clock=HandClock()), []
    threads = [threading.Thread(target=lambda: found.append(one.evaluate_signal(GOOD))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(one.detector.values) == 40
    assert all(answer["passed"] for answer in found)
    assert len(found) == 40
