"""The trial ledger: every set of parameters that was ever tried, appended and never changed.

One line of JSON for each piece of a search. How good the best of many tries looks by luck alone depends on how many there
were, so none may be forgotten: lines are only added, and a set that was tried before is not counted again.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tradeworthy.core.errors import InputError, OutputError
from tradeworthy.core.version import LEDGER_SCHEMA

Value = float | int | bool | str | None
Point = tuple[Value, ...]

_BLOCK = 65_536


class TrialRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Sets of one strategy over one instrument. `run` is a hash of everything but the sets; rows of `sets` hold the
    strategy's own parameters, a value for each of `names` (None: not set), rows of `values` one for each of `measures`."""

    schema: int = LEDGER_SCHEMA
    kind: str = "trials"
    time: str
    version: str
    run: str
    strategy: str
    instrument: str
    timeframe: str
    first: str
    last: str
    bars: int
    data_hash: str
    terms: dict[str, Any]
    names: tuple[str, ...]
    sets: list[Point]
    measures: tuple[str, ...]
    values: list[list[float]]


class TrialLedger:
    """A folder with the ledger in it; made when the first trial is entered."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "trials.jsonl"

    def prepare(self) -> None:
        """Raises OutputError unless records can be added, and makes the ledger if it is not there."""
        self.append(())

    def append(self, records: Sequence[TrialRecord]) -> None:
        """Add records, of finite numbers, and put them on the disk. What a crash left of a last line is cut off first.

        Raises OutputError when that is not possible: nothing is tried unseen.
        """
        lines = b"".join(msgspec.json.encode(record) + b"\n" for record in records)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                _cut_torn_line(descriptor)
                _write_all(descriptor, lines)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise OutputError(
                f"{self.path}: trials cannot be entered there ({error.strerror}), so nothing is searched; "
                "name a folder that can be written with desk= or --desk"
            ) from error

    def __iter__(self) -> Iterator[TrialRecord]:
        """Every record, oldest first. A last line that was cut off by a crash is passed over.

        Raises InputError for damage anywhere else, and for records of a newer version.
        """
        if not self.path.is_file():
            return
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    continue
                yield self._decoded(line, number)

    def _decoded(self, line: bytes, number: int) -> TrialRecord:
        try:
            record = msgspec.json.decode(line, type=TrialRecord)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise InputError(
                f"{self.path}, line {number}: not a record of trials ({error}); the ledger is only ever added to, "
                "so restore it from a copy"
            ) from error
        if record.schema > LEDGER_SCHEMA:
            raise InputError(
                f"{self.path}, line {number}: schema {record.schema}, and this version reads up to {LEDGER_SCHEMA}; "
                "update tradeworthy"
            )
        return record


def found(
    records: Iterable[TrialRecord], runs: Sequence[str], names: Sequence[str]
) -> dict[str, dict[Point, list[float]]]:
    """By run, the measures of every set that was tried before, by its values in the order of `names`."""
    known: dict[str, dict[Point, list[float]]] = {run: {} for run in runs}
    for record in records:
        if record.run in known and set(record.names) == set(names):
            ordered = _picked(record.sets, [record.names.index(name) for name in names])
            known[record.run].update(zip(ordered, record.values, strict=True))
    return known


def trials(records: Iterable[TrialRecord], strategy: str, instruments: Sequence[str]) -> int:
    """How many different sets of this strategy were tried on these instruments, whatever the bars and terms."""
    seen: dict[tuple[Any, ...], set[Point]] = {}
    for record in records:
        if record.strategy == strategy and record.instrument in instruments:
            order = sorted(range(len(record.names)), key=record.names.__getitem__)
            names = tuple(record.names[place] for place in order)
            where = (record.instrument, record.timeframe, names)
            seen.setdefault(where, set()).update(_picked(record.sets, order))
    for (instrument, timeframe, names), points in list(seen.items()):
        for point in [one for one in points if None in one]:  # a parameter that is None is one that is not set
            kept = [place for place, value in enumerate(point) if value is not None]
            where = (instrument, timeframe, tuple(names[place] for place in kept))
            points.remove(point)
            seen.setdefault(where, set()).add(tuple(point[place] for place in kept))
    return sum(len(points) for points in seen.values())


def _picked(rows: Sequence[Point], places: Sequence[int]) -> Iterable[Point]:
    """Each row with its values in another order."""
    if list(places) == list(range(len(places))):
        return rows
    return (tuple(row[place] for place in places) for row in rows)


def _cut_torn_line(descriptor: int) -> None:
    end = size = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - _BLOCK)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        end = start
    if end < size:
        os.ftruncate(descriptor, end)


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
