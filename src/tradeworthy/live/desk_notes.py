"""Notes in the journal: what people are told, right behind the event that it is about."""

from tradeworthy.core.events import Envelope
from tradeworthy.live.desk_commands import Tell
from tradeworthy.live.desk_events import NOTE_KIND, Happened


def note_of(one: Tell, sequence: int, about: Happened, account: str) -> Envelope:
    """A note in its envelope."""
    body: dict[str, object] = {
        "kind": str(one.kind), "level": str(one.level), "sentence": one.sentence, "symbol": one.symbol,
        "about": about.sequence, "data": dict(one.data),
    }  # fmt: skip
    return Envelope(
        sequence=sequence, account=account, strategy=one.strategy, kind=NOTE_KIND, event_time_ns=about.event.time_ns,
        receive_time_ns=about.received_ns, source="desk", body=body,
    )  # fmt: skip
