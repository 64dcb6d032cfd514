"""What `tradeworthy audit` says: the answer first, then what is wrong, what is proven, and what is not."""

import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from tradeworthy.api.audit_proofs import audit_proof, prove_events
from tradeworthy.api.audit_result import Audit, Wholeness
from tradeworthy.api.auditing import audit_journal
from tradeworthy.api.checkpoints import checkpoint_journal
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError

_CODES: Final = {Wholeness.WHOLE: 0, Wholeness.TAMPERED: 1, Wholeness.COULD_NOT_TELL: 3}
_SHOWN: Final = 10
"""Findings that are written out."""
_WIDEST: Final = 110


def run_verify(desk: Path, against: Path | None, proof: Path | None, key: str | None, *, json: bool) -> int:
    """The exit code."""
    found = audit_proof(proof, against=against, key=key) if proof else audit_journal(desk, against=against, key=key)
    if json:
        sys.stdout.write(msgspec.json.encode(found.to_dict()).decode() + "\n")
    else:
        _say(found)
    return _CODES[found.verdict]


def run_checkpoint(desk: Path, *, json: bool) -> int:
    """The exit code."""
    made = checkpoint_journal(desk)
    if json:
        sys.stdout.write(f"{made.checkpoint.line().decode() if made.checkpoint else 'null'}\n")
    elif made.checkpoint is None:
        _lines("", f"TAMPERED: {made.sentence}")
    elif made.is_new:
        _lines("", f"Signed: {made.sentence}.")
        _lines("", f"Keep the last line of {desk / 'checkpoints.jsonl'} where who has the desk's key cannot change it.")
    else:
        _lines("", f"Nothing to sign: {made.sentence}. What was before is read by `tradeworthy audit verify`.")
    return 1 if made.checkpoint is None else 0


def run_prove(events: str, desk: Path, out: Path | None, against: Path | None, key: str | None) -> None:
    """Write the proof and say where it is."""
    first, last = _range(events)
    path, proof = prove_events(first, last, desk, to=out, against=against, key=key)
    at = proof.checkpoint
    _lines(
        "",
        f"Wrote {path}: {counted(len(proof.events), 'event')}, with the checkpoint of {at.time} ({counted(at.size, 'event')}), "
        f"signed with key {at.fingerprint}. The events are readable in it.",
    )


def _range(events: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,18})(?:(?:-|\.\.)([0-9]{1,18}))?", events.strip().replace(",", ""))
    if found is None:
        raise InputError(f"{events}: name events by their sequence, as 17 or 10-20")
    return int(found[1]), int(found[2] or found[1])


def _say(found: Audit) -> None:
    _lines("", f"{found.verdict}: {found.sentence}")
    rest = found.findings if len(found.findings) > 1 else ()
    _part("Wrong", [one.sentence for one in rest[:_SHOWN]])
    if len(rest) > _SHOWN:
        _lines("  ", f"and {len(rest) - _SHOWN} more, which --json shows")
    _part("Proven", found.proven)
    _part("Not proven", found.not_proven)


def _part(title: str, sentences: Sequence[str]) -> None:
    if sentences:
        sys.stdout.write(f"{title}:\n")
    for one in sentences:
        _lines("  - ", one)


def _lines(before: str, text: str) -> None:
    """Folded to the terminal; in one line each where nobody looks."""
    whole = before + text
    if sys.stdout.isatty():
        width = min(shutil.get_terminal_size().columns, _WIDEST)
        whole = textwrap.fill(whole, width, subsequent_indent=" " * len(before), break_on_hyphens=False)
    sys.stdout.write(whole + "\n")
