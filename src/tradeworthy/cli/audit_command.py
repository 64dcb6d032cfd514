"""`tradeworthy audit` with its options; what is said stands in `auditing`."""

from pathlib import Path
from typing import Annotated

import typer

audit = typer.Typer(
    help="Prove that a desk's journal is what it was. Exit codes: 0 whole, 1 tampered, 2 bad usage or input, 3 could not tell.",
    no_args_is_help=True,
)

Desk = Annotated[Path, typer.Option(help="Folder of the desk.")]
Against = Annotated[Path | None, typer.Option(help="Checkpoints that were kept elsewhere: lines of checkpoints.jsonl.")]
Key = Annotated[str | None, typer.Option(help="The desk's public key, or its fingerprint, as it was told before.")]
Json = Annotated[bool, typer.Option("--json", help="The answer as JSON, for machines.")]


@audit.command(short_help="Is the journal what it was?")
def verify(
    against: Against = None,
    proof: Annotated[
        Path | None, typer.Option(help="Check this proof instead; neither the journal nor the desk is needed.")
    ] = None,
    key: Key = None,
    json: Json = False,
    desk: Desk = Path(),
) -> None:
    """Hold every event against its chain and every checkpoint; says which is the first bad one. The desk may run."""
    from tradeworthy.cli.auditing import run_verify

    raise typer.Exit(run_verify(desk, against, proof, key, json=json))


@audit.command(short_help="Sign what the journal holds now.")
def checkpoint(json: Json = False, desk: Desk = Path()) -> None:
    """Sign what the journal holds now, and add that to checkpoints.jsonl; the desk may run."""
    from tradeworthy.cli.auditing import run_checkpoint

    raise typer.Exit(run_checkpoint(desk, json=json))


@audit.command(short_help="Prove events to somebody without it.")
def prove(
    events: Annotated[str, typer.Argument(metavar="RANGE", help="Which events, as 17 or 10-20.")],
    out: Annotated[Path | None, typer.Option(help="The file to write; default: proofs/<UTC>-RANGE.json.")] = None,
    against: Against = None,
    key: Key = None,
    desk: Desk = Path(),
) -> None:
    """Write events with what proves them to somebody who has no journal; `audit verify --proof` checks it."""
    from tradeworthy.cli.auditing import run_prove

    run_prove(events, desk, out, against, key)
