"""The command that imports an existing plan from a spreadsheet: looked at first, then kept whole or not at all."""

import argparse
import hashlib
from datetime import datetime
from pathlib import Path

from bot.commands.packing import service_called
from bot.errors import BadInput, NotFound
from bot.importing.columns import Field, understood
from bot.importing.plan import Draft, draft, errors_told, keep
from bot.importing.sheets import Sheet, read
from bot.plan.access import holders
from bot.plan.people import Person, Role
from bot.plan.services import Service
from bot.timing.workdays import local_date
from bot.work import Store, Work


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `python -m bot import` understands."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the plan as .xlsx or .csv")
    parser.add_argument("--service", required=True, metavar="NAME", help="the service, e.g. 'Oak House'")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be imported")
    parser.add_argument("--under", default="", metavar="P3", help="put every action under this priority")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=NAME",
        help=f"which column is which, e.g. 'owner=Person responsible'; fields: {', '.join(Field)}",
    )
    parser.add_argument("--by", default="", metavar="NAME", help="who imports it (default: the Registered Manager)")


def bring_in(store: Store, given: argparse.Namespace, now: datetime) -> list[str]:
    """Import a file, or say what would be; what to print. Raises BadInput, NotFound, NotAllowed, OSError."""
    content = given.file.read_bytes()
    sheet = read(content, given.file.name)
    columns = understood(sheet.columns, said_columns(given.column))
    with store.transaction() as work:
        service = service_called(work.all(Service, order="name"), given.service)
        person = _importer(work, service, given.by)
        today = local_date(now, service.zone)
        found = draft(work, person, service, sheet, columns, today, given.under)
        lines = [*preview(sheet, found, {f: sheet.columns[i] for f, i in columns.places.items()})]
        if found.errors:
            raise BadInput("\n".join([*lines, errors_told(found.errors)]))
        if given.dry_run:
            return [*lines, "Nothing was imported: this was only a look."]
        kept = keep(work, person, service, found, hashlib.sha256(content).hexdigest(), now, today)
    first, last = kept[0].number, kept[-1].number
    return [*lines, f"Imported as {person.name}: A{first} to A{last}." if len(kept) > 1 else f"Imported as A{first}."]


def said_columns(pairs: list[str]) -> dict[Field, str]:
    """Which column somebody said is which. Raises BadInput for an unknown field."""
    found: dict[Field, str] = {}
    for pair in pairs:
        name, _, column = pair.partition("=")
        if name.strip() not in {f.value for f in Field} or not column:
            raise BadInput(f"{pair!r} is not understood. Write FIELD=NAME, with one of: {', '.join(Field)}.")
        found[Field(name.strip())] = column
    return found


def preview(sheet: Sheet, found: Draft, columns: dict[Field, str]) -> list[str]:
    """What an import would do, in lines: columns, priorities, counts, and what to know beforehand."""
    lines = [f"{sheet.name}: {len(found.actions)} actions in {len(found.priorities)} priorities."]
    lines += [f"  {field}: column “{name}”" for field, name in columns.items()]
    lines += [f"  opens the priority “{each.title[:100]}”" for each in found.new]
    return lines + [f"  {note}" for note in found.notes]


def _importer(work: Work, service: Service, name: str) -> Person:
    """Whoever was named, else the service's Registered Manager. Raises NotFound for nobody."""
    if name:
        found = [p for p in work.all(Person, workspace_id=service.workspace_id) if p.name.casefold() == name.casefold()]
    else:
        found = holders(work, service, [Role.REGISTERED_MANAGER])
    if not found:
        who = f"Nobody called {name!r} is known here" if name else f"{service.name} has no Registered Manager"
        raise NotFound(f"{who}. Name somebody with --by, or give the role with /sip setup.")
    return found[0]
