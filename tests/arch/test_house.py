"""Rules of the house that no other tool holds."""

import ast
import importlib
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import tradeworthy
from tradeworthy import indicators, risk, validation
from tradeworthy.core.approved import Approved
from tradeworthy.core.mint import approve

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "tradeworthy"
FILES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 400, 70


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_and_functions_stay_small_and_catch_nothing_broadly(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert len(text.splitlines()) <= LONGEST_FILE
    for function in functions(tree):
        assert (function.end_lineno or 0) - function.lineno < LONGEST_FUNCTION, function.name
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, "a bare except"
            assert getattr(node.type, "id", "") not in {"Exception", "BaseException"}
    assert ast.get_docstring(tree)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_only_the_clock_reads_the_clock(path: Path) -> None:
    calls = {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)}
    clocks = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "date.today", "datetime.today"}
    assert not calls & clocks or path == SOURCE / "core" / "clock.py"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_module_bears_the_name_of_something_it_defines(path: Path) -> None:
    defined = {
        node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    assert path.stem not in defined


@pytest.mark.parametrize("package", [tradeworthy, indicators, risk, validation])
def test_exported_names_are_sorted_and_can_be_had(package: ModuleType) -> None:
    names: list[str] = package.__all__
    assert names == sorted(names)
    for name in names:
        assert getattr(package, name) is not None
    assert set(names) <= set(dir(package))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = tradeworthy.nonsense


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_can_be_imported_by_itself(path: Path) -> None:
    if path.stem == "__main__":
        return
    name = ".".join(("tradeworthy", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")
    assert importlib.import_module(name).__doc__


def test_importing_the_package_or_asking_for_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, tradeworthy, tradeworthy.cli.commands;"
        "print(sorted({'numpy', 'numba', 'polars', 'pandas', 'scipy', 'pydantic', 'rich.table'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_second_process_compiles_nothing() -> None:
    code = (
        "import numba.core.compiler as c; made = []; old = c.compile_extra;"
        "c.compile_extra = lambda *a, **k: (made.append(a[2].__name__), old(*a, **k))[1];"
        "import tradeworthy; bars = tradeworthy.read_bars('ecb:EUR_USD');"
        "tradeworthy.run_backtest(bars, tradeworthy.MaCrossover(5, 20, stop_atr=2, target_atr=3)); print(made)"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(2)]
    assert runs[1].stdout.strip() == "[]"


def test_an_approval_cannot_be_built_changed_copied_or_stored() -> None:
    approval = approve("order")
    assert approval.value == "order"
    with pytest.raises(TypeError, match="comes from the gate"):
        Approved()
    with pytest.raises(AttributeError, match="does not change"):
        approval.value = "other"  # type: ignore[misc]
    import copy
    import pickle

    for way in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            way(approval)


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == tradeworthy.__version__
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text()


def test_what_is_declared_is_what_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = (ROOT / "requirements" / "run.in").read_text().split()
    assert sorted(project["dependencies"]) == sorted(line for line in pinned if not line.startswith(("-r", "build.in")))


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_pins_have_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    assert "--hash=sha256:" in text
    assert "://" not in text
    assert "index" not in text.replace("flit", "")
