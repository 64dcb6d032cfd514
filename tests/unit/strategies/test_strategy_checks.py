"""An object that is called a strategy and is not a whole one."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from support.markets import random_walk
from tradeworthy.api.sweeping import sweep
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.lookahead import find_lookahead
from tradeworthy.core.errors import InputError
from tradeworthy.strategies.checking import check_strategy
from tradeworthy.strategies.ma_cross import MaCrossover

WHOLE = {"decisions": MaCrossover(3, 8).decisions, "name": "mine", "warm_up": 9, "parameters": {"fast": 3}}


class Raising:
    """Says nothing of itself."""

    decisions = MaCrossover(3, 8).decisions
    name = "raising"
    parameters = MaCrossover(3, 8).parameters

    @property
    def warm_up(self) -> int:
        """No number."""
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": None, "warm_up": None, "parameters": None}, "no name, no warm_up, no parameters; a strategy has all four"),
        ({"name": None}, "decisions(bars) and no name; a"),
        ({"name": ""}, "name must be a text, not ''"),
        ({"warm_up": "9"}, "warm_up must be a whole number of bars, 0 or more, not '9'"),
        ({"warm_up": -1}, "0 or more, not -1"),
        ({"parameters": [3]}, "parameters must be a mapping of name to value, not [3]"),
    ],
)  # fmt: skip
def test_what_a_strategy_lacks_is_said_wherever_it_is_taken(given: dict[str, Any], said: str, tmp_path: Path) -> None:
    made: Any = SimpleNamespace(**{name: value for name, value in (WHOLE | given).items() if value is not None})
    bars = random_walk(400)
    for work in (
        lambda: run_backtest(bars, made),
        lambda: find_lookahead(made, bars),
        lambda: sweep(bars, lambda **_: made, {"x": [1]}, desk=tmp_path),
    ):
        with pytest.raises(InputError, match=re.escape(said)):
            work()


def test_what_it_raises_when_it_is_asked_is_named_with_its_cause() -> None:
    strategy: Any = Raising()
    with pytest.raises(InputError, match="Raising raised ZeroDivisionError"):
        run_backtest(random_walk(400), strategy)


def test_a_whole_strategy_passes() -> None:
    strategy: Any = SimpleNamespace(**WHOLE)
    check_strategy(strategy)
    assert len(run_backtest(random_walk(400), strategy).trades) == len(
        run_backtest(random_walk(400), MaCrossover(3, 8)).trades
    )
