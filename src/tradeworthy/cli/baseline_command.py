"""`tradeworthy baseline` with its options; what they do stands in `baselining`."""

from pathlib import Path
from typing import Annotated

import typer

from tradeworthy.cli.repeated import pairs

baseline = typer.Typer(help="Store what was validated, to hold later performance against it.", no_args_is_help=True)

Desk = Annotated[Path, typer.Option(help="Folder of the desk.")]
Which = Annotated[str, typer.Argument(help="A file, a number or name in the desk's baselines, or latest.")]


@baseline.command()
def save(
    book: Annotated[
        str | None,
        typer.Argument(help="A settings file or its folder, or a book that ships. Default: tradeworthy.toml."),
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of bars named INSTRUMENT_TIMEFRAME.")] = None,
    trades: Annotated[Path | None, typer.Option(help="Store this history of trades instead of a book.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="Which column of your files holds what, as stop=SL; may be repeated.")
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Zone of times that name none, such as UTC.")] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend bars (sort, drop bad ones) and say so.")] = False,
    as_of: Annotated[str | None, typer.Option(help="Day or moment at which it ends; default: newest bar.")] = None,
) -> None:
    """Validate, and store the answer with every trade behind it as baselines/NUMBER-NAME.json."""
    from tradeworthy.cli.baselining import SaveAsked, run_save

    columns = pairs("--column", column or [], "stop=SL")
    run_save(SaveAsked(book, data, trades, columns, timezone, repair, as_of))


@baseline.command()
def show(
    which: Which = "latest",
    desk: Desk = Path(),
    json: Annotated[bool, typer.Option("--json", help="The whole file, for machines.")] = False,
) -> None:
    """What a baseline holds."""
    from tradeworthy.cli.baselining import run_show

    run_show(which, desk, json=json)


@baseline.command()
def diff(
    before: Annotated[str, typer.Argument(help="The older one: a file, a number or a name.")],
    after: Which = "latest",
    desk: Desk = Path(),
) -> None:
    """What differs between two baselines. Exit codes: 0 nothing that a validation would refuse, 1 something, 2 bad input."""
    from tradeworthy.cli.baselining import run_diff

    raise typer.Exit(run_diff(before, after, desk))
