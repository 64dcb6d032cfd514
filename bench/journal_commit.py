"""How long one event takes until it is durable, beside a bare SQLite commit of the same bytes, taken in turn in one run."""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from timing import save

from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.core.events import Envelope, encode

COMMITS, BATCH, APART = 5_000, 32, 250


def event(sequence: int) -> Envelope:
    """An event of about 300 bytes."""
    body: dict[str, object] = {
        "symbol": "EUR_USD",
        "open": 1.1,
        "high": 1.2,
        "low": 1.0,
        "close": 1.15,
        "note": "x" * 120,
    }
    return Envelope(
        sequence=sequence, account="paper", strategy="EUR_USD_D", kind="bar", event_time_ns=sequence,
        receive_time_ns=sequence, source="bench", body=body,
    )  # fmt: skip


def taken_us(work: Callable[[], object]) -> float:
    """Wall time in microseconds."""
    began = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - began) / 1e3


def main() -> None:
    """Measure, print a table, and write bench/results/journal_commit.json."""
    bare_us: list[float] = []
    one_us: list[float] = []
    many_us: list[float] = []
    with tempfile.TemporaryDirectory(
        dir=Path(__file__).parent
    ) as folder:  # the disk of the checkout: /tmp may be memory
        bare = sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("CREATE TABLE events (sequence INTEGER PRIMARY KEY, data BLOB)")
        insert = "INSERT INTO events (data) VALUES (?)"
        data = encode(event(1))
        with closing(bare), closing(open_journal(Path(folder) / "journal.sqlite")) as journal:
            for number in range(COMMITS):
                bare_us.append(taken_us(lambda: bare.execute(insert, (data,))))
                one = [event(journal.last_sequence() + 1)]
                one_us.append(taken_us(lambda one=one: journal.append(one)))  # type: ignore[misc]
                if number % APART == 0:
                    first = journal.last_sequence() + 1
                    many = [event(sequence) for sequence in range(first, first + BATCH)]
                    many_us.append(taken_us(lambda many=many: journal.append(many)))  # type: ignore[misc]
            reading_us = taken_us(lambda: sum(1 for _ in journal.read()))
            events = journal.last_sequence()
    figures = {"events read and checked a second": events / reading_us * 1e6}
    for name, taken in (("bare commit", bare_us), ("one event", one_us), (f"{BATCH} events", many_us)):
        ordered = sorted(taken)
        for percent in (50, 99):
            figures[f"{name}: p{percent}, us"] = ordered[len(ordered) * percent // 100]
    for percent in (50, 99):
        ratio = figures[f"one event: p{percent}, us"] / figures[f"bare commit: p{percent}, us"]
        figures[f"one event beside the bare commit: p{percent}"] = ratio
    for name, value in figures.items():
        print(f"{name:44} {value:12.2f}")
    save("journal_commit", figures)


main()
