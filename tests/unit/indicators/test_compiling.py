"""The compile cache never serves a kernel made from other source."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import tradeworthy

CODE = "from tradeworthy.indicators import sma; print(sma([1.0, 2.0, 3.0, 6.0], 2).tolist())"


def printed(folder: Path) -> str:
    """What a fresh process that imports the package from `folder` prints."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    result = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    return result.stdout.strip()


def test_a_change_to_an_inner_step_in_another_file_reaches_the_kernel(tmp_path: Path) -> None:
    source = Path(tradeworthy.__file__).parent
    shutil.copytree(source, tmp_path / "tradeworthy", ignore=shutil.ignore_patterns("__pycache__"))
    assert printed(tmp_path) == "[nan, 1.5, 2.5, 4.5]"
    assert printed(tmp_path) == "[nan, 1.5, 2.5, 4.5]"
    steps = tmp_path / "tradeworthy" / "indicators" / "steps.py"
    steps.write_text(steps.read_text().replace("total * (1.0 / n)", "total * (10.0 / n)"))
    assert printed(tmp_path) == "[nan, 15.0, 25.0, 45.0]"


def test_where_no_cache_can_be_kept_everything_is_compiled_anew() -> None:
    code = "from numba.core.caching import CacheImpl; CacheImpl._locator_classes = [];" + CODE
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[nan, 1.5, 2.5, 4.5]"
