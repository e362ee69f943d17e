"""`python -m playground`: the stand-in with its page, and the bot beside it, until Ctrl-C; or `--check`, one story."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from playground import check
from playground.keep import load_into, save
from playground.server import MEADOW_CARE, Standin

PORT = 4321
ROOT = Path(__file__).parent.parent


class BotBeside:
    """The bot as child processes: seeded once, then run, and started again whenever it dies.

    `program` is what `seed FILE` and `run` are given to, started with this Python.
    """

    def __init__(self, slack: Standin, folder: Path, program: tuple[str, ...] = ("-m", "bot")) -> None:
        self.program = program
        self.log = folder / "bot.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.stopping = threading.Event()
        self.restarts = 0
        self.cut = False
        self.env = os.environ | {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": f"sqlite:///{folder / 'grip.db'}",
            "FILES": str(folder / "files"),
            "CLOCK_FILE": str(folder / "clock"),
            "TICK_SECONDS": "1",
        }
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            self.env.pop(name, None)  # slack-sdk would send even 127.0.0.1 through a proxy
        self._keeper = threading.Thread(target=self._keep_running, name="bot", daemon=True)

    def seed(self) -> int:
        """Fill the bot's store with the demonstration provider; its exit code."""
        with self.log.open("ab") as log:
            command = [sys.executable, *self.program, "seed", str(MEADOW_CARE)]
            return subprocess.run(command, env=self.env, cwd=ROOT, stdout=log, stderr=log, check=False).returncode

    def start(self) -> None:
        self._keeper.start()

    def kill(self) -> None:
        """SIGKILL, as a power cut would; the bot is then started again at once."""
        self.cut = True
        if self.process is not None:
            self.process.kill()

    def stop(self) -> None:
        """End the bot politely, or after 5 seconds without ceremony."""
        self.stopping.set()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        if self._keeper.is_alive():
            self._keeper.join(5)

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def _keep_running(self) -> None:
        while not self.stopping.is_set():
            began = time.monotonic()
            with self.log.open("ab") as log:
                command = [sys.executable, *self.program, "run"]
                self.process = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=log, stderr=log)
                code = self.process.wait()
            if self.stopping.is_set():
                return
            self.restarts += 1
            if self.cut:
                self.cut = False
                continue
            print(f"The bot stopped ({code}); starting it again. Its log: {self.log}", file=sys.stderr, flush=True)
            self.stopping.wait(0.2 if time.monotonic() - began > 5 else 2)


def open_port(wanted: int) -> int:
    """The wanted port, or (said aloud) a free one when somebody else has it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            print(f"Port {wanted} is in use; taking another one.")
            return 0
    return wanted


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m playground", description=__doc__)
    parser.add_argument("--port", type=int, help=f"port of the page (default {PORT}, or a free one)")
    parser.add_argument("--no-bot", action="store_true", help="only the stand-in, for a bot that you start yourself")
    parser.add_argument("--request-url", default="", help="with --no-bot: deliver by signed requests to this address")
    parser.add_argument("--no-limits", action="store_true", help="without Slack's rate limits")
    parser.add_argument("--data", type=Path, help="keep the bot's data here (default: a fresh temporary folder)")
    parser.add_argument("--check", action="store_true", help="play one story without a browser; exit 0 if all happened")
    return parser.parse_args()


def wait_for_ctrl_c() -> None:
    stopped = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopped.set())
    stopped.wait()


def tell_tokens(slack: Standin, request_url: str) -> None:
    """How to start a bot against this stand-in: over Socket Mode, or where it delivers to an address over HTTP, for
    one workspace and for any that installs."""
    api = f"SLACK_API_URL={slack.api_url}"
    if not request_url:
        print("Start your bot with:")
        print(f"  SLACK_BOT_TOKEN={slack.bot_token} SLACK_APP_TOKEN={slack.app_token} {api}", flush=True)
        return
    at = urlsplit(request_url)
    over_http = f"HTTP_ADDRESS={at.netloc} SLACK_SIGNING_SECRET={slack.signing_secret} {api}"
    client = f"SLACK_CLIENT_ID={slack.client_id} SLACK_CLIENT_SECRET={slack.client_secret}"
    print("Start your bot for this one workspace with:")
    print(f"  SLACK_BOT_TOKEN={slack.bot_token} {over_http} .venv/bin/python -m bot serve")
    print("or, with a key that docs/running.md makes, for any that installs it:")
    many = f"TOKEN_KEYS=KEY PUBLIC_URL={at.scheme}://{at.netloc} {client}"
    print(f"  {many} {over_http} .venv/bin/python -m bot serve", flush=True)


def main() -> int:
    """Exit code 0; 1 when the bot could not be seeded or the check failed."""
    wanted = arguments()
    with ExitStack() as stack:
        folder = wanted.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grip-demo-")))
        folder.mkdir(parents=True, exist_ok=True)
        port = open_port(wanted.port or (0 if wanted.check else PORT))
        slack = Standin(
            limits=not wanted.no_limits,
            clock_file=folder / "clock",
            port=port,
            request_url=wanted.request_url if wanted.no_bot else "",
        )
        world = folder / "workspace.json"
        if world.exists():
            load_into(slack.hub.world, world)
        stack.callback(lambda: save(slack.hub.world, world) if wanted.data else None)
        stack.enter_context(slack)
        if wanted.no_bot:
            print(f"Open {slack.url} in your browser. Ctrl-C ends it.", flush=True)
            tell_tokens(slack, wanted.request_url)
            wait_for_ctrl_c()
            return 0
        bot = BotBeside(slack, folder)
        stack.callback(bot.stop)
        if not (folder / "grip.db").exists() and bot.seed():
            print(f"The demonstration data could not be loaded:\n{bot.tail()}", file=sys.stderr)
            return 1
        bot.start()
        if wanted.check:
            passed = check.play(slack)
            if not passed:
                print(f"\nThe end of the bot's log:\n{bot.tail()}", file=sys.stderr)
            return 0 if passed else 1
        print(f"Open {slack.url} in your browser. Ctrl-C ends it.", flush=True)
        wait_for_ctrl_c()
    return 0


if __name__ == "__main__":
    sys.exit(main())
