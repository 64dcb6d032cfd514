"""What is said when a run has ended: how it did, what was refused and why, what is off, and what to do next."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tradeworthy.api.desk_running import RunResult, run_again
from tradeworthy.cli.run_screen import Refusals
from tradeworthy.core.counting import counted
from tradeworthy.live.desk_status import status_of

_DRAWN = 76
"""Columns from which on open positions stand beside the strategies."""


def show_run(result: RunResult, refused: Refusals, console: Console) -> None:
    """The answer first, then the strategies, then what was refused and is off, then what to do."""
    for part in _parts(result, refused, console.width):
        console.print(part)


def _parts(result: RunResult, refused: Refusals, width: int) -> Iterator[RenderableType]:
    status = status_of(result.state)
    yield Text(f"\n{status['mode']}, {status['health']}: {result.reason}", style="bold")
    for one in status["restrictions"]:
        yield _item(f"{one['instrument']} {one['mode']} by {one['source']}: {one['reason']}".strip())
    yield from _money(result, status)
    yield _strategies(status, width)
    yield from _refused(refused)
    if result.off:
        yield Text(f"Off: {', '.join(result.off)}; the settings switch them on (docs/settings.md).")
    yield Text("Next:", style="bold")
    for one in _next(result, status):
        yield _item(one)


def _money(result: RunResult, status: Mapping[str, Any]) -> Iterator[RenderableType]:
    plan, balance, equity = result.state.plan, result.state.balance, status["equity"]
    trades, won = status["trades"], sum(one["won"] for one in status["strategies"])
    gain = balance - plan.balance
    share = f" ({gain / plan.balance:+.1%} of {plan.balance:,.0f})" if plan.balance > 0 else ""
    line = f"PAPER, no real money: {gain:+,.2f} {plan.currency}{share} in {counted(trades, 'closed trade')}, {won:,} of them won."
    held = len(status["positions"])
    if held:
        open_now = "at a worth not known" if equity is None else f"at {equity - balance:+,.2f} {plan.currency} now"
        line += f" {counted(held, 'position')} still open {open_now}."
    yield Text(line)


def _strategies(status: Mapping[str, Any], width: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("strategy", no_wrap=True, overflow="ellipsis")
    for name in ("trades", "won", status["currency"]):
        table.add_column(name, justify="right", no_wrap=True)
    if width >= _DRAWN:
        table.add_column("still open", no_wrap=True, overflow="ellipsis")
    held = {one["strategy"]: one for one in status["positions"]}
    for row in status["strategies"]:
        one = held.get(row["strategy"])
        cells = [row["strategy"], f"{row['trades']:,}", f"{row['won']:,}", f"{row['pnl']:+,.2f}"]
        if width >= _DRAWN:
            cells.append("" if one is None else f"{float(one['units']):+,.0f} at {one['price']:.6g}")
        table.add_row(*cells)
    return table


def _refused(refused: Refusals) -> Iterator[RenderableType]:
    if not refused.counts:
        yield Text("No entry was refused.")
        return
    yield Text(f"{counted(refused.counts.total(), 'entry was', 'entries were')} refused:")
    for check, count in refused.counts.most_common():
        yield _item(f"{check} {count:,}, such as {refused.examples[check]}")


def _next(result: RunResult, status: Mapping[str, Any]) -> Iterator[str]:
    book = result.book
    run = run_again(book, result.folder)
    desk = "" if str(result.folder) == "." else f" --desk {result.folder}"
    if status["mode"] == "HALTED":
        yield f"tradeworthy resume --scope all --reason ...{desk}: when you know why it was halted, end that"
    if result.state.ended:
        yield f"tradeworthy validate {book}: does it earn anything after costs, and how sure is that?"
        yield f"{run} --again: another replay; this one is kept"
    else:
        yield f"{run}: go on where it was"
    yield f"tradeworthy journal tail{desk}: what happened, event by event"


def _item(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, 2))
