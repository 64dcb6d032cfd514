"""One line for a person out of what was logged: time, level, sentence, and the first few of what goes with it."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tradeworthy.adapters.files.redacting import redacted_text

_MOST: Final = 6
"""Keys that are shown; the file has all of them."""

_LONGEST: Final = 80
"""Letters of one value."""

_COLOURS: Final = {"warning": "\x1b[33m", "error": "\x1b[1;31m", "critical": "\x1b[1;31m", "debug": "\x1b[2m"}
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-_.:/@*")


def readable(said: Mapping[str, Any], *, coloured: bool) -> str:
    """`2026-03-04T14:30:00.120Z INFO     an order was sent  client_id=c-1`. The level is a word, so colour only helps."""
    rest = {key: value for key, value in said.items() if key not in {"time", "level", "event", "exception"}}
    told = [f"{key}={shown(value)}" for key, value in list(rest.items())[:_MOST]]
    if "exception" in said:
        last = str(said["exception"]).strip().splitlines() or [""]
        told.append(f"error={shown(last[-1], 4 * _LONGEST)}")
    if len(rest) > _MOST:
        told.append(f"and {len(rest) - _MOST} more in the log")
    level = f"{said['level'].upper():<8}"
    if coloured and said["level"] in _COLOURS:
        level = f"{_COLOURS[said['level']]}{level}\x1b[0m"
    sentence = "".join(letter if letter.isprintable() else " " for letter in said["event"])
    return "  ".join([f"{_time(said['time'])} {level} {sentence}", *([" ".join(told)] if told else [])])


def shown(value: object, longest: int = _LONGEST) -> str:
    """Short words as they are, everything else as JSON, so that no control character reaches the terminal."""
    if isinstance(value, str) and value and set(value) <= _PLAIN:
        text = value
    else:
        try:
            text = msgspec.json.encode(value, enc_hook=plain).decode()
        except (TypeError, ValueError, OverflowError, RecursionError):
            text = msgspec.json.encode(plain(value)).decode()
        text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def plain(value: object) -> str:
    """The text of anything, without secrets and without what UTF-8 has no bytes for."""
    return redacted_text(str(value)).encode("utf-8", "backslashreplace").decode()


def _time(text: str) -> str:
    """To the millisecond."""
    whole, _, rest = text.removesuffix("Z").partition(".")
    return f"{whole}.{rest[:3]:0<3}Z"
