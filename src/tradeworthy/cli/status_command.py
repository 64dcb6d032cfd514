"""`tradeworthy status`: how the desk stands."""

from pathlib import Path
from typing import Annotated

import typer


def status(
    desk: Annotated[Path, typer.Option(help="Folder of the desk.")] = Path(),
    watch: Annotated[
        bool | None,
        typer.Option("--watch/--once", help="Again every second until Ctrl-C, or once; in a terminal it is watched."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for machines.")] = False,
) -> None:
    """How the desk stands. Exit codes: 0 it runs and is well, 1 halted, critical, not in agreement with the broker or not running,
    2 bad usage, 3 it does not answer."""
    from tradeworthy.cli.status_watching import run_status

    raise typer.Exit(run_status(desk, watch=watch, json=json))
