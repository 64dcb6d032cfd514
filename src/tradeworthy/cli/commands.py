"""Commands and their options."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from tradeworthy.cli.attribute_command import attribute
from tradeworthy.cli.audit_command import audit as audit_app
from tradeworthy.cli.backtest_command import backtest
from tradeworthy.cli.baseline_command import baseline as baseline_app
from tradeworthy.cli.drift_command import drift
from tradeworthy.cli.interruption import Interrupted
from tradeworthy.cli.journal_command import journal as journal_app
from tradeworthy.cli.operator_commands import accept, flatten, halt, lock, move_stop, resume, unlock
from tradeworthy.cli.parameters_command import parameters
from tradeworthy.cli.record_command import record
from tradeworthy.cli.repeated import pairs
from tradeworthy.cli.replay_command import replay
from tradeworthy.cli.risk_command import risk
from tradeworthy.cli.run_command import run_desk_command
from tradeworthy.cli.status_command import status
from tradeworthy.cli.sweep_command import sweep
from tradeworthy.cli.why_command import why
from tradeworthy.core.errors import TradeworthyError
from tradeworthy.core.version import PACKAGE_VERSION

_INTERRUPTED = 130
"""What typer leaves with after Ctrl-C."""

app = typer.Typer(
    name="tradeworthy",
    help="Is your trading system fit to trade? Exit codes: 0 fit, 1 not fit, 2 bad usage or input, 3 could not tell, "
    "70 a defect of ours and no answer.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tradeworthy {PACKAGE_VERSION}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where the desk is to live; made if it is not there.")] = Path(),
    book: Annotated[str, typer.Option(help="Which book to start from: fx-daily or fx-16.")] = "fx-daily",
) -> None:
    """Write a commented tradeworthy.toml into a folder."""
    from tradeworthy.api.desk import start_desk

    path = start_desk(folder, book)
    typer.echo(
        f"Wrote {path}. Next: read it, then run `tradeworthy validate` (does it earn?) and `tradeworthy risk` (what can it lose?) "
        "beside it."
    )


@app.command(short_help="Is today's performance still the validated one?")
def validate(
    book: Annotated[
        str | None,
        typer.Argument(
            help="A settings file or its folder, or a book that ships: fx-daily, fx-16. Default: tradeworthy.toml."
        ),
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of bars named INSTRUMENT_TIMEFRAME.")] = None,
    trades: Annotated[Path | None, typer.Option(help="Judge this history of trades instead of a book.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="Which column of your files holds what, as stop=SL; may be repeated.")
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Zone of times that name none, such as UTC.")] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend bars (sort, drop bad ones) and say so.")] = False,
    months: Annotated[int | None, typer.Option(help="Length of the window; the settings' otherwise (3).")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Day or moment at which the window ends; default: newest bar.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of everything random.")] = None,
    baseline: Annotated[
        str | None, typer.Option(help="Hold against a stored baseline: its file, its number, or latest.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Use the baseline even if parameters, costs or data have changed.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for the report; default: reports/<UTC>-validate.")] = None,
) -> None:
    """Is today's performance still the validated one, and does the book earn anything after costs?"""
    from tradeworthy.cli.validating import Wanted, run_validation

    columns = pairs("--column", column or [], "stop=SL")
    wanted = Wanted(book, data, trades, columns, timezone, repair, months, as_of, seed, out, baseline, force)
    raise typer.Exit(run_validation(wanted))


@app.command(short_help="Does a strategy use bars that had not come yet?")
def lookahead(
    strategy: Annotated[str, typer.Argument(help="ma_crossover, module:object or path/to/file.py:object.")],
    bars: Annotated[
        str | None, typer.Option(help="A file of bars, or ecb:EUR_USD; made-up bars (SYNTHETIC) otherwise.")
    ] = None,
    parameters: Annotated[
        list[str] | None, typer.Option("--set", help="A parameter of the strategy, as fast=10; may be repeated.")
    ] = None,
    cuts: Annotated[int, typer.Option(help="At how many places the history is cut.")] = 100,
    seed: Annotated[int, typer.Option(help="Seed of the cuts, and of bars that are made up.")] = 0,
    column: Annotated[
        list[str] | None, typer.Option(help="Which column of your file holds what, as close=Px; may be repeated.")
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Zone of times that name none, such as UTC.")] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend bars (sort, drop bad ones) and say so.")] = False,
) -> None:
    """Does a strategy use bars that had not come yet? Exit codes: 0 clean, 1 looks ahead, 2 bad usage, 3 could not tell."""
    from tradeworthy.cli.lookahead_command import LookaheadWanted, run_lookahead

    given = pairs("--set", parameters or [], "fast=10")
    columns = pairs("--column", column or [], "close=Px")
    raise typer.Exit(run_lookahead(LookaheadWanted(strategy, given, bars, columns, timezone, repair, cuts, seed)))


app.command(short_help="What would a strategy have earned on these bars?")(backtest)
app.command(short_help="Why did the desk not make what its backtest makes?")(attribute)
app.add_typer(audit_app, name="audit")
app.add_typer(baseline_app, name="baseline")
app.command(short_help="Does a trading strategy still earn what it was validated with?")(drift)
app.add_typer(journal_app, name="journal")
app.command(short_help="What do the parameters give away?")(parameters)
app.command(short_help="May this book be traded on what was validated?")(record)
app.command(short_help="Live a day of the desk again, as it was or under other settings.")(replay)
app.command(short_help="What can a book lose, under stress, in crises, and as one number?")(risk)
app.command("run", short_help="Trade the book: on paper, over replayed bars.")(run_desk_command)
app.command(short_help="How does the desk stand?")(status)
app.command(short_help="Stop the desk from entering; --kill closes everything.")(halt)
app.command(short_help="Close every position of the desk.")(flatten)
app.command(short_help="End halts, locks and kills.")(resume)
app.command(short_help="Stop the desk from entering one instrument.")(lock)
app.command(short_help="Let an instrument be entered again.")(unlock)
app.command(short_help="Write off what the broker says is not there.")(accept)
app.command(name="move-stop", short_help="Move a stop nearer to the market.")(move_stop)
app.command(short_help="Which parameters would have earned how much?")(sweep)
app.command(short_help="Why did a signal become an order, or none?")(why)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def run(arguments: list[str]) -> int:
    """Run a command and give its exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app(arguments)
    except SystemExit as leave:
        if leave.code == _INTERRUPTED:
            raise KeyboardInterrupt from None
        if isinstance(leave.code, str):
            sys.stderr.write(f"Error: {leave.code}\n")
            return 2
        return leave.code or 0
    except Interrupted as stopped:
        sys.stderr.write(f"\nInterrupted: {stopped}\n")
        return 2
    except TradeworthyError as error:
        sys.stderr.write(f"Error: {error}\n")
        return 2
    return 0
