"""One record of state, in memory or in a file that outlives the process, shared by threads and processes."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

from tradeworthy.adapters.files.kept_state import KeptState, Stamp
from tradeworthy.core.errors import InputError


class Keepable(Protocol):
    """A frozen record that has a plain form."""

    def to_dict(self) -> dict[str, Any]:
        """Plain types."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Back again. Raises InputError."""


R = TypeVar("R", bound=Keepable)
V = TypeVar("V")


class KeptRecord(Generic[R]):
    """first: what to begin with where nothing is kept. place: the file, None for memory alone.

    The file is the truth: what another process wrote is seen. A file that cannot be written or is damaged later stops
    nothing here and is said under `trouble`, and what this process knows holds. Raises InputError for a file that is
    damaged, or holds something else, at the start.
    """

    def __init__(self, first: R, kind: str, place: str | PathLike[str] | None) -> None:
        self.trouble = ""
        self._value = first
        self._kind: type[R] = type(first)
        self._lock = threading.RLock()
        self._file = None if place is None else KeptState(Path(place), kind)
        self._stamp: Stamp | None = None
        self._unwritten = False
        if self._file is not None:
            self._read(self._file)
            self.change(lambda value: value)

    def get(self) -> R:
        """As it is now."""
        if self._unwritten:  # perhaps there is room by now
            return self.change(lambda value: value)
        if self._file is not None and self._file.stamp() != self._stamp:
            with self._lock:
                self._look(self._file)
        return self._value

    def change(self, step: Callable[[R], R]) -> R:
        """Put `step(value)` in its place and return it, durable where there is a file that can be written."""
        with self._lock:
            if self._file is None:
                self._value = step(self._value)
                return self._value
            return self._changed(self._file, step)

    def cell(self, name: str) -> "FieldCell[Any]":
        """One field of it, as a part wants it."""
        return FieldCell(self, name)

    def _changed(self, file: KeptState, step: Callable[[R], R]) -> R:
        before = self._value
        try:
            with file.held():
                self._look(file)
                before, self._value = self._value, step(self._value)
                if self._value != before or self._unwritten or self._stamp is None:
                    self._write(file)
        except OSError as error:
            if self._value is before:
                self._value = step(before)
            self._unwritten = True
            self.trouble = (
                f"{file.path}: cannot be written ({error.strerror}), so a restart would forget; make room, or mend it"
            )
        return self._value

    def _write(self, file: KeptState) -> None:
        if self.trouble and not self._unwritten:
            return  # damaged by somebody: it is left as it is for a person to look at
        file.write(self._value.to_dict())
        self._stamp, self._unwritten, self.trouble = file.stamp(), False, ""

    def _look(self, file: KeptState) -> None:
        if self._unwritten or file.stamp() == self._stamp:
            return
        try:
            self._read(file)
            self.trouble = ""
        except InputError as error:
            self.trouble = str(error)

    def _read(self, file: KeptState) -> None:
        stamp = file.stamp()
        found = file.read()
        if found is not None:
            try:
                self._value = self._kind.from_dict(found)
            except InputError as error:
                raise InputError(f"{file.path}: {error}") from error
        self._stamp = stamp if found is not None else None


class FieldCell(Generic[V]):
    """One field of a kept record."""

    def __init__(self, record: KeptRecord[Any], name: str) -> None:
        self._record, self._name = record, name

    def get(self) -> V:
        """As it is now."""
        value: V = getattr(self._record.get(), self._name)
        return value

    def change(self, step: Callable[[V], V]) -> V:
        """Put `step(value)` in its place and return it."""
        name = self._name
        value: V = getattr(
            self._record.change(lambda record: replace(record, **{name: step(getattr(record, name))})), name
        )
        return value
