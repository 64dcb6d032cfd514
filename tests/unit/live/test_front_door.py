"""The names that `tradeworthy.live` gives."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

from tradeworthy import live

PACKAGE = Path(live.__file__).parents[1]


def asked_of_live() -> set[tuple[str, str]]:
    """(module, name) of all that other rooms import out of this one."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if path.is_relative_to(PACKAGE / "live"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tradeworthy.live."):
                found |= {(str(node.module), one.name) for one in node.names}
    return found


def test_exported_names_stand_there_once_and_can_be_had() -> None:
    assert len(live.__all__) == len(set(live.__all__))
    assert [name for name in live.__all__ if getattr(live, name) is None] == []
    assert set(live.__all__) <= set(dir(live))


def test_whatever_other_rooms_use_is_offered_by_its_name() -> None:
    asked = asked_of_live()
    assert len(asked) > 20
    assert sorted({name for _, name in asked} - set(live.__all__)) == []
    for module, name in asked:
        assert getattr(live, name) is getattr(importlib.import_module(module), name)


def test_asking_for_one_name_loads_no_more_than_its_home() -> None:
    script = "import sys; from tradeworthy.live import Mode; print(*[one for one in sys.modules if 'live.' in one])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "tradeworthy.live.mode" in done.stdout
    assert "tradeworthy.live.desk_runtime" not in done.stdout
    assert "tradeworthy.live.stepping" not in done.stdout
