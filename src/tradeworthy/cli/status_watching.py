"""Show how a desk stands, once or again every second."""

import sys
import time
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console
from rich.live import Live

from tradeworthy.api.desk_standings import DeskStanding, desk_standing
from tradeworthy.cli.status_display import status_screen

_REFRESH_SECONDS: Final = 1.0


def run_status(desk: Path, *, watch: bool | None, json: bool) -> int:
    """The exit code of what was seen last. Raises InputError where there is no desk."""
    watched = sys.stdout.isatty() and not json if watch is None else watch
    if json:
        return _as_json(desk, watched=watched)
    console = Console(highlight=False)
    standing = desk_standing(desk)
    if not watched:
        console.print(status_screen(standing, console.width))
        return standing.exit_code
    try:
        with Live(console=console, auto_refresh=False, screen=sys.stdout.isatty(), vertical_overflow="crop") as live:
            while True:
                standing = desk_standing(desk)
                live.update(status_screen(standing, console.width), refresh=True)
                time.sleep(_REFRESH_SECONDS)
    except KeyboardInterrupt:
        console.print(status_screen(standing, console.width))  # the last look stays on the screen
        return standing.exit_code


def _as_json(desk: Path, *, watched: bool) -> int:
    standing = desk_standing(desk)
    _write(standing)
    try:
        while watched:
            time.sleep(_REFRESH_SECONDS)
            standing = desk_standing(desk)
            _write(standing)
    except KeyboardInterrupt:
        pass  # enough has been seen
    return standing.exit_code


def _write(standing: DeskStanding) -> None:
    sys.stdout.write(f"{msgspec.json.encode(standing.to_dict()).decode()}\n")
    sys.stdout.flush()
