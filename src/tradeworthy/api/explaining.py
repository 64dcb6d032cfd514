"""Why a signal became an order, or none: its chain of decision out of the journal, every check with required and actual."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tradeworthy.api.desk_past import Past, open_past
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.deals import LEGS
from tradeworthy.core.errors import InputError, JournalError
from tradeworthy.core.events import Envelope, decode
from tradeworthy.live.desk_commands import NoteKind, Tell
from tradeworthy.live.desk_events import NOTE_KIND
from tradeworthy.live.order_life import event_of
from tradeworthy.live.stepping import explained
from tradeworthy.live.verdict_chain import Answer, VerdictChain

_SIGNAL: Final = "signal"
_HINT: Final = "; `tradeworthy why` without a signal lists the latest ones"


@dataclass(frozen=True, slots=True)
class SignalLine:
    """A signal as its note tells it. signal: the id to ask for it by; about: the event it was weighed in."""

    signal: str
    event: int
    time_ns: int
    strategy: str
    symbol: str
    side: str
    answer: Answer
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """Plain types."""
        return {
            "signal": self.signal, "event": self.event, "time": rfc3339(self.time_ns), "strategy": self.strategy,
            "symbol": self.symbol, "side": self.side, "answer": str(self.answer), "sentence": self.sentence,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoryLine:
    """What the journal says of an order after it was sent."""

    event: int
    time_ns: int
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """Plain types."""
        return {"event": self.event, "time": rfc3339(self.time_ns), "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class SignalExplained:
    """What was asked for, the chains of its event that it means, what became of the order, and whether it is over."""

    signal: str
    desk: str
    simulated: bool
    chains: tuple[VerdictChain, ...]
    story: tuple[StoryLine, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """{signal, desk, simulated, chains, story}."""
        return {
            "signal": self.signal, "desk": self.desk, "simulated": self.simulated,
            "chains": [one.to_dict() for one in self.chains], "story": [one.to_dict() for one in self.story],
        }  # fmt: skip


def explain_signal(signal: str, desk: str | Path = ".", *, data: str | Path | None = None) -> SignalExplained:
    """The checks of one signal, asked again by the very step that decided then, and held against what the journal says.

    signal: the client id of an order, or of its stop or target; the number of an event or note, as `journal tail` shows it; or
    the id of a signal from outside.
    Raises InputError for what is no signal of this desk, JournalError where the journal says something else than its events
    make, and as `open_past`.
    """
    past = open_past(desk, data)
    name = signal.strip()
    event, client_id = _found(past, name)
    chains, simulated = _chains(past, event)
    weighed = bool(chains)
    if client_id:
        chains = tuple(one for one in chains if one.client_id == client_id)
    if not chains:
        raise InputError(_no_signal(past, event, name, weighed=weighed))
    story: tuple[StoryLine, ...] = ()
    sent = [one.client_id for one in chains if one.accepted]
    if sent:
        story = tuple(_story(past, event, frozenset(sent)))
    for one in chains:
        if one.answer is Answer.WAITS:
            story = (*story, *_weighed_again(past, one))
    return SignalExplained(name, past.name, simulated, chains, story)


def latest_signals(
    desk: str | Path = ".", count: int = 20, *, day: str | None = None, data: str | Path | None = None
) -> tuple[SignalLine, ...]:
    """The latest signals of a desk, oldest first; of one trading day where `day` (2026-08-03) names it.

    Raises InputError for a day that the journal does not hold, and as `open_past`.
    """
    past = open_past(desk, data)
    first, last = past.first, past.last
    if day is not None:
        found = past.day(day)
        first, last, count = found.first, found.last, last
    lines = [line for one in past.records(first, last) if one.kind == NOTE_KIND and (line := _line(one)) is not None]
    return tuple(lines[-count:])


def _found(past: Past, name: str) -> tuple[int, str]:
    """The event that is meant, and the client id where only that order is."""
    given = _given_from_outside(past, name)
    if given:
        _check_meant(past, name, given)
        return given, ""
    if name.isdecimal():
        return _event_at(past, int(name), name), ""
    client_id = _entry_of(name)
    return _event_at(past, event_of(client_id), name), client_id


def _given_from_outside(past: Past, signal_id: str) -> int:
    """The event of the first signal from outside with that id; 0 for none."""
    return next(
        (one.sequence for one in past.records(past.first) if one.kind == _SIGNAL and one.body.get("signal_id") == signal_id), 0
    )  # fmt: skip


def _check_meant(past: Past, name: str, given: int) -> None:
    """Raises InputError where the id of a signal from outside is the number of another one's event too."""
    if not name.isdecimal() or not past.first <= int(name) <= past.last:
        return
    other = _event_at(past, int(name), name)
    if other != given and any(
        _is_about(one, other) and _line(one) is not None for one in past.records(other + 1, other + 20)
    ):
        raise InputError(
            f"{name} is the id of the signal from outside of event {given}, and the number of an event that weighed another "
            f"one: ask for {given}, or for {other if other != int(name) else other + 1}"
        )


def _entry_of(name: str) -> str:
    return next((name.removesuffix(f"-{leg}") for leg in LEGS if name.endswith(f"-{leg}")), name)


def _event_at(past: Past, sequence: int, name: str) -> int:
    """The event with that sequence, or the one that the note with it is about."""
    record = next(past.records(sequence, sequence), None) if past.first <= sequence <= past.last else None
    if record is None:
        raise InputError(f"{name}: the journal of this desk holds the events {past.first} to {past.last}{_HINT}")
    return int(str(record.body["about"])) if record.kind == NOTE_KIND else sequence


def _chains(past: Past, event: int) -> tuple[tuple[VerdictChain, ...], bool]:
    recorded = next(past.recorded(event, event), None)
    if recorded is None:
        raise InputError(f"event {event} cannot be stepped through again{_HINT}")
    step = recorded.step
    _, commands, chains = explained(step.before, step.happened)
    told = [one.sentence for one in commands if isinstance(one, Tell)]
    noted = [str(decode(one).body["sentence"]) for one in recorded.records[1:]]
    if told != noted:
        raise JournalError(
            f"{past.name}: of event {event} the journal says {'; '.join(noted) or 'nothing'!r}, and its events make "
            f"{'; '.join(told) or 'nothing'!r}; `tradeworthy audit verify` says whether it was changed"
        )
    return chains, step.after.origin.simulated


def _no_signal(past: Past, event: int, name: str, *, weighed: bool) -> str:
    record = next(past.records(event, event))
    body = record.body
    about = f" of {body['symbol']} {body.get('timeframe', '')}".rstrip() if body.get("symbol") else ""
    made = [str(one.body["sentence"]) for one in past.records(event + 1, event + 20) if _is_about(one, event)]
    told = f"; it made: {'; '.join(made)}" if made else ""
    none = "sent no entry of this id" if weighed else "weighed no entry"
    return f"{name}: event {event} ({record.kind}{about}, {rfc3339(record.event_time_ns)}) {none}{told}{_HINT}"


def _is_about(one: Envelope, event: int) -> bool:
    return one.kind == NOTE_KIND and one.body.get("about") == event


def _story(past: Past, event: int, ids: frozenset[str]) -> Iterator[StoryLine]:
    """Every note about these orders, up to the one that ends the last of them."""
    going = set(ids)
    for one in past.records(event + 1):
        if one.kind != NOTE_KIND:
            continue
        data = _data_of(one)
        about = data.get("entry_id") or _entry_of(str(data.get("client_id") or ""))
        if about not in ids:
            continue
        yield StoryLine(one.sequence, one.event_time_ns, str(one.body["sentence"]))
        if one.body["kind"] == NoteKind.CLOSED or (one.body["kind"] == NoteKind.ORDER and "status" in data):
            going.discard(str(about))
        if not going:
            return


def _weighed_again(past: Past, chain: VerdictChain) -> Iterator[StoryLine]:
    """What became of an entry that waited for the position before it to be left."""
    signals: set[int] = set()  # of the same moment, in a replay; none of them weighs what waits
    for one in past.records(chain.event + 1):
        if one.kind == _SIGNAL:
            signals.add(one.sequence)
        line = _line(one) if one.kind == NOTE_KIND and one.strategy == chain.strategy else None
        if line is None or line.event in signals or _data_of(one)["decided_ns"] != chain.decided_ns:
            continue
        if line.answer is Answer.SENT:
            yield from _story(past, line.event, frozenset({line.signal}))
        else:
            yield StoryLine(one.sequence, one.event_time_ns, line.sentence)
        return


def _line(one: Envelope) -> SignalLine | None:
    """A note that says what became of a signal, None for any other."""
    data, kind = _data_of(one), one.body["kind"]
    if "decided_ns" not in data or kind not in {NoteKind.REFUSED, NoteKind.ORDER}:
        return None
    refused = kind == NoteKind.REFUSED
    event = int(str(one.body["about"]))
    side = str(data["side"]) if refused else ("short" if str(data["units"]).startswith("-") else "long")
    return SignalLine(
        str(event) if refused else str(data["client_id"]), event, one.event_time_ns, one.strategy, str(one.body["symbol"]),
        side, Answer.REFUSED if refused else Answer.SENT, str(one.body["sentence"]),
    )  # fmt: skip


def _data_of(one: Envelope) -> Mapping[str, Any]:
    data = one.body["data"]
    return data if isinstance(data, Mapping) else {}
