"""The command line. Errors are one sentence on stderr; 2 means bad usage or input."""

import sys


def main() -> None:
    """Entry point of the `tradeworthy` command."""
    try:
        from tradeworthy.cli.commands import run  # noqa: PLC0415 - Ctrl-C while modules load is answered like any other

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted: nothing was written; run the command again.\n")
        code = 2
    sys.exit(code)
