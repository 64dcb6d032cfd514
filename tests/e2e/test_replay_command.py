"""`tradeworthy replay` as it is typed: what it shows, what it ends with, and what it says of input that it cannot use."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import structs

from support.past_desks import BOOK, changed, run_book
from support.postgres import PostgresServer
from support.warm import tradeworthy
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.desk_past import open_past
from tradeworthy.core.events import Envelope
from tradeworthy.live.desk_events import DeskStarted, Happened, envelope_of

TIGHT = changed(BOOK, risk_per_trade="{ share = 0.001 }")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replay") / "desk"
    run_book(folder, days=120)
    (folder.parent / "tight.toml").write_text(TIGHT)
    return folder


@pytest.fixture(scope="module")
def busy(desk: Path) -> str:
    """A day on which a trade was closed."""
    past = open_past(desk)
    note = next(one for one in past.records() if one.body.get("kind") == "closed")
    return str(next(one.day for one in past.days() if one.first <= note.sequence <= one.last))


@pytest.fixture(scope="module")
def ordered(desk: Path) -> str:
    """A day on which an entry was sent."""
    past = open_past(desk)
    note = next(one for one in past.records() if "decided_ns" in one.body.get("data", {}))  # type: ignore[operator]
    return str(next(one.day for one in past.days() if one.first <= note.sequence <= one.last))


def test_a_day_is_shown_with_its_proof_at_any_width(desk: Path, busy: str) -> None:
    for width in ("60", "80", "140"):
        found = tradeworthy("replay", "--date", busy, folder=desk, COLUMNS=width)
        assert found.returncode == 0, found.stderr
        text = " ".join(found.stdout.split())
        assert f"{busy}, the trading day from" in text
        assert "byte for byte: every record is what the step makes of the events before it" in text
        assert "Trades closed (1)" in text
        assert max(map(len, found.stdout.splitlines())) <= int(width)


def test_the_same_for_machines(desk: Path, busy: str) -> None:
    found = json.loads(tradeworthy("replay", "--date", busy, "--json", folder=desk).stdout)
    assert found["equal"] is True
    assert found["day"] == busy
    assert found["events"] + found["notes"] == found["last"] - found["first"] + 1
    assert len(found["account"]["trades"]) == 1


def test_the_desk_is_shown_as_it_was(desk: Path, busy: str) -> None:
    found = tradeworthy("replay", "--date", busy, "--at", "11:00", folder=desk, COLUMNS="80")
    assert found.returncode == 0, found.stderr
    assert "AS IT WAS" in found.stdout
    assert "11:00 America/New_York" in " ".join(found.stdout.split())
    assert "PAPER, no real money" in found.stdout
    told = json.loads(tradeworthy("replay", "--date", busy, "--at", "11:00", "--json", folder=desk).stdout)
    assert told["mode"] == "ACTIVE"
    assert told["day"] == busy
    assert told["zone"] == "America/New_York"
    assert told["at"].startswith(busy)


def test_what_other_settings_would_have_done_is_shown(desk: Path, ordered: str) -> None:
    tight = str(desk.parent / "tight.toml")
    for width in ("60", "80", "140"):
        found = tradeworthy("replay", "--date", ordered, "--config", tight, folder=desk, COLUMNS=width)
        assert found.returncode == 1, found.stderr
        text = " ".join(found.stdout.split())
        assert "ON THE SIMULATED BROKER" in text
        assert f"FIRST DIFFERENCE at {ordered}" in text
        assert "other refused: " in text
        assert "risk per trade: requires at most 0.1% of the equity" in text
        assert "limits.risk_per_trade.share: 0.025 -> 0.001" in text
        assert "Yes: with the desk's own settings it does what the journal says, act for act." in text
        assert max(map(len, found.stdout.splitlines())) <= int(width)
    told = json.loads(tradeworthy("replay", "--date", ordered, "--config", tight, "--json", folder=desk).stdout)
    assert told["first"]["check"]["check"] == "risk per trade"
    assert told["first"]["own"]["kind"] == "order"
    assert told["first"]["other"]["kind"] == "refused"
    assert told["reproduces"] is True


def test_what_comes_of_a_day_is_followed_through_a_later_one(desk: Path, ordered: str) -> None:
    last, tight = str(open_past(desk).days()[-1].day), str(desk.parent / "tight.toml")
    found = tradeworthy(
        "replay", "--date", ordered, "--through", last, "--config", tight, folder=desk, COLUMNS="140"
    )  # fmt: skip
    assert found.returncode == 1, found.stderr
    assert "only with the desk's own settings" in found.stdout
    assert f"{ordered} to {last}, the trading days" in found.stdout
    whole = tradeworthy("replay", "--date", ordered, "--through", last, folder=desk, COLUMNS="140")
    assert whole.returncode == 0
    assert "equal: " in whole.stdout


def test_the_desks_own_settings_make_no_difference(desk: Path, ordered: str) -> None:
    found = tradeworthy("replay", "--date", ordered, "--config", ".", folder=desk)
    assert found.returncode == 0, found.stderr
    assert "NO DIFFERENCE" in found.stdout


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--date", "1999-01-04"], "it holds nothing of 1999-01-04 (Monday)"),
        (["--date", "30.10.2026"], "'30.10.2026' is no day; write one such as 2026-10-30"),
        (["--at", "later"], "'later' is no moment; write 14:30"),
        (["--at", "1999-01-04T12:00:00Z"], "it holds nothing of the trading day"),
        (["--at", "12:00", "--config", "x.toml"], "--at shows the desk at one moment; leave out --config and --through"),
        (["--config", "nowhere.toml"], "nowhere.toml: there is no such file"),
        (["--config", "fx-16"], "the journal holds bars of what this desk trades alone"),
        (["--desk", "nowhere"], "nowhere: there is no such desk; name the folder of one, or its journal"),
        (["--desk", "requests"], "there is no such journal; a desk that trades makes one"),
        (["--desk", "paper.sqlite"], "this is no journal of a desk: its first event is of kind 'paper'"),
        (["--data", "nowhere", "--config", "."], "there is no such folder of bars"),
    ],
)  # fmt: skip
def test_input_that_cannot_be_used_is_told_in_one_sentence(desk: Path, asked: list[str], told: str) -> None:
    found = tradeworthy("replay", *asked, folder=desk)
    assert found.returncode == 2
    assert told in found.stderr
    assert found.stderr.startswith("Error: ")
    assert found.stderr.count("\n") == 1
    assert found.stdout == ""


@pytest.fixture
def copy(desk: Path, tmp_path: Path) -> Path:
    shutil.copytree(desk, tmp_path / "desk")
    return tmp_path / "desk"


def test_a_desk_that_runs_is_looked_into_and_nothing_is_written(copy: Path, busy: str) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    with closing(open_journal(copy / "journal.sqlite")) as journal:
        last = journal.last_sequence()
        found = tradeworthy("replay", "--date", busy, folder=copy)
        assert found.returncode == 0, found.stderr
        assert journal.last_sequence() == last
    assert {path.name for path in copy.rglob("*") if path.is_file()} == {path.name for path in before}
    assert all(
        path.read_bytes() == data for path, data in before.items() if path.suffix in {".json", ".jsonl", ".toml"}
    )


def test_a_record_that_was_written_anew_with_its_chain_is_shown_and_the_exit_code_is_1(
    desk: Path, busy: str, tmp_path: Path
) -> None:
    note = next(one for one in open_past(desk).records() if one.body.get("kind") == "closed")
    told: list[Envelope] = [
        structs.replace(one, body={**one.body, "sentence": "EUR_USD_D: nothing happened"}) if one.sequence == note.sequence else one
        for one in open_past(desk).records()
    ]  # fmt: skip
    with closing(open_journal(tmp_path / "journal.sqlite")) as journal:
        journal.append(told)
    found = tradeworthy("replay", "--date", busy, folder=tmp_path, COLUMNS="140")
    assert found.returncode == 1
    assert (
        f"differs: record {note.sequence}, a note about event {note.body['about']}, differs in body.sentence"
        in found.stdout
    )
    assert "EUR_USD_D: nothing happened" in found.stdout
    assert str(note.body["sentence"]) in found.stdout


def test_damage_and_another_version_end_with_3(copy: Path) -> None:
    with closing(open_journal(copy / "journal.sqlite")) as journal:
        last = journal.last_sequence()
        settings = dict(open_past(copy).begun()[-1].settings)
        started = DeskStarted(2 * 10**18, 9, "0.0.1", "paper", True, "USD", "none", settings)
        journal.append([envelope_of(Happened(last + 1, 2 * 10**18, started), "x", "DeskStarted")])
    found = tradeworthy("replay", folder=copy)
    assert found.returncode == 3
    assert "was written by version 0.0.1, and this is" in found.stderr
    with closing(sqlite3.connect(copy / "journal.sqlite")) as connection:
        connection.execute("update events set data = x'00' where sequence = 100")
        connection.commit()
    damaged = tradeworthy("replay", folder=copy)
    assert damaged.returncode == 3
    assert "event 100 is damaged or missing" in damaged.stderr


def test_a_journal_on_a_server_is_replayed_by_the_desks_folder_and_by_its_address(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    where = postgres.fresh()
    run_book(tmp_path / "desk", changed(BOOK, url=f'"{where}"'), days=60)
    for asked in ([], ["--desk", where], ["--config", "."]):
        found = tradeworthy("replay", *asked, folder=tmp_path / "desk")
        assert found.returncode == 0, found.stderr
        assert ("NO DIFFERENCE" if "--config" in asked else "equal: ") in found.stdout
