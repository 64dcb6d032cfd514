"""`tradeworthy run`: trade the book."""

from pathlib import Path
from typing import Annotated

import typer


def run_desk_command(
    book: Annotated[
        str | None,
        typer.Argument(
            help="A settings file or its folder, or a book that ships: fx-daily, fx-16. Default: tradeworthy.toml."
        ),
    ] = None,
    desk: Annotated[
        Path | None, typer.Option(help="The desk's folder; that of the settings, or BOOK-desk for a book that ships.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of bars named INSTRUMENT_TIMEFRAME.")] = None,
    feed: Annotated[str, typer.Option(help="Where bars come from; replay is all there is so far.")] = "replay",
    broker: Annotated[str, typer.Option(help="Where orders go; paper is all there is so far.")] = "paper",
    speed: Annotated[str, typer.Option(help="max, or how many times as fast as real time bars come.")] = "max",
    start: Annotated[
        str | None,
        typer.Option("--from", help="Day on which the replay begins, or all; a year before its end by default."),
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day of the replay; the newest bar by default.")] = None,
    again: Annotated[
        bool,
        typer.Option("--again", help="Begin anew: journal and paper account are moved into a folder of their own."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Only the checklist, alerts and the summary.")] = False,
) -> None:
    """Trade the book: on paper, over replayed bars, no real money is moved. Exit codes: 0 healthy, 1 halted or not in agreement
    with the broker, 2 bad usage or input."""
    from tradeworthy.cli.running import RunAsked, run_and_show

    asked = RunAsked(book, desk, data, feed, broker, speed, start, end, again, quiet)
    raise typer.Exit(run_and_show(asked))
