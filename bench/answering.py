"""A peer's side of the conversation: one JSON question a line comes in, one JSON answer a line goes out.

Runs inside the peer's own environment, stays alive between questions (so that everything is warm), and does nothing
while another contestant is being timed.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Columns = Mapping[str, np.ndarray]
Trades = dict[str, list[Any]]
"""side, entry_index, exit_index, entry_price, exit_price; a trade still open has no exit_index (None) and no price."""

COLUMNS = ("side", "entry_index", "exit_index", "entry_price", "exit_price")


def columns(path: str) -> dict[str, np.ndarray]:
    """The arrays of an .npz file, all read."""
    with np.load(path) as found:
        return {name: found[name] for name in found.files}


def table(rows: list[tuple[Any, ...]]) -> Trades:
    """Trades by column, from trades by row."""
    return {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}


def timed(work: Callable[[], object]) -> float:
    """Wall time in seconds of one run."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def answer_all(version: str, answers: Mapping[str, Callable[[dict[str, Any]], object]]) -> None:
    """Say hello with the version, then answer until the questions end. Whatever a library prints goes to stderr."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    out.write(json.dumps({"version": version}) + "\n")
    for line in sys.stdin:
        question = json.loads(line)
        out.write(json.dumps({"answer": answers[question["do"]](question)}) + "\n")
