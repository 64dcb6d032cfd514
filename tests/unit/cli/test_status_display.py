"""One screen of a desk: the answer first, everything that matters on it, and never wider than the terminal."""

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tradeworthy.adapters.files.desk_lease import Holder
from tradeworthy.api.desk_standings import DeskStanding, Presence
from tradeworthy.cli.status_display import status_screen

HOLDER = Holder(7, 4321, "desk.example", "2026-11-21T15:00:00Z", "fx")


def status(**changes: Any) -> dict[str, Any]:
    """Of a desk with a position, an order, a lock and more."""
    position = {
        "strategy": "EUR_USD_D", "symbol": "EUR_USD", "units": "-26543", "price": 1.16676, "since": "2026-01-05T15:00:00Z",
        "stop": 1.17, "target": None, "profit": -16.9, "leaving": "", "protected": True,
    }  # fmt: skip
    usual: dict[str, Any] = {
        "name": "fx", "mode": "ACTIVE", "health": "HEALTHY", "simulated": True, "broker": "paper", "time": "2026-01-06T15:00:00Z",
        "currency": "USD", "balance": 10_000.0, "equity": 9_983.1, "peak_equity": 11_000.0, "day_start_equity": 10_000.0,
        "trades": 12, "trades_today": 1, "unwinding": None, "differences": [], "issues": [], "generation": 7,
        "restrictions": [{
            "source": "lock", "mode": "REDUCING", "reason": "anna: the ECB meets", "since": "2026-01-05T15:00:00Z",
            "latched": True, "instrument": "GBP_USD",
        }],
        "positions": [position, {**position, "strategy": "GBP_USD_D", "stop": None, "protected": False}],
        "orders": [{
            "client_id": "x", "strategy": "USD_JPY_D", "symbol": "USD_JPY", "role": "entry", "units": "1000", "filled": "0",
            "status": "WORKING",
        }],
        "strategies": [
            {"strategy": "EUR_USD_D", "last_bar": "2026-01-06T15:00:00Z"}, {"strategy": "GBP_USD_D", "last_bar": None},
        ],
        "off": {"group risk": "no groups are given"}, "settings_changed": ["account.balance: 1.0 -> 2.0"],
    }  # fmt: skip
    return {**usual, **changes}


def shown(standing: DeskStanding, width: int = 80) -> str:
    """What stands on the screen."""
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(status_screen(standing, width))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def standing(presence: Presence = Presence.RUNS, **changes: Any) -> DeskStanding:
    """A desk as it is seen from outside."""
    return DeskStanding(Path("desk"), presence, status(**changes), 0.4, HOLDER)


@pytest.mark.parametrize("width", [40, 60, 80, 160])
def test_everything_stands_on_the_screen_and_nothing_is_wider_than_it(width: int) -> None:
    screen = shown(standing(), width)
    assert max(len(line) for line in screen.splitlines()) <= width
    words = " ".join(screen.split())
    assert words.startswith("fx ACTIVE, HEALTHY: it may enter and leave PAPER, no real money")
    for part in (
        "process 4321 on desk.example", "written 0.4 s ago", "9,983.10 USD", "-16.90 (-0.2%)", "GBP_USD REDUCING by lock",
        "anna: the ECB meets", "-26,543", "1.16676", "1.17", "NO STOP", "entry +1,000 USD_JPY, WORKING", "0 s old: EUR_USD_D",
        "no bar yet: GBP_USD_D", "group risk: no groups are given", "account.balance: 1.0 -> 2.0",
    ):  # fmt: skip
        assert part in words, part


@pytest.mark.parametrize(
    ("presence", "code", "words"),
    [
        (Presence.SILENT, 3, "DOES NOT ANSWER"),
        (Presence.STARTS, 3, "is starting"),
        (Presence.CRASHED, 1, "Start it again: it recovers"),
        (Presence.ENDED, 1, "does not run"),
    ],
)
def test_a_desk_that_is_not_there_says_so_first(presence: Presence, code: int, words: str) -> None:
    one = standing(presence)
    assert one.exit_code == code
    assert words in shown(one)
    assert "ACTIVE" not in shown(one).splitlines()[0]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, 0),
        ({"mode": "HALTED"}, 1),
        ({"health": "CRITICAL"}, 1),
        ({"health": "DEGRADED"}, 0),
        ({"differences": ["EUR_USD: the broker has 5"]}, 1),
    ],
)
def test_the_exit_code_says_whether_somebody_has_to_look(changes: dict[str, Any], code: int) -> None:
    assert standing(**changes).exit_code == code


def test_money_that_is_not_known_is_never_shown_as_a_number() -> None:
    screen = shown(standing(equity=None))
    assert "not known, a conversion is missing" in screen
    assert "from its peak" not in screen


def test_real_money_is_said_as_loudly_as_paper() -> None:
    assert "REAL MONEY at paper" in shown(standing(simulated=False))
