"""A real `python -m bot serve` against the stand-in's signed deliveries."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from cryptography.fernet import Fernet

from playground.actor import wait_for
from playground.delivery import signed
from playground.manifest import OURS
from playground.server import MEADOW_CARE, Standin

NEXT_SECRET = "0fedcba9876543210fedcba987654321"  # what Slack is to sign with next
ROOT = Path(__file__).parents[2]


@dataclass
class Served:
    """A running bot, its address, the Slack before it, and where it logs."""

    url: str
    slack: Standin
    folder: Path
    process: subprocess.Popen[bytes]
    log: Path

    def post(
        self, body: bytes, *, when: float, kind: str = "application/json", secret: str = "", **headers: str
    ) -> httpx.Response:
        """A signed request; `headers` replace those that Slack would send, `secret` that with which it signs."""
        sent = signed(secret or self.slack.signing_secret, body, when) | {"Content-Type": kind}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.post(f"{self.url}/slack/events", content=body, headers=sent, trust_env=False, timeout=10)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, trust_env=False, timeout=10)

    def end(self) -> int:
        """SIGTERM, and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(
    folder: Path,
    database_url: str = "",
    *,
    many_workspaces: bool = False,
    world: dict[str, Any] | Path = MEADOW_CARE,
    manifest: dict[str, Any] | Path = OURS,
    **more: str,
) -> Iterator[Served]:
    """The bot over HTTP until the block ends; `more` are further settings. Its clock is the stand-in's."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with Standin(
        world,
        manifest=manifest,
        request_url=f"{url}/slack/events",
        limits=False,
        retry_delays=(0.0, 0.2, 0.2),
        clock_file=folder / "clock",
    ) as slack:
        clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        environ = clean | {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": f"{NEXT_SECRET}, {slack.signing_secret}",  # as while it is changed
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": database_url or f"sqlite:///{folder}/grip.db",
            "FILES": str(folder / "files"),
            "HTTP_ADDRESS": f"127.0.0.1:{port}",
            "CLOCK_FILE": str(folder / "clock"),
            "WORKERS": "16",
            **more,
        }
        if many_workspaces:
            environ |= {
                "SLACK_BOT_TOKEN": "",
                "SLACK_CLIENT_ID": slack.client_id,
                "SLACK_CLIENT_SECRET": slack.client_secret,
                "TOKEN_KEYS": Fernet.generate_key().decode(),
                "PUBLIC_URL": url,
            }
        log = folder / "bot.log"
        with log.open("wb") as out:
            command = [sys.executable, "-m", "bot", "serve"]
            process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out)
        try:
            wait_for(lambda: answers(url) or process.poll() is not None, 90)
            yield Served(url, slack, folder, process, log)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(30)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
