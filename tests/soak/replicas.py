"""Replicas as their supervisor sees them: real `python -m bot serve` processes, killed, restarted and weighed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.http.serving import ROOT, free_port

LOOK = 0.5  # seconds between two looks at who has died
WEIGH = 5.0  # seconds between two weighings
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Life:
    """One life of a replica: when it became ready (seconds of the run) and what it weighed, in bytes, from then on."""

    replica: int
    began: float
    ended: float | None = None
    weights: list[tuple[float, int]] = field(default_factory=list)


class Replica:
    """One of them: its port stays, its process may change. `root` is the folder that holds the program."""

    def __init__(self, number: int, settings: dict[str, str], folder: Path, root: Path = ROOT) -> None:
        self.number = number
        self._root = root
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        self._environ = clean | settings | {"HTTP_ADDRESS": f"127.0.0.1:{port}"}
        self._log = folder / f"bot{number}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.life: Life | None = None

    def start(self) -> None:
        """Start its process, in a group of its own."""
        with self._log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"],
                cwd=self._root,
                env=self._environ,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def ready(self) -> bool:
        """Whether it says that it can take requests."""
        try:
            return httpx.get(f"{self.url}/readyz", trust_env=False, timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self, *, worker_only: bool) -> None:
        """SIGKILL: to all of it, or to gunicorn's worker alone, which its master replaces."""
        if self.process is None or self.process.poll() is not None:
            return
        if worker_only:
            for child in children(self.process.pid):
                os.kill(child, signal.SIGKILL)
        else:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def end(self, seconds: float = 60.0) -> None:
        """SIGTERM, as a deployment does, and wait; SIGKILL for one that does not end."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def weight(self) -> int:
        """Bytes of memory of its processes that are not shared with a file."""
        if self.process is None:
            return 0
        return sum(_resident(pid) for pid in (self.process.pid, *children(self.process.pid)))


class Fleet:
    """All replicas and their supervisor, which starts again whoever died."""

    def __init__(self, count: int, settings: dict[str, str], folder: Path, dice: random.Random) -> None:
        self.replicas = [Replica(n, settings, folder) for n in range(count)]
        self.lives: list[Life] = []
        self.kills = self.restarts = 0
        self._dice = dice
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._lock = threading.Lock()  # one change of a process at a time
        self._thread = threading.Thread(target=self._tend, name="supervisor", daemon=True)

    def start(self, seconds: float = 180.0) -> None:
        """Start all and wait until each is ready. Raises TimeoutError."""
        for replica in self.replicas:
            replica.start()
        until = time.monotonic() + seconds
        while not all(replica.ready() for replica in self.replicas):
            if time.monotonic() > until:
                raise TimeoutError("the replicas did not become ready")
            time.sleep(0.2)
        self._began = time.monotonic()
        self._thread.start()

    def kill_one(self) -> None:
        """SIGKILL to one of them, never the first: its memory is watched over the whole run."""
        with self._lock:
            replica = self._dice.choice(self.replicas[1:])
            worker_only = self._dice.random() < 0.3
            replica.kill(worker_only=worker_only)
            self._died(replica)
            self.kills += 1

    def restart_last(self) -> None:
        """A graceful stop and a start, as at a deployment."""
        with self._lock:
            replica = self.replicas[-1]
            replica.end()
            self._died(replica)
            self.restarts += 1

    def stop(self) -> None:
        """End them all gracefully."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        for replica in self.replicas:
            replica.end()
            self._died(replica)

    def _tend(self) -> None:
        weighed = 0.0
        while not self._ended.wait(LOOK):
            weigh = time.monotonic() - weighed >= WEIGH
            weighed = time.monotonic() if weigh else weighed
            for replica in self.replicas:
                with self._lock:
                    self._tend_one(replica, weigh=weigh)

    def _tend_one(self, replica: Replica, *, weigh: bool) -> None:
        process = replica.process
        if process is None or process.poll() is not None:
            self._died(replica)
            replica.start()
        elif replica.life is None:
            if replica.ready():
                replica.life = Life(replica.number, self._now())
                self.lives.append(replica.life)
        elif weigh:
            replica.life.weights.append((self._now(), replica.weight()))

    def _died(self, replica: Replica) -> None:
        if replica.life is not None:
            replica.life.ended = self._now()
            replica.life = None

    def _now(self) -> float:
        return time.monotonic() - self._began


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _resident(pid: int) -> int:
    """Anonymous resident bytes: resident pages less those shared with files (proc(5), statm)."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * PAGE
