"""Strategies by name."""

import sys
from pathlib import Path

import pytest

from tradeworthy.core.errors import InputError
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.registry import strategy_named, strategy_names
from tradeworthy.strategies.rsi_bollinger import RsiBollinger

CODE = """
class Always:
    name, warm_up = "always", 0
    def __init__(self, side: int = 1): self.side = side
    parameters = property(lambda self: {"side": self.side})
    def decisions(self, bars): ...
    def stream(self): ...

def nothing(): return 3
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path in which packages are installed as pip leaves them: code, and a .dist-info beside it."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def install(folder: Path, package: str, code: str, **entries: str) -> None:
    """One package with its entry points."""
    module = package.replace("-", "_")
    (folder / f"{module}.py").write_text(code)
    info = folder / f"{module}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n")
    lines = "".join(f"{name} = {value}\n" for name, value in entries.items())
    (info / "entry_points.txt").write_text(f"[tradeworthy.strategies]\n{lines}")
    sys.modules.pop(module, None)


def test_ours_are_there_and_made_with_their_parameters() -> None:
    assert {"ma_crossover", "rsi_bollinger"} <= set(strategy_names())
    assert strategy_named("ma_crossover", fast=3, slow=9) == MaCrossover(3, 9)
    assert strategy_named("rsi_bollinger") == RsiBollinger()


def test_a_package_brings_its_own(installed: Path) -> None:
    install(installed, "first-plugin", CODE, always_in="first_plugin:Always")
    assert "always_in" in strategy_names()
    assert strategy_named("always_in", side=-1).parameters == {"side": -1}


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("ma_cros", {}, r"no strategy 'ma_cros'; did you mean ma_crossover\?"),
        ("zzz", {}, "no strategy 'zzz'; there are ma_crossover, rsi_bollinger"),
        ("ma_crossover", {}, "ma_crossover needs fast and slow: give fast=..., slow=..."),
        ("ma_crossover", {"fast": 3, "slov": 9}, r"ma_crossover has no parameter 'slov'; did you mean slow\?"),
        ("ma_crossover", {"zzz": 9}, "no parameter 'zzz'; it has fast, slow"),
        ("ma_crossover", {"fast": 3, "slow": 3}, "^ma_crossover: fast and slow are both 3"),
    ],
)
def test_an_unknown_name_or_parameter_is_told_with_the_nearest(
    name: str, parameters: dict[str, int], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        strategy_named(name, **parameters)


def test_two_packages_with_one_name_are_refused_by_their_names(installed: Path) -> None:
    install(installed, "first-plugin", CODE, shared="first_plugin:Always")
    install(installed, "second-plugin", CODE, shared="second_plugin:Always")
    with pytest.raises(
        InputError, match=r"'shared' is claimed by (first|second)-plugin 1.2 and by (first|second)-plugin"
    ):
        strategy_named("shared")


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("import nowhere_at_all", "Always", "No module named 'nowhere_at_all'"),
        ("1 / 0", "Always", "ZeroDivisionError"),
        ("x = ", "Always", "SyntaxError"),
        (CODE, "Missing", "AttributeError"),
    ],
)
def test_a_broken_package_is_named(installed: Path, code: str, value: str, words: str) -> None:
    install(installed, "broken-plugin", code, broken=f"broken_plugin:{value}")
    with pytest.raises(InputError, match=f"strategy 'broken' of broken-plugin 1.2 cannot be loaded: .*{words}"):
        strategy_named("broken")


def test_what_is_no_strategy_is_refused(installed: Path) -> None:
    install(installed, "odd-plugin", CODE, three="odd_plugin:nothing")
    with pytest.raises(InputError, match="three made an int, which has no decisions"):
        strategy_named("three")
