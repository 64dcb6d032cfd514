"""The day of somebody's own bot: start, log, kill, stop."""

import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tradeworthy import ConfigFreezer, HealthReporter, KillSwitch, ProductionToolkit, TradeLogger
from tradeworthy.core.errors import InputError, OutputError
from tradeworthy.settings.loading import from_text
from tradeworthy.settings.shipped import template

CONFIG = {"risk": {"per_trade": 0.01}, "symbols": ["EUR_USD"], "api_key": "very secret"}


def test_a_day_goes_from_start_to_end(tmp_path: Path) -> None:
    calls: list[str] = []
    said: list[str] = []
    kit = ProductionToolkit(calls.append, folder=tmp_path / "bot", report=said.append)
    told = kit.startup_sequence(CONFIG)
    assert (told["started"], told["reason"], told["changed"]) == (True, "all checks passed", [])
    assert len(told["fingerprint"]) == 64
    for number, pnl in enumerate((12.5, -5.0, 0.0, None, Decimal("2.50")), 1):
        assert kit.log_trade({"symbol": "EUR_USD", "pnl": pnl})["n"] == number
    assert not kit.check_kill_switch()
    end = kit.shutdown_sequence({"net_pnl": 10.0, "trades": 5, "mood": "good"})
    report = end["report"]
    assert end["stopped"]
    assert calls == ["shutdown"]
    assert (report["trades"], report["without_pnl"], report["wins"], report["losses"]) == (5, 1, 2, 1)
    assert (report["net_pnl"], report["win_rate"], report["differences"], report["ok"]) == (10.0, 0.5, [], True)
    assert [one.splitlines()[0] for one in said] == [
        "startup: ready to trade", "end of day: 5 trades, 50% won, net +10.00"
    ]  # fmt: skip
    assert [one["kind"] for one in TradeLogger(tmp_path / "bot" / "health.jsonl").entries()] == [
        "startup",
        "end of day",
    ]
    assert "very secret" not in (tmp_path / "bot" / "config.json").read_text()


def test_all_of_it_works_in_memory_and_a_day_without_trades_has_no_win_rate() -> None:
    kit = ProductionToolkit()
    assert kit.startup_sequence({})["report"]["checks"]["folder"] == "not run"
    report = kit.shutdown_sequence()["report"]
    assert (report["trades"], report["win_rate"], report["net_pnl"]) == (0, None, 0.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda kit: kit.log_trade({"pnl": 1}),
        lambda kit: kit.shutdown_sequence({}),
        lambda kit: (kit.startup_sequence({}), kit.startup_sequence({})),
        lambda kit: (kit.startup_sequence({}), kit.shutdown_sequence(), kit.log_trade({"pnl": 1})),
    ],
)
def test_calls_in_the_wrong_order_are_told_in_a_sentence(call: Callable[[ProductionToolkit], Any]) -> None:
    with pytest.raises(InputError, match=r"call startup_sequence|call shutdown_sequence"):
        call(ProductionToolkit())


def test_stopping_twice_is_stopping_once_and_the_next_day_begins_anew(tmp_path: Path) -> None:
    calls: list[str] = []
    kit = ProductionToolkit(calls.append, folder=tmp_path)
    for day in (1, 2):
        assert kit.startup_sequence(CONFIG)["started"]
        kit.log_trade({"pnl": float(day)})
        first = kit.shutdown_sequence({})
        assert kit.shutdown_sequence({"net_pnl": 99.0}) == first
        assert (first["report"]["trades"], first["report"]["net_pnl"]) == (1, float(day))
    assert calls == ["shutdown", "shutdown"]


def test_a_kill_calls_back_once_from_any_thread_and_exits_are_logged_after_it(tmp_path: Path) -> None:
    calls: list[str] = []
    kit = ProductionToolkit(calls.append, folder=tmp_path)
    kit.startup_sequence(CONFIG)
    (tmp_path / "KILL").write_text("the operator said so")
    start, found = threading.Barrier(8), list[bool]()

    def look() -> None:
        start.wait(5)
        found.append(kit.check_kill_switch())

    threads = [threading.Thread(target=look) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [True] * 8
    assert calls == ["the operator said so"]
    kit.log_trade({"pnl": -3.0, "reduce_only": True})
    assert kit.shutdown_sequence({})["report"]["net_pnl"] == -3.0
    assert calls == ["the operator said so"]
    again = ProductionToolkit(calls.append, folder=tmp_path).startup_sequence(CONFIG)
    assert (again["started"], again["reason"]) == (False, "the kill switch is pulled: the operator said so")
    kit.kill_switch.reset()
    assert kit.startup_sequence(CONFIG)["started"]


def test_a_callback_that_stops_the_bot_itself_or_raises_hangs_and_hides_nothing() -> None:
    nested: list[Any] = []
    kit = ProductionToolkit(lambda: nested.append(kit.shutdown_sequence()))
    kit.startup_sequence({})
    assert kit.shutdown_sequence()["stopped"]
    assert nested[0]["reason"] == "it is being stopped already"
    kit = ProductionToolkit(lambda: nested.append(kit.shutdown_sequence()))
    kit.startup_sequence({})
    kit.kill_switch.activate("by hand")
    assert nested[-1]["stopped"]

    def fails() -> None:
        raise ValueError("no network")

    kit = ProductionToolkit(fails)
    kit.startup_sequence({})
    assert kit.shutdown_sequence()["reason"].startswith("the shutdown callback raised ValueError: no network")


def test_a_log_that_was_changed_starts_no_day_and_counts_no_trade(tmp_path: Path) -> None:
    kit = ProductionToolkit(folder=tmp_path)
    kit.startup_sequence(CONFIG)
    for pnl in (1.0, 2.0):
        kit.log_trade({"pnl": pnl})
    log = tmp_path / "trades.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"pnl":1.0', b'"pnl":9.0'))
    report = kit.shutdown_sequence({"net_pnl": 3.0})["report"]
    assert not report["ok"]
    assert "the trades cannot be counted" in report["text"]
    again = ProductionToolkit(folder=tmp_path).startup_sequence(CONFIG)
    assert not again["started"]
    assert "line 1 (entry 1) is not what was written" in again["reason"]


@pytest.mark.parametrize(("summary", "says"), [({"net_pnl": float("nan")}, "net_pnl is nan"), ([], "must be a dict")])
def test_a_summary_that_says_nothing_is_said_and_it_stops_all_the_same(summary: Any, says: str) -> None:
    calls: list[str] = []
    kit = ProductionToolkit(calls.append)
    kit.startup_sequence({})
    end = kit.shutdown_sequence(summary)
    assert end["stopped"]
    assert says in end["report"]["text"]
    assert calls == ["shutdown"]


def test_a_trade_without_a_number_for_its_result_is_not_logged() -> None:
    kit = ProductionToolkit()
    kit.startup_sequence({})
    with pytest.raises(InputError, match=r"the trade\.pnl is nan"):
        kit.log_trade({"pnl": float("nan")})
    kit.log_trade({"pnl": "much"})
    assert "trade 1: its pnl must be a number" in kit.shutdown_sequence()["report"]["text"]


def test_a_summary_that_is_not_what_the_log_says_is_named() -> None:
    kit = ProductionToolkit()
    kit.startup_sequence({})
    kit.log_trade({"pnl": 90.0})
    report = kit.shutdown_sequence({"pnl": 100, "trades": 1, "wins": 2})["report"]
    assert report["differences"] == [
        "the summary says pnl 100, and the log 90",
        "the summary says wins 2, and the log 1",
    ]


def test_a_report_that_cannot_be_sent_or_kept_is_said_in_it(tmp_path: Path) -> None:
    def fails(_: str) -> None:
        raise ConnectionError("no network")

    kit = ProductionToolkit(folder=tmp_path, report=fails)
    told = kit.startup_sequence({})
    assert told["started"]
    assert told["report"]["troubles"] == ["the report could not be sent: ConnectionError: no network"]
    with pytest.raises(InputError, match="report must be a function"):
        ProductionToolkit(report="mail")  # type: ignore[arg-type]  # as people do
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be made"):
        ProductionToolkit(folder=tmp_path / "file" / "bot")


def test_what_changed_since_the_last_start_is_named_without_secrets(tmp_path: Path) -> None:
    kit = ProductionToolkit(folder=tmp_path)
    first = kit.startup_sequence(CONFIG)
    kit.shutdown_sequence()
    other = {**CONFIG, "risk": {"per_trade": 0.05}, "api_key": "another"}
    told = ProductionToolkit(folder=tmp_path).startup_sequence(other)
    assert told["changed"] == ["risk.per_trade: 0.01 -> 0.05"]
    assert told["fingerprint"] != first["fingerprint"]


def test_a_frozen_configuration_names_what_changes_and_takes_no_other() -> None:
    freezer, config = ConfigFreezer(), {"b": 1, "a": {"x": [1, 2]}}
    with pytest.raises(InputError, match="no configuration is frozen"):
        freezer.check(config)
    made = freezer.freeze(config)
    assert freezer.freeze({"a": {"x": (1, 2)}, "b": 1}) == {"fingerprint": made["fingerprint"], "changed": []}
    assert freezer.check(config) == []
    config["a"]["x"].append(3)  # type: ignore[index]  # changed in place
    assert freezer.check(config) == ["a.x: [1, 2] -> [1, 2, 3]"]
    freezer.frozen()["b"] = 5
    assert freezer.frozen()["b"] == 1
    with pytest.raises(InputError, match="is frozen, and this is another one"):
        freezer.freeze(config)
    freezer.thaw()
    assert freezer.freeze(config)["fingerprint"] == freezer.fingerprint() != made["fingerprint"]
    for wrong in ({"a": float("nan")}, [1], {"a": object()}):
        with pytest.raises(InputError, match="the configuration"):
            ConfigFreezer().freeze(wrong)


def test_settings_of_a_desk_can_be_frozen_too() -> None:
    settings = from_text(template("fx-daily"), "fx-daily", {})
    freezer = ConfigFreezer()
    freezer.freeze(settings)
    assert freezer.check(settings) == []


def test_a_damaged_configuration_file_is_refused(tmp_path: Path) -> None:
    ConfigFreezer(tmp_path / "config.json").freeze({"a": 1})
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(InputError, match="damaged"):
        ProductionToolkit(folder=tmp_path)


def test_checks_that_did_not_run_have_not_passed_and_are_said() -> None:
    told = HealthReporter().startup({"broker": True, "feed": None, "disk": "full", "clock": False})
    assert told["checks"] == {"broker": "passed", "feed": "not run", "disk": "full", "clock": "failed"}
    assert not told["ok"]
    assert "not started: 2 checks failed" in told["text"]
    assert HealthReporter().startup({"feed": None})["ok"]
    with pytest.raises(InputError, match="check 'x'"):
        HealthReporter().startup({"x": 5})


def test_a_switch_in_memory_is_pulled_once_and_reset_by_hand(tmp_path: Path) -> None:
    calls: list[int] = []
    switch = KillSwitch(callback=lambda: calls.append(1))
    assert switch.reason() is None
    switch.activate("first")
    switch.activate("second")
    assert switch.is_active()
    assert calls == [1]
    switch.reset()
    assert not switch.is_active()
    with pytest.raises(InputError, match="must say its reason"):
        switch.activate(" ")
    gone = tmp_path / "gone"
    gone.mkdir()
    switch = KillSwitch(gone)
    gone.rmdir()
    with pytest.raises(OutputError, match="make that file by hand"):
        switch.activate("no folder")
    assert switch.is_active()
    with pytest.raises(InputError, match="must be a function"):
        KillSwitch(callback="stop")  # type: ignore[arg-type]  # as people do
