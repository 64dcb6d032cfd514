"""One screen of a desk: the answer first, then money, positions, orders, bars, restrictions, and what is off."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tradeworthy.api.desk_standings import DeskStanding, Presence
from tradeworthy.core.clock import SECOND_NS, from_rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.live.durations import spoken

_GOOD, _WARN, _BAD, _DIM = "bold green", "bold yellow", "bold red", "dim"
_MODE_STYLE: Final = {"ACTIVE": _GOOD, "REDUCING": _WARN, "DISABLED": _WARN, "HALTED": _BAD}
_HEALTH_STYLE: Final = {"HEALTHY": _GOOD, "DEGRADED": _WARN, "RECOVERING": _WARN, "PAUSED": _BAD, "CRITICAL": _BAD}
_MEANS: Final = {
    "ACTIVE": "it may enter and leave",
    "REDUCING": "no new entries; positions are left as the strategies say",
    "DISABLED": "no new entries until positions and orders are reconciled",
    "HALTED": "no new entries until an operator resumes it",
}
_WIDE: Final = 76
"""Columns from which on a position takes one line."""


def status_screen(standing: DeskStanding, width: int) -> RenderableType:
    """The screen. Nothing in it is wider than `width` columns."""
    return Group(*_parts(standing, width))


def _parts(standing: DeskStanding, width: int) -> Iterator[RenderableType]:
    yield from _answer(standing)
    status = standing.status
    if not status:
        return
    yield from _money(status)
    if status.get("unwinding"):
        yield Text(_unwinding(status["unwinding"]), style=_WARN)
    yield from _restrictions(status["restrictions"])
    yield from _listed("Not in agreement with the broker", status["differences"], _BAD)
    yield from _listed("Wrong now", status["issues"], _WARN)
    yield from _positions(status, width)
    yield from _orders(status["orders"])
    yield from _bars(status)
    yield from _listed(
        "Settings changed on the disk; they count from the next start on", status.get("settings_changed", ()), _WARN
    )
    yield from _listed("Off", [f"{name}: {why}" for name, why in status.get("off", {}).items()], _DIM)


def _answer(standing: DeskStanding) -> Iterator[RenderableType]:
    status, presence = standing.status, standing.presence
    name = status.get("name", str(standing.folder))
    if presence is Presence.RUNS:
        mode, health = status["mode"], status["health"]
        line = Text.assemble(
            (f"{name}  ", "bold"), (mode, _MODE_STYLE[mode]), ", ", (health, _HEALTH_STYLE[health]), f": {_MEANS[mode]}"
        )
    else:
        line = Text.assemble((f"{name}  ", "bold"), (_SENTENCE[presence], _BAD if standing.exit_code == 3 else _WARN))
    yield line
    if standing.killed is not None:
        yield Text(f"KILL is there: {standing.killed}", style=_BAD)
    if status:
        yield _paper(status)
    yield Text(_seen(standing), style=_DIM)
    todo = _TODO.get(presence)
    if todo:
        yield Text(todo.format(folder=standing.folder))


_SENTENCE: Final = {
    Presence.STARTS: "is starting",
    Presence.SILENT: "DOES NOT ANSWER: nobody knows how it stands",
    Presence.ENDED: "does not run",
    Presence.CRASHED: "does not run: it was stopped at once, or it crashed",
    Presence.NEVER: "has never run",
}
_TODO: Final = {
    Presence.SILENT: "Look at its log and its process; `tradeworthy halt --kill` stops it as soon as it looks again.",
    Presence.CRASHED: "Start it again: it recovers from its journal, and asks the broker before it trades.",
    Presence.NEVER: "Start it with `tradeworthy run`.",
}


def _paper(status: Mapping[str, Any]) -> Text:
    replay = status.get("replay")
    over = f", replay of {replay['from'][:10]} until {replay['until'][:10]}" if replay else ""
    if status["simulated"]:
        return Text.assemble(("PAPER, no real money", "bold"), over)
    return Text(f"REAL MONEY at {status['broker']}", style="bold reverse")


def _seen(standing: DeskStanding) -> str:
    parts = []
    if standing.held_by is not None:
        parts.append(
            f"process {standing.held_by.pid} on {standing.held_by.host}, generation {standing.held_by.generation}"
        )
    if standing.status:
        parts.append(f"desk time {_minute(standing.status['time'])}")
    if standing.age_seconds is not None:
        parts.append(f"written {spoken(round(standing.age_seconds * 10) * SECOND_NS // 10)} ago")
    return "; ".join(parts) or "nothing is known of it"


def _money(status: Mapping[str, Any]) -> Iterator[RenderableType]:
    unit, equity = status["currency"], status["equity"]
    told = "not known, a conversion is missing" if equity is None else f"{equity:,.2f} {unit}"
    yield Text()
    yield Text.assemble("equity ", (told, "bold"), f"  balance {status['balance']:,.2f} {unit}")
    trades = f"trades {status['trades']:,}, today {status['trades_today']:,}"
    if equity is None:
        yield Text(trades)
        return
    start, peak = status["day_start_equity"], status["peak_equity"]
    below = f"from its peak {min(equity - peak, 0.0):+,.2f}{_share(min(equity, peak), peak)}"
    yield Text(f"today {equity - start:+,.2f}{_share(equity, start)}  {below}  {trades}")


def _share(now: float, before: float) -> str:
    return f" ({(now - before) / before:+.1%})" if before > 0 else ""


def _unwinding(one: Mapping[str, Any]) -> str:
    if one["confirmed"]:
        return f"Flat ({one['why']}), confirmed by the broker {_minute(one['confirmed'])}"
    return f"Everything is being cancelled and closed ({one['why']}) since {_minute(one['since'])}; not confirmed yet"


def _restrictions(found: Sequence[Mapping[str, Any]]) -> Iterator[RenderableType]:
    if not found:
        return
    yield from _heading("Restrictions")
    for one in found:
        about = f"{one['instrument']} " if one["instrument"] else ""
        until = "; until an operator resumes it" if one["latched"] else ""
        yield _item(
            Text.assemble(
                about,
                (one["mode"], _MODE_STYLE[one["mode"]]),
                f" by {one['source']} since {_minute(one['since'])}: {one['reason']}{until}",
            )
        )


def _positions(status: Mapping[str, Any], width: int) -> Iterator[RenderableType]:
    held = status["positions"]
    yield from _heading(f"Positions ({len(held)})")
    if not held:
        yield _item(Text("none", style=_DIM))
    elif width < _WIDE:
        yield from (_item(_narrow(one, status["currency"])) for one in held)
    else:
        yield _item(_wide(held, status["currency"]))


def _wide(held: Sequence[Mapping[str, Any]], unit: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style=_DIM)
    table.add_column("strategy", no_wrap=True, overflow="ellipsis")
    for name in ("units", "price", "stop", "target", f"profit {unit}"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", overflow="ellipsis", no_wrap=True)
    for one in held:
        units, profit = f"{float(one['units']):+,.0f}", _signed(one["profit"])
        table.add_row(
            one["strategy"],
            units,
            _price(one["price"]),
            _price(one["stop"]),
            _price(one["target"]),
            profit,
            _remark(one),
        )
    return table


def _narrow(one: Mapping[str, Any], unit: str) -> Text:
    first = f"{one['strategy']}  {float(one['units']):+,.0f} at {_price(one['price'])}, {_signed(one['profit'])} {unit}"
    return Text(f"{first}\n  stop {_price(one['stop'])}, target {_price(one['target'])}  {_remark(one)}".rstrip())


def _remark(one: Mapping[str, Any]) -> str:
    if one["leaving"]:
        return f"leaving: {one['leaving']}"
    return "" if one["protected"] else "NO STOP"


def _orders(found: Sequence[Mapping[str, Any]]) -> Iterator[RenderableType]:
    yield from _heading(f"Orders under way ({len(found)})")
    if not found:
        yield _item(Text("none", style=_DIM))
    for one in found:
        yield _item(
            Text(
                f"{one['strategy']}  {one['role']} {float(one['units']):+,.0f} {one['symbol']}, {one['status']}, "
                f"filled {float(one['filled']):,.0f}"
            )
        )


def _bars(status: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Strategies by the age of their last bar, in the desk's time: in a replay that is the time of the bars."""
    ages: dict[str, list[str]] = {}
    now = from_rfc3339(status["time"])
    for one in sorted(status["strategies"], key=lambda row: row["last_bar"] or ""):
        age = "no bar yet" if one["last_bar"] is None else f"{spoken(max(0, now - from_rfc3339(one['last_bar'])))} old"
        ages.setdefault(age, []).append(one["strategy"])
    yield from _heading(f"Last bars of {counted(len(status['strategies']), 'strategy', 'strategies')}")
    for age, names in ages.items():
        yield _item(Text(f"{age}: {', '.join(names)}"))


def _listed(title: str, found: Sequence[str], style: str) -> Iterator[RenderableType]:
    if not found:
        return
    yield from _heading(title, style)
    yield from (_item(Text(one, style="" if style != _DIM else _DIM)) for one in found)


def _heading(title: str, style: str = "bold") -> Iterator[RenderableType]:
    yield Text()
    yield Text(title, style=style)


def _item(what: RenderableType) -> Padding:
    return Padding(what, (0, 0, 0, 2))


def _price(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"


def _signed(value: float | None) -> str:
    return "not known" if value is None else f"{value:+,.2f}"


def _minute(text: str) -> str:
    return f"{text[:16].replace('T', ' ')}Z"
