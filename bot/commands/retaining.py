"""The command that lets records go by age: what each service keeps for how long, what is due, and removing it."""

import argparse
from datetime import datetime
from typing import Protocol

from bot.commands.keeping import whether
from bot.commands.packing import service_called
from bot.keeping.retention import CLASSES, VERIFIED, Due, apply, idle_files, look, set_years, years_of
from bot.plan.access import ref
from bot.plan.services import Retention, Service
from bot.work import Store


class Files(Protocol):
    """Where evidence files are kept."""

    def remove(self, sha256: str) -> None:
        """Destroy a file; nothing happens where there is none."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `python -m bot retention` understands."""
    parser.add_argument("--service", default="", metavar="NAME", help="one service alone (default: every one)")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="CLASS=YEARS",
        help=f"how long a class of record is kept, e.g. plan=8 or plan=never; classes: {', '.join(CLASSES)}",
    )
    whether(parser)


def retain(store: Store, files: Files, given: argparse.Namespace, now: datetime) -> list[str]:
    """Set how long records are kept, say what is due, or with --apply remove it; what to print.

    Each service is a transaction of its own. Raises NotFound, BadInput and OSError."""
    with store.reading() as work:
        services = work.all(Service, order="name")
    if given.service:
        services = [service_called(services, given.service)]
    lines = []
    for known in services:
        with store.transaction() if given.set or given.apply else store.reading() as work:
            service = work.get(Service, known.id) or known
            if given.set:
                service = set_years(work, service, years_of(given.set, service.retention), now)
            due = apply(work, service, now) if given.apply else look(work, service, now)
        lines += _told(service, due, "removed" if given.apply else "due")
        if given.apply:
            _let_go(store, files, service)
    if not given.apply:
        lines += [*_classes(), "Nothing was removed: this was only a look. Make a backup, then add --apply."]
    return lines


def _classes() -> list[str]:
    """What can be set, and what for."""
    lines = ["Classes, for --set CLASS=YEARS:"]
    for name, (what, years) in CLASSES.items():
        doubt = "" if name in VERIFIED else ", unverified"
        lines.append(f"  {name:<14} {what} (suggested: {years} years{doubt})")
    return lines


def _let_go(store: Store, files: Files, service: Service) -> None:
    """Destroy the files once their removal is on record; what a crash leaves behind goes with the next run."""
    with store.transaction() as work:  # so that nobody writes that they hold one of them meanwhile
        for sha256 in idle_files(work, service):
            files.remove(sha256)


def _told(service: Service, due: Due, been: str) -> list[str]:
    kept = service.retention or Retention()
    ends = [f"{name} {years} years" for name in CLASSES if (years := getattr(kept, name))]
    lines = [f"{service.name} keeps {', '.join([*ends, 'the rest for ever'] if ends else ['everything for ever'])}."]
    if not ends:
        return lines
    if due.priorities:
        lines.append(f"  {been}: {', '.join(f'{ref(p)} {p.title}' for p in due.priorities)}")
    counts = {
        "records": len(due.records),
        "files alone": len(due.files),
        "reminders": len(due.reminders),
        "messages": len(due.messages),
    }
    lines.append(f"  {been}: {', '.join(f'{count} {name}' for name, count in counts.items())}")
    lines += [f"  waits: {sentence}" for sentence in due.waits]
    if due.unsealed:
        lines.append(f"  stays: the words of {due.unsealed} events that the first release wrote")
    return lines
