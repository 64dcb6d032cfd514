"""An HTTP server for small bodies, each answered by one call; for trust in who sends them ask whoever answers."""

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any, Final

import msgspec
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from tradeworthy.core.errors import InputError

MOST_BYTES: Final = 65_536
_CONNECTIONS: Final = 64
_WORKERS: Final = 16

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. headers: names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Answering = Callable[[Asked], tuple[int, Mapping[str, Any]]]
"""Gives the status and the JSON object to answer with; called in threads, several at once."""


class WebhookServer:
    """Listens from when it is made. patience: seconds for the head of a request to come, and for its body.

    Raises InputError for a port that is taken, and a host that is none of this machine.
    """

    def __init__(self, answering: Answering, host: str, port: int, *, patience: float = 10.0) -> None:
        self._socket = _bound(host, port)
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{self._socket.getsockname()[1]}"
        self._answering, self._patience = answering, patience
        self._workers = ThreadPoolExecutor(_WORKERS, "tradeworthy webhook")
        config = uvicorn.Config(
            self._app, interface="asgi3", lifespan="off", ws="none", http=_hurrying(patience), loop="asyncio", log_config=None,
            access_log=False, server_header=False, proxy_headers=False, limit_concurrency=_CONNECTIONS, timeout_keep_alive=5,
            timeout_graceful_shutdown=10, h11_max_incomplete_event_size=MOST_BYTES,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread: Thread | None = None

    def serve(self) -> None:
        """Until `close`, or Ctrl-C where it is the main thread that serves."""
        try:
            with suppress(KeyboardInterrupt):  # it has ended in order, and says so once more
                self._server.run(sockets=[self._socket])
        finally:
            self._socket.close()
            self._workers.shutdown(wait=True)

    def serve_behind(self) -> None:
        """The same in a thread of its own."""
        self._thread = Thread(target=self.serve, name="tradeworthy webhook", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take nothing more, answer what has been asked, and free the port."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()

    async def _app(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _body(headers, receive, self._patience)
        if isinstance(body, bytes):
            asked = Asked(scope["method"], scope["path"], headers, body)
            status, answer = await self._answered(asked)
        else:
            status, answer = body
        data = msgspec.json.encode(answer)
        kind = [(b"content-type", b"application/json"), (b"content-length", str(len(data)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": kind})
        await send({"type": "http.response.body", "body": data})

    async def _answered(self, asked: Asked) -> tuple[int, Mapping[str, Any]]:
        try:
            work = self._workers.submit(self._answering, asked)
        except RuntimeError:  # the program has ended, and this thread goes on to the last
            return 503, {"error": "the program ends; send it again once it runs"}
        return await asyncio.wrap_future(work)


def _hurrying(patience: float) -> type[H11Protocol]:
    """HTTP that closes a connection on which no whole head of a request comes in time: otherwise a few that say nothing would
    take every place there is."""

    class Hurrying(H11Protocol):
        _late: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in what it extends
            super().connection_made(transport)
            self._hurry()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._hurry()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            self._calm()

        def _hurry(self) -> None:
            cycle: Any = self.cycle  # None before the first request
            if cycle is not None and not cycle.response_complete:
                self._calm()
            elif self._late is None:
                self._late = self.loop.call_later(patience, self.transport.close)

        def _calm(self) -> None:
            if self._late is not None:
                self._late.cancel()
                self._late = None

    return Hurrying


async def _body(headers: Mapping[str, str], receive: Receive, patience: float) -> bytes | tuple[int, Mapping[str, Any]]:
    """All of it, or the answer to what is too large or does not come."""
    too_large = (413, {"error": f"a body holds at most {MOST_BYTES:,} bytes"})
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MOST_BYTES:
        return too_large
    body = bytearray()
    try:
        async with asyncio.timeout(patience):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return 400, {"error": "the body did not come to its end"}
                body += message.get("body", b"")
                if len(body) > MOST_BYTES:
                    return too_large
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        return 408, {"error": f"the body did not come within {patience:g} seconds"}


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = f"port {port} of {host} is taken; choose another, as in run(port={port % 65_535 + 1}), or 0 for any"
        elif error.errno == errno.EACCES:
            why = f"port {port} needs more rights than this user has; choose one above 1023, as in run(port=5000)"
        else:
            why = f"{host}: nothing can be served there ({error.strerror}); use 127.0.0.1"
        raise InputError(why) from error
