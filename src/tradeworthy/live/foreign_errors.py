"""Exceptions of libraries that a bot may be built on, told apart by their types and by status codes of HTTP.

No library is imported for it: a type is known by the module and the name under which it was made. Whatever is not known
halts, because guessing about money that may have moved is worse than standing still.
"""

import math
import ssl
from socket import gaierror
from types import MappingProxyType
from typing import Any, Final

from tradeworthy.core.errors import (
    BrokerError,
    HaltError,
    InputError,
    PauseError,
    ReconfigureError,
    RefreshError,
    RefuseError,
    RetryError,
    SettingsError,
    TradeworthyError,
)
from tradeworthy.core.finite import whole_number
from tradeworthy.live.broker_errors import USUAL_WAITS, Action, ActionKind, Waits, action_for

_Kind = type[BrokerError] | type[ConnectionError]

_BY_TYPE: Final = MappingProxyType(
    {
        "httpx.ConnectError": RetryError,
        "httpx.ConnectTimeout": RetryError,
        "httpx.PoolTimeout": RetryError,
        "httpx.UnsupportedProtocol": ReconfigureError,
        "httpx.TransportError": ConnectionError,
        "requests.exceptions.ConnectTimeout": RetryError,
        "requests.exceptions.SSLError": ReconfigureError,
        "requests.exceptions.ConnectionError": ConnectionError,
        "requests.exceptions.Timeout": ConnectionError,
        "aiohttp.client_exceptions.ClientConnectorError": RetryError,
        "aiohttp.client_exceptions.ClientConnectionError": ConnectionError,
        "aiohttp.client_exceptions.ClientPayloadError": ConnectionError,
        "ccxt.base.errors.RateLimitExceeded": PauseError,
        "ccxt.base.errors.DDoSProtection": PauseError,
        "ccxt.base.errors.OnMaintenance": PauseError,
        "ccxt.base.errors.PermissionDenied": ReconfigureError,
        "ccxt.base.errors.AuthenticationError": RefreshError,
        "ccxt.base.errors.InsufficientFunds": RefuseError,
        "ccxt.base.errors.InvalidOrder": RefuseError,
        "ccxt.base.errors.BadRequest": RefuseError,
        "ccxt.base.errors.NetworkError": ConnectionError,
    }
)

_BY_STATUS: Final = MappingProxyType(
    {
        400: RefuseError, 401: RefreshError, 403: ReconfigureError, 404: RefuseError, 405: ReconfigureError,
        408: ConnectionError, 409: RefuseError, 410: ReconfigureError, 418: PauseError, 422: RefuseError, 425: RetryError,
        429: PauseError, 503: PauseError,
    }
)  # fmt: skip

_OWN: Final = (ssl.SSLCertVerificationError, gaierror, ConnectionError, TimeoutError)
"""Types of Python that say something of a connection, the first that fits before the others."""


_NOT_DONE: Final = (
    RetryError, RefuseError, PauseError, RefreshError, ReconfigureError, InputError, SettingsError, ConnectionRefusedError,
)  # fmt: skip


def action_about(error: Exception, *, sending: bool = True, waits: Waits = USUAL_WAITS) -> Action:
    """What to do about an exception of anybody's: retry, pause, refresh or halt, decided by its type and status code alone.

    sending: an order may have been under way. A refused order is a pause of no length: leave it, and go on. A type that
    nobody knows is a halt. Raises InputError for what is no exception.
    """
    if not isinstance(error, Exception):
        raise InputError(
            f"give the exception itself, as caught by `except Exception as error`, not {type(error).__name__}"
        )
    if strange := _strangers(error):
        names = ", ".join(sorted({type(one).__name__ for one in strange}))
        reason = f"{names} is no failure that is known here, so nothing is entered until a person has looked"
        return Action(ActionKind.HALT, f"{reason} ({' '.join(str(error).split()):.300})")
    action = action_for(_told(error), sending=sending, waits=waits)
    if action.kind is ActionKind.REFUSE:
        return Action(ActionKind.PAUSE, action.reason)
    return action


def nothing_was_done(error: Exception) -> bool:
    """Whether it is certain that what was asked for was not done; unknown is not certain."""
    if isinstance(error, ExceptionGroup):
        return all(map(nothing_was_done, error.exceptions))
    return isinstance(_told(error), _NOT_DONE)


def _strangers(error: Exception) -> list[Exception]:
    if isinstance(error, ExceptionGroup):
        return [one for inner in error.exceptions for one in _strangers(inner)]
    return [] if isinstance(_told(error), TradeworthyError | ConnectionError | TimeoutError) else [error]


def _told(error: Exception) -> Exception:
    """The same in our words, where there are any for it."""
    if isinstance(error, ExceptionGroup):
        return ExceptionGroup(error.message, [_told(one) for one in error.exceptions])
    if isinstance(error, TradeworthyError):
        return error
    kind = _by_status(error) or _by_type(error) or _by_python(error)
    said = " ".join(str(error).split())
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    if kind is None:
        return error
    return kind(text, _asked_wait(error)) if issubclass(kind, BrokerError) else kind(text)


def _by_status(error: Exception) -> _Kind | None:
    status = _status(error)
    if status is None:
        return None
    if status >= 500:
        return _BY_STATUS.get(status, ConnectionError)
    return _BY_STATUS.get(status, HaltError) if status >= 400 else None


def _by_type(error: Exception) -> _Kind | None:
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__)
    return next((_BY_TYPE[name] for name in names if name in _BY_TYPE), None)


def _by_python(error: Exception) -> _Kind | None:
    known = next((kind for kind in _OWN if isinstance(error, kind)), None)
    if known is ssl.SSLCertVerificationError:
        return ReconfigureError
    if known is gaierror:  # the name was not found, so nothing was sent
        return RetryError
    return ConnectionError if known is None and isinstance(error, OSError) else None


def _status(error: Exception) -> int | None:
    """Of the answer that the exception carries (httpx, requests), or its own (aiohttp, urllib)."""
    answer = getattr(error, "response", None)
    found = [getattr(answer, name, None) for name in ("status_code", "status")]
    found += [getattr(error, name, None) for name in ("status_code", "status", "code")]
    codes = (whole_number(one) for one in found)
    return next((code for code in codes if code is not None and 100 <= code <= 599), None)


def _asked_wait(error: Exception) -> float | None:
    """Seconds that the answer's Retry-After names; a date there is left alone."""
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or getattr(error, "headers", None)
    try:
        seconds = float(headers.get("Retry-After"))
    except (AttributeError, TypeError, ValueError):
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0.0 else None
