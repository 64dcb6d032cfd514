"""The look-ahead answer in a terminal: one screen, the answer first."""

import textwrap

from rich.console import Console
from rich.text import Text

from tradeworthy.backtest.lookahead_report import Answer, LookaheadReport
from tradeworthy.reports import lookahead_words as words
from tradeworthy.reports.wording import printable

_STYLE = {Answer.CLEAN: "bold green", Answer.LOOKS_AHEAD: "bold red", Answer.COULD_NOT_TELL: "bold yellow"}


def show_lookahead(report: LookaheadReport, console: Console) -> None:
    """Print the answer, then what it rests on."""
    settings = ", ".join(f"{name}={value}" for name, value in report.parameters)
    asked = f"{report.strategy}({settings}) over {report.label}"
    console.print()
    parted = report.stream.bar is not None
    style = _STYLE[Answer.LOOKS_AHEAD if parted else report.answer]
    answer = f"{report.answer}, AND ITS STREAM DIFFERS" if parted else str(report.answer)
    console.print(Text(answer, style=style), Text(f" {printable(asked)}"), soft_wrap=True)
    _wrapped(words.headline(report), console)
    for line in words.details(report):
        _wrapped(line, console, "  - ", "    ")
    _wrapped(f"Stream: {words.stream_line(report.stream)}", console)
    _wrapped(f"Warm-up: {words.warm_up_line(report.warm_up)}", console)
    _wrapped(f"Bars: {report.bars:,} from {report.source}; cuts drawn with seed {report.seed}.", console)


def _wrapped(text: str, console: Console, first: str = "", rest: str = "") -> None:
    line = printable(text[:1].upper() + text[1:])
    for row in textwrap.wrap(line, max(20, console.width), initial_indent=first, subsequent_indent=rest):
        console.print(row, markup=False, soft_wrap=True)
