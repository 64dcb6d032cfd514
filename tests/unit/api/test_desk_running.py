"""What a run says of itself before it begins."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tradeworthy.adapters.files.record_files import RecordFolder
from tradeworthy.adapters.files.signing_key import SigningKey
from tradeworthy.api.audit_result import Wholeness
from tradeworthy.api.auditing import audit_journal
from tradeworthy.api.desk_rehearsal import rehearsed
from tradeworthy.api.desk_running import RunWanted, moved_aside, prepared, run_again, run_desk
from tradeworthy.appraisal.validation_record import RecordProblem, ValidationRecord
from tradeworthy.backtest.costs import Costs
from tradeworthy.controls.sizing import FixedFraction, Sizing, VolatilityTarget
from tradeworthy.core.clock import DAY_NS, SECOND_NS, now_ns, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.verdict import BookVerdict
from tradeworthy.live.desk_commands import Tell
from tradeworthy.settings.desk_folder import DeskFolder


class Silent:
    """A screen that nobody looks at."""

    def __init__(self) -> None:
        self.passed: dict[str, str] = {}

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """See `Screen`."""
        self.passed |= {name: sentence} if passed else {}

    def note(self, tell: Tell, time_ns: int) -> None:
        """See `Screen`."""


@pytest.mark.parametrize(
    ("book", "folder", "command"),
    [
        ("fx-daily", "fx-daily-desk", "tradeworthy run fx-daily"),
        ("fx-daily", "elsewhere", "tradeworthy run fx-daily --desk elsewhere"),
        ("my desk/tradeworthy.toml", "my desk", "tradeworthy run 'my desk/tradeworthy.toml'"),
        ("tradeworthy.toml", "my desk", "tradeworthy run tradeworthy.toml --desk 'my desk'"),
    ],
)
def test_the_command_that_runs_a_desk_once_more_names_book_and_folder(book: str, folder: str, command: str) -> None:
    assert run_again(book, Path(folder)) == command


def test_a_replay_that_is_over_says_how_to_begin_another_of_the_same_book(tmp_path: Path) -> None:
    first = prepared(RunWanted("fx-daily", tmp_path, span_ns=300 * DAY_NS)).start_ns
    wanted = RunWanted("fx-daily", tmp_path, start_ns=first, end_ns=first + 3 * DAY_NS)
    run_desk(wanted, Silent())
    with pytest.raises(InputError, match=f"`tradeworthy run fx-daily --desk {tmp_path} --again` begins another"):
        run_desk(wanted, Silent())


def test_a_desk_signs_what_its_journal_holds_at_its_end_and_begins_anew_with_the_next_replay(tmp_path: Path) -> None:
    first = prepared(RunWanted("fx-daily", tmp_path, span_ns=300 * DAY_NS)).start_ns
    wanted = RunWanted("fx-daily", tmp_path, start_ns=first, end_ns=first + 3 * DAY_NS)
    run_desk(wanted, Silent())
    audit = audit_journal(tmp_path)
    assert (audit.verdict, audit.checkpoints) == (Wholeness.WHOLE, 1)
    assert audit.vouched == audit.events > 0
    aside = moved_aside(wanted)
    assert aside is not None
    assert {"checkpoints.jsonl", "checkpoints.hashes", "journal.sqlite"} <= {path.name for path in aside.iterdir()}
    assert audit_journal(aside, key=audit.fingerprint).verdict is Wholeness.WHOLE
    run_desk(wanted, Silent())
    assert audit_journal(tmp_path).verdict is Wholeness.WHOLE


def test_a_desk_that_requires_a_record_begins_only_with_a_book_that_was_found_fit_as_it_stands(tmp_path: Path) -> None:
    environment = {"TRADEWORTHY_LIVE__REQUIRE_RECORD": "true"}
    first = prepared(RunWanted("fx-daily", tmp_path, span_ns=300 * DAY_NS)).start_ns
    wanted = RunWanted("fx-daily", tmp_path, start_ns=first, end_ns=first + 3 * DAY_NS, environment=environment)
    with pytest.raises(InputError, match="there is no record of a validation of fx-daily; run `tradeworthy validate`"):
        run_desk(wanted, Silent())
    signed(tmp_path, verdict=BookVerdict.NOT_FIT)
    with pytest.raises(
        InputError, match=r"its verdict is NOT FIT, and FIT is asked for; \[live\] require_record asks for it"
    ):
        run_desk(wanted, Silent())
    assert not (tmp_path / "journal.sqlite").exists()
    signed(tmp_path, verdict=BookVerdict.FIT)
    screen = Silent()
    run_desk(wanted, screen)
    assert "record" in screen.passed
    signed(tmp_path, verdict=BookVerdict.FIT, book_sha256="of other parameters")
    with pytest.raises(InputError, match=str(RecordProblem.OTHER_BOOK)):
        run_desk(wanted, Silent())


def signed(desk: Path, **fields: Any) -> None:
    """A record of a validation of now, as this desk signs it."""
    key, now = SigningKey(DeskFolder(desk).keys), rfc3339(now_ns() // SECOND_NS * SECOND_NS)
    book = prepared(RunWanted("fx-daily", desk)).book
    record = ValidationRecord(**{
        "book": "fx-daily", "verdict": BookVerdict.FIT, "validated_at": now, "window_start": now, "window_end": now,
        "as_of": False, "book_sha256": book.sha256, "data_sha256": "0", "baseline_sha256": "", "report_sha256": "0",
        "version": "1", "public_key": key.public(), **fields,
    })  # fmt: skip
    time.sleep(1.1)  # records are named by the second
    record = msgspec.structs.replace(record, signature=key.sign(record.signed_bytes()))
    RecordFolder(DeskFolder(desk).records).save(record)


@pytest.mark.parametrize("sizing", [FixedFraction(0.01), VolatilityTarget(0.2, 50)], ids=repr)
def test_a_rehearsal_trades_by_the_rules_of_the_plan_and_leaves_nothing_behind(tmp_path: Path, sizing: Sizing) -> None:
    desk = prepared(RunWanted("fx-daily", tmp_path, span_ns=30 * DAY_NS))
    plan = replace(desk.plan, members=tuple(replace(one, sizing=sizing) for one in desk.plan.members))
    assert rehearsed(plan, Costs(1.0), desk.book.fills) > 5
    spreads = {one.instrument.symbol: 1.0 for one in plan.members if one.instrument.symbol != "EUR_USD"}
    others = replace(plan, members=tuple(one for one in plan.members if one.instrument.symbol in spreads))
    assert rehearsed(others, Costs(spreads), desk.book.fills) > 5, "whatever the instruments of the book are"
    assert [*tmp_path.iterdir()] == []
