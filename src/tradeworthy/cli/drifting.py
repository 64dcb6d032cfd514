"""`tradeworthy drift`: read the trades, say what has drifted, and look again as they grow."""

import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.console import Console

from tradeworthy.api.drifting import watch_drift
from tradeworthy.appraisal.drifting import StrategyDrift, exit_code
from tradeworthy.cli.growing_file import has_half_a_line, whole_part
from tradeworthy.core.errors import InputError
from tradeworthy.reports.drift_console import show_drift


@dataclass(frozen=True, slots=True)
class DriftAsked:
    """Every option under its own name."""

    trades: Path
    baseline: str | None
    until: str | None
    columns: Mapping[str, str]
    timezone: str | None
    error: float
    run_length: float
    follow: bool
    every: float
    json: bool
    desk: Path


def run_drift(asked: DriftAsked) -> int:
    """One look, or one each time the file has changed until it is interrupted; the exit code of the last."""
    if not asked.follow:
        content = whole_part(asked.trades)
        if has_half_a_line(asked.trades, content):
            sys.stderr.write(f"{asked.trades}: its last line has no end and may be half written, so it was left out\n")
        found = _look_at(content, asked)
        _show(found, asked)
        return exit_code(found)
    if not asked.every > 0:
        raise InputError(f"--every is a number of seconds above zero, not {asked.every:g}")
    return _follow(asked)


def _look(asked: DriftAsked, trades: Path) -> tuple[StrategyDrift, ...]:
    return watch_drift(
        trades, baseline=asked.baseline, until=asked.until, columns=asked.columns, timezone=asked.timezone,
        error=asked.error, run_length=asked.run_length, desk=asked.desk,
    )  # fmt: skip


def _look_at(content: bytes, asked: DriftAsked) -> tuple[StrategyDrift, ...]:
    """At a copy of what was whole; what is wrong with it is said of the file itself."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / asked.trades.name
        copy.write_bytes(content)
        try:
            return _look(asked, copy)
        except InputError as error:
            raise type(error)(str(error).replace(str(copy), str(asked.trades))) from error


def _follow(asked: DriftAsked) -> int:
    """Only whole lines are read, so a row that is being written waits for the next look; so does a file that is written anew."""
    before, said, code = whole_part(asked.trades), "", 0
    found = _look_at(before, asked)
    try:
        while True:
            if found:
                _show(found, asked)
                code, found, said = exit_code(found), (), ""
            time.sleep(asked.every)
            try:
                content = whole_part(asked.trades)
                if content == before:
                    continue
                found = _look_at(content, asked)
            except InputError as error:
                if str(error) != said:
                    said = str(error)
                    sys.stderr.write(f"{said}; looking again every {asked.every:g} seconds\n")
                continue
            if not content.startswith(before):
                sys.stderr.write(f"{asked.trades}: what was read before has changed; everything is judged anew\n")
            before = content
    except KeyboardInterrupt:
        return code


def _show(found: Sequence[StrategyDrift], asked: DriftAsked) -> None:
    if asked.json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        sys.stdout.flush()
        return
    show_drift(found, Console(highlight=False))
