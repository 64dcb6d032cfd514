"""What a desk says while it runs: every word as JSON into a file that does not grow for ever, and lines for people on stderr.

The journal is what happened; this is for whoever looks for a reason. It holds no secrets, and it never stops the desk.
"""

import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TextIO, cast

import msgspec
import structlog
from structlog.typing import FilteringBoundLogger

from tradeworthy.adapters.files.log_lines import plain, readable
from tradeworthy.adapters.files.redacting import redacted, redacted_text
from tradeworthy.adapters.files.rotating_lines import RotatingLines
from tradeworthy.core.clock import now_ns, rfc3339
from tradeworthy.core.errors import InputError

MOST_BYTES: Final = 10_000_000
KEPT: Final = 10
LEVELS: Final = ("debug", "info", "warning", "error", "critical")


class DeskLog:
    """A log of one desk. `logger` is structlog's: `logger.info("an order was sent", client_id="c-1")`; `bind` adds what all
    further lines say.

    path: of the JSON lines, such as `DeskFolder.log`. level: what is less is not said. stream: for people, stderr usually.
    lines: whether people read every word there, or only that the file cannot be written.
    Raises InputError for an unknown level; a file that cannot be written is said on the stream, once.
    """

    def __init__(
        self,
        path: Path,
        level: str = "info",
        stream: TextIO | None = None,
        *,
        most_bytes: int = MOST_BYTES,
        kept: int = KEPT,
        lines: bool = True,
    ) -> None:
        if level not in LEVELS:
            raise InputError(f"{level!r} is not a level of the log; use one of {', '.join(LEVELS)}")
        self._outlet = _Outlet(RotatingLines(path, most_bytes, kept), stream or sys.stderr, lines=lines)
        self.logger: FilteringBoundLogger = structlog.wrap_logger(
            self._outlet,
            processors=[structlog.processors.add_log_level, structlog.processors.format_exc_info, _safe],
            wrapper_class=structlog.make_filtering_bound_logger(level),
            context_class=dict,
        )

    def close(self) -> None:
        """Let go of the file; what is said afterwards opens it again."""
        self._outlet.close()


class _Outlet:
    """Where structlog hands over what it has made: a method for each of its levels."""

    def __init__(self, file: RotatingLines, stream: TextIO, *, lines: bool) -> None:
        self._file = file
        self._stream = stream
        self._are_shown = lines
        self._failing = False

    def msg(self, **said: Any) -> None:
        """Write it to both places; neither can fail."""
        if self._are_shown:
            self._show(readable(said, coloured=_is_terminal(self._stream)))
        try:
            self._file.add(_encoded(said))
        except OSError as error:
            if not self._failing:
                self._show(
                    f"the log {self._file.path} cannot be written ({error.strerror}); the desk goes on without it"
                )
            self._failing = True
        else:
            if self._failing:
                self._show(f"the log {self._file.path} is written again")
            self._failing = False

    debug = info = warning = error = critical = msg

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _show(self, line: str) -> None:
        with suppress(OSError, ValueError):  # nobody reads stderr any more, or it was closed
            self._stream.write(f"{line}\n")
            self._stream.flush()


def _safe(_logger: object, _method: str, event: MutableMapping[str, Any]) -> tuple[tuple[()], dict[str, Any]]:
    """The last of structlog's processors: time first, then level and sentence, and nothing that is secret."""
    said = {"time": rfc3339(now_ns()), "level": event.pop("level"), "event": str(event.pop("event"))}
    rest = cast("Mapping[str, Any]", redacted({key: _values(one) for key, one in event.items()}))
    named = {key if key not in said else f"{key}_": value for key, value in rest.items()}
    return (), {**said, "event": redacted_text(said["event"]), **named}


def _values(value: object) -> object:
    """Records and the like as plain values, so that their fields have names too; as text what has no such form."""
    try:
        return msgspec.to_builtins(value, enc_hook=plain)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return plain(value)


def _encoded(said: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(said, enc_hook=plain)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return msgspec.json.encode({plain(key): plain(value) for key, value in said.items()})


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False
