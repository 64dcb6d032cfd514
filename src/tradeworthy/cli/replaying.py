"""`tradeworthy replay`: a day out of the journal, a moment of it, or the same day under other settings."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from tradeworthy.api.counterfactual import replay_with
from tradeworthy.api.desk_moment import DeskMoment, desk_at
from tradeworthy.api.desk_past import PastNotKnown
from tradeworthy.api.replaying import replay_day
from tradeworthy.cli.counterfactual_screen import counterfactual_dict, show_counterfactual
from tradeworthy.cli.replay_screen import day_dict, moment_screen, show_day
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError, JournalError


@dataclass(frozen=True, slots=True)
class ReplayAsked:
    """Every option under its own name."""

    desk: str
    date: str | None
    through: str | None
    at: str | None
    config: str | None
    data: Path | None
    json: bool


def run_replay(asked: ReplayAsked) -> int:
    """0 equal, 1 differs, 3 could not tell. Raises InputError for bad input."""
    try:
        return _run(asked)
    except (PastNotKnown, JournalError) as error:
        sys.stderr.write(f"Error: {error}\n")
        return 3


def _run(asked: ReplayAsked) -> int:
    if asked.at is not None and (asked.config is not None or asked.through is not None):
        raise InputError("--at shows the desk at one moment; leave out --config and --through, or --at")
    console = Console(highlight=False)
    if asked.at is not None:
        moment = desk_at(asked.desk, asked.at, asked.date, data=asked.data)
        if asked.json:
            _write(
                {"journal": moment.journal, "day": str(moment.day.day), "at": rfc3339(moment.time_ns), **_told(moment)}
            )
        else:
            console.print(moment_screen(moment, console.width))
        return 0
    if asked.config is not None:
        found = replay_with(asked.desk, asked.date, asked.config, through=asked.through, data=asked.data)
        if asked.json:
            _write(counterfactual_dict(found))
        else:
            show_counterfactual(found, asked.config, console)
        return 3 if found.reproduces is False else 0 if found.is_same else 1
    replay = replay_day(asked.desk, asked.date, through=asked.through, data=asked.data)
    if asked.json:
        _write(day_dict(replay))
    else:
        show_day(replay, console)
    return 0 if replay.proof.is_equal else 1


def _told(moment: DeskMoment) -> dict[str, Any]:
    return {"zone": moment.zone, **moment.status(), "sequence": moment.sequence, "heard": rfc3339(moment.heard_ns)}


def _write(found: dict[str, Any]) -> None:
    sys.stdout.write(f"{msgspec.json.encode(found).decode()}\n")
