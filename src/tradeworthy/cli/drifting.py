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
        found = _look(asked, asked.trades)
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


def _follow(asked: DriftAsked) -> int:
    """Only whole lines are read, so a row that is being written waits for the next look."""
    before, code = b"", 0
    try:
        while True:
            content = _whole_lines(asked.trades)
            if content != before:
                if not content.startswith(before):
                    sys.stderr.write(f"{asked.trades}: what was read before has changed; everything is judged anew\n")
                with tempfile.TemporaryDirectory() as folder:
                    copy = Path(folder) / asked.trades.name
                    copy.write_bytes(content)
                    found = _look(asked, copy)
                _show(found, asked)
                before, code = content, exit_code(found)
            time.sleep(asked.every)
    except KeyboardInterrupt:
        return code


def _whole_lines(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: there is no such file of trades, or it cannot be read ({error.strerror})") from error
    if path.suffix.lower() not in {".csv", ".tsv", ".txt"}:
        return content
    return content[: content.rfind(b"\n") + 1]


def _show(found: Sequence[StrategyDrift], asked: DriftAsked) -> None:
    if asked.json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        sys.stdout.flush()
        return
    show_drift(found, Console(highlight=False))
