"""Clients that are slow, or say nothing."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tradeworthy.adapters.serving.webhook_server import WebhookServer

PLACES = 64


@pytest.fixture
def server() -> Iterator[WebhookServer]:
    """Answers anything, and waits for nobody longer than a fifth of a second."""
    made = WebhookServer(lambda asked: (200, {"path": asked.path}), "127.0.0.1", 0, patience=0.2)
    made.serve_behind()
    yield made
    made.close()


def connected(server: WebhookServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(server.address.rsplit(":", 1)[1])), 30)


@pytest.mark.parametrize("said", [b"", b"P", b"POST /webhook HTTP/1.1\r\nHost: x\r\n"])
def test_a_connection_on_which_no_whole_head_comes_is_closed(server: WebhookServer, said: bytes) -> None:
    with connected(server) as line:
        line.sendall(said)
        assert line.recv(64) == b""


def test_one_that_was_answered_before_is_closed_as_well(server: WebhookServer) -> None:
    with connected(server) as line:
        line.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(4096).startswith(b"HTTP/1.1 200 ")
        line.sendall(b"GET /hea")
        while line.recv(4096):
            pass


def test_a_body_that_does_not_come_is_told(server: WebhookServer) -> None:
    with connected(server) as line:
        line.sendall(b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{")
        assert line.recv(64).startswith(b"HTTP/1.1 408 ")


def test_connections_that_say_nothing_keep_nobody_out_for_long(server: WebhookServer) -> None:
    with ExitStack() as held:
        lines = [held.enter_context(connected(server)) for _ in range(PLACES)]
        for line in lines:
            assert line.recv(64) == b""
        with urlopen(f"{server.address}/health", timeout=30) as answer:  # noqa: S310 - ours
            assert answer.status == 200


def test_a_request_that_comes_while_the_program_ends_is_to_come_again(server: WebhookServer) -> None:
    server._workers.shutdown()  # as the interpreter does it
    with pytest.raises(HTTPError) as told:
        urlopen(f"{server.address}/health", timeout=30)  # noqa: S310 - ours
    assert told.value.code == 503
    assert b"the program ends; send it again once it runs" in told.value.read()
