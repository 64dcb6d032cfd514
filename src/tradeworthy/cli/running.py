"""`tradeworthy run`: what stands on the screen while a desk trades, and what is said at its end."""

import math
import os
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tradeworthy.api.desk_running import RunWanted, exit_code, moved_aside, run_desk
from tradeworthy.api.validation import moment
from tradeworthy.cli.interruption import Interrupted
from tradeworthy.cli.run_screen import DeskScreen
from tradeworthy.cli.run_summary import show_run
from tradeworthy.core.clock import DAY_NS, from_datetime
from tradeworthy.core.errors import InputError

LAST_YEAR_NS = 365 * DAY_NS
"""How much of the bars is replayed unless something else is asked for; what lies before it warms the strategies up."""


@dataclass(frozen=True, slots=True)
class RunAsked:
    """What was asked for on the command line."""

    book: str | None
    desk: Path | None
    data: Path | None
    feed: str
    broker: str
    speed: str
    start: str | None
    end: str | None
    again: bool
    quiet: bool


def run_and_show(asked: RunAsked) -> int:
    """Run the desk to its end. Raises TradeworthyError with one sentence."""
    if (asked.feed, asked.broker) != ("replay", "paper"):
        raise InputError("so far a desk trades on --broker paper over --feed replay; leave these options out")
    screen = DeskScreen(quiet=asked.quiet)
    every = asked.start == "all"
    wanted = RunWanted(
        asked.book or "tradeworthy.toml", asked.desk, asked.data, _speed(asked.speed), None if every else _day(asked.start, 0),
        _day(asked.end, DAY_NS), None if every else LAST_YEAR_NS, dict(os.environ),
    )  # fmt: skip
    if asked.again:
        kept = moved_aside(wanted)
        if kept is not None:
            screen.check("again", f"what was there is kept in {kept}")
    try:
        result = run_desk(wanted, screen)
    except KeyboardInterrupt:
        raise Interrupted("stopped at once; the next start recovers from the journal.") from None
    show_run(result, screen.refused, Console(highlight=False))
    return exit_code(result.state)


def _day(text: str | None, end_ns: int) -> int | None:
    """A moment as itself, a day as its beginning, or so much later."""
    when = moment(text)
    if text is None or when is None:
        return None
    return from_datetime(when) - (DAY_NS - end_ns if len(text) == len("2024-06-30") else 0)


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0 < speed < math.inf:
        raise InputError(f"--speed {text}: write max, or how many times as fast as real time, such as 60")
    return speed
