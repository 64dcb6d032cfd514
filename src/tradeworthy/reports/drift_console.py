"""Drift in a terminal: a line a strategy, the worst first."""

import textwrap
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from tradeworthy.appraisal.drifting import StrategyDrift
from tradeworthy.reports import wording

_STYLE = {"STOPPED": "bold red", "DRIFTING": "bold yellow", "NOT JUDGED": "yellow", "HOLDS": "green"}


def show_drift(found: Sequence[StrategyDrift], console: Console) -> None:
    """The state, the strategy, and why."""
    order = list(_STYLE)
    for one in sorted(found, key=lambda one: order.index(one.word)):
        console.print(Text(one.word, style=_STYLE[one.word]), Text(f" {wording.printable(one.strategy)}"))
        sentence = wording.printable(one.sentence[:1].upper() + one.sentence[1:]) + "."
        for row in textwrap.wrap(sentence, max(20, console.width), initial_indent="  ", subsequent_indent="  "):
            console.print(row, markup=False, soft_wrap=True)
        reading = one.reading
        if reading is not None and reading.interval is not None:
            console.print(
                f"  Mean R now, at 95% at all times together: {wording.r_between(reading.interval)}; "
                f"evidence {reading.e_value:,.2f} (highest {reading.highest:,.2f}), "
                f"CUSUM {reading.cusum:.1f} of {reading.threshold:.1f}",
                style="dim", soft_wrap=True,
            )  # fmt: skip
    noticed: dict[str, list[str]] = {}
    for one in found:
        for note in one.notes:
            noticed.setdefault(note, []).append(one.strategy)
    for note, names in noticed.items():
        line = f"Noticed ({', '.join(names)}): {note}"
        for row in textwrap.wrap(wording.printable(line), max(20, console.width), subsequent_indent="  "):
            console.print(row, markup=False, soft_wrap=True)
