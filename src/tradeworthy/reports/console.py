"""The validation in a terminal: the verdict first, then a table no wider than the terminal is."""

import textwrap
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tradeworthy.appraisal.record import StrategyReport, Validation
from tradeworthy.core.verdict import BookVerdict, RiskLevel, StrategyVerdict
from tradeworthy.market.rules import Severity
from tradeworthy.reports import wording
from tradeworthy.reports.book_score_words import heading
from tradeworthy.reports.origin_words import choosing, held_against
from tradeworthy.validation.intervals import Interval
from tradeworthy.validation.judgement import percent

_BOOK_STYLE = {
    BookVerdict.FIT: "bold green",
    BookVerdict.NOT_FIT: "bold red",
    BookVerdict.COULD_NOT_TELL: "bold yellow",
}
_STYLE = {
    StrategyVerdict.HOLDS: "green",
    StrategyVerdict.IMPROVED: "green",
    StrategyVerdict.DEGRADED: "red",
    StrategyVerdict.INSUFFICIENT_DATA: "",
    StrategyVerdict.OUT_OF_DATE: "yellow",
    RiskLevel.HIGH: "red",
    RiskLevel.MEDIUM: "yellow",
    RiskLevel.LOW: "",
}
_WIDE = 110
_DRAWN = 25
_HALF_WIDTH_R = 2.0


def _drawn(interval: Interval | None, difference: float | None) -> Text:
    """An interval on a line from -2 R to +2 R: `=` the interval, `o` the difference, `|` no change."""
    if interval is None or difference is None:
        return Text("not enough data", style="dim")
    cells = ["·"] * _DRAWN

    def place(value: float) -> int:
        cut = max(-_HALF_WIDTH_R, min(_HALF_WIDTH_R, value))
        return round((cut + _HALF_WIDTH_R) / (2 * _HALF_WIDTH_R) * (_DRAWN - 1))

    for cell in range(place(interval.low), place(interval.high) + 1):
        cells[cell] = "="
    if interval.low < -_HALF_WIDTH_R:
        cells[0] = "<"
    if interval.high > _HALF_WIDTH_R:
        cells[-1] = ">"
    cells[_DRAWN // 2] = "|"
    cells[place(difference)] = "o"
    return Text("".join(cells))


def _row(one: StrategyReport, *, wide: bool) -> list[Text | str]:
    change = one.comparison.mean_r if one.comparison else None
    interval, difference = (change.interval, change.difference) if change else (None, None)
    risk = Text(str(one.parameter_risk), style=_STYLE[one.parameter_risk]) if one.parameter_risk else Text("not run")
    cells: list[Text | str] = [
        Text(wording.printable(one.name)),
        Text(one.judgement.verdict, style=_STYLE[one.judgement.verdict]),
        f"{wording.signed_r(one.baseline_mean_r)} ({one.baseline_trades})",
        f"{wording.signed_r(one.window_mean_r)} ({one.window_trades})",
    ]
    return [*cells, _drawn(interval, difference), risk] if wide else cells


def _table(validation: Validation, width: int) -> Table:
    wide = width >= _WIDE
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("Strategy", no_wrap=True, overflow="ellipsis")
    table.add_column("Verdict")
    table.add_column("Before (trades)", justify="right")
    table.add_column("Now (trades)", justify="right")
    if wide:
        table.add_column("Change, -2 R to +2 R", no_wrap=True)
        table.add_column("Parameters")
    for one in validation.strategies:
        table.add_row(*_row(one, wide=wide))
    return table


def _warnings(validation: Validation) -> list[str]:
    """What was noticed about the data that may change the answer; the rest stands in the report."""
    noticed = {
        one.name: [finding.message for finding in one.data.findings if finding.severity is not Severity.NOTE]
        for one in validation.strategies
    }
    every = list(noticed.values())
    common = [message for message in every[0] if len(every) > 1 and all(message in other for other in every)]
    alone = [f"{name}: {message}" for name, found in noticed.items() for message in found if message not in common]
    return [f"all strategies: {message}" for message in common] + alone


def _findings(validation: Validation) -> list[str]:
    found = [
        f"{one.name}: {finding.level}: {finding.message}"
        for one in validation.strategies
        for finding in one.parameter_findings
    ]
    return found or ["nothing found" if validation.parameter_risk else "a trade history has no parameters"]


def show(validation: Validation, console: Console) -> None:
    """Print the answer first, then why, then the strategies."""
    judgement, names = validation.judgement, [one.name for one in validation.strategies]
    console.print()
    console.print(
        Text(judgement.verdict, style=_BOOK_STYLE[judgement.verdict]), Text(f"  {wording.printable(validation.book)}")
    )
    console.print(judgement.advice_sentence)
    _bullets([*judgement.reasons, judgement.what_decides], console, names)
    console.print()
    pooled = validation.pool
    if pooled is not None:
        console.print(
            f"Pooled: {wording.signed_r(pooled.mean_r)} a trade (95%: {wording.r_between(pooled.interval)}), "
            f"{percent(pooled.probability, validation.paths)} chance of earning anything after costs, "
            f"{wording.counted(pooled.trades, 'trade')}"
        )
    window = f"{wording.minute(validation.window_start)} to {wording.minute(validation.window_end)}"
    line = f"Window: {window}, against {wording.printable(held_against(validation))}"
    for row in textwrap.wrap(line, max(20, console.width)):
        console.print(row, markup=False, soft_wrap=True)
    if validation.baseline and validation.baseline.changes:
        _bullets(validation.baseline.changes, console, names)
    told = ("R", "costs") if validation.kind == "trades" else ()
    _bullets([f"{name}: {validation.assumptions[name]}" for name in told], console, names)
    console.print(_table(validation, console.width))
    if console.width >= _WIDE:
        console.print("Change: o is now less before, = its 95% interval, | no change.", style="dim")
    risk = validation.parameter_risk
    if validation.risk is not None:
        for row in textwrap.wrap(heading(validation.risk), max(20, console.width)):
            console.print(row, markup=False, soft_wrap=True)
        _bullets(validation.risk.sentences, console, names)
    console.print(f"Parameters: {risk or 'not run'}")
    _bullets(_findings(validation), console, names)
    chosen = choosing(validation)
    if chosen:
        console.print("Choosing:")
        _bullets(chosen, console, names)
    warnings = _warnings(validation)
    if warnings:
        console.print("Data:")
        _bullets(warnings, console, names)
    console.print("Verdicts:")
    _bullets([f"{one.name}: {one.judgement.reason}" for one in validation.strategies], console, names)


def _bullets(lines: Sequence[str], console: Console, names: Sequence[str] = ()) -> None:
    """A list whose long lines hang under their own beginning, and nothing trails behind them."""
    for line in lines:
        text = wording.printable(wording.capitalised(line, names))
        for row in textwrap.wrap(text, max(20, console.width), initial_indent="  - ", subsequent_indent="    "):
            console.print(row, markup=False, soft_wrap=True)
