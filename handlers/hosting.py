"""Runs a WSGI application: under gunicorn with threads, or beside Socket Mode in one thread of this process."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from gunicorn.app.base import BaseApplication

DRAIN = 25  # seconds that requests under way are given at the end; container platforms kill after thirty
Wsgi = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Hosted:
    """What a worker process makes after its birth: the application, and what ends it."""

    wsgi: Wsgi
    stop: Callable[[], None]  # when the last request has been answered


class Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
    """gunicorn with one worker of many threads: more processes are more replicas, each with its own figures."""

    def __init__(self, address: str, threads: int, make: Callable[[], Hosted]) -> None:
        self._address, self._threads, self._make = address, threads, make
        self._hosted: Hosted | None = None
        super().__init__()

    def load_config(self) -> None:
        """Settings of gunicorn; its request lines and headers are limited by its own defaults."""
        chosen = {
            "bind": self._address,
            "workers": 1,
            "worker_class": "gthread",
            "threads": self._threads,
            "worker_connections": max(1000, self._threads),
            "keepalive": 75,  # longer than load balancers keep a connection, so that they are the ones who end it
            "graceful_timeout": DRAIN,
            "timeout": 60,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            "worker_exit": lambda _server, _worker: self._stop(),
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Wsgi:
        """Made in the worker, since threads and connections do not survive a fork."""
        self._hosted = self._make()
        return self._hosted.wsgi

    def _stop(self) -> None:
        if self._hosted:
            self._hosted.stop()


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Health checks every few seconds are no news."""


def beside(address: str, wsgi: Wsgi) -> Callable[[], None]:
    """Serve an application at HOST:PORT in a thread; gives what stops it. Raises OSError where the port is taken."""
    host, _, port = address.rpartition(":")
    server = make_server(host, int(port), wsgi, server_class=_Threads, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="figures", daemon=True).start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return stop
