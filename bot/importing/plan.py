"""From the rows of a spreadsheet to priorities and actions: errors by row, and then all of it or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from pydantic import ValidationError

from bot.errors import AlreadyDone, BadInput
from bot.importing.cells import day_in, is_done, person_named, risk_in
from bot.importing.columns import Columns, Field
from bot.importing.sheets import Sheet, SheetRow, Value
from bot.plan import actions, priorities
from bot.plan.access import open_service, parse_ref, ref, rights_in
from bot.plan.actions import Action, Complete, NewAction
from bot.plan.fields import TEXT_LIMIT, TITLE_LIMIT
from bot.plan.people import Person, Right
from bot.plan.priorities import NewPriority, Priority, Risk, is_live
from bot.plan.services import Service
from bot.work import Work

SHOWN_ERRORS = 20
A_ROW_OF_ACTION = (Field.ACTION, Field.OWNER, Field.DUE)  # a row with none of these is a heading
UNKNOWN = "?"  # the priority of rows that follow one whose own is at fault
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DraftPriority:
    """A priority that rows name: one that exists, or the form that will open it."""

    title: str
    existing: Priority | None
    form: NewPriority | None


@dataclass(frozen=True, slots=True)
class DraftAction:
    """One row as it will be kept; `key` names its priority among the drafts."""

    row: int
    key: str
    what: str
    owner: Person
    due_on: date
    check: str
    done: bool


@dataclass
class Draft:
    """What an import would do. `errors` are (row, sentence); while there is one, nothing can be imported."""

    file: str
    priorities: dict[str, DraftPriority] = field(default_factory=dict)
    actions: list[DraftAction] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def new(self) -> list[DraftPriority]:
        """The priorities that would be opened."""
        return [p for p in self.priorities.values() if p.existing is None]


def draft(
    work: Work, person: Person, service: Service, sheet: Sheet, columns: Columns, today: date, under: str = ""
) -> Draft:
    """What importing a table would do. `under` puts every action under one priority that exists (its reference).

    Raises NotFound, NotAllowed, BadInput (no such priority); what is wrong with a row is among the draft's errors."""
    open_service(work, person, service.id, Right.IMPORT)
    return _Reader(work, person, service, sheet, columns, today, under).read()


class _Reader:
    """Reads rows one after the other; a row without a priority follows the one above it."""

    def __init__(
        self, work: Work, person: Person, service: Service, sheet: Sheet, columns: Columns, today: date, under: str
    ) -> None:
        self.service, self.sheet, self.columns, self.today = service, sheet, columns, today
        self.people = [p for p in work.all(Person, workspace_id=service.workspace_id, active=True) if not p.guest]
        self.live = [p for p in work.all(Priority, order="number", service_id=service.id) if is_live(p)]
        self.may_open = Right.PRIORITY in rights_in(work, person, service)
        self.found = Draft(sheet.name)
        self.faults: list[str] = []  # of the row that is being read
        self.key = ""
        if under:
            self.key = self._existing_key(under)

    def read(self) -> Draft:
        for row in self.sheet.rows:
            self.faults = list(row.troubles.values())
            self._row(row)
            if self.faults:
                self.found.errors.append((row.number, " ".join(self.faults)))
        self._tell()
        return self.found

    def _row(self, row: SheetRow) -> None:
        named = self._text(row, Field.PRIORITY)
        if (named or self._unread(row, Field.PRIORITY)) and not self.key.startswith("="):
            self.key = self._tried(row, Field.PRIORITY, lambda: self._key(row, named)) or UNKNOWN
        if any(self._unread(row, each) or self._value(row, each) is not None for each in A_ROW_OF_ACTION):
            self._action(row)

    def _action(self, row: SheetRow) -> None:
        """The action of a row; of everything that is wrong with it each is told, so that nobody comes back twice."""
        what = self._tried(row, Field.ACTION, lambda: self._within(self._named(row), "action"))
        if not self.key:
            self.faults.append("It belongs to no priority. Name one in the row, or choose one for the whole file.")
        owner = self._tried(row, Field.OWNER, lambda: person_named(self._text(row, Field.OWNER), self.people))
        due_on = self._tried(row, Field.DUE, lambda: day_in(self._value(row, Field.DUE)))
        said = self._text(row, Field.CHECK) or self._unsaid("how it will be checked")
        check = self._tried(row, Field.CHECK, lambda: self._within(said, "check"))
        if what and owner and due_on and check and not self.faults:
            done = is_done(self._text(row, Field.STATUS))
            self.found.actions.append(DraftAction(row.number, self.key, what, owner, due_on, check, done))

    def _named(self, row: SheetRow) -> str:
        what = self._text(row, Field.ACTION)
        if not what:
            raise BadInput("It names no action. Write what will be done, or delete the row.")
        return what

    def _tried(self, row: SheetRow, of: Field, make: Callable[[], T]) -> T | None:
        """What a cell comes to; None with what is wrong about it among the row's faults."""
        if self._unread(row, of):
            return None  # which is told already
        try:
            return make()
        except BadInput as error:
            self.faults.append(error.sentence)
            return None

    def _unread(self, row: SheetRow, wanted: Field) -> bool:
        return self.columns.places.get(wanted) in row.troubles

    def _key(self, row: SheetRow, named: str) -> str:
        """The draft's name for the priority that a row names; the first row that names a new one opens it."""
        if parse_ref(named, Priority) is not None:
            return self._existing_key(named).lstrip("=")
        key = " ".join(named.casefold().split())
        if key in self.found.priorities:
            return key
        same = [p for p in self.live if p.title.casefold() == key]
        if same:
            self.found.priorities[key] = DraftPriority(same[0].title, same[0], None)
            return key
        if not self.may_open:
            raise BadInput(
                f"“{named[:60]}” is a new priority, and only the Registered Manager may open one. Name a priority that "
                "is open, or ask them to import the file."
            )
        # Registered even with faults, which are told with the row that opens it and not with all that follow.
        self.found.priorities[key] = DraftPriority(named, None, self._new_priority(row, named))
        return key

    def _existing_key(self, typed: str) -> str:
        number = parse_ref(typed, Priority)
        found = [p for p in self.live if p.number == number]
        if not found:
            there = ", ".join(ref(p) for p in self.live) or "none"
            raise BadInput(f"{typed.strip()} is no open priority of {self.service.name}. Open are: {there}.")
        key = f"={ref(found[0])}"
        self.found.priorities[key] = self.found.priorities[key.lstrip("=")] = DraftPriority(
            found[0].title, found[0], None
        )
        return key

    def _new_priority(self, row: SheetRow, named: str) -> NewPriority | None:
        title = named if len(named) <= TITLE_LIMIT else f"{named[: TITLE_LIMIT - 1].rstrip()}…"
        before = len(self.faults)
        risk = self._tried(row, Field.RISK, lambda: risk_in(self._text(row, Field.RISK)))
        problem = self._long(row, Field.PROBLEM, "problem statement", named)
        rationale = self._long(row, Field.RATIONALE, "rationale", self._unsaid("why it matters"))
        evidence = self._long(row, Field.EVIDENCE, "evidence base", self._unsaid("what it rests on"))
        areas = self._long(row, Field.AREAS, "affected areas")
        statement = self._long(row, Field.STATEMENT, "quality statement")
        if len(self.faults) > before or row.troubles:
            return None
        if risk is None:
            self.found.notes.append(f"“{title[:60]}” has no risk in the file: moderate until somebody says otherwise.")
        return NewPriority(
            service_id=self.service.id,
            title=title,
            problem_statement=problem,
            rationale=rationale,
            evidence_base=evidence,
            affected_areas=areas,
            risk=risk or Risk.MODERATE,
            quality_statement=statement,
        )

    def _long(self, row: SheetRow, of: Field, what: str, otherwise: str = "") -> str:
        return self._tried(row, of, lambda: self._within(self._text(row, of) or otherwise, what)) or ""

    def _unsaid(self, what: str) -> str:
        return f"Not said in {self.sheet.name}: {what}."

    def _within(self, text: str, what: str) -> str:
        if len(text) > TEXT_LIMIT:
            raise BadInput(f"Its {what} is {len(text):,} characters and {TEXT_LIMIT:,} fit. Shorten it.")
        return text

    def _value(self, row: SheetRow, wanted: Field) -> Value:
        place = self.columns.places.get(wanted)
        return None if place is None else row.values[place]

    def _text(self, row: SheetRow, wanted: Field) -> str:
        value = self._value(row, wanted)
        return "" if value is None else " ".join(str(value).split())

    def _tell(self) -> None:
        found = self.found
        used = {action.key for action in found.actions}
        found.priorities = {key: made for key, made in found.priorities.items() if key in used}
        unsaid = sum(a.check.startswith("Not said in ") for a in found.actions)
        if unsaid:
            found.notes.append(f"{unsaid} of {len(found.actions)} actions do not say how they will be checked.")
        late = sum(a.due_on < self.today and not a.done for a in found.actions)
        if late:
            found.notes.append(f"{late} are past their due date and will stand as overdue.")
        done = sum(a.done for a in found.actions)
        if done:
            found.notes.append(
                f"{done} are done in the file: they will wait for a check, as nobody has verified them here."
            )
        if self.columns.unused:
            found.notes.append(f"Not imported: the columns {', '.join(self.columns.unused)}.")
        if not found.actions and not found.errors:
            found.errors.append((0, "No row names an action."))


def keep(
    work: Work, person: Person, service: Service, found: Draft, digest: str, now: datetime, today: date
) -> list[Action]:
    """Carry out a draft through the plan's own verbs, in the caller's one transaction. `digest` is the file's SHA-256:
    the same file is taken once.

    Raises BadInput where a row has an error or is refused (then nothing is kept), AlreadyDone, NotAllowed."""
    if found.errors:
        raise BadInput(errors_told(found.errors))
    request = f"import:{service.id}:{digest}"
    if work.event_of(request):
        raise AlreadyDone(f"{found.file} was imported before, just as it is. Nothing was changed twice.")
    opened: dict[str, str] = {}
    for key, each in found.priorities.items():
        made = each.existing
        if made is None and each.form is not None:
            made = priorities.open_new(work, person, each.form, now, today)
        opened[key] = made.id if made else ""
    kept: list[Action] = []
    may_finish = Right.UPDATE in rights_in(work, person, service)
    for each_action in found.actions:
        try:
            kept.append(
                _action(work, person, each_action, opened, now, today, "" if kept else request, may_finish=may_finish)
            )
        except (BadInput, ValidationError) as error:
            said = error.sentence if isinstance(error, BadInput) else "Something in it does not fit."
            raise BadInput(f"Row {each_action.row}: {said} Nothing was imported.") from error
    return kept


def _action(
    work: Work,
    person: Person,
    row: DraftAction,
    opened: dict[str, str],
    now: datetime,
    today: date,
    request: str,
    *,
    may_finish: bool,
) -> Action:
    form = NewAction(
        priority=opened[row.key],
        what=row.what,
        owner_id=row.owner.id,
        due_on=row.due_on,
        check=row.check,
        request_id=request or None,
    )
    # A plan that is brought in may be late already: its own due date counts, not the day of the import.
    action = actions.create(work, person, form, now, min(today, row.due_on))
    if row.done and (may_finish or row.owner.id == person.id):
        action = actions.complete(work, person, Complete(action=action.id, note="Done in the imported plan."), now)
    return action


def errors_told(errors: Sequence[tuple[int, str]]) -> str:
    """The errors of an import, one line each, with how many were left out."""
    lines = [f"Row {row}: {said}" if row else said for row, said in errors[:SHOWN_ERRORS]]
    if len(errors) > SHOWN_ERRORS:
        lines.append(f"and {len(errors) - SHOWN_ERRORS} more rows.")
    return "\n".join(["Nothing was imported. Put these right and try again:", *lines])
