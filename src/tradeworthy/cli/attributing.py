"""What `tradeworthy attribute` says."""

import sys
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console

from tradeworthy.api.session_attribution import attribute_sessions, last_session
from tradeworthy.appraisal.attributed import Attributed
from tradeworthy.core.errors import InputError
from tradeworthy.reports.attribution_console import show_attribution

_CODES: Final = {Attributed.ALL: 0, Attributed.UNEXPLAINED: 1, Attributed.COULD_NOT_TELL: 3}


def run_attribution(
    desk: Path, date: str | None, start: str | None, until: str | None, data: Path | None, *, json: bool
) -> int:
    """The exit code."""
    if date is not None and (start is not None or until is not None):
        raise InputError("name one day (--date) or several (--from, --until), not both")
    if date is None and start is None and until is None:
        run = last_session(desk, data)
    else:
        run = attribute_sessions(desk, *((start, until) if date is None else (date, date)), data)
    if json:
        sys.stdout.write(msgspec.json.encode(run.to_dict()).decode() + "\n")
    else:
        show_attribution(run, Console(highlight=False))
    return _CODES[run.verdict]
