"""An attribution in a terminal: the answer first, then the chain from the backtest to the desk, then trades, days and drift."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tradeworthy.appraisal.attributed import EXPECTED, Attributed, Money, Part, SessionAttribution, TradeAttribution
from tradeworthy.appraisal.drift_of_sessions import SessionDrift
from tradeworthy.appraisal.sessions import AttributionRun
from tradeworthy.core.counting import counted
from tradeworthy.reports import wording

_STYLE: Final = {
    Attributed.ALL: "bold green", Attributed.UNEXPLAINED: "bold red", Attributed.COULD_NOT_TELL: "bold yellow",
}  # fmt: skip
_LONGEST: Final = 110
_UNBOUND: Final = 10_000
_GROUPS: Final[Mapping[str, tuple[Part, ...]]] = {
    "costs": EXPECTED,
    "data, gaps": (Part.DATA, Part.GAP),
    "refused": (Part.REFUSAL, Part.FOLLOWED),
    "size": (Part.SIZE,),
    "dealing": (Part.SLIPPAGE, Part.LATENCY, Part.SLIPPAGE_AND_LATENCY, Part.FEES),
    "other": (Part.CONVERSION, Part.INTERVENTION, Part.PENDING, Part.OUTSIDE),
}
"""Columns of a wide table of days; every part is in one of them."""


class _Columns(Enum):
    """Between both ends of the chain, the widest first: every group of parts, the costs and all else, nothing; then without the
    backtest's end."""

    ALL = 1
    COSTS = 2
    ENDS = 3
    LIVE = 4


_WITH_SO_FAR: Final = (_Columns.ALL, _Columns.COSTS)


def show_attribution(run: AttributionRun, console: Console) -> None:
    """One day with its trades, or several with a line each."""
    width = max(40, min(console.width, _LONGEST))
    _say(console, _headline(run), width, style=_STYLE[run.verdict])
    for one in run.sessions:
        for problem in one.problems:
            _say(console, f"{one.date}: not whole: {problem}", width, indent="  ")
    _chain(console, run.money, run.refused, run.currency)
    if len(run.sessions) == 1:
        _trades(console, run.sessions[0], width)
    else:
        _days(console, run)
        _strategies(console, run)
    for one in run.sessions:
        for note in one.notes:
            _say(console, f"{one.date}: {note}", width, indent="  ")
    _drift(console, run.drift, width)


def cents(value: int, *, signed: bool = True) -> str:
    """`+1,234.50` out of cents."""
    text = f"{value / 100:{'+' if signed and value else ''},.2f}"
    return text.replace("-", "\N{MINUS SIGN}")


def _headline(run: AttributionRun) -> str:
    first, last = run.sessions[0], run.sessions[-1]
    days = first.date if first is last else f"{first.date} to {last.date}"
    at, _, live = run.money.cents()
    made = f"{cents(live)} {run.currency} live, {cents(at)} in the backtest without costs"
    if run.verdict is Attributed.UNEXPLAINED:
        return f"UNEXPLAINED  {days}: {_nameless(run)}; {made}"
    if run.verdict is Attributed.COULD_NOT_TELL and not any(one.trades for one in run.sessions):
        return f"COULD NOT TELL  {days}: neither the desk nor its backtest has a trade"
    return f"{run.verdict}  {days}: {made}"


def _nameless(run: AttributionRun) -> str:
    """What has no name: the sum, or where sums hide it, in how many trades."""
    if not run.money.is_explained:
        return f"{cents(run.money.cents()[1]['unexplained'])} {run.currency} has no name"
    trades = [trade for one in run.sessions for trade in one.trades if not trade.money.is_explained]
    most = max((trade.money.unexplained for trade in trades), key=abs, default=0.0)
    return (
        f"{counted(len(trades), 'part of a trade', 'parts of trades')}, of up to {cents(round(100 * most))} {run.currency}, "
        f"{'has' if len(trades) == 1 else 'have'} no name, though all of it sums to nothing"
    )


def _chain(console: Console, money: Money, refused: Mapping[str, float], currency: str) -> None:
    """From one end to the other, in cents that add up."""
    first, parts, last = money.cents()
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("What", overflow="fold")
    table.add_column(currency, justify="right", vertical="bottom", no_wrap=True)
    table.add_row("Backtest without costs", f"{cents(first)} {currency}")
    reached = first
    for part in EXPECTED:
        reached += parts[part]
        if parts[part]:
            table.add_row(_below(str(part)), cents(parts[part]))
    table.add_row("Backtest with the book's costs", cents(reached))
    for part in Part:
        if part not in EXPECTED and parts[part]:
            table.add_row(_below(f"{part}{_checks(refused) if part is Part.REFUSAL else ''}"), cents(parts[part]))
    table.add_row(_below("unexplained"), cents(parts["unexplained"]))
    table.add_row("Live", f"{cents(last)} {currency}")
    console.print(table)


def _below(what: str) -> Padding:
    return Padding(Text(what), (0, 0, 0, 2))


def _checks(refused: Mapping[str, float]) -> str:
    return f" ({', '.join(refused)})" if refused else ""


def _trades(console: Console, session: SessionAttribution, width: int) -> None:
    if not session.trades:
        return
    console.print()
    for one in session.trades:
        money = one.money.cents()
        head = f"{wording.printable(one.name)}: {cents(money[2])} live, {cents(money[0])} without costs"
        _say(console, head, width)
        _say(console, _why(one), width, indent="    ")
    held = session.still_open
    if held:
        console.print()
        _say(console, f"Open at the day's end, valued at the last close: {', '.join(held)}", width)


def _why(one: TradeAttribution) -> str:
    _, parts, _ = one.money.cents()
    said = [f"{name} {cents(value)}" for name, value in parts.items() if value]
    if one.check:
        said.append(f"refused by {one.check}")
    if one.follows:
        said.append(f"follows from {one.follows}")
    if one.why:
        said.append(wording.printable(one.why))
    return ", ".join(said) or "the same on both sides"


def _days(console: Console, run: AttributionRun) -> None:
    def made(columns: _Columns) -> Table:
        table = _table("Day", columns)
        if columns in _WITH_SO_FAR:
            table.add_column("live so far", justify="right", no_wrap=True)
        for one, total in zip(run.sessions, run.running, strict=True):
            mark = " *" if one.verdict is Attributed.UNEXPLAINED else ""
            so_far = [cents(total.cents()[2])] if columns in _WITH_SO_FAR else []
            table.add_row(one.date + mark, *_cells(one.money, columns), *so_far)
        table.add_section()
        table.add_row("all", *_cells(run.money, columns))
        return table

    _say_table(console, made)


def _strategies(console: Console, run: AttributionRun) -> None:
    def made(columns: _Columns) -> Table:
        table = _table("Strategy", columns)
        for name, money in run.strategies.items():
            table.add_row(wording.printable(name), *_cells(money, columns))
        return table

    _say_table(console, made)


def _say_table(console: Console, made: Callable[[_Columns], Table]) -> None:
    """With as many columns as there is room for: an amount is never cut."""
    console.print()
    tables = [made(columns) for columns in _Columns]
    room = console.options.update(width=_UNBOUND)
    console.print(
        next((one for one in tables if console.measure(one, options=room).maximum <= console.width), tables[-1])
    )


def _table(first: str, columns: _Columns) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True, overflow="ellipsis")
    between = {
        _Columns.ALL: ("backtest", *_GROUPS),
        _Columns.COSTS: ("backtest", "costs", "the rest"),
        _Columns.ENDS: ("backtest",),
    }
    for name in (*between.get(columns, ()), "unexplained" if columns is _Columns.ALL else "unexpl.", "live"):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _cells(money: Money, columns: _Columns) -> list[str]:
    first, parts, last = money.cents()
    costs = sum(parts[part] for part in EXPECTED)
    before = {
        _Columns.ALL: [first, *(sum(parts[part] for part in group) for group in _GROUPS.values())],
        _Columns.COSTS: [first, costs, last - first - costs - parts["unexplained"]],
        _Columns.ENDS: [first],
    }
    return [cents(one) for one in (*before.get(columns, ()), parts["unexplained"], last)]


def _drift(console: Console, drift: Sequence[SessionDrift], width: int) -> None:
    if not drift:
        return
    console.print()
    sentences = {one.live.sentence for one in drift if one.live.reading is None}
    if len(sentences) == 1 and all(one.live.reading is None for one in drift):
        _say(console, f"Drift NOT JUDGED: {sentences.pop()}", width)
    else:
        for one in drift:
            reading = one.live.reading
            told = f"{one.live.word} over {reading.trades} live" if reading else f"NOT JUDGED: {one.live.sentence}"
            _say(
                console,
                f"Drift {wording.printable(one.strategy)}: {told}; the backtest of the same: {one.backtest.word}",
                width,
            )
    lost = [(one.compared, one.shortfall_r) for one in drift if one.shortfall_r is not None]
    count = sum(number for number, _ in lost)
    if count:
        mean = wording.signed_r(sum(number * value for number, value in lost) / count)
        _say(
            console,
            f"Shortfall: {mean} a trade against the backtest with the book's costs, over {count:,} closed",
            width,
        )


def _say(console: Console, sentence: str, width: int, *, indent: str = "", style: str = "") -> None:
    for row in textwrap.wrap(
        sentence, width, initial_indent=indent, subsequent_indent=indent or "  ", break_on_hyphens=False
    ):
        console.print(Text(row, style=style), soft_wrap=True)
