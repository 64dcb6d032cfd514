"""Events and helpers for tests of journals."""

from tradeworthy.core.events import Envelope


def event(sequence: int, note: str = "", body: dict[str, object] | None = None) -> Envelope:
    """An event that can be told from every other by its body."""
    return Envelope(
        sequence=sequence,
        account="paper",
        strategy="EUR_USD_D",
        kind="bar",
        event_time_ns=sequence * 1_000,
        receive_time_ns=sequence * 1_000 + 7,
        source="test",
        body={"note": note, "price": sequence / 8} if body is None else body,
    )


def events(first: int, last: int, note: str = "") -> list[Envelope]:
    """Events from `first` to `last`, both of them."""
    return [event(sequence, note) for sequence in range(first, last + 1)]
