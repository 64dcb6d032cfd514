"""What an audit of a journal found: the answer, where the first bad thing is, what is proven and what is not."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Wholeness(StrEnum):
    """Whether a journal is what it was."""

    WHOLE = "WHOLE"
    TAMPERED = "TAMPERED"
    COULD_NOT_TELL = "COULD NOT TELL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was. first, last: the events among which the first bad one is, the same where it is known
    exactly, 0 where it is not about events; sentence: where and what, for a person."""

    sentence: str
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Audit:
    """events: how many were read and hang together. vouched: the last event up to which a checkpoint holds. fingerprint:
    of the key that the checkpoints were held against, empty without one. findings: the first bad event first."""

    verdict: Wholeness
    sentence: str
    findings: tuple[Finding, ...] = ()
    proven: tuple[str, ...] = ()
    not_proven: tuple[str, ...] = ()
    events: int = 0
    vouched: int = 0
    checkpoints: int = 0
    fingerprint: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)
