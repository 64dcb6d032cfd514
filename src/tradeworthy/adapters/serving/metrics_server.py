"""Metrics for Prometheus over HTTP, from a thread of their own."""

import errno
from threading import Thread
from typing import Any

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.registry import Collector

from tradeworthy.core.errors import InputError


class MetricsServer:
    """Serves what one collector says, and nothing of the process around it. port 0 takes one that is free; `address` names it.

    Raises InputError where the port is taken or the host is none of this machine.
    """

    def __init__(self, collector: Collector, host: str, port: int) -> None:
        registry = CollectorRegistry()
        registry.register(collector)
        self._server, self._thread = _started(registry, host, port)
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{self._server.server_port}/metrics"

    def close(self) -> None:
        """Free the port; the thread has ended on return."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _started(registry: CollectorRegistry, host: str, port: int) -> tuple[Any, Thread]:
    try:
        return start_http_server(port, addr=host, registry=registry)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = f'port {port} of {host} is taken; choose another, such as config={{"port": {port % 65_535 + 1}}}, or 0 for any'
        elif error.errno == errno.EACCES:
            why = f'port {port} needs more rights than this user has; choose one above 1023, such as config={{"port": 9108}}'
        else:
            why = f'{host}: metrics cannot be served there ({error.strerror}); use config={{"host": "127.0.0.1"}}'
        raise InputError(why) from error
