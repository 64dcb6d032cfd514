"""A day of the past on the terminal: the proof first, then money, trades, orders, what was refused, and what held the desk
back."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tradeworthy.api.day_account import DayAccount, DayNote, DayTrade
from tradeworthy.api.day_proof import RecordDiffers
from tradeworthy.api.desk_moment import DeskMoment
from tradeworthy.api.desk_standings import DeskStanding, Presence
from tradeworthy.api.past_index import PastDay
from tradeworthy.api.replaying import DayReplay
from tradeworthy.cli.status_display import status_screen
from tradeworthy.core.clock import rfc3339, to_datetime
from tradeworthy.core.counting import counted
from tradeworthy.core.events import Envelope
from tradeworthy.market.zones import known_zone

_WIDE: Final = 76
"""Columns from which on a trade takes one line."""
_MANY: Final = 8
"""Lines of one kind that are shown; of more the first ones, and how many there are."""
_CLEAR: Final = "every record is what the step makes of the events before it"


def show_day(replay: DayReplay, console: Console) -> None:
    """The whole screen."""
    for part in _parts(replay, console.width):
        console.print(part)


def _parts(replay: DayReplay, width: int) -> Iterator[RenderableType]:
    day, account, proof = replay.day, replay.account, replay.proof
    yield Text(f"{day.name}, {span(day, replay.end.plan.day.zone)}", style="bold")
    if proof.is_equal:
        yield Text.assemble((proof.sentence, "bold green"), f", byte for byte: {_CLEAR}")
    else:
        yield Text(proof.sentence, style="bold red")
        yield from _differing(proof.differs)
    yield Text(f"records {day.first:,} to {day.last:,} of {replay.journal}", style="dim")
    yield from money_lines(account)
    yield Text()
    yield Text("events: " + (", ".join(f"{kind} {count:,}" for kind, count in account.events.items())))
    yield from _trades(account.trades, width, account.currency)
    yield from _notes("Entries sent", account.entries)
    yield from _notes("Opened", account.opened)
    yield from refusal_lines(account)
    yield from _notes("Held back, and alerts", account.held_back, "yellow")
    yield from _notes("Broker and lines", account.faults, "yellow")
    yield from _notes("Asked by operators", account.wishes)
    yield from _notes("Processes", account.started)


def span(day: PastDay, zone: str) -> str:
    """From when until when a trading day lasts, in its own zone and in UTC."""
    what = "the trading day" if day.through in {None, day.day} else "the trading days"
    utc = f"{minute(day.begins_ns)} to {minute(day.ends_ns)}"
    if zone in {"", "UTC"}:
        return f"{what} from {utc}"
    begins, ends = (to_datetime(one).astimezone(known_zone(zone)) for one in (day.begins_ns, day.ends_ns))
    return f"{what} from {begins:%a %H:%M} to {ends:%a %H:%M} {zone} ({utc})"


def money_lines(account: DayAccount) -> Iterator[RenderableType]:
    """Equity at both ends, and what each strategy that moved did."""
    unit, start, end = account.currency, account.start_equity, account.end_equity
    yield Text()
    if start is None or end is None:
        yield Text("equity is not known at both ends: a conversion is missing", style="yellow")
    else:
        share = f" ({(end - start) / start:+.2%})" if start > 0 else ""
        yield Text.assemble(f"equity {start:,.2f} to ", (f"{end:,.2f} {unit}", "bold"), f", {end - start:+,.2f}{share}")
    moved = {name: worth for name, worth in account.money.items() if worth is None or abs(worth) >= 0.005}
    told = ", ".join(f"{name} {'not known' if worth is None else f'{worth:+,.2f}'}" for name, worth in moved.items())
    yield Text(f"by strategy: {told or 'none moved'}")


def _differing(found: RecordDiffers | None) -> Iterator[RenderableType]:
    if found is None:
        return
    for name, one in (("journal", found.journal), ("step", found.made)):
        yield item(Text.assemble((f"{name:<8}", "bold"), _told(one)))
    for path, (journal, made) in found.fields.items():
        yield item(Text(f"{path}: the journal has {_shown(journal)}, the step makes {_shown(made)}", style="red"))


def _told(one: Envelope | None) -> str:
    if one is None:
        return "nothing"
    sentence = one.body.get("sentence")
    return f"{one.sequence} {rfc3339(one.event_time_ns)} {one.kind} {one.strategy or one.account}: {sentence or _shown(one.body)}"


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 200 else f"{text[:200]}…"


def _trades(trades: Sequence[DayTrade], width: int, unit: str) -> Iterator[RenderableType]:
    yield from heading(f"Trades closed ({len(trades)})")
    if not trades:
        yield item(Text("none", style="dim"))
    elif width < _WIDE:
        for one in trades:
            yield item(Text(f"{one.strategy}  {one.side} {one.units:,.0f}, {one.pnl:+,.2f} {unit} by {one.reason}"))
            yield item(Text(f"  {one.entry_price:.6g} to {one.exit_price:.6g}", style="dim"))
    else:
        yield item(_table(trades, unit))


def _table(trades: Sequence[DayTrade], unit: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("strategy", no_wrap=True, overflow="ellipsis")
    for name in ("units", "entry", "exit"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("left", no_wrap=True)
    table.add_column("by", no_wrap=True, overflow="ellipsis")
    table.add_column(unit, justify="right", no_wrap=True)
    for one in trades:
        sign = 1 if one.side == "long" else -1
        table.add_row(
            one.strategy, f"{sign * one.units:+,.0f}", f"{one.entry_price:.6g}", f"{one.exit_price:.6g}", minute(one.exit_ns),
            one.reason, f"{one.pnl:+,.2f}",
        )  # fmt: skip
    return table


def refusal_lines(account: DayAccount) -> Iterator[RenderableType]:
    """Counts by check, with an example of each."""
    total = sum(account.refused.values())
    yield from heading(f"Entries refused ({total})")
    if not total:
        yield item(Text("none", style="dim"))
    for check, count in account.refused.items():
        yield item(Text(f"{check} {count:,}, such as {account.examples[check]}"))


def _notes(title: str, notes: Sequence[DayNote], style: str = "") -> Iterator[RenderableType]:
    if not notes:
        return
    yield from heading(f"{title} ({len(notes)})")
    for one in notes[:_MANY]:
        yield item(Text(f"{minute(one.time_ns)}  {one.sentence}", style=style if one.level == "alert" else ""))
    if len(notes) > _MANY:
        yield item(Text(f"and {counted(len(notes) - _MANY, 'more')[:-1]}", style="dim"))


def moment_screen(moment: DeskMoment, width: int) -> RenderableType:
    """The desk as `status` would have shown it then, under a line that says when that was."""
    local = to_datetime(moment.time_ns).astimezone(known_zone(moment.zone))
    zoned = "" if moment.zone == "UTC" else f" = {local:%a %H:%M} {moment.zone}"
    head = Text.assemble(
        ("AS IT WAS ", "bold reverse"), f" at {minute(moment.time_ns)}{zoned}, after record {moment.sequence:,} of "
        f"{minute(moment.heard_ns)}, in the trading day {moment.day.day}",
    )  # fmt: skip
    return Group(head, status_screen(DeskStanding(Path(moment.journal), Presence.RUNS, moment.status()), width))


def day_dict(replay: DayReplay) -> dict[str, Any]:
    """Plain values for machines; times RFC 3339."""
    day, proof = replay.day, replay.proof
    return {
        "journal": replay.journal, "day": day.name, "begins": rfc3339(day.begins_ns), "ends": rfc3339(day.ends_ns),
        "first": day.first, "last": day.last, "equal": proof.is_equal, "proof": proof.sentence, "events": proof.events,
        "notes": proof.notes, "cut": list(proof.cut), "differs": difference_dict(proof.differs),
        "account": msgspec.to_builtins(replay.account),
    }  # fmt: skip


def difference_dict(found: RecordDiffers | None) -> dict[str, Any] | None:
    """Plain values of the first record that differs."""
    if found is None:
        return None
    fields = {name: {"journal": one, "made": other} for name, (one, other) in found.fields.items()}
    return {
        "sequence": found.sequence, "event": found.event, "sentence": found.sentence, "fields": fields,
        "journal": msgspec.to_builtins(found.journal), "made": msgspec.to_builtins(found.made),
    }  # fmt: skip


def heading(title: str) -> Iterator[RenderableType]:
    """A title, and the empty line before it."""
    yield Text()
    yield Text(title, style="bold")


def item(what: RenderableType) -> Padding:
    """Something below a title."""
    return Padding(what, (0, 0, 0, 2))


def minute(time_ns: int) -> str:
    """A moment as people read it, UTC."""
    return f"{rfc3339(time_ns)[:16].replace('T', ' ')}Z"
