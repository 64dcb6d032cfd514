"""The command line. Errors are one sentence on stderr; 2 means bad usage or input."""

import os
import sys
from types import TracebackType

DEFECT = 70
"""Exit code of a defect of ours (EX_SOFTWARE of sysexits.h): Python's own 1 would read as NOT FIT."""


def _defect(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.__excepthook__(kind, error, trace)
    sys.stderr.write("\nThis is a defect of tradeworthy and no answer; please report it with the lines above.\n")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(DEFECT)


def main() -> None:
    """Entry point of the `tradeworthy` command."""
    sys.excepthook = _defect
    try:
        from tradeworthy.cli.commands import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted: no half-written report was left; run the command again.\n")
        code = 2
    sys.exit(code)
