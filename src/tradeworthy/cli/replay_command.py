"""`tradeworthy replay` with its options; what it does stands in `replaying`."""

from pathlib import Path
from typing import Annotated

import typer


def replay(
    date: Annotated[
        str | None,
        typer.Option(help="The trading day, by the date on which it ends: 2026-10-30. Default: the last one."),
    ] = None,
    through: Annotated[
        str | None, typer.Option(help="Go on through this trading day: what came of a day may come later.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(help="Show the desk at that moment: 2026-10-30T14:15:00Z, 14:30 (exchange time) or '14:30 UTC'."),
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(
            help="Settings, or a book that ships: what would they have done on that day, and what came of it?"
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for machines.")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of bars, where the desk's settings do not name it.")] = None,
    desk: Annotated[str, typer.Option(help="Folder of the desk, or a journal: a file or a postgresql:// URL.")] = ".",
) -> None:
    """Live a day of the desk again out of its journal: is every record what the desk makes of the events before it? And what
    would other settings have done? Nothing is written, and the desk may be running. Exit codes: 0 equal, 1 differs, 2 bad usage
    or input, 3 could not tell."""
    from tradeworthy.cli.replaying import ReplayAsked, run_replay

    raise typer.Exit(run_replay(ReplayAsked(desk, date, through, at, config, data, json)))
