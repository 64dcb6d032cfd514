"""Exceptions of other people's libraries, told apart by type and status code and never by words."""

import socket
import ssl
import urllib.error
from email.message import Message
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeworthy.core.errors import AskError, HaltError, PauseError, ReconfigureError, RefuseError, RetryError
from tradeworthy.live import action_about
from tradeworthy.live.foreign_errors import nothing_was_done


def of_library(module: str, *names: str) -> Exception:
    """An exception whose type, and those above it, were made under these names in that module."""
    kind: type[Exception] = Exception
    for name in reversed(names):
        kind = type(name, (kind,), {"__module__": module})
    return kind("words that say 429 rate limit timeout")


def answered(status: Any, **headers: str) -> Exception:
    """As httpx and requests raise it: the answer hangs at the exception."""
    error = of_library("httpx", "HTTPStatusError", "HTTPError")
    error.response = SimpleNamespace(status_code=status, headers=headers)  # type: ignore[attr-defined]  # as they do
    return error


@pytest.mark.parametrize(
    ("status", "action", "wait", "asks"),
    [
        (400, "pause", 0.0, False), (401, "refresh", 0.0, False), (403, "halt", 0.0, False), (404, "pause", 0.0, False),
        (408, "pause", 30.0, True), (418, "pause", 30.0, False), (422, "pause", 0.0, False), (429, "pause", 30.0, False),
        (451, "halt", 0.0, False), (500, "pause", 30.0, True), (502, "pause", 30.0, True), (503, "pause", 30.0, False),
        (504, "pause", 30.0, True), (302, "halt", 0.0, False), (None, "halt", 0.0, False), ("429", "halt", 0.0, False),
    ],
)  # fmt: skip
def test_status_codes_decide(status: Any, action: str, wait: float, asks: bool) -> None:
    told = action_about(answered(status))
    assert (told.kind.value, told.wait_seconds, told.asks_first) == (action, wait, asks)


def test_a_wait_that_the_answer_names_is_waited() -> None:
    assert action_about(answered(429, **{"Retry-After": "12"})).wait_seconds == 12.0
    for nonsense in ("soon", "nan", "-1", "Wed, 21 Oct 2026 07:28:00 GMT"):
        assert action_about(answered(429, **{"Retry-After": nonsense})).wait_seconds == 30.0


def test_a_question_that_changes_nothing_is_asked_again() -> None:
    for error in (
        answered(500),
        of_library("httpx", "ReadTimeout", "TimeoutException", "TransportError"),
        OSError(5, "x"),
    ):
        assert action_about(error).asks_first
        assert action_about(error, sending=False).kind.value == "retry"


@pytest.mark.parametrize(
    ("module", "names", "action"),
    [
        ("httpx", ("ConnectTimeout", "TimeoutException", "TransportError"), "retry"),
        ("httpx", ("WriteError", "NetworkError", "TransportError"), "pause"),
        ("requests.exceptions", ("ReadTimeout", "Timeout"), "pause"),
        ("requests.exceptions", ("ConnectTimeout", "ConnectionError"), "retry"),
        ("aiohttp.client_exceptions", ("ServerDisconnectedError", "ClientConnectionError"), "pause"),
        ("ccxt.base.errors", ("DDoSProtection", "NetworkError"), "pause"),
        ("ccxt.base.errors", ("AuthenticationError", "ExchangeError"), "refresh"),
        ("ccxt.base.errors", ("OrderImmediatelyFillable", "InvalidOrder", "ExchangeError"), "pause"),
        ("ccxt.base.errors", ("ExchangeError",), "halt"),
        ("somebody", ("TimeoutException",), "halt"),
    ],
)  # fmt: skip
def test_types_of_libraries_are_known_by_where_they_were_made(module: str, names: tuple[str, ...], action: str) -> None:
    assert action_about(of_library(module, *names)).kind.value == action


def test_types_of_python_are_known() -> None:
    unavailable = urllib.error.HTTPError("http://x", 503, "busy", Message(), None)
    assert (action_about(unavailable).kind.value, action_about(unavailable).asks_first) == ("pause", False)
    unavailable.close()
    assert action_about(socket.gaierror(8, "no such name")).kind.value == "retry"
    assert action_about(ssl.SSLCertVerificationError("expired")).kind.value == "halt"
    assert action_about(ConnectionRefusedError()).kind.value == "retry"
    assert action_about(ConnectionResetError()).asks_first
    assert action_about(urllib.error.URLError("x")).asks_first


def test_what_is_certain_not_to_have_been_done() -> None:
    for error in (
        RetryError("x"),
        RefuseError("x"),
        PauseError("x"),
        ReconfigureError("x"),
        answered(400),
        answered(401),
    ):
        assert nothing_was_done(error)
    for error in (AskError("x"), TimeoutError(), HaltError("x"), KeyError("x"), answered(500)):
        assert not nothing_was_done(error)
    assert not nothing_was_done(ExceptionGroup("two", [RetryError("x"), TimeoutError()]))


@given(st.text())
def test_words_decide_nothing(words: str) -> None:
    assert action_about(ValueError(words)).kind.value == "halt"
    assert action_about(TimeoutError(words)).kind.value == "pause"
    assert action_about(RetryError(words)).kind.value == "retry"
