"""The journal as an operator meets it, while a desk writes to it and when it is gone."""

import json
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from support.journaling import event, events
from support.warm import tradeworthy
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.core.events import Envelope
from tradeworthy.core.snapshot import Snapshot

COMMAND = str(Path(sys.executable).with_name("tradeworthy"))


def run(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `tradeworthy journal` in a folder."""
    return tradeworthy("journal", *arguments, folder=folder, **environment)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A desk whose journal has 30 events and a snapshot."""
    folder = tmp_path / "desk"
    folder.mkdir()
    with closing(open_journal(folder / "journal.sqlite")) as journal:
        journal.append(events(1, 30))
        journal.save_snapshot(Snapshot(10, 1, b"ten"))
    return folder


def test_the_last_events_are_shown_while_a_desk_writes(desk: Path) -> None:
    strange = Envelope(
        sequence=31, account="paper", strategy="", kind="order", event_time_ns=0, receive_time_ns=0, source="test",
        body={"id": "c-1", "said": "two\nlines \x1b[31m", "price": 1.5},
    )  # fmt: skip
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        journal.append([strange])
        shown = run("tail", folder=desk)
        assert shown.returncode == 0, shown.stderr
        lines = shown.stdout.splitlines()
        assert len(lines) == 20
        assert lines[-2].split() == ["30", "1970-01-01T00:00:00.000030Z", "bar", "EUR_USD_D", 'note=""', "price=3.75"]
        assert lines[-1].split(maxsplit=4) == [
            "31", "1970-01-01T00:00:00Z", "order", "paper", r'id=c-1 said="two\nlines \u001b[31m" price=1.5',
        ]  # fmt: skip
        machine = run("tail", "-n", "2", "--json", "--kind", "bar", "--desk", str(desk), folder=desk.parent)
        assert [json.loads(line)["sequence"] for line in machine.stdout.splitlines()] == [29, 30]
        none = run("tail", "--kind", "fill", folder=desk)
        assert (none.returncode, none.stdout) == (0, "")
        assert "no event of kind fill yet; the journal goes up to 31" in none.stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_following_shows_what_comes_until_it_is_interrupted(desk: Path, ending: signal.Signals) -> None:
    with (
        closing(open_journal(desk / "journal.sqlite")) as journal,
        subprocess.Popen(
            [COMMAND, "journal", "tail", "-n", "1", "--follow"], cwd=desk, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process,
    ):  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().split()[0] == "30"
        for sequence in (31, 32):
            journal.append([event(sequence)])
            assert process.stdout.readline().split()[0] == str(sequence)
        process.send_signal(ending)
        assert process.wait() == 0
        assert process.stderr.read() == ""


def test_a_reader_that_has_seen_enough_is_no_error(desk: Path) -> None:
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        journal.append(events(31, 5000))
    result = subprocess.run(
        ["sh", "-c", f"{COMMAND} journal tail -n 5000 | head -1"], cwd=desk, capture_output=True, text=True, check=False
    )
    assert result.stdout.split()[0] == "1"
    assert result.stderr == ""


def test_a_journal_is_copied_lost_and_brought_back(desk: Path) -> None:
    copied = run("backup", folder=desk)
    assert copied.returncode == 0, copied.stderr
    [backup] = (desk / "backups").iterdir()
    assert copied.stdout == f"Wrote backups/{backup.name}: whole up to event 30.\n"
    refused = run("restore", str(backup), folder=desk)
    assert refused.returncode == 2
    assert "already" in refused.stderr
    for path in desk.glob("journal.sqlite*"):
        path.unlink()
    restored = run("restore", str(backup), folder=desk)
    assert restored.returncode == 0, restored.stderr
    assert "reconcile before trading" in restored.stdout
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        assert list(journal.read()) == events(1, 30)


def test_old_events_move_to_an_archive_of_a_stopped_desk_only(desk: Path) -> None:
    with closing(open_journal(desk / "journal.sqlite")):
        running = run("archive", folder=desk)
        assert running.returncode == 2
        assert "another process has this journal open; stop that desk first" in running.stderr
    moved = run("archive", "old.sqlite", folder=desk)
    assert moved.returncode == 0, moved.stderr
    assert moved.stdout.startswith("Moved the events up to 10 to old.sqlite.")
    assert run("tail", "-n", "100", folder=desk).stdout.split()[0] == "11"
    again = run("archive", folder=desk)
    assert again.returncode == 2
    assert "there is no snapshot after event 10" in again.stderr


def test_the_settings_say_where_the_journal_lies(desk: Path) -> None:
    assert tradeworthy("init", str(desk), folder=desk.parent).returncode == 0
    assert run("tail", folder=desk).returncode == 0
    elsewhere = run("tail", folder=desk, TRADEWORTHY_JOURNAL__URL="postgresql://me:hush@127.0.0.1:1/none")
    assert elsewhere.returncode == 2
    assert "cannot be read" in elsewhere.stderr
    assert "hush" not in elsewhere.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tail"], "there is no such journal"),
        (["tail", "--desk", "nowhere"], "there is no such journal"),
        (["backup"], "there is no such journal"),
        (["restore", "none.sqlite"], "there is no such backup"),
        (["archive"], "there is no such journal"),
        (["tail", "-n", "0"], "-n"),
    ],
)
def test_what_is_not_there_is_one_sentence(tmp_path: Path, arguments: list[str], said: str) -> None:
    result = run(*arguments, folder=tmp_path)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []
