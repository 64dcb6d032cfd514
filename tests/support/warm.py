"""Processes that begin with their imports done: forked off one that has imported and done nothing else.

Most of the time of a short command goes into importing NumPy, numba and polars, and tests run hundreds of them. What is
asked here has its own process, folder, environment and exit code like any other, only not its own start. What a test
says about starting, about signals, or about two processes with hashes of their own, needs `subprocess`.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

LIBRARIES = ("narwhals", "numba", "numpy", "pandas", "polars", "pydantic", "rich.table", "scipy.stats", "sqlalchemy")
STEM = """
import atexit, gc, importlib, json, os, pkgutil, sys, threading
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
    if name == "tradeworthy":
        for one in pkgutil.walk_packages(sys.modules[name].__path__, "tradeworthy."):
            one.name.endswith("__main__") or importlib.import_module(one.name)
gc.freeze()
asked = os.fdopen(os.dup(0), "rb", buffering=0)
done = os.fdopen(os.dup(1), "wb", buffering=0)
nothing = os.open(os.devnull, os.O_RDONLY)
os.dup2(nothing, 0)
while line := asked.readline():
    job = json.loads(line)
    child = os.fork()
    if child:
        done.write(b"%d\\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        continue
    asked.close()
    done.close()
    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["environment"])
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(os.path.join(job["results"], name), os.O_WRONLY | os.O_CREAT), number)
    sys.argv, sys.path[0] = job["argv"], job["path"]
    code = 0
    try:
        exec(compile(job["code"], "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        code = end.code or 0
        if not isinstance(code, int):
            print(code, file=sys.stderr)
            code = 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    # The end of any process, but for taking every module down, which would cost more than most commands do.
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
"""


class Stem:
    """A process that has imported and waits; what is asked of it, it forks off."""

    def __init__(self, *names: str) -> None:
        self._results = tempfile.TemporaryDirectory(prefix="warm-")
        command = [sys.executable, "-c", STEM, json.dumps(names)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, job: dict[str, Any], **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run code in a folder with these arguments, to its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        results = Path(self._results.name)
        for name in ("out", "err"):
            (results / name).unlink(missing_ok=True)
        whole = job | {"environment": os.environ | environment, "results": str(results)}
        self._process.stdin.write(json.dumps(whole).encode() + b"\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        out, err = ((results / name).read_text() for name in ("out", "err"))
        return subprocess.CompletedProcess(job["argv"], code, out, err)

    def close(self) -> None:
        """No more questions."""
        self._process.communicate()
        self._results.cleanup()


@lru_cache(maxsize=2)
def stem(*names: str) -> Stem:
    """One for all tests of this process."""
    made = Stem(*names)
    atexit.register(made.close)
    return made


def tradeworthy(*arguments: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The command in a folder, as typed there."""
    script = str(Path(sys.executable).with_name("tradeworthy"))
    code = "import sys; from tradeworthy.cli import main; sys.exit(main())"
    job = {"argv": [script, *arguments], "path": str(Path(script).parent), "code": code, "folder": str(folder)}
    return stem(*LIBRARIES, "tradeworthy").run(job, **environment)


def python(code: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """`python -c code` in a folder; this package is imported by the code itself, and by nothing before it."""
    return stem(*LIBRARIES).run({"argv": ["-c"], "path": "", "code": code, "folder": str(folder)})
