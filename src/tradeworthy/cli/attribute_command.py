"""`tradeworthy attribute` with its options; what it does stands in `attributing`."""

from pathlib import Path
from typing import Annotated

import typer


def attribute(
    date: Annotated[
        str | None, typer.Option(help="One trading day, as 2026-08-04; default: the last in the journal.")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", help="The first of several trading days.")] = None,
    until: Annotated[str | None, typer.Option(help="The last of several trading days.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of bars, where they are not those of the desk.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The answer as JSON, for machines.")] = False,
    desk: Annotated[Path, typer.Option(help="Folder of the desk; it may run.")] = Path(),
) -> None:
    """Put the bars of a session through the backtest, and name every difference to what the desk made, to the cent: costs, data,
    gaps, refusals, sizes, slippage, latency. Exit codes: 0 all of it has a name, 1 some has none, 2 bad usage or input, 3 could
    not tell (no trades, or the journal does not hold all)."""
    from tradeworthy.cli.attributing import run_attribution

    raise typer.Exit(run_attribution(desk, date, from_, until, data, json=json))
