"""What other settings would have done, on the terminal: the first difference first, then what came of it, then whether the
simulation can be believed."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from tradeworthy.api.counterfactual import Counterfactual, SimulatedDay
from tradeworthy.api.day_acts import Act, Parting
from tradeworthy.api.day_trades import STILL_OPEN, TradeChange, TradeDifference
from tradeworthy.cli.replay_screen import heading, item, minute, span
from tradeworthy.core.clock import rfc3339

_WIDE: Final = 76
"""Columns from which on a trade takes one line."""
_MANY: Final = 10
"""Trades that are shown; of more the first ones, and how many there are."""
_CENT: Final = 0.005


def show_counterfactual(found: Counterfactual, config: str, console: Console) -> None:
    """The whole screen. config: the other settings as they were named."""
    for part in _parts(found, config, console.width):
        console.print(part)


def _parts(found: Counterfactual, config: str, width: int) -> Iterator[RenderableType]:
    yield Text(f"{found.day.name}, {span(found.day, found.own.end.plan.day.zone)}", style="bold")
    yield Text.assemble(("ON THE SIMULATED BROKER", "bold reverse"), f"  own: this desk's settings; other: {config}")
    yield from _verdict(found)
    if found.first is not None:
        yield from _consequences(found, width)
    yield from _settings(found)
    yield from _trust(found)


def _verdict(found: Counterfactual) -> Iterator[RenderableType]:
    yield Text()
    if found.first is None:
        yield Text.assemble(("NO DIFFERENCE", "bold green"), ": the other settings would have done the same")
        return
    yield Text.assemble(
        ("FIRST DIFFERENCE", "bold yellow"), f" at {minute(found.first.time_ns)} {found.first.strategy}".rstrip()
    )
    yield from _parting(found.first, ("own", "other"))


def _parting(one: Parting, names: tuple[str, str]) -> Iterator[RenderableType]:
    for name, act in zip(names, (one.one, one.other), strict=True):
        yield item(Text.assemble((f"{name:<9}", "bold"), _told(act)))
    if one.sides is None:
        return
    for place, name in enumerate(names):
        required, actual = one.sides.required[place], one.sides.actual[place]
        told = f"requires {required}, found {actual}" if required or actual else "lets it pass, or was not asked"
        yield item(Text.assemble((f"{name:<9}", "bold"), f"{one.sides.check}: {told}"))


def _told(act: Act | None) -> str:
    if act is None:
        return "nothing"
    levels = [f"{name} {float(act.facts[name]):.6g}" for name in ("stop", "target") if act.facts.get(name) is not None]
    return f"{act.kind}: {act.sentence}" + (f", {', '.join(levels)}" if levels else "")


def _consequences(found: Counterfactual, width: int) -> Iterator[RenderableType]:
    own, other = found.own, found.other
    yield from heading("What came of it")
    unit, one, two = own.account.currency, own.account.end_equity, other.account.end_equity
    if one is None or two is None:
        yield item(Text("equity at the end is not known: a conversion is missing", style="yellow"))
    else:
        line = f"equity at the end: own {one:,.2f}, other {two:,.2f} {unit}: "
        yield item(Text.assemble(line, (f"{two - one:+,.2f}", "bold")))
    entries = len(own.account.entries), len(other.account.entries)
    yield item(
        Text(
            f"entries sent: own {entries[0]}, other {entries[1]}; refused: own {_refused(own)}, other {_refused(other)}"
        )
    )
    yield item(Text(_counts(found)))
    moved = _moved(found)
    if moved:
        yield item(_money(moved, unit))
    yield from _trades(found, width)


def _refused(day: SimulatedDay) -> str:
    refused = day.account.refused
    if not refused:
        return "0"
    return f"{sum(refused.values())} ({', '.join(f'{check} {count}' for check, count in refused.items())})"


def _counts(found: Counterfactual) -> str:
    told = [(kind, sum(one.kind is kind for one in found.trades)) for kind in TradeDifference]
    words = [f"{count} {kind}" for kind, count in told if count]
    return (
        f"trades that differ: {', '.join(words)}"
        if words
        else "no trade differs by the end of that day; --through follows it further"
    )


def _moved(found: Counterfactual) -> dict[str, tuple[float | None, float | None]]:
    own, other = found.own.account.money, found.other.account.money
    pairs = {
        name: (own.get(name, 0.0), other.get(name, 0.0))
        for name in (*own, *(name for name in other if name not in own))
    }
    return {
        name: (one, two) for name, (one, two) in pairs.items() if one is None or two is None or abs(one - two) >= _CENT
    }


def _money(moved: Mapping[str, tuple[float | None, float | None]], unit: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("strategy", no_wrap=True, overflow="ellipsis")
    for name in (f"own {unit}", f"other {unit}", "difference"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, (one, two) in moved.items():
        known = one is not None and two is not None
        table.add_row(name, _signed(one), _signed(two), _signed((two or 0.0) - (one or 0.0) if known else None))
    return table


def _trades(found: Counterfactual, width: int) -> Iterator[RenderableType]:
    if not found.trades:
        return
    yield from heading(f"Trades that differ ({len(found.trades)})")
    shown = found.trades[:_MANY]
    if width < _WIDE:
        for one in shown:
            yield item(Text(f"{minute(_entered(one))}  {one.strategy}: {one.kind}"))
            yield item(Text(f"  own {_trade(one, 0)}"))
            yield item(Text(f"  other {_trade(one, 1)}"))
    else:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for name in ("entered", "strategy", "own", "other"):
            table.add_column(name, no_wrap=name not in {"own", "other"}, overflow="fold")
        for one in shown:
            table.add_row(minute(_entered(one)), one.strategy, _trade(one, 0), _trade(one, 1))
        yield item(table)
    if len(found.trades) > _MANY:
        yield item(Text(f"and {len(found.trades) - _MANY} more; --json has them all", style="dim"))


def _trade(change: TradeChange, side: int) -> str:
    one = (change.own, change.other)[side]
    if one is None:
        return "none"
    return f"{one.side} {one.units:,.0f}, {'open' if one.reason == STILL_OPEN else one.reason} {one.pnl:+,.2f}"


def _entered(change: TradeChange) -> int:
    one = change.own or change.other
    return 0 if one is None else one.entry_ns


def _settings(found: Counterfactual) -> Iterator[RenderableType]:
    yield from heading(f"Settings that differ ({len(found.differ)}): own -> other")
    if not found.differ:
        yield item(Text("none that says how a desk trades", style="dim"))
    for one in found.differ[:_MANY]:
        yield item(Text(one))
    if len(found.differ) > _MANY:
        yield item(Text(f"and {len(found.differ) - _MANY} more; --json has them all", style="dim"))


def _trust(found: Counterfactual) -> Iterator[RenderableType]:
    yield from heading("Can the simulation be believed?")
    if found.reproduces is None:
        told = "Strategies differ and something was open: both began flat, so the journal's own day cannot be held against it."
        yield item(Text(told, style="yellow"))
    elif found.reproduces:
        yield item(
            Text.assemble(
                ("Yes", "bold green"), ": with the desk's own settings it does what the journal says, act for act."
            )
        )
    elif found.apart is not None:
        yield item(
            Text.assemble(
                ("Not after ", "bold red"),
                f"{minute(found.apart.time_ns)}: there the desk's own settings part from the journal",
            )
        )
        yield from _parting(found.apart, ("journal", "own"))
        for one in found.reasons:
            yield item(Text(f"the journal tells of what no simulation knows: {one}"))
    for one in found.remarks:
        yield item(Text(one))


def _signed(value: float | None) -> str:
    return "not known" if value is None else f"{value:+,.2f}"


def counterfactual_dict(found: Counterfactual) -> dict[str, Any]:
    """Plain values for machines; times RFC 3339."""
    return {
        "journal": found.journal, "day": found.day.name, "simulated": True, "same": found.is_same, "differ": list(found.differ),
        "carried": found.carried, "reproduces": found.reproduces, "apart": _parting_dict(found.apart, ("journal", "own")),
        "reasons": list(found.reasons), "first": _parting_dict(found.first, ("own", "other")),
        "trades": [
            {"kind": str(one.kind), "own": msgspec.to_builtins(one.own), "other": msgspec.to_builtins(one.other)}
            for one in found.trades
        ],
        "own": msgspec.to_builtins(found.own.account), "other": msgspec.to_builtins(found.other.account),
        "remarks": list(found.remarks),
    }  # fmt: skip


def _parting_dict(one: Parting | None, names: tuple[str, str]) -> dict[str, Any] | None:
    if one is None:
        return None
    sides = None
    if one.sides is not None:
        pairs = zip(names, one.sides.required, one.sides.actual, strict=True)
        sides = {"check": one.sides.check} | {
            name: {"required": required, "actual": actual} for name, required, actual in pairs
        }
    acts = {name: _act_dict(act) for name, act in zip(names, (one.one, one.other), strict=True)}
    return {"time": rfc3339(one.time_ns), "strategy": one.strategy, "symbol": one.symbol, **acts, "check": sides}


def _act_dict(act: Act | None) -> dict[str, Any] | None:
    if act is None:
        return None
    facts = {
        name: str(value) if not isinstance(value, int | float | str | bool | None) else value
        for name, value in act.facts.items()
    }
    return {"time": rfc3339(act.time_ns), "kind": act.kind, "sentence": act.sentence, "facts": facts}
