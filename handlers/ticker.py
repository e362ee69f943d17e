"""Time as a caller: one job that looks at what is due, every minute and once at the start."""

from collections.abc import Callable

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.clock import system_clock
from handlers.desk import Desk
from handlers.tick import tick

log = structlog.get_logger(__name__)


class Ticker:
    """Runs the tick every `tick_seconds`. It holds no state worth keeping: the records are the schedule."""

    def __init__(self, desk: Desk, after: Callable[[], None] = lambda: None) -> None:
        self._desk = desk
        self._after = after
        self.ticked_at = desk.clock()  # until the first tick: when the process began
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._scheduler.add_job(
            self._run,
            "interval",
            seconds=desk.settings.tick_seconds,
            next_run_time=system_clock(),
            # However many runs were missed, one is enough, and no run is ever too late.
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Let a tick under way end, and begin no other."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def _run(self) -> None:
        try:
            tick(self._desk, self._desk.clock())
            self.ticked_at = self._desk.clock()
        except Exception:
            log.exception("tick failed")
        try:
            self._after()
        except Exception:
            log.exception("what follows a tick failed")
