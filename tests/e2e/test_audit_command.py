"""The audit as an operator and an auditor meet it, on files and on a server, while a desk writes."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from support.audited import desk_of, put, rows_of
from support.journaling import event, events
from support.postgres import PostgresServer
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.core.events import encode

COMMAND = str(Path(sys.executable).with_name("tradeworthy"))


def run(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `tradeworthy audit` in a folder."""
    return subprocess.run(
        [COMMAND, "audit", *arguments], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """30 events, vouched for at 10 and 20."""
    return desk_of(tmp_path / "desk", 10, 20, unsigned=10)


def test_a_desk_is_vouched_for_proved_and_verified_while_it_writes(desk: Path, tmp_path: Path) -> None:
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        made = run("checkpoint", folder=desk)
        assert (made.returncode, made.stdout.splitlines()[0][:18]) == (0, "Signed: 30 events,")
        journal.append([event(31)])
        again = run("checkpoint", "--json", folder=desk)
        assert json.loads(again.stdout)["size"] == 31
        assert "Nothing to sign" in run("checkpoint", folder=desk).stdout
        verified = run("verify", folder=desk)
        assert verified.returncode == 0, verified.stderr
        assert verified.stdout.startswith(
            "WHOLE: 31 events, held against 4 checkpoints\nProven:\n  - events 1 to 31 are"
        )
        wrote = run("prove", "17-19", "--desk", str(desk), "--out", "proof.json", folder=tmp_path)
        assert wrote.stdout.startswith("Wrote proof.json: 3 events, with the checkpoint of ")
    shutil.move(desk, tmp_path / "away")
    proven = run("verify", "--proof", "proof.json", folder=tmp_path)
    assert (proven.returncode, proven.stdout[:23]) == (0, "WHOLE: 3 events of 'des"), proven.stderr
    machine = run("verify", "--proof", "proof.json", "--json", "--key", "0" * 32, folder=tmp_path)
    assert machine.returncode == 1
    assert json.loads(machine.stdout)["verdict"] == "TAMPERED"


def test_a_changed_event_is_named_and_the_exit_code_is_1(desk: Path) -> None:
    rows = rows_of(desk)
    rows[13] = (14, encode(event(14, "a better price")), rows[13][2])
    put(desk, rows)
    result = run("verify", folder=desk)
    assert result.returncode == 1
    assert result.stdout.startswith("TAMPERED: event 14 does not follow on the one before it")
    assert "Not proven:" in result.stdout
    assert run("prove", "3", folder=desk).returncode == 2


def test_without_checkpoints_or_key_the_exit_code_is_3(desk: Path) -> None:
    (desk / "keys").rename(desk / "hidden")
    lost = run("verify", folder=desk)
    assert (lost.returncode, lost.stdout[:42]) == (3, "COULD NOT TELL: the desk's key is gone, so")
    (desk / "checkpoints.jsonl").unlink()
    none = run("verify", folder=desk)
    assert none.returncode == 3
    assert "no checkpoint is known" in none.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify"], "there is no such journal"),
        (["checkpoint"], "there is no such journal"),
        (["prove", "3"], "there is no such journal"),
        (["prove", "three"], "name events by their sequence"),
        (["verify", "--proof", "none.json"], "there is no such proof"),
        (["verify", "--against", "none.jsonl"], "there is no such file of checkpoints"),
        (["verify", "--key", "mine"], "give the public key"),
    ],
)
def test_what_is_not_there_is_one_sentence(tmp_path: Path, arguments: list[str], said: str) -> None:
    result = run(*arguments, folder=tmp_path)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_journal_on_a_server_is_audited_alike(postgres: PostgresServer, tmp_path: Path) -> None:
    url = postgres.fresh()
    subprocess.run([COMMAND, "init", str(tmp_path)], check=True, capture_output=True)

    def asked(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run(*arguments, folder=tmp_path, TRADEWORTHY_JOURNAL__URL=url)

    with closing(open_journal(url)) as journal:
        journal.append(events(1, 6))
        assert asked("checkpoint").returncode == 0
        journal.append(events(7, 9))
        whole = asked("verify")
        assert (whole.returncode, whole.stdout[:15]) == (0, "WHOLE: 9 events"), whole.stderr
        assert asked("prove", "2-6", "--out", "p.json").returncode == 0
        assert asked("verify", "--proof", "p.json").returncode == 0
    for statement, named in (
        ("UPDATE events SET data = data || 'x'::bytea WHERE sequence = 4", "event 4 "),
        ("DELETE FROM events WHERE sequence > 2", "event 3 "),
        ("DELETE FROM events", "event 1 "),
    ):
        postgres.run(url, statement)
        result = asked("verify")
        assert result.returncode == 1, result.stdout
        assert named in result.stdout.replace("events ", "event ").splitlines()[0]


def test_a_desk_does_not_begin_with_a_journal_that_is_not_the_one_it_signed(tmp_path: Path) -> None:
    arguments = [COMMAND, "run", "fx-daily", "--quiet", "--from", "2026-10-01"]
    first = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    desk = tmp_path / "fx-daily-desk"
    with closing(open_journal(desk / "journal.sqlite")) as journal:
        last = journal.last_sequence()
    with closing(sqlite3.connect(desk / "journal.sqlite")) as database, database:  # as an older copy put back would be
        database.execute("DELETE FROM events WHERE sequence > ?", (last - 3,))
        database.execute("DELETE FROM snapshots")
    (desk / "journal.sqlite.witness").unlink()
    (desk / "journal.sqlite").rename(desk / "older.sqlite")
    restored = subprocess.run(
        [COMMAND, "journal", "restore", "older.sqlite", "--desk", "."],
        cwd=desk,
        capture_output=True,
        text=True,
        check=False,
    )
    assert restored.returncode == 0, restored.stderr
    again = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert again.returncode == 2
    said = " ".join(again.stderr.split())
    assert f"the journal is not what this desk has signed, event {last} is not the one that the last checkpoint" in said
    assert "tradeworthy audit verify" in said
