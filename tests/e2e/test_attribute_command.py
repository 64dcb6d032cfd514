"""`tradeworthy attribute` as it is typed: what it answers, in which width, and its exit codes."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from support.warm import tradeworthy
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.adapters.journals.reading import read_journal


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the example book was traded for two months."""
    folder = tmp_path_factory.mktemp("typed")
    ran = tradeworthy("run", "fx-daily", "--from", "2025-04-01", "--to", "2025-05-30", "--quiet", folder=folder)
    assert ran.returncode == 0, ran.stderr
    return folder


def test_the_last_day_is_told_with_its_trades_and_0_where_all_has_a_name(desk: Path) -> None:
    told = tradeworthy("attribute", "--desk", "fx-daily-desk", folder=desk, COLUMNS="80")
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert lines[0].startswith("ALL ATTRIBUTED  2025-05-30: ")
    assert any(line.startswith("Backtest without costs") for line in lines)
    assert any(line.split() == ["unexplained", "0.00"] for line in lines)
    assert "Open at the day's end, valued at the last close: " in told.stdout
    assert "no baseline is stored" in told.stdout.replace("\n", " ")
    assert (
        tradeworthy("attribute", "--desk", "fx-daily-desk", "--date", "2025-05-30", folder=desk, COLUMNS="80").stdout
        == told.stdout
    )


@pytest.mark.parametrize("width", [60, 80, 140])
def test_several_days_have_a_line_each_and_totals_that_add_up_no_wider_than_the_terminal(
    desk: Path, width: int
) -> None:
    told = tradeworthy(
        "attribute", "--desk", "fx-daily-desk", "--from", "2025-04-10", "--until", "2025-05-12", folder=desk, COLUMNS=str(width)
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert max(map(len, lines)) <= width
    if width < 80:
        return
    days = [line for line in lines if line.startswith("2025-0")]
    assert len(days) == 20
    for line in [*days, next(line for line in lines if line.startswith("all "))]:
        cells = [round(100 * float(cell.replace("\N{MINUS SIGN}", "-").replace(",", ""))) for cell in line.split()[1:]]
        live = 8 if width >= 110 else 4
        assert sum(cells[:live]) == cells[live], line


def test_machines_get_the_same_as_json(desk: Path) -> None:
    told = tradeworthy("attribute", "--desk", "fx-daily-desk", "--from", "2025-04-10", "--json", folder=desk)
    found = json.loads(told.stdout)
    assert (told.returncode, found["verdict"]) == (0, "ALL ATTRIBUTED")
    money = found["money"]
    assert money["frictionless"] + sum(money["parts"].values()) + money["unexplained"] == pytest.approx(money["live"])
    assert len(found["sessions"]) == len(found["running"]) == 34
    assert found["running"][-1]["live"] == pytest.approx(money["live"])


def test_a_day_without_trades_is_3_and_bad_usage_2(desk: Path) -> None:
    empty = tradeworthy("attribute", "--desk", "fx-daily-desk", "--date", "2025-04-01", folder=desk)
    assert empty.returncode == 3, empty.stdout
    assert empty.stdout.startswith("COULD NOT TELL  2025-04-01: neither the desk nor its backtest has a trade")
    for arguments, said in (
        (["--desk", "elsewhere"], "there is no such journal"),
        (["--desk", "fx-daily-desk", "--date", "2025-04-05"], "there is no trading day 2025-04-05"),
        (["--desk", "fx-daily-desk", "--date", "yesterday"], "'yesterday' is no date"),
        (["--desk", "fx-daily-desk", "--date", ""], "'' is no date"),
        (["--desk", "fx-daily-desk", "--date", "2025-04-02", "--until", "2025-04-03"], "not both"),
        (["--desk", "fx-daily-desk", "--data", "nowhere"], "nowhere"),
    ):
        told = tradeworthy("attribute", *arguments, folder=desk)
        assert (told.returncode, told.stdout) == (2, ""), arguments
        assert said in told.stderr


def test_money_without_a_name_is_1_and_said_first(desk: Path, tmp_path: Path) -> None:
    told: list[Any] = []
    for one in read_journal(desk / "fx-daily-desk" / "journal.sqlite").read():
        body: Any = one.body
        if one.kind == "note" and body["kind"] == "closed":
            body = {**body, "data": {**body["data"], "pnl": body["data"]["pnl"] - 7.77}}
        told.append(msgspec.structs.replace(one, body=body))
    with closing(open_journal(tmp_path / "journal.sqlite")) as journal:
        journal.append(told)
    answer = tradeworthy("attribute", "--from", "2025-04-10", folder=tmp_path, COLUMNS="100")
    assert answer.returncode == 1, answer.stderr
    assert answer.stdout.startswith("UNEXPLAINED  2025-04-10 to 2025-05-30: \N{MINUS SIGN}")
    assert " * " in answer.stdout
