"""The signed answer of a validation: what a desk asks for before it trades a book."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from tradeworthy.appraisal.record import Validation
from tradeworthy.core.clock import DAY_NS, from_rfc3339
from tradeworthy.core.verdict import BookVerdict
from tradeworthy.core.version import PACKAGE_VERSION, RECORD_SCHEMA

CLOCKS_APART_DAYS = 1 / 24
"""A record may be this much ahead of the clock of the machine that reads it."""


class ValidationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What was validated, when, and with which answer.

    book_sha256: of strategies, parameters, fill rules and costs. data_sha256: of every strategy's bars. report_sha256:
    of report.json. baseline_sha256: of the stored baseline, empty without one. as_of: whether the window was made to
    end at a moment of the past. signature: Ed25519 over everything else, hexadecimal; public_key likewise.
    """

    schema: int = RECORD_SCHEMA
    kind: str = "validation-record"
    book: str
    verdict: BookVerdict
    validated_at: str
    window_start: str
    window_end: str
    as_of: bool
    book_sha256: str
    data_sha256: str
    baseline_sha256: str
    report_sha256: str
    version: str = PACKAGE_VERSION
    public_key: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What the signature is over."""
        return msgspec.json.encode(msgspec.structs.replace(self, signature=""), order="sorted")


class RecordProblem(StrEnum):
    """Why a desk may not trade on a record."""

    MISSING = "MISSING"
    FORGED = "FORGED"
    OTHER_BOOK = "OTHER BOOK"
    NOT_TRADEABLE = "NOT TRADEABLE"
    PAST_MOMENT = "PAST MOMENT"
    TOO_OLD = "TOO OLD"
    FROM_THE_FUTURE = "FROM THE FUTURE"


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """Whether a book may be traded on what is on record; `problem` is None then. sentence: for a person."""

    problem: RecordProblem | None
    sentence: str
    record: ValidationRecord | None

    @property
    def passed(self) -> bool:
        """Whether nothing stands against it."""
        return self.problem is None


def record_of(
    validation: Validation, *, validated_at: str, as_of: bool, report_sha256: str, public_key: str
) -> ValidationRecord:
    """The record of a finished validation, not signed yet."""
    data = "\n".join(f"{one.name} {one.data.sha256}" for one in validation.strategies)
    return ValidationRecord(
        book=validation.book, verdict=validation.judgement.verdict, validated_at=validated_at,
        window_start=validation.window_start, window_end=validation.window_end, as_of=as_of,
        book_sha256=validation.book_sha256, data_sha256=hashlib.sha256(data.encode()).hexdigest(),
        baseline_sha256=validation.baseline.sha256 if validation.baseline else "", report_sha256=report_sha256,
        version=validation.version, public_key=public_key,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordTerms:
    """What a desk asks of a record. max_age_days: of the validation, and of its newest bar."""

    book_sha256: str
    max_age_days: float
    verdicts: Collection[BookVerdict]


def check(record: ValidationRecord, terms: RecordTerms, *, now_ns: int) -> RecordCheck:
    """Hold a record that the desk's own key signed against the book that is to be traded."""
    problem = next(_problems(record, terms, now_ns), None)
    if problem is not None:
        return RecordCheck(*problem, record)
    return RecordCheck(None, f"validated at {record.validated_at}: {record.verdict}", record)


def _problems(record: ValidationRecord, terms: RecordTerms, now_ns: int) -> Iterator[tuple[RecordProblem, str]]:
    """The gravest first."""
    if record.book_sha256 != terms.book_sha256:
        yield (
            RecordProblem.OTHER_BOOK,
            f"the book was validated at {record.validated_at} with other strategies, parameters, fill rules or costs",
        )
    if record.as_of:
        yield RecordProblem.PAST_MOMENT, f"it was validated as of {record.window_end}, not as of its own day"
    for what, moment in (("it was validated", record.validated_at), ("its newest bar closed", record.window_end)):
        age = (now_ns - from_rfc3339(moment)) / DAY_NS
        if age < -CLOCKS_APART_DAYS:
            yield RecordProblem.FROM_THE_FUTURE, f"{what} at {moment}, which has not come yet"
        if age > terms.max_age_days:
            allowed = f"and {terms.max_age_days:g} are allowed"
            yield RecordProblem.TOO_OLD, f"{what} {age:,.0f} days ago ({moment}), {allowed}"
    if record.verdict not in terms.verdicts:
        asked = " or ".join(sorted(terms.verdicts))
        yield RecordProblem.NOT_TRADEABLE, f"its verdict is {record.verdict}, and {asked} is asked for"
