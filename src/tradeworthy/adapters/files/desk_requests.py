"""What operators ask of a running desk: a folder of small files, one for each request and one for each answer.

Files appear whole, by renaming, and only the desk's user may make any. A request whose asker gave up or went away is not
answered any more: an order to resume from an hour ago is none.
"""

import os
import pwd
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from tradeworthy.adapters.files.swapped_file import swap
from tradeworthy.core.clock import DAY_NS, SECOND_NS, now_ns
from tradeworthy.core.errors import InputError, OutputError

_ANSWER: Final = ".answer.json"
_REQUEST: Final = ".json"
_MOST_BYTES: Final = 65_536
_MOST_WAITING: Final = 100
_PAUSE_SECONDS: Final = 0.02
DAMAGED: Final = "damaged"
"""The one key of a request that cannot be read: its value says what is wrong with it."""


class RequestBox:
    """A desk's folder of requests: `ask` is the operator's side, `waiting` and `answer` the desk's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ask(self, request: Mapping[str, Any], timeout: float) -> dict[str, Any] | None:
        """The desk's answer; None where none came within `timeout` seconds, and then the request is withdrawn.

        A desk that reads it in that very moment may still do it. The user's name, the process, and when it was asked and
        until when it counts go in as `user`, `pid`, `asked_ns` and `until_ns`. Raises InputError for a request that is too
        large or no JSON; OutputError where it cannot be written, or too many wait already.
        """
        now = now_ns()
        by = {"user": user_name(), "pid": os.getpid(), "asked_ns": now, "until_ns": now + round(timeout * SECOND_NS)}
        name = f"{now:020d}-{secrets.token_hex(8)}"
        place = self._folder / f"{name}{_REQUEST}"
        answer = self._folder / f"{name}{_ANSWER}"
        data = _encoded({**request, **by})
        try:
            self._make_folder()
            if len(self._names()) >= _MOST_WAITING:
                raise OutputError(f"{self._folder}: {_MOST_WAITING} requests wait already; see whether the desk runs")
            swap(place, data, durable=False)
            return _awaited(answer, timeout)
        except OSError as error:
            raise OutputError(f"{self._folder}: nothing can be asked there ({error.strerror}); mend that") from error
        finally:
            for path in (place, answer):
                with suppress(OSError):  # it is gone, or the desk cleans it away
                    path.unlink()

    def waiting(self) -> list[tuple[str, dict[str, Any]]]:
        """Requests that nobody has answered, oldest first, at most 100, each with the name to answer it by.

        One that is damaged comes as `{DAMAGED: what is wrong}`. What has expired, and answers that nobody fetched within a
        day, are cleaned away. Raises OutputError where the folder cannot be read.
        """
        try:
            self._make_folder()
            self._clean()
            found = [(name, self._read(name)) for name in self._names()]
        except OSError as error:
            raise OutputError(f"{self._folder}: requests cannot be read there ({error.strerror}); mend that") from error
        live = [(name, request) for name, request in found if request is not None]
        return live[:_MOST_WAITING]

    def answer(self, name: str, answer: Mapping[str, Any]) -> None:
        """Answer a request, which then waits no more. Raises InputError for an answer that is no JSON, OutputError where it
        cannot be written; then the request is taken away all the same, so that it is not done twice."""
        if not name or "/" in name or name.startswith("."):
            raise InputError(f"{name!r} is not the name of a request; use one that waiting() gave")
        data = _encoded(answer)
        try:
            swap(self._folder / f"{name}{_ANSWER}", data, durable=False)
        except OSError as error:
            raise OutputError(f"{self._folder}: the answer cannot be written ({error.strerror}); mend that") from error
        finally:
            self._take_away(name)

    def _take_away(self, name: str) -> None:
        place = self._folder / f"{name}{_REQUEST}"
        try:
            place.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"{place}: cannot be taken away ({error.strerror}); remove it by hand") from error

    def _make_folder(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._folder.stat().st_mode & 0o077:
            self._folder.chmod(0o700)

    def _names(self) -> list[str]:
        names = (one.name for one in self._files())
        return sorted(one.removesuffix(_REQUEST) for one in names if one.endswith(_REQUEST) and _ANSWER not in one)

    def _files(self) -> Iterator[os.DirEntry[str]]:
        with os.scandir(self._folder) as entries:
            yield from (one for one in entries if not one.name.startswith("."))

    def _read(self, name: str) -> dict[str, Any] | None:
        """The request; None for one that was withdrawn or has expired, which is taken away."""
        path = self._folder / f"{name}{_REQUEST}"
        try:
            request = _request(path)
        except FileNotFoundError:
            return None
        except InputError as error:
            return {DAMAGED: str(error)}
        until = request.get("until_ns")
        if isinstance(until, int) and now_ns() > until:
            path.unlink(missing_ok=True)
            return None
        return request

    def _clean(self) -> None:
        """Take away answers, and beginnings of files, that are older than a day."""
        oldest = (now_ns() - DAY_NS) / SECOND_NS
        with os.scandir(self._folder) as entries:
            for one in entries:
                if one.name.endswith(_ANSWER) or one.name.startswith("."):
                    with suppress(FileNotFoundError):  # fetched meanwhile
                        if one.stat(follow_symlinks=False).st_mtime < oldest:
                            Path(one.path).unlink()


def _request(path: Path) -> dict[str, Any]:
    """What stands in a file. Raises FileNotFoundError, and InputError for whatever is no request."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            data = os.read(descriptor, _MOST_BYTES + 1)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise InputError(f"{path.name} cannot be read ({error.strerror})") from error
    if len(data) > _MOST_BYTES:
        raise InputError(f"{path.name} holds more than {_MOST_BYTES} bytes")
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InputError(f"{path.name} is no request ({error})") from error


def _awaited(answer: Path, timeout: float) -> dict[str, Any] | None:
    deadline = time.monotonic() + timeout
    while True:
        try:
            return _request(answer)
        except FileNotFoundError:
            left = deadline - time.monotonic()
        if left <= 0:
            return None
        time.sleep(min(_PAUSE_SECONDS, left))


def _encoded(what: Mapping[str, Any]) -> bytes:
    try:
        data = msgspec.json.encode(what)
    except TypeError as error:
        raise InputError(f"a request and its answer hold plain values only: {error}") from error
    if len(data) > _MOST_BYTES:
        raise InputError(f"a request and its answer hold at most {_MOST_BYTES} bytes, and this one has {len(data)}")
    return data


def user_name() -> str:
    """The name of the user that this process runs as, whatever the environment says."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"
