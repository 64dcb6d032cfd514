"""The calibration as one object in somebody's own bot."""

import json
import math
import random
import shutil
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from support.hand_clock import HandClock
from tradeworthy import Calibration, RiskCalibrationEngine
from tradeworthy.adapters.files.calibration_file import CalibrationFile
from tradeworthy.core.errors import InputError, OutputError


def engine(clock: HandClock | None = None, **arguments: Any) -> RiskCalibrationEngine:
    """At eleven in the morning, unless a clock is given."""
    return RiskCalibrationEngine(clock=clock or HandClock(), **arguments)


def at_once(tasks: list[Callable[[], object]]) -> None:
    """All of them, each in a thread of its own, begun together."""
    barrier = threading.Barrier(len(tasks))

    def begin(task: Callable[[], object]) -> None:
        barrier.wait()
        task()

    threads = [threading.Thread(target=begin, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_before_the_first_trade_the_size_is_the_usual_one() -> None:
    one = engine()
    assert one.can_take_trade() == {"allowed": True, "reason": "", "code": ""}
    profile = one.get_calibrated_risk_profile()
    assert (profile.position_size_multiplier, profile.risk_per_trade, profile.balance) == (1.0, 0.02, 100_000.0)
    assert (profile.trades_today, profile.trades_left_today, profile.cooldown_seconds) == (0, 10, 0.0)
    assert (profile.volatility_level, profile.time) == ("UNKNOWN", "2026-03-02T05:30:00Z")


def test_a_profile_reads_as_a_record_and_as_a_dict() -> None:
    profile = engine().get_calibrated_risk_profile()
    assert profile["max_trades_per_day"] == profile.max_trades_per_day == dict(profile)["max_trades_per_day"] == 10
    assert json.loads(json.dumps(profile.to_dict())) == dict(profile)
    assert (len(profile), "drawdown" in profile, profile.get("nonsense")) == (len(list(profile)), True, None)
    with pytest.raises(KeyError):
        _ = profile["nonsense"]
    with pytest.raises(AttributeError):
        profile.allowed = False  # type: ignore[misc]


def test_what_says_stop_is_zero_and_says_what_would_be_allowed_afterwards() -> None:
    one = engine()
    one.update_trade_result(pnl=-6_000)
    profile = one.get_calibrated_risk_profile()
    assert (profile.allowed, profile.code, profile.position_size_multiplier) == (False, "cooldown", 0.0)
    assert profile.multiplier_when_allowed == pytest.approx(0.9 * 0.8)
    assert (profile.risk_per_trade, profile.cooldown_seconds) == (0.0, 1200.0)
    assert one.get_position_size(100_000, 10.0) == 0


def test_the_drawdown_stop_is_latched_until_it_is_lifted() -> None:
    clock = HandClock()
    one = engine(clock)
    one.update_trade_result(pnl=-20_000)
    one.update_trade_result(pnl=+40_000)
    clock.wait(days=3)
    one.record_entry()
    found = one.can_take_trade()
    assert found["code"] == "stopped"
    assert found["reason"].startswith("the drawdown stop was reached earlier and holds until it is lifted")
    assert one.get_calibrated_risk_profile().multiplier_when_allowed == 0.0
    one.lift_stop(capital=60_000)
    profile = one.get_calibrated_risk_profile()
    assert (profile.allowed, profile.balance, profile.drawdown, profile.trades_today) == (True, 60_000.0, 0.0, 1)
    with pytest.raises(InputError, match="no drawdown stop is latched"):
        one.lift_stop()


def test_a_trade_whose_entry_was_told_counts_once() -> None:
    one = engine()
    one.update_trade_result(pnl=5)
    assert one.get_calibrated_risk_profile().trades_today == 1
    one.record_entry()
    assert one.get_calibrated_risk_profile().trades_today == 2
    one.update_trade_result(pnl=5)
    assert one.get_calibrated_risk_profile().trades_today == 2
    one.update_trade_result(pnl=5)
    assert one.get_calibrated_risk_profile().trades_today == 3


def test_a_trade_entered_yesterday_does_not_count_today() -> None:
    clock = HandClock()
    one = engine(clock)
    one.record_entry()
    clock.wait(days=1)
    one.update_trade_result(pnl=5)
    assert one.get_calibrated_risk_profile().trades_today == 0


def test_the_same_trade_told_twice_counts_once() -> None:
    one = engine()
    assert [one.update_trade_result(pnl=-100, trade_id=7), one.update_trade_result(-100.0, "7")] == [True, False]
    assert one.update_trade_result(pnl=-100)  # without an id nobody can tell
    profile = one.get_calibrated_risk_profile()
    assert (profile.losses_in_a_row, profile.balance) == (2, 99_800.0)
    with pytest.raises(InputError, match="trade 7 was told already with a pnl of -100, and now with 100;"):
        one.update_trade_result(pnl=100, trade_id=7)
    assert one.get_calibrated_risk_profile().balance == 99_800.0


@pytest.mark.parametrize("trade_id", ["", "  ", 1.5, True, [7], b"7"])
def test_an_id_is_text_or_a_number(trade_id: Any) -> None:
    one = engine()
    with pytest.raises(InputError, match="trade_id must be text or a whole number, not"):
        one.update_trade_result(pnl=1, trade_id=trade_id)
    assert one.get_calibrated_risk_profile().trades_today == 0


@pytest.mark.parametrize("pnl", [math.nan, math.inf, -math.inf, None, "12", True, 2e15, [1.0]])
def test_a_result_that_is_no_amount_is_refused_and_nothing_changes(pnl: Any, tmp_path: Path) -> None:
    one = engine(state=tmp_path / "state.json")
    one.update_trade_result(pnl=-3_000, trade_id="a")
    before, kept = one.get_calibrated_risk_profile().to_dict(), (tmp_path / "state.json").read_bytes()
    with pytest.raises(InputError, match=r"^pnl must[^\n]*$"):
        one.update_trade_result(pnl=pnl, trade_id="b")
    with pytest.raises(InputError, match=r"^iv must[^\n]*$"):
        one.update_market_volatility(iv=-1.0 if isinstance(pnl, float) and math.isfinite(pnl) else pnl)
    assert one.get_calibrated_risk_profile().to_dict() == before
    assert (tmp_path / "state.json").read_bytes() == kept


def test_a_clock_without_a_zone_is_refused_and_nothing_changes() -> None:
    clock = HandClock()
    one = RiskCalibrationEngine(clock=lambda: times[-1])
    times: list[datetime] = [clock.now, clock.now.replace(tzinfo=None)]
    asks: list[Callable[[], object]] = [
        one.can_take_trade, one.get_calibrated_risk_profile, one.record_entry, one.take_trade,
        lambda: one.update_trade_result(pnl=-5), lambda: one.get_position_size(1e5, 10.0),
    ]  # fmt: skip
    for ask in asks:
        with pytest.raises(InputError, match=r"what clock\(\) gave .* has no time zone"):
            ask()
    times.pop()
    profile = one.get_calibrated_risk_profile()
    assert (profile.balance, profile.trades_today, profile.losses_in_a_row) == (100_000.0, 0, 0)


@pytest.mark.parametrize(
    ("arguments", "units"),
    [
        ((100_000, 150.0), 13), ((100_000, 2_000.0), 1), ((100_000, 2_000.01), 0), ((0, 150.0), 0), ((-5, 150.0), 0),
        ((100_000, 150.0, 15.0), 133), ((100_000, 150.0, 1.0), 666),  # all the capital, and nothing borrowed
    ],
)  # fmt: skip
def test_sizes_are_whole_units_and_never_rounded_up(arguments: tuple[float, ...], units: int) -> None:
    found = engine().get_position_size(*arguments)
    assert (found, type(found)) == (units, int)


def test_sizes_are_whole_lots() -> None:
    lots = engine(lot_size=75, risk_per_trade=0.05)
    assert [lots.get_position_size(500_000, price) for price in (150.0, 333.3, 333.4)] == [150, 75, 0]
    found = lots.position_size(500_000, 333.4)
    assert (found.units, found.code, found.reason) == (0.0, "below_minimum", "the size is under the smallest order")
    assert (lots.position_size(500_000, 150.0).risk, lots.position_size(500_000, 150.0, 75.0).risk) == (
        22_500.0,
        22_500.0,
    )
    assert engine(lot_size=0.001).get_position_size(1_000, 60_000.0, 500.0) == pytest.approx(0.016)
    assert lots.position_size(0, 150.0).code == "no_equity"


@pytest.mark.parametrize(
    "arguments", [(math.nan, 1.0), (1e5, 0.0), (1e5, -1.0), (1e5, math.nan), ("1e5", 1.0), (1e5, 1.0, 0.0), (1e5, None)]
)
def test_a_size_needs_numbers(arguments: Any) -> None:
    with pytest.raises(InputError, match="must be"):
        engine().get_position_size(*arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"initial_capital": 0}, "initial_capital must be above zero"),
        ({"initial_capital": math.nan}, "initial_capital must be a finite number"),
        ({"calibration": {}}, r"calibration must be a Calibration\(...\), not {}"),
        ({"risk_per_trade": 2}, "risk must be a number above 0 and below 1"),
        ({"lot_size": 0}, "lot_size must be above zero"),
        ({"leverage": -1}, "leverage must be above zero"),
        ({"iv_history": [1, -1]}, r"history\[1\] must be above zero"),
        ({"asset_class": "bonds"}, "asset_class must be one of"),
        ({"state": 5}, "state must be the path of a file such as 'calibration.json', not 5"),
        ({"state": ""}, "state must be the path of a file"),
    ],
)
def test_arguments_that_cannot_be_used_are_told(arguments: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        engine(**arguments)


def test_what_is_not_an_option_has_no_windows_and_days_of_utc() -> None:
    clock = HandClock("09:20")
    assert engine(clock).get_calibrated_risk_profile().session_multiplier == 0.7
    coin = engine(clock, asset_class="crypto")
    assert coin.get_calibrated_risk_profile().session_multiplier == 1.0
    coin.record_entry()
    clock.wait(minutes=20 * 60)  # the next day in Mumbai, and not in UTC
    assert coin.get_calibrated_risk_profile().trades_today == 1


def test_rules_can_be_switched_off_one_by_one() -> None:
    one = engine(calibration=Calibration(cooldown=False, trades_per_day=False, streak=False))
    for _ in range(12):
        one.update_trade_result(pnl=-100)
    profile = one.get_calibrated_risk_profile()
    assert (profile.allowed, profile.position_size_multiplier) == (True, 1.0)
    assert (profile.max_trades_per_day, profile.trades_left_today, profile.cooldown_seconds) == (None, None, 0.0)


def test_results_from_many_threads_are_all_counted(tmp_path: Path) -> None:
    one = engine(state=tmp_path / "state.json", calibration=Calibration(drawdown=False))
    rng = random.Random(5)  # noqa: S311 - a script, not a secret
    sums = [[float(rng.randrange(-50, 60)) for _ in range(10)] for _ in range(8)]

    def tell(results: list[float]) -> None:
        for pnl in results:
            one.update_trade_result(pnl=pnl)
            one.update_market_volatility(iv=15.0)
            one.get_calibrated_risk_profile()

    at_once([lambda results=results: tell(results) for results in sums])  # type: ignore[misc]  # bound on purpose
    profile = one.get_calibrated_risk_profile()
    assert (profile.balance, profile.trades_today) == (100_000.0 + sum(map(sum, sums)), 80)
    again = engine(state=tmp_path / "state.json", calibration=Calibration(drawdown=False))
    assert again.get_calibrated_risk_profile().to_dict() == profile.to_dict()


def test_of_many_threads_no_more_than_ten_may_trade() -> None:
    one, allowed = engine(), []
    at_once([lambda: allowed.append(one.take_trade()["allowed"])] * 40)
    assert (sum(allowed), len(allowed)) == (10, 40)
    assert one.get_calibrated_risk_profile().trades_today == 10


def test_the_same_trade_from_many_threads_counts_once() -> None:
    one, counted = engine(), []
    at_once([lambda: counted.append(one.update_trade_result(pnl=-10, trade_id="x"))] * 20)
    assert (sum(counted), one.get_calibrated_risk_profile().balance) == (1, 99_990.0)


def lived(one: RiskCalibrationEngine, clock: HandClock) -> None:
    """A few days of trades."""
    for k in range(70):
        one.update_market_volatility(iv=12.0 + (7 * k) % 5)
        clock.wait(minutes=45)
        if one.take_trade()["allowed"]:
            one.update_trade_result(pnl=-400.0 if k % 3 else 300.0, trade_id=k)
    one.record_entry()


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    clock, other = HandClock(), HandClock()
    kept, held = engine(clock, state=tmp_path / "state.json"), engine(other)
    lived(kept, clock)
    lived(held, other)
    again = engine(clock, state=str(tmp_path / "state.json"))
    assert again.get_calibrated_risk_profile().to_dict() == held.get_calibrated_risk_profile().to_dict()
    assert again.get_calibrated_risk_profile().volatility_level != "UNKNOWN"
    assert not again.update_trade_result(pnl=300.0, trade_id=0)
    for one in (again, held):
        one.update_trade_result(pnl=-2_000)
        one.update_market_volatility(iv=99.0)
    assert again.get_calibrated_risk_profile().to_dict() == held.get_calibrated_risk_profile().to_dict()


def test_a_latched_stop_survives_a_restart(tmp_path: Path) -> None:
    engine(state=tmp_path / "state.json").update_trade_result(pnl=-20_000)
    assert engine(state=tmp_path / "state.json").can_take_trade()["code"] == "stopped"


def test_a_state_begun_with_other_capital_is_refused(tmp_path: Path) -> None:
    engine(state=tmp_path / "state.json")
    with pytest.raises(InputError, match=r"kept for an initial_capital of 100000, and not of 200000; give that one"):
        engine(state=tmp_path / "state.json", initial_capital=200_000)


def test_a_second_engine_on_the_same_file_is_noticed_and_nothing_is_lost(tmp_path: Path) -> None:
    first, second = engine(state=tmp_path / "state.json"), engine(state=tmp_path / "state.json")
    assert second.can_take_trade()["allowed"]
    second.update_trade_result(pnl=-5_000)
    with pytest.raises(InputError, match="another calibration has written this file since"):
        first.update_trade_result(pnl=7)
    assert first.can_take_trade()["code"] == "state_superseded"
    assert first.get_calibrated_risk_profile().position_size_multiplier == 0.0
    assert first.get_position_size(100_000, 10.0) == 0
    with pytest.raises(InputError, match="another calibration has written"):
        first.record_entry()
    assert engine(state=tmp_path / "state.json").get_calibrated_risk_profile().balance == 95_000.0
    (tmp_path / "state.json").unlink()
    with pytest.raises(InputError, match="another calibration has written"):
        first.record_entry()


def test_a_state_that_cannot_be_is_refused(tmp_path: Path) -> None:
    engine(state=tmp_path / "state.json")
    file = CalibrationFile(tmp_path / "state.json")
    kept = file.read()
    assert kept is not None
    wrongs: list[dict[str, Any]] = [
        {"peak": 99_999.0},
        {"peak": 0.0, "balance": -1.0},
        {"entries": -1},
        {"losses_in_a_row": -1},
    ]
    for wrong in wrongs:
        file.write(msgspec.structs.replace(kept, **wrong))
        with pytest.raises(InputError, match="the state of the calibration cannot be; restore it from a copy"):
            engine(state=tmp_path / "state.json")


def test_while_the_state_cannot_be_written_nothing_is_entered_and_nothing_forgotten(tmp_path: Path) -> None:
    folder, clock = tmp_path / "folder", HandClock()
    folder.mkdir()
    one = engine(clock, state=folder / "state.json")
    shutil.rmtree(folder)
    with pytest.raises(OutputError, match=r"cannot be written .* is counted and not to be told again"):
        one.update_trade_result(pnl=-6_000)
    clock.wait(minutes=30)
    assert one.can_take_trade()["code"] == "state_not_kept"
    assert one.get_calibrated_risk_profile().balance == 94_000.0
    folder.mkdir()
    assert one.can_take_trade()["allowed"]
    assert engine(clock, state=folder / "state.json").get_calibrated_risk_profile().balance == 94_000.0


def test_a_place_that_cannot_be_used_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot be written \(No such file or directory"):
        engine(state=tmp_path / "nowhere" / "state.json")
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory"):
        engine(state=tmp_path)
