"""`tradeworthy risk` with its options; what they do stands in `assessing`."""

from pathlib import Path
from typing import Annotated

import typer


def risk(
    book: Annotated[
        str | None,
        typer.Argument(
            help="A settings file or its folder, or a book that ships: fx-daily, fx-16. Default: tradeworthy.toml."
        ),
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of bars named INSTRUMENT_TIMEFRAME.")] = None,
    trades: Annotated[Path | None, typer.Option(help="Assess this history of trades instead of a book.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="Which column of your files holds what, as stop=SL; may be repeated.")
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Zone of times that name none, such as UTC.")] = None,
    limit: Annotated[
        float | None, typer.Option(help="The fall from a peak that must not happen, as a fraction. Default: 0.2.")
    ] = None,
    horizon: Annotated[int | None, typer.Option(help="Trading days within which it must not. Default: 252.")] = None,
    risk_per_trade: Annotated[
        float | None, typer.Option("--risk", help="Share of equity lost at a stop. Default: 0.02.")
    ] = None,
    paths: Annotated[int | None, typer.Option(help="Futures that are drawn. Default: 10000.")] = None,
    stress: Annotated[
        Path | None, typer.Option(help="A TOML file with scenarios and crises of your own (docs/stress.md).")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of everything random. Default: 0.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the report; default: reports/<UTC>-risk.")] = None,
) -> None:
    """What can it lose? Defaults are the settings' [risk].

    Exit codes: 0 LOW or MODERATE, 1 HIGH or VERY HIGH, 2 bad usage or input, 3 insufficient data."""
    from tradeworthy.cli.assessing import RiskAsked, run_risk
    from tradeworthy.cli.repeated import pairs

    columns = pairs("--column", column or [], "stop=SL")
    asked = RiskAsked(
        book, data, trades, columns, timezone, limit, horizon, risk_per_trade, paths, stress, seed, out
    )  # fmt: skip
    raise typer.Exit(run_risk(asked))
