"""Parameters in a terminal: the answer, a table that fits 80 columns, then what to do about what was found."""

import textwrap
from collections.abc import Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tradeworthy.appraisal.parameter_record import (
    ParameterAppraisal,
    ParameterStudy,
    RiskChange,
    StrategyRisk,
    level_word,
)
from tradeworthy.core.verdict import RiskLevel
from tradeworthy.reports import parameter_words as words
from tradeworthy.reports.wording import NOTHING, printable, signed_r

_STYLE = {RiskLevel.HIGH: "bold red", RiskLevel.MEDIUM: "bold yellow", RiskLevel.LOW: "bold green", None: "bold"}
_SHOWN = (
    ("Fast", ("fast",)), ("Slow", ("slow",)), ("Stop", ("stop_atr", "stop")), ("Target", ("target_atr", "target")),
)  # fmt: skip

_NARROW = 60


def show_parameters(study: ParameterStudy, console: Console) -> None:
    """Print it."""
    appraisal, changes = study.appraisal, study.changes
    console.print()
    overall = level_word(appraisal.overall)
    console.print(
        Text(f"{overall} parameter risk", style=_STYLE[appraisal.overall]), Text(f"  {words.counts(appraisal)}")
    )
    _wrapped(words.lead(appraisal), console)
    console.print(_table(appraisal, changes, _SHOWN if console.width >= _NARROW else ()))
    if any(one.in_part for one in appraisal.strategies):
        _wrapped(words.IN_PART, console)
    if appraisal.recommendations[1:]:
        console.print("Findings, and what to do:")
        _bullets(appraisal.recommendations[1:], console)
    if changes is None:
        _wrapped("Changes: there is no baseline to compare with; --save-baseline makes one.", console)
    else:
        _wrapped(f"Since {study.baseline}: {words.change_counts(changes)}", console)
        _bullets(words.changed(changes), console)
    on_bars = [one for one in appraisal.strategies if one.history is not None]
    if on_bars:
        console.print(_bars_table(on_bars))
    _section("Not run:", words.not_run(appraisal), console)
    _section("Not read:", study.unread, console)


def _table(
    appraisal: ParameterAppraisal,
    changes: Mapping[str, RiskChange] | None,
    shown: Sequence[tuple[str, tuple[str, ...]]],
) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("Strategy", no_wrap=True, overflow="ellipsis", max_width=30)
    table.add_column("Risk")
    for name, _ in shown:
        table.add_column(name, justify="right", no_wrap=True, overflow="ellipsis", max_width=9)
    if changes is not None:
        table.add_column("Change", no_wrap=True)
    for one in words.sorted_by_risk(appraisal.strategies):
        cells = [_value(one, roles) for _, roles in shown]
        status = (
            [] if changes is None else [words.STATUS[changes[one.name].change.status] if one.name in changes else ""]
        )
        level = Text(words.level(one), style=_STYLE[one.level].removeprefix("bold").strip())
        table.add_row(Text(printable(one.name)), level, *cells, *status)
    return table


def _bars_table(some: Sequence[StrategyRisk]) -> Table:
    """What the bars say."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("On its bars", no_wrap=True, overflow="ellipsis", max_width=30)
    months = next(one.history.months for one in some if one.history is not None)
    for title in ("Bars", "Years", "Trades", f"In {months} months", "Own set", "One step away"):
        table.add_column(title, justify="right")
    for one in some:
        facts, near = one.history, one.neighbours
        if facts is not None:
            own = NOTHING if near is None else signed_r(near.own)
            table.add_row(
                Text(printable(one.name)), f"{facts.bars:,}", f"{facts.years:.1f}", f"{facts.entries:,}", f"{facts.expected:.1f}",
                own, words.around(one),
            )  # fmt: skip
    return table


def _value(one: StrategyRisk, roles: Sequence[str]) -> Text:
    name = next((one.meaning[role] for role in roles if role in one.meaning), None)
    value = None if name is None else one.parameters[name]
    return Text(NOTHING if value is None else printable(f"{value:g}" if isinstance(value, float) else str(value)))


def _section(title: str, lines: Sequence[str], console: Console) -> None:
    if lines:
        console.print(title)
        _bullets(lines, console)


def _wrapped(line: str, console: Console) -> None:
    for row in textwrap.wrap(printable(line), max(20, console.width)):
        console.print(row, markup=False, soft_wrap=True)


def _bullets(lines: Sequence[str], console: Console) -> None:
    for line in lines:
        for row in textwrap.wrap(
            printable(line), max(20, console.width), initial_indent="  - ", subsequent_indent="    "
        ):
            console.print(row, markup=False, soft_wrap=True)
