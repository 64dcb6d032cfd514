"""`tradeworthy parameters` with its options; what they do stands in `analysing`."""

from pathlib import Path
from typing import Annotated

import typer


def parameters(
    source: Annotated[
        list[str] | None,
        typer.Argument(
            help="Settings or their folder, a book that ships, Python files or folders (never run), JSON. "
            "Default: tradeworthy.toml."
        ),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="What changes are counted from; default: parameter_baseline.json of the desk.")
    ] = None,
    save_baseline: Annotated[
        bool, typer.Option("--save-baseline", help="Make these parameters the baseline; the one before is kept.")
    ] = False,
    data: Annotated[
        Path | None, typer.Option(help="Folder of bars named INSTRUMENT_TIMEFRAME; the settings' own otherwise.")
    ] = None,
    no_neighbours: Annotated[
        bool, typer.Option("--no-neighbours", help="Do not try the sets one step away on the bars.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for the report; default: reports/<UTC>-parameters.")] = None,
) -> None:
    """What do the parameters give away, and what changed? Exit codes: 0 LOW or MEDIUM, 1 HIGH, 2 bad input, 3 nothing judged."""
    from tradeworthy.cli.analysing import ParametersAsked, run_parameters

    raise typer.Exit(run_parameters(ParametersAsked(source, baseline, save_baseline, data, no_neighbours, out)))
