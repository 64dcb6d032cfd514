"""Signals over HTTP, signed by the Standard Webhooks scheme: POST /webhook, GET /health."""

import ipaddress
from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import msgspec

from tradeworthy.core.errors import InputError, NotNow, TradeworthyError
from tradeworthy.core.finite import shown, whole_number

if TYPE_CHECKING:
    from tradeworthy.adapters.serving.webhook_server import Asked, WebhookServer

PATH: Final = "/webhook"
HEALTH: Final = "/health"
_ID: Final = "webhook-id"
_LONGEST_HOST: Final = 253
_UNSIGNED: Final = (
    "the signature is missing or wrong, or its timestamp is more than 5 minutes away; sign id, timestamp and body by "
    "Standard Webhooks"
)

_Answer = tuple[int, Mapping[str, Any]]


class WebhookHandler:
    """Hands what comes to `process_signal`, after its signature was checked.

    process: takes a signal and gives the answer. is_running: whether the desk trades. secret: gives the secret, asked when the
    server begins. signed: False takes what is unsigned, from this machine alone.
    """

    def __init__(
        self,
        process: Callable[[dict[str, Any]], dict[str, Any]],
        is_running: Callable[[], bool],
        secret: Callable[[], str],
        *,
        signed: bool = True,
    ) -> None:
        self._process, self._is_running, self._secret = process, is_running, secret
        self.signed = signed
        self._lock = Lock()
        self._key = ""
        self._server: WebhookServer | None = None

    @property
    def address(self) -> str | None:
        """Where signals go while it serves, such as http://127.0.0.1:5000/webhook; None while it does not."""
        server = self._server
        return None if server is None else server.address + PATH

    def run(self, host: str = "127.0.0.1", port: int = 5000) -> None:
        """Serve until `stop()` by another thread, or Ctrl-C. port 0 takes one that is free; `address` names it.

        Raises InputError for a port that is taken, where it serves already, and where signatures are switched off and the host
        is not this machine alone.
        """
        server = self._made(host, port)
        try:
            server.serve()
        finally:
            self._server = None

    def start(self, host: str = "127.0.0.1", port: int = 5000) -> str:
        """The same in the background; gives the address. Raises as `run` does."""
        server = self._made(host, port)
        server.serve_behind()
        return server.address + PATH

    def stop(self) -> None:
        """End it; the port is free on return where it served in the background. Nothing happens where nothing is served."""
        with self._lock:
            server = self._server
        if server is not None:
            server.close()
            self._server = None

    def answer(self, asked: "Asked") -> _Answer:
        """Status and body of the answer to one request."""
        if asked.path == HEALTH and asked.method in {"GET", "HEAD"}:
            running = self._is_running()
            return (200 if running else 503), {"running": running, "signed": self.signed}
        if asked.path != PATH:
            return 404, {"error": f"there is nothing here; signals go to POST {PATH}"}
        if asked.method != "POST":
            return 405, {"error": f"signals come by POST, not by {asked.method[:16]}"}
        return self._unsigned(asked) or self._dealt(asked)

    def _made(self, host: str, port: int) -> "WebhookServer":
        from tradeworthy.adapters.serving.webhook_server import WebhookServer

        number = whole_number(port)
        if number is None or not 0 <= number <= 65_535:
            raise InputError(f"port must be a whole number from 0 to 65,535, not {shown(port)}")
        if not _is_name(host):
            raise InputError(f"host must name an address, such as 127.0.0.1, not {shown(host)}")
        if not self.signed and not _is_loopback(host):
            raise InputError(
                f"signatures are switched off, so signals are taken from this machine alone: use 127.0.0.1 and not {host}, or set "
                "[webhook] signed = true"
            )
        with self._lock:
            if self._server is not None:
                raise InputError(f"signals are served at {self.address} already; stop() that first")
            self._key = self._secret() if self.signed else ""
            self._server = WebhookServer(self.answer, host, number)
            return self._server

    def _unsigned(self, asked: "Asked") -> _Answer | None:
        """Why it is not believed. Without signatures at least no page in a browser may send any: a page's requests name where it
        came from, and cannot say that they are JSON without being asked about it."""
        if not self.signed:
            is_json = asked.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
            if "origin" in asked.headers or not is_json:
                return 403, {"error": "unsigned signals come as application/json, and not out of a browser"}
            return None
        from standardwebhooks.webhooks import Webhook, WebhookVerificationError

        try:
            Webhook(self._key).verify(asked.body, dict(asked.headers), json_parse=False)
        except (WebhookVerificationError, ValueError):  # a signature that is no base64, a body that is no text
            return 401, {"error": _UNSIGNED}
        return None

    def _dealt(self, asked: "Asked") -> _Answer:
        try:
            return 200, self._process(_signal(asked))
        except NotNow as error:
            return 503, {"error": str(error)}
        except InputError as error:
            return 400, {"error": str(error)}
        except TradeworthyError as error:
            return 500, {"error": str(error)}


def _signal(asked: "Asked") -> dict[str, Any]:
    """The body with the message's own id: whoever sends it again sends the same signal. Raises InputError for what is none."""
    try:
        body = msgspec.json.decode(asked.body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InputError(
            'the body is no JSON; send an object such as {"symbol": "EUR_USD", "action": "BUY"}'
        ) from error
    if not isinstance(body, dict):
        raise InputError(f"the body is a JSON object, not {shown(body)}")
    name = asked.headers.get(_ID)
    if name is None:
        return body
    if body.get("id") not in (None, name):  # not a set: what JSON brings need not be hashable
        raise InputError(f"the body says id {shown(body['id'])} and its header {_ID} {shown(name)}; send one of them")
    return {**body, "id": name}


def _is_name(host: object) -> bool:
    return isinstance(host, str) and host.isascii() and host.isprintable() and 0 < len(host) <= _LONGEST_HOST


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
