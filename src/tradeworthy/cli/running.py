"""`tradeworthy run`: what stands on the screen while a desk trades, and what is said at its end."""

import math
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tradeworthy.api.desk_running import RunResult, RunWanted, exit_code, moved_aside, run_desk
from tradeworthy.api.validation import moment
from tradeworthy.cli.interruption import Interrupted
from tradeworthy.core.clock import DAY_NS, from_datetime, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_commands import NoteKind, NoteLevel, Tell
from tradeworthy.live.desk_status import status_of

_STYLE = {NoteLevel.INFO: "", NoteLevel.WARNING: "yellow", NoteLevel.ALERT: "bold red"}
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


class DeskScreen:
    """The checklist and what happens, a line each, on stderr; refusals are counted."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._quiet = quiet
        self.refused: Counter[str] = Counter()

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """See `api.desk_running.Screen`."""
        word = "ok" if passed else "off"
        self._console.print(f"{word:<4}{name:<17}{sentence}", style="" if passed else "dim", markup=False)

    def note(self, tell: Tell, time_ns: int) -> None:
        """See `api.desk_running.Screen`."""
        if tell.kind is NoteKind.REFUSED:
            self.refused[str(tell.data.get("check", ""))] += 1
        if self._quiet and tell.level is not NoteLevel.ALERT:
            return
        if tell.kind is NoteKind.ORDER and tell.level is NoteLevel.INFO:
            return  # what is dealt is told; that it was sent stands in the journal
        when = rfc3339(time_ns)[:16].replace("T", " ")
        self._console.print(f"{when}Z  {tell.kind:<9} {tell.sentence}", style=_STYLE[tell.level], markup=False)


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


def show_run(result: RunResult, refused: Counter[str], console: Console) -> None:
    """The answer first, then the strategies, then what was refused."""
    state, status = result.state, status_of(result.state)
    plan, equity = state.plan, status["equity"]
    money = f"{plan.currency}"
    console.print(f"\n{status['mode']}, {status['health']}: {result.reason}", markup=False, style="bold")
    for one in status["restrictions"]:
        console.print(f"  {one['mode']} by {one['source']}: {one['reason']}", markup=False)
    told = "not known" if equity is None else f"{equity:,.2f} {money}"
    trades = sum(one["trades"] for one in status["strategies"])
    console.print(
        f"PAPER, no real money: {trades:,} trades closed, {len(status['positions'])} open; balance {state.balance:,.2f} {money}, "
        f"equity {told} (began with {plan.balance:,.2f})", markup=False, soft_wrap=True,
    )  # fmt: skip
    table = Table(box=None, pad_edge=False)
    for name, side in (
        ("strategy", "left"),
        ("trades", "right"),
        ("won", "right"),
        (f"P&L {money}", "right"),
        ("open", "left"),
    ):
        table.add_column(name, justify=side, no_wrap=True)  # type: ignore[arg-type]  # both are words that rich knows
    held = {one["strategy"]: one for one in status["positions"]}
    for row in status["strategies"]:
        position = held.get(row["strategy"])
        now = "" if position is None else f"{float(position['units']):+,.0f} at {position['price']:.5g}"
        table.add_row(row["strategy"], f"{row['trades']:,}", f"{row['won']:,}", f"{row['pnl']:+,.2f}", now)
    console.print(table)
    if refused:
        counts = ", ".join(f"{check} {count:,}" for check, count in refused.most_common())
        console.print(f"Entries refused, by check: {counts}", markup=False, soft_wrap=True)
    console.print(
        f"Journal: {result.folder / 'journal.sqlite'}; `tradeworthy journal tail --desk {result.folder}`",
        markup=False,
        soft_wrap=True,
    )


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
