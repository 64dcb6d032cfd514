"""Signed validation records, and what a desk makes of them."""

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import msgspec
import pytest

from tradeworthy.adapters.files.record_files import RecordFolder, read_record
from tradeworthy.adapters.files.signing_key import SigningKey
from tradeworthy.api.records import check_record, sign_validation
from tradeworthy.api.reporting import write_report
from tradeworthy.api.validation import validate
from tradeworthy.appraisal.book import Book
from tradeworthy.appraisal.record import Validation
from tradeworthy.appraisal.validation_record import RecordProblem, RecordTerms, ValidationRecord, check
from tradeworthy.core.clock import DAY_NS, from_rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.verdict import BookVerdict
from tradeworthy.settings.books import book_from
from tradeworthy.settings.loading import from_text
from tradeworthy.settings.shipped import template

EVERY = frozenset(BookVerdict)


def book() -> Book:
    return book_from(from_text(template("fx-daily"), "fx-daily", {}))


@pytest.fixture(scope="module")
def made() -> Validation:
    return validate(book())


@pytest.fixture
def desk(tmp_path: Path, made: Validation) -> Path:
    sign_validation(made, write_report(made, tmp_path / "reports"), tmp_path)
    return tmp_path


def newest(desk: Path) -> ValidationRecord:
    record = RecordFolder(desk / "records").newest("fx-daily")
    assert record is not None
    return record


def days_since_the_newest_bar(desk: Path) -> float:
    record = newest(desk)
    return (from_rfc3339(record.validated_at) - from_rfc3339(record.window_end)) / DAY_NS


def test_a_signed_record_of_this_book_passes_for_the_verdicts_that_are_asked_for(desk: Path) -> None:
    age = days_since_the_newest_bar(desk) + 1
    found = check_record(book(), desk, max_age_days=age, verdicts=EVERY)
    assert found.passed
    assert found.record == newest(desk)
    refused = check_record(book(), desk, max_age_days=age)
    assert refused.problem is RecordProblem.NOT_TRADEABLE
    assert refused.sentence == "its verdict is NOT FIT, and FIT is asked for"


CHANGED = {
    "verdict": "FIT", "as_of": True, "validated_at": "2020-01-01T00:00:00Z", "window_start": "2020-01-01T00:00:00Z",
    "window_end": "2020-01-01T00:00:00Z", "book_sha256": "0", "data_sha256": "0", "baseline_sha256": "0",
    "report_sha256": "0", "version": "9", "public_key": "0" * 64, "signature": "0" * 128,
}  # fmt: skip


def test_any_change_of_any_field_is_found(desk: Path) -> None:
    path = next((desk / "records").iterdir())
    whole = json.loads(path.read_text())
    assert set(whole) == {*CHANGED, "schema", "kind", "book"}
    for name, value in CHANGED.items():
        path.write_text(json.dumps(whole | {name: value}))
        found = check_record(book(), desk, max_age_days=10_000, verdicts=EVERY)
        assert found.problem is RecordProblem.FORGED, name
    path.write_text(json.dumps(whole))
    assert check_record(book(), desk, max_age_days=10_000, verdicts=EVERY).passed


def signed(desk: Path, **other: object) -> ValidationRecord:
    """The newest record with other fields, signed by the desk."""
    changed = msgspec.structs.replace(newest(desk), **other)
    return msgspec.structs.replace(changed, signature=SigningKey(desk / "keys").sign(changed.signed_bytes()))


@pytest.mark.parametrize("change", [{"validated_at": "2020-01-01T00:00:00Z"}, {"book": "other"}])
def test_a_newer_record_cannot_be_changed_out_of_the_way(desk: Path, change: dict[str, str]) -> None:
    folder, now = RecordFolder(desk / "records"), newest(desk)
    folder.save(signed(desk, verdict=BookVerdict.FIT))
    newer = folder.save(signed(desk, validated_at="2199-01-01T00:00:00Z"))
    assert now.verdict is BookVerdict.NOT_FIT
    newer.write_text(json.dumps(json.loads(newer.read_text()) | change))
    found = check_record(book(), desk, max_age_days=100_000, verdicts=EVERY)
    assert found.problem is RecordProblem.FORGED
    assert newer.name in found.sentence


def test_a_record_of_a_book_that_was_renamed_is_forged_and_not_missing(desk: Path) -> None:
    only = next((desk / "records").iterdir())
    only.write_text(json.dumps(json.loads(only.read_text()) | {"book": "other"}))
    assert check_record(book(), desk).problem is RecordProblem.FORGED


@pytest.mark.parametrize(
    "order", list(permutations((BookVerdict.FIT, BookVerdict.NOT_FIT, BookVerdict.COULD_NOT_TELL)))
)
def test_of_records_of_one_second_the_gravest_counts(desk: Path, order: tuple[BookVerdict, ...]) -> None:
    folder = RecordFolder(desk / "records")
    later = "2199-01-01T00:00:00Z"
    made = [signed(desk, verdict=verdict, validated_at=later) for verdict in order]
    for one in made:
        folder.save(one)
    assert newest(desk).verdict is BookVerdict.NOT_FIT


def test_a_book_with_any_other_parameter_fill_rule_or_cost_is_another_book(desk: Path) -> None:
    plan = book()
    first = plan.strategies[0]
    for other in (
        replace(plan, strategies=(replace(first, rules=replace(first.cross, fast=41)), *plan.strategies[1:])),
        replace(plan, strategies=plan.strategies[1:]),
        replace(plan, fills=replace(plan.fills, gap="trigger")),
        replace(plan, costs=replace(plan.costs, spread_pips=2.0)),
    ):
        found = check_record(other, desk, max_age_days=10_000, verdicts=EVERY)
        assert found.problem is RecordProblem.OTHER_BOOK
    same = replace(plan, study=replace(plan.study, seed=3))
    assert check_record(same, desk, max_age_days=10_000, verdicts=EVERY).passed


def test_a_desk_without_a_record_or_with_another_key_is_refused(desk: Path, tmp_path: Path) -> None:
    found = check_record(book(), tmp_path / "elsewhere")
    assert found.problem is RecordProblem.MISSING
    assert "run `tradeworthy validate`" in found.sentence
    (desk / "keys" / "signing.key").unlink()
    assert check_record(book(), desk, max_age_days=10_000, verdicts=EVERY).problem is RecordProblem.FORGED


@pytest.mark.parametrize(
    ("now", "problem"),
    [
        ("2024-06-29T12:00:00Z", None),
        ("2024-06-29T07:30:00Z", None),
        ("2024-06-29T06:00:00Z", RecordProblem.FROM_THE_FUTURE),
        ("2024-07-05T08:00:00Z", RecordProblem.TOO_OLD),
    ],
)
def test_age_counts_from_the_validation_and_from_its_newest_bar(now: str, problem: RecordProblem | None) -> None:
    record = ValidationRecord(
        book="b", verdict=BookVerdict.FIT, validated_at="2024-06-29T08:00:00Z", window_start="2024-03-28T21:00:00Z",
        window_end="2024-06-28T21:00:00Z", as_of=False, book_sha256="1", data_sha256="2", baseline_sha256="",
        report_sha256="3", public_key="4",
    )  # fmt: skip
    terms = RecordTerms("1", 5.0, {BookVerdict.FIT})
    assert check(record, terms, now_ns=from_rfc3339(now)).problem is problem
    old_bars = msgspec.structs.replace(record, window_end="2024-06-20T21:00:00Z")
    found = check(old_bars, terms, now_ns=from_rfc3339("2024-06-29T12:00:00Z"))
    assert found.problem is RecordProblem.TOO_OLD
    assert found.sentence.startswith("its newest bar closed 9 days ago")


def test_a_validation_as_of_the_past_is_no_licence(made: Validation, tmp_path: Path) -> None:
    sign_validation(made, write_report(made, tmp_path / "reports"), tmp_path, as_of=True)
    found = check_record(book(), tmp_path, max_age_days=10_000, verdicts=EVERY)
    assert found.problem is RecordProblem.PAST_MOMENT


def test_records_of_one_second_are_kept_apart_and_damage_is_told(desk: Path, made: Validation) -> None:
    folder = RecordFolder(desk / "records")
    paths = [folder.save(newest(desk)) for _ in range(2)]
    assert len(list((desk / "records").iterdir())) == 3
    paths[0].write_text("{}")
    with pytest.raises(InputError, match="not a validation record"):
        read_record(paths[0])
    with pytest.raises(InputError, match="not a validation record"):
        check_record(book(), desk)
    assert made.book_sha256 == book().sha256


def test_a_trade_history_has_nothing_to_vouch_for(made: Validation, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no parameters that a record could vouch for"):
        sign_validation(replace(made, kind="trades"), tmp_path, tmp_path)
    with pytest.raises(InputError, match="max_age_days must be above zero"):
        check_record(book(), tmp_path, max_age_days=0)
