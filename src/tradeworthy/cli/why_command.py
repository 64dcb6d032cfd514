"""`tradeworthy why` with its options; what is said stands in `why_display`."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer


def why(
    signal: Annotated[
        str | None,
        typer.Argument(
            metavar="[SIGNAL]",
            help="Client id of an order; number of an event or note, as `journal tail` shows it; id of a signal from outside.",
        ),
    ] = None,
    date: Annotated[str | None, typer.Option(help="List the signals of one trading day, such as 2026-08-03.")] = None,
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="How many of the latest signals to list.")] = 20,
    json: Annotated[bool, typer.Option("--json", help="The answer as JSON, for machines.")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of bars, where the desk does not name it.")] = None,
    desk: Annotated[Path, typer.Option(help="Folder of the desk.")] = Path(),
) -> None:
    """Each check of a signal with what it required and found; without one, the latest signals. The desk may run."""
    import msgspec
    from rich.console import Console

    from tradeworthy.api.explaining import explain_signal, latest_signals
    from tradeworthy.cli.why_display import show_signal, show_signals
    from tradeworthy.core.errors import InputError

    if signal is None:
        lines = latest_signals(desk, count, day=date, data=data)
        if json:
            sys.stdout.write(msgspec.json.encode([one.to_dict() for one in lines]).decode() + "\n")
        else:
            show_signals(lines, Console(highlight=False))
        return
    if date is not None:
        raise InputError("a signal has one date; give the signal or --date, and not both")
    found = explain_signal(signal, desk, data=data)
    if json:
        sys.stdout.write(msgspec.json.encode(found.to_dict()).decode() + "\n")
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 200
        show_signal(found, Console(highlight=False, width=width))
