"""What a desk says of a journal that is locked, full, cut off, no journal at all, or of another version: one sentence each."""

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from shutil import copytree

import msgspec
import pytest

from support.small_disks import full_disk
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.desk_running import RunResult, RunWanted, prepared, run_desk
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError, JournalError, TradeworthyError
from tradeworthy.core.events import Envelope
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.core.version import JOURNAL_SCHEMA
from tradeworthy.live.desk_commands import NoteLevel, Tell
from tradeworthy.live.desk_events import DeskStarted, Happened, envelope_of
from tradeworthy.settings.shipped import template

BOOK = "\n[strategies.".join(template("fx-daily").split("\n[strategies.")[:3])
"""Two of its strategies."""
AS_NOBODY = Path(__file__).parents[1] / "support" / "as_nobody.py"


class Ear:
    """Hears what a run says."""

    def __init__(self) -> None:
        self.notes: list[Tell] = []

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """See `Screen`."""

    def note(self, tell: Tell, _time_ns: int) -> None:
        """See `Screen`."""
        self.notes.append(tell)


def run(folder: Path, ear: Ear | None = None) -> RunResult:
    """Sixty days of two strategies."""
    (folder / "tradeworthy.toml").write_text(BOOK)
    first = prepared(RunWanted(folder, span_ns=300 * DAY_NS)).start_ns
    return run_desk(RunWanted(folder, start_ns=first, end_ns=first + 60 * DAY_NS), ear or Ear())


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a desk that has lived its sixty days."""
    folder = tmp_path_factory.mktemp("lived")
    run(folder)
    return folder / "journal.sqlite"


def of(lived: Path, folder: Path) -> Path:
    """The journal in a copy of the desk's folder."""
    copytree(lived.parent, folder, dirs_exist_ok=True)
    return folder / "journal.sqlite"


def refusal(folder: Path) -> TradeworthyError:
    """Why it does not run: one sentence."""
    with pytest.raises(TradeworthyError) as found:
        run(folder)
    assert "\n" not in str(found.value)
    assert "Traceback" not in str(found.value)
    return found.value


def test_a_disk_that_fills_up_ends_the_run_after_it_was_said(tmp_path: Path) -> None:
    ear = Ear()
    with full_disk(120_000), pytest.raises(JournalError, match=r"journal\.sqlite"):
        run(tmp_path, ear)
    assert any("nothing can be recorded" in one.sentence for one in ear.notes if one.level is NoteLevel.ALERT)
    assert "when you know why, end it with `tradeworthy resume" in str(refusal(tmp_path)), "until a person has looked"


@pytest.mark.parametrize(
    ("unwritable", "sentence"),
    [
        ("journal.sqlite", "it may not be written; give the desk's user the right to write there"),
        (
            "journal.sqlite.witness",
            "no journal can be kept there (Permission denied); name a folder that the desk's user may",
        ),
        (".", "cannot be opened: it may not be written; stop trading, give the desk's user the right to write there"),
    ],
)
def test_a_journal_that_the_desks_user_may_not_write_is_named(lived: Path, unwritable: str, sentence: str) -> None:
    with tempfile.TemporaryDirectory() as name:  # one that another user may enter, as pytest's own are not
        folder = Path(name)
        of(lived, folder)
        before = open_journal(folder / "journal.sqlite")
        last = before.last_sequence()
        before.close()
        (folder / unwritable).chmod(0o555)
        done = subprocess.run(
            [sys.executable, str(AS_NOBODY), name], capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 2, done.stderr
        (said,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
        assert f"{folder / 'journal.sqlite'}: " in said
        assert sentence in said
        assert not (folder / "KILL").exists()  # nothing had begun that would have to be stopped
        folder.chmod(0o700)
        for file in folder.glob("journal.sqlite*"):
            file.chmod(0o600)
        after = open_journal(folder / "journal.sqlite")
        assert after.last_sequence() == last
        after.close()


def test_a_journal_that_another_program_locks_is_named(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"
    open_journal(journal).close()
    other = sqlite3.connect(journal)
    other.execute("begin exclusive")
    try:
        assert "holds it locked" in str(refusal(tmp_path))
    finally:
        other.rollback()
        other.close()


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_journal_that_is_cut_off_is_told_to_be_damaged(lived: Path, tmp_path: Path, share: float) -> None:
    journal = of(lived, tmp_path)
    data = journal.read_bytes()
    journal.write_bytes(data[: int(len(data) * share)])
    error = refusal(tmp_path)
    assert isinstance(error, JournalError)
    assert "damaged" in str(error)
    assert "backup" in str(error)


def test_a_journal_of_a_newer_schema_says_which_this_version_reads(lived: Path, tmp_path: Path) -> None:
    journal = of(lived, tmp_path)
    with closing(sqlite3.connect(journal)) as database, database:
        database.execute("update alembic_version set version_num = ?", (str(JOURNAL_SCHEMA + 1),))
    said = str(refusal(tmp_path))
    assert f"this journal has schema {JOURNAL_SCHEMA + 1}, and tradeworthy" in said
    assert said.endswith("update tradeworthy")


def test_a_file_that_is_no_journal_is_told_to_be_none(lived: Path, tmp_path: Path) -> None:
    of(lived, tmp_path).write_bytes(b"dear diary " * 2_000)
    assert "no SQLite database" in str(refusal(tmp_path))


def test_a_snapshot_of_a_newer_version_says_which_version_reads_it(lived: Path, tmp_path: Path) -> None:
    path = of(lived, tmp_path)
    journal = open_journal(path)
    last = journal.last_sequence()
    held = journal.load_snapshot()
    assert held is not None
    appended = Envelope(
        sequence=last + 1,
        account="x",
        strategy="",
        kind="note",
        event_time_ns=0,
        receive_time_ns=0,
        source="x",
        body={},
    )
    journal.append([appended])
    journal.save_snapshot(Snapshot(last + 1, 99, held.data))
    journal.close()
    error = refusal(tmp_path)
    assert "99" in str(error)
    assert "version" in str(error)


def test_an_event_that_this_version_does_not_know_is_named_and_nothing_is_guessed(lived: Path, tmp_path: Path) -> None:
    path = of(lived, tmp_path)
    journal = open_journal(path)
    last = journal.last_sequence()
    journal.append([
        Envelope(
            sequence=last + 1, account="x", strategy="", kind="teleported", event_time_ns=0, receive_time_ns=0, source="x",
            body={"time_ns": 0},
        )
    ])  # fmt: skip
    journal.close()
    error = refusal(tmp_path)
    assert isinstance(error, InputError)
    assert f"event {last + 1} (teleported) is not one that this version knows" in str(error)


def test_a_journal_that_another_version_left_in_the_middle_is_not_taken_over(lived: Path, tmp_path: Path) -> None:
    path = of(lived, tmp_path)
    journal = open_journal(path)
    last = journal.last_sequence()
    started = DeskStarted(0, 9, "99.0", "paper", True, "USD", "none", {})
    journal.append([msgspec.structs.replace(envelope_of(Happened(last + 1, 0, started), "x", "x"))])
    journal.close()
    assert "was written by version 99.0 and did not end in order" in str(refusal(tmp_path))
