"""What `tradeworthy why` shows: the answer first, then every check in its order, then what became of the order."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tradeworthy.api.explaining import SignalExplained, SignalLine
from tradeworthy.controls.filters import CheckState
from tradeworthy.core.clock import rfc3339
from tradeworthy.live.verdict_chain import Answer, Link, VerdictChain

_WIDE: Final = 100
"""Columns from which on what was required and what was found stand beside each other."""
_WORDS: Final = {
    CheckState.PASSED: ("passed", "green"), CheckState.REFUSED: ("REFUSED", "bold red"),
    CheckState.MISSING: ("MISSING", "bold red"), CheckState.OFF: ("off", "dim"),
    CheckState.NOT_APPLICABLE: ("not asked", "dim"),
}  # fmt: skip
_STYLES: Final = {Answer.SENT: "bold green", Answer.REFUSED: "bold red", Answer.WAITS: "bold yellow"}
_MEANS: Final = {
    Answer.WAITS: "it waits until the position before it is left",
    Answer.PASSED_OVER: "nothing was to be entered",
}


def show_signal(found: SignalExplained, console: Console) -> None:
    """Each chain under its own head."""
    for chain in found.chains:
        _show_chain(chain, console, simulated=found.simulated)
    if found.story:
        console.print(Text("What became of it:", style="bold"))
        for one in found.story:
            console.print(Padding(Text(f"{one.event:>8}  {rfc3339(one.time_ns)}  {one.sentence}"), (0, 0, 0, 2)))
    elif any(one.accepted for one in found.chains):
        console.print("Nothing more of it is in the journal yet.")


def show_signals(lines: Sequence[SignalLine], console: Console) -> None:
    """One line each, and how to ask for one."""
    if not lines:
        console.print("No signal in what the journal holds, archives apart: no strategy has wanted to enter.")
        return
    for one in lines:
        text = Text.assemble(
            f"{one.signal:<25} ", (f"{rfc3339(one.time_ns)} ", "dim"), (f"{one.answer:<8} ", _STYLES[one.answer]), one.sentence
        )  # fmt: skip
        console.print(text, no_wrap=True, overflow="ellipsis")
    console.print(f"Ask for one: tradeworthy why {lines[-1].signal}")


def _show_chain(chain: VerdictChain, console: Console, *, simulated: bool) -> None:
    side = "long" if chain.side > 0 else "short"
    why = chain.refusal.reason if chain.refusal is not None else _MEANS.get(chain.answer, "")
    head = Text.assemble(
        (str(chain.answer), _STYLES.get(chain.answer, "bold")),
        f": {chain.strategy}, {side} {chain.symbol}" + (f", {chain.client_id}" if chain.client_id else ""),
        f": {why}" if why else "",
    )  # fmt: skip
    console.print(head)
    paper = ", on paper" if simulated else ""
    decided = "a signal from outside that came at" if chain.is_from_outside else "decided on the bar that closed at"
    console.print(
        f"Weighed in event {chain.event} at {rfc3339(chain.time_ns)}; {decided} {rfc3339(chain.decided_ns)}{paper}."
    )
    console.print(_wide(chain.links) if console.width >= _WIDE else _narrow(chain.links))
    if chain.not_reached:
        console.print(Text(f"Not reached: {', '.join(chain.not_reached)}.", style="dim"))


def _wide(links: Sequence[Link]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("stage", "check", ""):
        table.add_column(name, no_wrap=True)
    for name in ("required", "found"):
        table.add_column(name, overflow="fold", ratio=1)
    before = ""
    for one in links:
        word, style = _WORDS[one.outcome.state]
        stage = "" if one.stage == before else str(one.stage)
        before = one.stage
        table.add_row(stage, _name(one), Text(word, style=style), one.outcome.required, one.outcome.actual)
    return table


def _narrow(links: Sequence[Link]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for one in links:
        word, style = _WORDS[one.outcome.state]
        required = f"; required {one.outcome.required}" if one.outcome.required else ""
        told = Text.assemble((_name(one), "bold"), f": {one.outcome.actual}{required}")
        table.add_row(Text(word, style=style), told)
    return table


def _name(one: Link) -> str:
    """Without the stage in front, which stands beside it."""
    return one.outcome.check.removeprefix("calibration: ").removeprefix("filter: ")
