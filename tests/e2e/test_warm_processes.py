"""What runs in a process that was forked after its imports says and does what it would in one of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.warm import python, tradeworthy

COMMAND = str(Path(sys.executable).with_name("tradeworthy"))


@pytest.mark.parametrize(
    "code",
    [
        "import os, sys; print(os.getcwd(), sys.argv, sys.path[0], __name__, sys.stdin.read())",
        "import sys; sys.exit(3)",
        "import sys; sys.exit()",
        "import sys; sys.exit('no')",
        "import sys; print('out'); print('err', file=sys.stderr); 1 / 0",
        "import os; os.kill(os.getpid(), 9)",
        "import atexit, threading; atexit.register(print, 'last'); threading.Timer(0.05, print, ['later']).start()",
        "import sys; print(any(name.startswith('tradeworthy') for name in sys.modules))",
    ],
)
def test_python_is_the_same_warm(tmp_path: Path, code: str) -> None:
    warm = python(code, tmp_path)
    cold = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert (warm.returncode, warm.stdout) == (cold.returncode, cold.stdout)
    assert warm.stderr.splitlines()[-1:] == cold.stderr.splitlines()[-1:]


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["--nonsense"], ["validate"], ["journal", "tail"]])
def test_the_command_is_the_same_warm(tmp_path: Path, arguments: list[str]) -> None:
    warm = tradeworthy(*arguments, folder=tmp_path, COLUMNS="80")
    environment = {**os.environ, "COLUMNS": "80"}
    cold = subprocess.run(
        [COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False, env=environment
    )
    assert (warm.returncode, warm.stdout, warm.stderr) == (cold.returncode, cold.stdout, cold.stderr)


def test_one_process_knows_nothing_of_the_one_before_it(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("value = 1\n")
    assert (
        python("import mine, os; print(mine.value); os.environ['SET'] = 'x'; os.chdir('/')", tmp_path).stdout == "1\n"
    )
    (tmp_path / "mine.py").write_text("value = 22\n")
    assert python("import mine, os; print(mine.value, os.environ.get('SET'))", tmp_path).stdout == "22 None\n"
