"""What docs/failover-parts.md and docs/guard.md say is what the code does."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import tradeworthy
from tradeworthy import FailoverRecoverySystem, ProductionToolkit, TradeRefused, guard
from tradeworthy.live import Health

DOCS = Path(__file__).parents[2] / "docs"
PAGE, GUARD = (DOCS / "failover-parts.md").read_text(), (DOCS / "guard.md").read_text()
PARTS = {
    FailoverRecoverySystem: ("connection", "data", "orders", "session", "exits"),
    ProductionToolkit: ("kill_switch", "freezer", "reporter", "trades"),
}


def test_every_state_has_its_row() -> None:
    assert [word for word in Health if f"| `{word}` |" not in PAGE] == []


@pytest.mark.parametrize("name", ["BrokerConnectionMonitor", "DataFreezeDetector", "SessionAutoRefresh"])
def test_defaults_are_those_that_are_written(name: str) -> None:
    written = dict(re.findall(r"(\w+)=(\d+)", re.findall(rf"`{name}\(([^`]*)\)`", PAGE)[0]))
    parameters = inspect.signature(getattr(tradeworthy, name)).parameters
    assert {key: float(value) for key, value in written.items()} == {key: parameters[key].default for key in written}
    assert written


def test_every_option_of_a_guard_has_its_row_and_no_other_does() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", GUARD, re.MULTILINE)
    assert sorted(rows) == sorted(name for name in inspect.signature(guard).parameters if name != "nothing")


def test_every_key_of_an_answer_is_written() -> None:
    system = FailoverRecoverySystem()
    for answer in (
        system.should_allow_trading(),
        system.handle_broker_error(TimeoutError()),
        system.get_system_status(),
        system.reconcile({}, {}),
    ):
        assert f"{{{', '.join(answer)}}}" in PAGE
    kit = ProductionToolkit()
    for answer in (kit.startup_sequence({}), kit.log_trade({"pnl": 1}), kit.shutdown_sequence()):
        assert f"{{{', '.join(answer)}}}" in PAGE


@pytest.mark.parametrize("facade", PARTS)
def test_every_call_of_a_facade_is_written(facade: type[Any]) -> None:
    calls = [name for name, one in vars(facade).items() if inspect.isfunction(one) and not name.startswith("_")]
    assert [name for name in calls if f"`{name}(" not in PAGE] == []
    assert [part for part in PARTS[facade] if not hasattr(facade(), part)] == []


def test_a_refusal_holds_what_is_written(tmp_path: Path) -> None:
    with pytest.raises(TradeRefused) as caught, guard(kill=tmp_path):
        pass
    for name in ("check", "reason", "limit", "actual"):
        assert f"`{name}`" in GUARD
        assert isinstance(getattr(caught.value.refusal, name), str)
