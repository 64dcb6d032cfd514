"""Our side of the conversation with a peer that runs in an environment of its own under .bench."""

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parent / ".bench"


class NotRun(Exception):  # noqa: N818 - an answer that tables print, as in the house's other words
    """The peer could not be asked, and why."""


class Peer:
    """A peer's process; `ask` gives what it answers. Raises NotRun with the reason when it cannot be started."""

    def __init__(self, environment: str, script: str) -> None:
        python = ENVIRONMENTS / environment / "bin" / "python"
        if not python.exists():
            raise NotRun(f"no environment: bench/peers/environments.sh {environment} could not make it, or was not run")
        self.name = environment
        self._log = (ENVIRONMENTS / f"{script}.log").open("w")
        self._process = subprocess.Popen(
            [str(python), str(HERE / "peers" / f"{script}.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True,
            env={**os.environ, "PYTHONPATH": str(HERE)},
        )  # fmt: skip
        self.version = str(self._read()["version"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(60)
        self._log.close()

    def ask(self, do: str, **details: Any) -> Any:
        """The answer to one question."""
        if self._process.stdin is None:
            raise NotRun("its input is closed")
        self._process.stdin.write(json.dumps({"do": do, **details}) + "\n")
        self._process.stdin.flush()
        return self._read()["answer"]

    def _read(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise NotRun(f"it ended with {self._process.wait(60)}; its last words are in {self._log.name}")
        said: dict[str, Any] = json.loads(line)
        return said
