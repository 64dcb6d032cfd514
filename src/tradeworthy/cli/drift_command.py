"""`tradeworthy drift` with its options; what it does stands in `drifting`."""

from pathlib import Path
from typing import Annotated

import typer

from tradeworthy.cli.repeated import pairs


def drift(
    trades: Annotated[Path, typer.Argument(help="The bot's history of closed trades; it may still be growing.")],
    baseline: Annotated[
        str | None, typer.Option(help="A stored baseline (file, number or latest), or another history of trades.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Instead: all that closed by this day or moment is the baseline.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="Which column of your files holds what, as stop=SL; may be repeated.")
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Zone of times that name none, such as UTC.")] = None,
    error: Annotated[float, typer.Option(help="Chance of ever saying STOPPED while nothing changes.")] = 0.05,
    run_length: Annotated[float, typer.Option(help="Trades between false alarms of DRIFTING, on average.")] = 1_000.0,
    follow: Annotated[bool, typer.Option("--follow", help="Look again as the file grows, until Ctrl-C.")] = False,
    every: Annotated[float, typer.Option(help="Seconds between looks of --follow.")] = 5.0,
    json: Annotated[bool, typer.Option("--json", help="One line of JSON a look, for machines.")] = False,
    desk: Annotated[Path, typer.Option(help="Folder of the desk whose baselines are meant.")] = Path(),
) -> None:
    """Does each strategy still earn what it did? HOLDS, DRIFTING (an early warning) or STOPPED (proof, whenever it is
    asked). Exit codes: 0 all hold, 1 one has stopped, 3 one drifts or could not be judged, 2 bad usage or input."""
    from tradeworthy.cli.drifting import DriftAsked, run_drift

    columns = pairs("--column", column or [], "stop=SL")
    asked = DriftAsked(trades, baseline, until, columns, timezone, error, run_length, follow, every, json, desk)
    raise typer.Exit(run_drift(asked))
