"""`tradeworthy halt`, `flatten`, `resume`, `lock`, `unlock`, `accept` and `move-stop`: what an operator asks of a desk."""

from pathlib import Path
from typing import Annotated

import typer

Desk = Annotated[Path, typer.Option(help="Folder of the desk.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept in the journal with your name.")]
Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait until everything is closed.")]
Symbol = Annotated[str, typer.Argument(metavar="INSTRUMENT", help="Such as EUR_USD.")]


def halt(
    reason: Reason,
    kill: Annotated[bool, typer.Option("--kill", help="Also cancel and close everything and end the desk.")] = False,
    wait: Wait = 30.0,
    desk: Desk = Path(),
) -> None:
    """No new entries until an operator resumes it; positions keep their stops. --kill cancels and closes everything, whatever runs.
    Exit codes: 0 done, 1 not all closed yet, 2 bad usage, 3 the desk did not answer."""
    from tradeworthy.cli.operating import run_halt

    raise typer.Exit(run_halt(desk, reason, wait, kill=kill))


def flatten(reason: Reason, wait: Wait = 30.0, desk: Desk = Path()) -> None:
    """Cancel every entry and close every position; the desk goes on running and enters nothing until it is resumed.
    Exit codes: 0 flat and confirmed by the broker, 1 not yet, 2 bad usage, 3 the desk did not answer."""
    from tradeworthy.cli.operating import run_flatten

    raise typer.Exit(run_flatten(desk, reason, wait))


def resume(
    scope: Annotated[str, typer.Option(help="all, instrument:EUR_USD, or source:NAME, as `status` names it.")],
    reason: Reason,
    desk: Desk = Path(),
) -> None:
    """End halts, locks and kills, all or some. Exit codes: 0 done, 2 bad usage, 3 the desk did not answer."""
    from tradeworthy.cli.operating import run_resume

    raise typer.Exit(run_resume(desk, scope, reason))


def lock(instrument: Symbol, reason: Reason, desk: Desk = Path()) -> None:
    """No new entries in one instrument until it is unlocked; those that wait are taken back.
    Exit codes: 0 done, 2 bad usage, 3 the desk did not answer."""
    from tradeworthy.cli.operating import run_about
    from tradeworthy.live.desk_events import Wish

    raise typer.Exit(run_about(desk, Wish.LOCK, instrument, reason))


def unlock(instrument: Symbol, reason: Reason, desk: Desk = Path()) -> None:
    """Let an instrument be entered again. Exit codes: 0 done, 2 bad usage, 3 the desk did not answer."""
    from tradeworthy.cli.operating import run_about
    from tradeworthy.live.desk_events import Wish

    raise typer.Exit(run_about(desk, Wish.UNLOCK, instrument, reason))


def accept(instrument: Symbol, reason: Reason, desk: Desk = Path()) -> None:
    """The broker's book is right: write off what the desk thought it held of an instrument in which they differ.
    Nothing is sent to the broker. Exit codes: 0 done, 2 bad usage or no difference, 3 the desk did not answer."""
    from tradeworthy.cli.operating import run_about
    from tradeworthy.live.desk_events import Wish

    raise typer.Exit(run_about(desk, Wish.ACCEPT, instrument, reason))


def move_stop(
    strategy: Annotated[str, typer.Argument(metavar="STRATEGY", help="As `tradeworthy status` names it.")],
    price: Annotated[
        str, typer.Argument(metavar="PRICE", help="Nearer to the market than the stop is, and not beyond it.")
    ],
    reason: Reason,
    desk: Desk = Path(),
) -> None:
    """Move the stop that rests for a strategy's position nearer to the market; it is never absent meanwhile.
    Exit codes: 0 asked of the broker, 2 bad usage or a price that is refused, 3 the desk did not answer."""
    from tradeworthy.cli.operating import run_move_stop

    raise typer.Exit(run_move_stop(desk, strategy, price, reason))
