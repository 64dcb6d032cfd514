"""A desk and its operator, as two real processes: status, halt, resume, locks, flattening, and the kill switch in all its forms."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.api.desk_standings import DeskStanding, Presence, desk_standing, waited_for
from tradeworthy.cli.commands import run
from tradeworthy.settings.shipped import template

COMMAND = str(Path(sys.executable).with_name("tradeworthy"))
SLOW = "100000"
"""A day of bars in 0.9 s."""


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


BOOK = "\n[strategies.".join(template("fx-daily").split("\n[strategies.")[:3])
"""Two of its strategies."""


def ask(desk: Path, *arguments: str) -> Said:
    """An operator's command; in this process, which saves the second that starting one takes."""
    before = signal.getsignal(signal.SIGTERM)
    out, err = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = run([*arguments, "--desk", str(desk)])
    finally:
        signal.signal(signal.SIGTERM, before)
    return Said(code, out.getvalue(), err.getvalue())


def another(*arguments: str) -> Said:
    """A command as a process of its own."""
    done = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=30)
    return Said(done.returncode, done.stdout, done.stderr)


@contextmanager
def running(desk: Path, speed: str = SLOW) -> Iterator["subprocess.Popen[str]"]:
    """A desk that trades, from its first status on."""
    (desk / "tradeworthy.toml").write_text(BOOK)
    before = StatusFile(desk / "status.json").read()[0]["generation"] if (desk / "status.json").exists() else 0
    with subprocess.Popen(
        [COMMAND, "run", str(desk), "--speed", speed], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            runs = waited_for(desk, 60, lambda one: _has_begun(one, before) or process.poll() is not None)
            assert _has_begun(runs, before), process.communicate()
            yield process
        finally:
            process.kill()


def _has_begun(standing: DeskStanding, before: int) -> bool:
    return standing.presence is Presence.RUNS and standing.status["generation"] > before


def told(desk: Path) -> dict[str, Any]:
    """How the desk stands, as machines read it."""
    shown: dict[str, Any] = json.loads(ask(desk, "status", "--json").stdout)
    return shown


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    out, err = process.communicate(timeout=20)
    return process.returncode, out, err


def test_an_operator_halts_resumes_locks_and_flattens_a_running_desk(tmp_path: Path) -> None:
    with running(tmp_path, "500000") as process:
        waited_for(tmp_path, 20, lambda one: one.status["health"] == "HEALTHY")  # once the history is there
        shown = ask(tmp_path, "status", "--once")
        assert shown.returncode == 0
        assert "ACTIVE, HEALTHY: it may enter and leave" in shown.stdout
        assert "PAPER, no real money" in shown.stdout
        assert max(len(line.rstrip()) for line in shown.stdout.splitlines()) <= 80

        locked = ask(tmp_path, "lock", "EUR_GBP", "--reason", "the ECB meets")
        assert "EUR_GBP is REDUCING" in locked.stdout
        assert ask(tmp_path, "lock", "XAU_USD", "--reason", "gold").returncode == 2
        assert "ended 1 latched restriction" in ask(tmp_path, "unlock", "EUR_GBP", "--reason", "it is over").stdout

        flat = ask(tmp_path, "flatten", "--reason", "the weekend", "--wait", "20")
        assert (flat.returncode, "confirmed by the broker" in flat.stdout) == (0, True), flat.stdout
        assert told(tmp_path)["mode"] == "REDUCING"
        assert "The desk is ACTIVE" in ask(tmp_path, "resume", "--scope", "all", "--reason", "monday").stdout

        assert "The desk is HALTED" in ask(tmp_path, "halt", "--reason", "news").stdout
        time.sleep(1.1)
        assert ask(tmp_path, "status").returncode == 1
        second = another("run", str(tmp_path))
        assert second.returncode == 2
        assert "has this desk; stop it first" in second.stderr
        wrong = ask(tmp_path, "resume", "--scope", "everything", "--reason", "x")
        assert (wrong.returncode, "no scope of a resume" in wrong.stderr) == (2, True)
        process.send_signal(signal.SIGTERM)
        code, out, err = ended(process)
    assert code == 1, err
    assert "stopped: signal: SIGTERM, an orderly stop" in err
    assert "HALTED" in out
    assert told(tmp_path)["presence"] == "does not run"

    with running(tmp_path) as again:  # the halt survives
        assert told(tmp_path)["mode"] == "HALTED"
        again.send_signal(signal.SIGINT)
        assert ended(again)[0] == 1
    offline = ask(tmp_path, "resume", "--scope", "source:operator", "--reason", "looked at")
    assert (offline.returncode, "stands in the journal" in offline.stdout) == (0, True), offline.stderr
    assert told(tmp_path)["mode"] == "ACTIVE"
    log = [json.loads(line) for line in (tmp_path / "logs" / "desk.jsonl").read_text().splitlines()]
    assert {"check", "operator", "mode", "end"} <= {line["kind"] for line in log}


@pytest.mark.parametrize("way", ["signal", "command"])
def test_a_kill_halts_closes_confirms_and_ends_the_desk_and_the_next_start_is_refused(tmp_path: Path, way: str) -> None:
    with running(tmp_path, "500000") as process:
        if way == "signal":
            process.send_signal(signal.SIGUSR1)
        else:
            asked = another("halt", "--kill", "--reason", "enough", "--desk", str(tmp_path))
            assert (asked.returncode, "the desk has ended" in asked.stdout) == (0, True), asked.stdout
        code, _, err = ended(process)
    assert code == 1
    assert "flat, and the broker confirms it" in err
    standing = desk_standing(tmp_path)
    assert standing.status["positions"] == []
    assert (standing.status["mode"], standing.status["unwinding"]["confirmed"] is None) == ("HALTED", False)
    assert standing.killed is not None
    if way == "command":
        refused = another("run", str(tmp_path))
        assert (refused.returncode, "the desk was killed" in refused.stderr) == (2, True)
        done = ask(tmp_path, "resume", "--scope", "all", "--reason", "found out why")
        assert done.returncode == 0, done.stderr
        assert not (tmp_path / "KILL").exists()
        assert told(tmp_path)["mode"] == "ACTIVE"


def test_settings_changed_on_a_day_that_is_traded_are_refused_by_name(tmp_path: Path) -> None:
    settings = tmp_path / "tradeworthy.toml"
    with running(tmp_path, "1") as process:  # a bar a day
        settings.write_text(settings.read_text().replace("# balance = 10000.0", "balance = 20000.0"))
        waited_for(tmp_path, 20, lambda one: bool(one.status["settings_changed"]))
        process.send_signal(signal.SIGINT)
        code, _, err = ended(process)
    assert code == 0
    assert err.count("goes on with what it started with until the next start: account.balance: 10000.0 -> 20000.0") == 1
    noted = ask(tmp_path, "journal", "tail", "--kind", "note", "-n", "1000")
    assert "was changed under the running desk" in noted.stdout
    refused = another("run", str(tmp_path))
    assert refused.returncode == 2
    assert (
        "the settings were changed on a day that is traded already: account.balance: 10000.0 -> 20000.0"
        in refused.stderr
    )


def test_positions_that_the_broker_no_longer_has_are_accepted_as_gone(tmp_path: Path) -> None:
    held: list[dict[str, Any]] = []
    while not held:  # the last may be left just when the desk ends
        with running(tmp_path, "200000") as process:
            waited_for(tmp_path, 30, lambda one: bool(one.status["positions"]))
            process.send_signal(signal.SIGTERM)
            ended(process)
        held = desk_standing(tmp_path).status["positions"]
    killed = ask(tmp_path, "halt", "--kill", "--reason", "nobody is there")
    assert killed.returncode == 1
    assert (
        "nothing is sent to the broker: no order is cancelled and no position is closed until a desk starts."
        in killed.stdout
    )
    assert f"NOT closed: {float(held[0]['units']):+,.0f} {held[0]['symbol']} ({held[0]['strategy']})" in killed.stdout
    assert ask(tmp_path, "resume", "--scope", "all", "--reason", "somebody is").returncode == 0
    for file in tmp_path.glob("paper.sqlite*"):
        file.unlink()
    assert ask(tmp_path, "accept", held[0]["symbol"], "--reason", "x").returncode == 2, "the broker was not asked yet"
    with running(tmp_path) as process:
        waited_for(tmp_path, 20, lambda one: bool(one.status["differences"]))
        for symbol in {one["symbol"] for one in held}:
            done = ask(tmp_path, "accept", symbol, "--reason", "a new paper account")
            assert (done.returncode, "" if done.stdout else done.stderr) == (0, "")
        waited_for(tmp_path, 20, lambda one: not one.status["differences"])
        ask(tmp_path, "resume", "--scope", "all", "--reason", "a new paper account")
        well = waited_for(
            tmp_path, 20, lambda one: one.status["mode"] == "ACTIVE" and one.status["health"] == "HEALTHY"
        )
        assert well.exit_code == 0, well.status
        process.send_signal(signal.SIGTERM)
        assert ended(process)[0] == 0


def test_an_operator_moves_a_stop_nearer_to_the_market_and_in_no_other_way(tmp_path: Path) -> None:
    with running(tmp_path, "200000"):
        moved, one, to = Said(2, "", ""), dict[str, Any](), ""
        while moved.returncode == 2:  # the market may be at the stop already, or the position gone
            one = waited_for(tmp_path, 30, lambda now: bool(now.status["positions"])).status["positions"][0]
            to = f"{one['stop'] + 0.05 * (one['price'] - one['stop']):.6f}"
            moved = ask(tmp_path, "move-stop", one["strategy"], to, "--reason", "the week ends")
        assert moved.returncode == 0, moved.stderr
        assert f"{one['strategy']}: the stop of " in moved.stdout
        assert f" was moved from {one['stop']:.10g} to {to}" in moved.stdout
        back = ask(tmp_path, "move-stop", one["strategy"], f"{one['stop']:.6f}", "--reason", "no, the other way")
        assert back.returncode == 2
        assert "is not nearer to the market" in back.stderr or "holds nothing" in back.stderr
        none = ask(tmp_path, "move-stop", one["strategy"], "near", "--reason", "x")
        assert (none.returncode, "'near' is no price" in none.stderr) == (2, True)
        other = ask(tmp_path, "move-stop", "nobody", to, "--reason", "x")
        assert (other.returncode, "nobody is none of this desk; it has " in other.stderr) == (2, True)


def test_a_desk_that_hangs_does_not_answer_and_a_halt_of_it_is_written_as_a_file(tmp_path: Path) -> None:
    with running(tmp_path, "1") as process:
        os.kill(process.pid, signal.SIGSTOP)
        asked = ask(tmp_path, "halt", "--reason", "it hangs")
        shown = ask(tmp_path, "status")
        os.kill(process.pid, signal.SIGCONT)
        assert (asked.returncode, shown.returncode) == (3, 3)
        assert "KILL is written" in asked.stdout
        assert "DOES NOT ANSWER" in shown.stdout
        assert ended(process)[0] == 1  # it looked again, and acted on the file


def test_without_any_desk_only_the_kill_file_can_be_written(tmp_path: Path) -> None:
    assert ask(tmp_path, "status").returncode == 2
    assert ask(tmp_path, "flatten", "--reason", "x").returncode == 2
    killed = ask(tmp_path, "halt", "--kill", "--reason", "never start this")
    assert (killed.returncode, "never start this" in (tmp_path / "KILL").read_text()) == (0, True)
    assert "no position is closed until a desk starts" in killed.stdout
    assert "Nothing was open here when a desk ended last. A start is refused" in killed.stdout
    assert ask(tmp_path, "resume", "--scope", "all", "--reason", "start it").returncode == 0
    assert not (tmp_path / "KILL").exists()
