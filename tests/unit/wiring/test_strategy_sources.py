"""Strategies out of names, modules and files."""

import sys
from pathlib import Path
from typing import Any

import pytest

from support.markets import random_walk
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.core.errors import InputError
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.wiring.strategy_sources import load_strategy

CODE = """
from __future__ import annotations
import math
from dataclasses import dataclass
from enum import Enum
from typing import Literal
from tradeworthy import MaCrossover, Recipe

class Speed(Enum):
    SLOW = "slow"
    QUICK = "quick"

@dataclass(frozen=True)
class Cross(Recipe):
    period: int = 5
    share: float = 0.5
    both: bool = True
    def indicators(self, bars): return (bars.close,)
    @staticmethod
    def decide(now, before, parameters): return 1, 0, math.nan, math.nan

ready = MaCrossover(3, 9)

def factory(fast: int, slow: int = 20, stop: float | None = 2.0) -> MaCrossover:
    return MaCrossover(fast, slow, stop_atr=stop)

def worded(speed: Speed, mode: Literal["a", "b"], label: str, free=None): return MaCrossover(2, 5 if speed is Speed.SLOW else 4)

def plain(historical_data, symbol, days: int = 3):
    return {"action": "BUY"} if len(historical_data) == days else None

def counting(historical_data, symbol, n=20, rr=2.0, mode="calm", both=True, free=None): return None

def one(historical_data): ...
def three(h, symbol, n): ...
def none(): ...
def optional(h=None, symbol=""): ...

def failing(): raise RuntimeError("out of luck")

number = 3
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a file of strategies in it."""
    (tmp_path / "desk_of_mine.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "desk_of_mine", raising=False)
    return tmp_path


@pytest.mark.parametrize("where", ["desk_of_mine", "desk_of_mine.py", "./desk_of_mine.py"])
@pytest.mark.parametrize("name", ["Cross", "ready", "factory", "plain"])
def test_modules_and_files_give_every_kind(desk: Path, where: str, name: str) -> None:
    assert desk == Path.cwd()
    found = load_strategy(f"{where}:{name}", {"fast": "4"} if name == "factory" else {})
    assert callable(found) if name == "plain" else hasattr(found, "decisions")


def test_parameters_are_converted_by_their_annotations(desk: Path) -> None:
    assert desk.is_dir()
    assert load_strategy(
        "ma_crossover", {"fast": "3", "slow": "9", "stop_atr": "2", "exit_on_opposite_cross": "no"}
    ) == (MaCrossover(3, 9, stop_atr=2.0, exit_on_opposite_cross=False))
    assert load_strategy("desk_of_mine:factory", {"fast": "4", "stop": "none"}) == MaCrossover(4, 20)
    cross: Any = load_strategy("desk_of_mine:Cross", {"period": "7", "share": "1e-1", "both": "off"})
    assert dict(cross.parameters) == {"period": 7, "share": 0.1, "both": False}
    worded = load_strategy("desk_of_mine:worded", {"speed": "slow", "mode": "b", "label": "12", "free": "x"})
    assert worded == MaCrossover(2, 5)


def test_a_plain_function_keeps_its_further_parameters(desk: Path) -> None:
    assert desk.is_dir()
    function: Any = load_strategy("desk_of_mine.py:plain", {"days": "2"})
    assert function([1, 2], "EUR_USD") == {"action": "BUY"}
    assert function([1, 2, 3], "EUR_USD") is None


def test_parameters_without_annotations_are_of_the_kind_of_their_default(desk: Path) -> None:
    assert desk.is_dir()
    texts = {"n": "7", "rr": "3", "mode": "5", "both": "off", "free": "6"}
    function: Any = load_strategy("desk_of_mine:counting", texts)
    assert function.keywords == {"n": 7, "rr": 3.0, "mode": "5", "both": False, "free": 6}
    assert type(function.keywords["rr"]) is float
    assert load_strategy("desk_of_mine:counting", {"n": "none"}).keywords == {"n": None}  # type: ignore[union-attr]


def test_a_recipe_out_of_a_file_trades(desk: Path) -> None:
    assert desk.is_dir()
    strategy: Any = load_strategy("desk_of_mine.py:Cross")
    assert len(run_backtest(random_walk(20), strategy).trades) == 1


@pytest.mark.parametrize(
    ("spec", "texts", "words"),
    [
        ("ma_cros", {}, "did you mean ma_crossover"),
        ("desk_of_mine.py", {}, "name the strategy in it as well, such as desk_of_mine.py:my_strategy"),
        ("gone.py:x", {}, "gone.py: there is no such file"),
        ("nowhere.at_all:x", {}, "there is no module 'nowhere.at_all' in "),
        (":x", {}, "is no strategy; write a name, module:object or path/to/file.py:object"),
        ("desk_of_mine:", {}, "is no strategy; write a name"),
        ("desk_of_mine.py:Cros", {}, r"desk_of_mine.py has no 'Cros'; did you mean Cross or MaCrossover\?"),
        ("desk_of_mine:zzz", {}, "desk_of_mine has no 'zzz'; check its name"),
        ("desk_of_mine:number", {}, "number is an int, and no strategy, class or function"),
        (
            "desk_of_mine:one",
            {},
            r"one\(historical_data\) cannot be called with two arguments; a strategy is a function .*; give historical_data=... if",
        ),
        (
            "desk_of_mine:three",
            {},
            r"three\(h, symbol, n\) cannot be called with two arguments; .*; give its others \(n=...\)",
        ),
        (
            "desk_of_mine:none",
            {},
            r"none\(\) was called to make a strategy and gave None; a strategy is a function \(historical_data, symbol\)",
        ),
        (
            "desk_of_mine:optional",
            {},
            r"optional\(h=None, symbol=''\) was called to make .*; its two arguments have no defaults",
        ),
        ("desk_of_mine:failing", {}, "failing raised RuntimeError: out of luck in line 39"),
        (
            "desk_of_mine:ready",
            {"fast": "3"},
            "ready is made already and takes no parameters; name its class MaCrossover",
        ),
        ("desk_of_mine:factory", {}, "factory needs fast: give fast=..."),
        ("desk_of_mine:factory", {"fast": "3.5"}, "factory: fast is '3.5'; it must be a whole number"),
        ("desk_of_mine:factory", {"fast": "3", "stop": "far"}, "stop is 'far'; it must be none or a number"),
        ("desk_of_mine:factory", {"fats": "3"}, r"factory has no parameter 'fats'; did you mean fast\?"),
        ("desk_of_mine:factory", {"fast": "20"}, "factory: fast and slow are both 20"),
        ("desk_of_mine:Cross", {"both": "maybe"}, "Cross: both is 'maybe'; it must be true or false"),
        ("desk_of_mine:counting", {"n": "abc"}, r"n is 'abc'; it must be none or a whole number \(its default is 20\)"),
        ("desk_of_mine:counting", {"n": "1.5"}, r"whole number \(its default is 20; 20.0 there allows fractions\)"),
        ("desk_of_mine:counting", {"rr": "far"}, r"rr is 'far'; it must be none or a number \(its default is 2.0\)"),
        ("desk_of_mine:counting", {"both": "2"}, r"both is '2'; it must be none or true or false"),
        ("desk_of_mine:worded", {"speed": "fast"}, "speed is 'fast'; it must be slow or quick"),
        ("desk_of_mine:worded", {"speed": "slow", "mode": "c"}, "mode is 'c'; it must be 'a' or 'b'"),
    ],
)
def test_whatever_does_not_fit_is_told_in_one_sentence(
    desk: Path, spec: str, texts: dict[str, str], words: str
) -> None:
    assert desk.is_dir()
    with pytest.raises(InputError, match=words) as caught:
        load_strategy(spec, texts)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import math\nimport nowhere_at_all\n", "ModuleNotFoundError: No module named 'nowhere_at_all' in line 2"),
        ("x = 1\ny = (\n", "SyntaxError: .* in line 2"),
        ("def f():\n    return 1 / 0\n\nf()\n", "ZeroDivisionError: division by zero in line 2"),
    ],
)
@pytest.mark.parametrize("spec", ["broken_desk.py:x", "broken_desk:x"])
def test_a_file_that_cannot_be_imported_is_told_with_its_line(desk: Path, spec: str, code: str, words: str) -> None:
    (desk / "broken_desk.py").write_text(code)
    with pytest.raises(InputError, match=f"cannot be imported: it raised {words}"):
        load_strategy(spec)
