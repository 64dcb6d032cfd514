"""What the events of a journal fold to, kept so that starting up need not begin at the first event."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state after event `sequence`, as bytes of the state's own `schema`; the journal does not look into them."""

    sequence: int
    schema: int
    data: bytes
