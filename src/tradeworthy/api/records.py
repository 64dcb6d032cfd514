"""Sign what a validation found, and ask later whether a book may be traded on it."""

import hashlib
import os
from collections.abc import Collection
from pathlib import Path

import msgspec

from tradeworthy.adapters.files.record_files import RecordFolder
from tradeworthy.adapters.files.signing_key import SigningKey
from tradeworthy.appraisal.book import Book
from tradeworthy.appraisal.record import Validation
from tradeworthy.appraisal.validation_record import RecordCheck, RecordProblem, RecordTerms, check, record_of
from tradeworthy.core.clock import SECOND_NS, now_ns, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.verdict import BookVerdict
from tradeworthy.settings.books import book_from
from tradeworthy.settings.desk_folder import DeskFolder, settings_file
from tradeworthy.settings.loading import load

MAX_AGE_DAYS = 31.0
FORGED = (
    "{}: not signed by this desk's key, or changed afterwards; what was changed may have been the newest, so validate again and "
    "move away what is not this desk's"
)
TRADEABLE = frozenset({BookVerdict.FIT})


def sign_validation(validation: Validation, report: str | Path, desk: str | Path = ".", *, as_of: bool = False) -> Path:
    """Write a signed record of a book's validation into the desk; gives the file, `records/<UTC>.json`.

    report: the folder that `write_report` gave, whose report.json the record vouches for. as_of: whether the window was
    made to end in the past, which no desk trades on. The key is made in `keys/` when there is none, for its owner alone.
    Raises InputError for a trade history (it has no parameters to vouch for), OutputError where nothing can be written.
    """
    if validation.kind != "book":
        raise InputError("a trade history has no parameters that a record could vouch for; validate the book itself")
    folder = DeskFolder(Path(desk))
    key = SigningKey(folder.keys)
    digest = hashlib.sha256((Path(report) / "report.json").read_bytes()).hexdigest()
    record = record_of(
        validation, validated_at=rfc3339(now_ns() // SECOND_NS * SECOND_NS), as_of=as_of, report_sha256=digest,
        public_key=key.public(),
    )  # fmt: skip
    signed = msgspec.structs.replace(record, signature=key.sign(record.signed_bytes()))
    return RecordFolder(folder.records).save(signed)


def check_record(
    book: str | Path | Book = "tradeworthy.toml",
    desk: str | Path | None = None,
    *,
    max_age_days: float = MAX_AGE_DAYS,
    verdicts: Collection[BookVerdict] = TRADEABLE,
) -> RecordCheck:
    """Whether the newest record allows this book, as its settings stand now, to be traded.

    book: a settings file or its folder, or a `Book`. desk: the folder with keys and records; that of the settings by
    default. max_age_days: of the validation and of its newest bar. verdicts: those that may trade. Raises SettingsError
    for settings that cannot be used, InputError for a damaged record or key.
    """
    if not max_age_days > 0:
        raise InputError(f"max_age_days must be above zero, not {max_age_days}")
    if isinstance(book, Book):
        plan, root = book, Path(desk or ".")
    else:
        path = settings_file(Path(book))
        plan, root = book_from(load(path, os.environ)), Path(desk or path.parent)
    folder = DeskFolder(root)
    record, forged = RecordFolder(folder.records).newest(plan.name), _not_genuine(folder)
    if forged:
        return RecordCheck(RecordProblem.FORGED, FORGED.format(", ".join(forged)), record)
    if record is None:
        where = f"{folder.records}: there is no record of a validation of {plan.name}; run `tradeworthy validate`"
        return RecordCheck(RecordProblem.MISSING, where, None)
    terms = RecordTerms(plan.sha256, max_age_days, verdicts)
    return check(record, terms, now_ns=now_ns())


def _not_genuine(folder: DeskFolder) -> tuple[str, ...]:
    """Names of records that the desk's key did not sign as they stand: any of them may have been the newest of any book."""
    key = SigningKey(folder.keys)
    public = key.public()
    return tuple(
        path.name
        for path, one in RecordFolder(folder.records).all().items()
        if one.public_key != public or not key.signed(one.signed_bytes(), one.signature)
    )
