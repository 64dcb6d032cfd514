"""What a run says of itself before it begins."""

from pathlib import Path

import pytest

from tradeworthy.api.audit_result import Wholeness
from tradeworthy.api.auditing import audit_journal
from tradeworthy.api.desk_running import RunWanted, moved_aside, prepared, run_again, run_desk
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_commands import Tell


class Silent:
    """A screen that nobody looks at."""

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """See `Screen`."""

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
