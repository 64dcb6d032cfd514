"""`tradeworthy journal` with its options; how events are shown stands in `journal_tail`."""

from pathlib import Path
from typing import Annotated

import typer

journal = typer.Typer(help="Look into a desk's journal, copy it, bring it back, shorten it.", no_args_is_help=True)

Desk = Annotated[Path, typer.Option(help="Folder of the desk.")]


@journal.command()
def tail(
    count: Annotated[
        int, typer.Option("-n", "--count", min=1, max=1_000_000, help="How many of the last events.")
    ] = 20,
    kind: Annotated[list[str] | None, typer.Option(help="Only events of this kind; may be repeated.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with those that come, until Ctrl-C.")] = False,
    json: Annotated[bool, typer.Option("--json", help="A line of JSON for each event, for machines.")] = False,
    desk: Desk = Path(),
) -> None:
    """The last events of a desk, running or not."""
    from tradeworthy.cli.journal_tail import run_tail

    run_tail(desk, count, kind or [], follow=follow, json=json)


@journal.command()
def backup(
    to: Annotated[Path | None, typer.Argument(help="The file to write; default: backups/<UTC>.sqlite.")] = None,
    desk: Desk = Path(),
) -> None:
    """Copy the journal as it is now to one file, checked from end to end; the desk may go on."""
    from tradeworthy.api.journals import backup_desk_journal

    path, last = backup_desk_journal(desk, to)
    typer.echo(f"Wrote {path}: whole up to event {last}.")


@journal.command()
def restore(
    backup_file: Annotated[Path, typer.Argument(metavar="BACKUP", help="A file that `journal backup` wrote.")],
    desk: Desk = Path(),
) -> None:
    """Make the desk's journal out of a backup; nothing is overwritten."""
    from tradeworthy.api.journals import restore_desk_journal

    path, last = restore_desk_journal(backup_file, desk)
    typer.echo(
        f"Wrote {path}: whole up to event {last}. The broker knows what happened after that, and the journal does not: "
        "reconcile before trading."
    )


@journal.command()
def archive(
    to: Annotated[Path | None, typer.Argument(help="The file to write; default: archives/<UTC>.sqlite.")] = None,
    desk: Desk = Path(),
) -> None:
    """Move the events before the newest snapshot to a file of their own; stop the desk first."""
    from tradeworthy.api.journals import archive_desk_journal

    path, last = archive_desk_journal(desk, to)
    typer.echo(f"Moved the events up to {last} to {path}. Keep it: the journal goes on after them.")
