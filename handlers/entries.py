"""Logging what was done on shift: words, the form, the shortcuts and evidence."""

import re
from datetime import date, timedelta
from typing import Any

from bot.errors import BadInput, Refusal
from bot.plan import entries
from bot.plan.access import no_role, services_of
from bot.plan.actions import Action, ActionStatus, is_open, open_action
from bot.plan.entries import Entry, EntryKind, Evidence, EvidenceState, FileRef, LogEntry
from bot.plan.people import Right
from bot.plan.services import Service, Shift
from bot.timing.shifts import shift_at
from bot.work import Work
from handlers import jobs
from handlers.desk import Answer, Button, Call, Feature, Form, Shortcut, Show, Verb, chosen, chosen_day
from handlers.forms import files_of
from handlers.views import entries as views
from handlers.views import parts
from handlers.words import first_ref, names_in, plain

SHIFTS_OFFERED = 90  # a month of shifts; Slack shows at most 100 choices
FILES_LIMIT = 5
# Further actions after the first: "A12, A13 and A14: what was done".
_ACTIONS = re.compile(r"^(?:(?:and\b|&|\+|,)?\s*A\d{1,9}\b[\s,;:]*)+", re.IGNORECASE)


def log(call: Call) -> Answer | None:
    """`/sip log A12 words` saves at once; anything less opens the form with what was typed in it."""
    first, rest = first_ref(call.text, Action)
    if first and (more := _ACTIONS.match(rest)):
        others = ", ".join(dict.fromkeys(each.upper() for each in re.findall(r"[aA]\d+", more[0])))
        return open_form(call, chosen=first, what=rest[more.end() :], others=others)
    if first and rest:
        return _saved(call, LogEntry(action=first, what=rest, request_id=call.request_id))
    return open_typed(call)


def open_typed(call: Call) -> Answer | None:
    """The form with what was typed in it: the reference as its action, the rest as its words."""
    first, rest = first_ref(call.text, Action)
    return open_form(call, chosen=first or None, what=rest)


def open_pressed(call: Call) -> Answer | None:
    """The button: {"action", "again": the entry of one's own that was taken back, "words": what was said, each
    optional}."""
    if call.value.get("words"):
        return open_typed(call.saying(str(call.value["words"])))
    with call.desk.store.reading() as work:
        entry = work.get(Entry, call.value.get("again"))
    own = entry is not None and entry.person_id == call.person.id
    return open_form(call, chosen=call.value.get("action"), what=entry.what if entry and own else "")


def open_form(call: Call, *, chosen: str | None = None, what: str = "", **more: Any) -> Answer | None:
    """Open the form; `chosen` is a reference or id of the action to stand in it."""
    with call.desk.store.reading() as work:
        action = open_action(work, call.person, chosen, Right.LOG)[0] if chosen else None
        listed = loggable(work, call)
        if action and action.id not in {a.id for a in listed}:
            listed.insert(0, action)
        if not listed:
            if not services_of(work, call.person):
                raise Refusal(f"You have no role in a service here. {no_role(work, call.person)}")
            return views.nothing_to_log()
        service = work.get(Service, (action or listed[0]).service_id)
    if service is None:
        return views.nothing_to_log()
    must_fit(what)
    kind = entries.kind_in(what) if what else None
    call.open(
        views.log_form(
            listed,
            spans(call, service),
            call.person.id,
            chosen=action.id if action else None,
            guess=not what,  # words that name no action must not land on one that was only guessed
            what=what,
            kind=kind,
            **more,
        )
    )
    return None


def must_fit(what: str) -> None:
    """Raise BadInput for more words than a field of a form can hold."""
    if len(what) > parts.SECTION_LIMIT:
        raise BadInput(f"This is {len(what):,} characters and 3,000 fit. Shorten it, or attach the rest as a file.")


def loggable(work: Work, call: Call) -> list[Action]:
    """The actions that the person may log against: their own open ones first, those of the place before those of
    elsewhere, then the service's; each by due date. The first one stands in the form, so the place must count."""
    services = services_of(work, call.person, Right.LOG)
    here = [s for s in services if s.channel_id == call.channel] or services
    statuses = [ActionStatus.PLANNED, ActionStatus.IN_PROGRESS, ActionStatus.DONE]
    mine = work.all(
        Action, order="due_on", workspace_id=call.person.workspace_id, owner_id=call.person.id, status=statuses
    )
    others = (
        work.all(Action, order="due_on", service_id=[s.id for s in here], status=statuses, limit=100) if here else []
    )
    place = work.one(Service, workspace_id=call.person.workspace_id, channel_id=call.channel) if call.channel else None
    if place:
        mine.sort(key=lambda action: action.service_id != place.id)
    ordered = [a for a in mine if is_open(a)] + [a for a in others if a.owner_id != call.person.id and is_open(a)]
    done = [a for a in [*mine, *others] if not is_open(a)]
    return list({a.id: a for a in ordered + done}.values())


def spans(call: Call, service: Service) -> list[tuple[date, Shift]]:
    """The latest shifts of a service, the one that is on first."""
    found: list[tuple[date, Shift]] = []
    at = call.now
    while len(found) < SHIFTS_OFFERED:
        span = shift_at(at, service)
        found.append((span.on, span.shift))
        at = span.starts - timedelta(seconds=1)
    return found


def _saved(call: Call, form: LogEntry) -> Answer:
    if not form.on:
        form = form.model_copy(
            update={"kind": entries.kind_in(form.what), "attended_count": entries.headcount_in(form.what)}
        )
    with call.transaction() as work:
        _, service = open_action(work, call.person, form.action, Right.LOG)
        span = shift_at(call.now, service)
        entry, evidence = entries.log(work, call.person, form, call.now, (span.on, span.shift))
        _fetch(work, call, evidence)
        action = action_of(work, entry)
        jobs.changed(work, call, action)
    return views.logged(entry, action, evidence)


def submit(call: Call) -> Show:
    """The form was filled in; it turns into what was saved."""
    values = dict(call.values)
    on, shift = span_of(values.pop("when", None))
    attended = values.get("attended") or ""
    if values.get("kind") == EntryKind.OTHER:
        values["kind"] = entries.kind_in(values.get("what") or "")  # left as it was, while the words name one
    form = LogEntry(
        **{k: v for k, v in values.items() if k in {"action", "what", "kind", "attended"} and v is not None},
        on=on,
        shift=shift,
        attended_count=entries.headcount_in(attended, values.get("what") or ""),
        files=tuple(FileRef(**f) for f in [*files_of(values.get("files")), *call.meta.get("files", ())]),
        link=call.meta.get("link", ""),
        message=call.meta.get("message", ""),
        request_id=call.request_id,
    )
    answer = _saved(call, form)
    asked = call.meta.get("asked") or {}
    if asked.get("channel") and asked.get("ts"):
        with call.transaction() as work:
            jobs.settle(work, call, asked, answer.text)
    return window("Saved", answer)


def span_of(value: str | None) -> tuple[date | None, Shift | None]:
    """The day and shift of a choice; (None, None) where nothing was chosen. Raises Refusal for what is no choice."""
    if not value:
        return None, None
    on, _, shift = value.partition("/")
    return chosen_day(on), chosen(Shift, shift)


def window(title: str, answer: Answer) -> Show:
    """An answer as a form shows it once it was sent."""
    return Show(parts.said(title, answer.text, answer.blocks))


def _fetch(work: Work, call: Call, evidence: list[Evidence]) -> None:
    for item in evidence:
        if item.state is EvidenceState.WAITING:
            jobs.fetch(work, call, item)


def more_evidence(call: Call) -> None:
    """Open the form for files."""
    with call.desk.store.reading() as work:
        entry, _ = entries.open_entry(work, call.person, call.value["entry"])
    call.open(views.evidence_form(entry))


def submit_evidence(call: Call) -> Show:
    """Files were chosen for an entry."""
    files = tuple(FileRef(**f) for f in files_of(call.values.get("files")))
    with call.transaction() as work:
        entry, added = entries.add_evidence(
            work, call.person, call.meta["entry"], call.now, files=files, request_id=call.request_id
        )
        _fetch(work, call, added)
        return window("Saved", standing(work, entry, views.Step.ADDED))


def standing(work: Work, entry: Entry, step: views.Step) -> Answer:
    """An entry as it is kept now, after this step."""
    evidence = work.all(Evidence, record_kind="entry", record_id=entry.id)
    return views.logged(entry, action_of(work, entry), evidence, step)


def action_of(work: Work, entry: Entry) -> Action:
    """The action that an entry is for."""
    action = work.get(Action, entry.action_id)
    if action is None:
        raise BadInput("The action of this entry is gone. Nothing was changed.")
    return action


def save_message(call: Call) -> Answer | None:
    """The message shortcut: its text, files and link become evidence of an entry."""
    message = call.message
    with call.desk.store.reading() as work:
        names = names_in(work, call.person.workspace_id, message.get("text") or "")
    what = plain(message.get("text") or "", names)
    files = files_of(message.get("files"))[:FILES_LIMIT]
    meta = parts.fitting({"link": _permalink(call), "message": what, "files": files}, "message")
    cut = len(what) > parts.SECTION_LIMIT
    return open_form(call, what=what[: parts.SECTION_LIMIT], meta=meta, from_message=True, cut=cut)


def _permalink(call: Call) -> str:
    ts = str(call.message.get("ts", "")).replace(".", "")
    domain = call.value.get("domain") or "app"
    return f"https://{domain}.slack.com/archives/{call.channel}/p{ts}" if call.channel and ts else ""


FEATURE = Feature(
    name="entries",
    verbs=(
        Verb(
            "log",
            "Log what was done on shift; alone it opens a form",
            log,
            usage="[A12 what was done]",
            also=("log implementation",),
            form=open_typed,
        ),
    ),
    buttons=(
        Button("log.open", open_pressed),
        Button("log.evidence", more_evidence),
    ),
    forms=(
        Form("log.form", submit),
        Form("evidence.form", submit_evidence),
    ),
    shortcuts=(
        Shortcut("log_implementation", open_form),
        Shortcut("save_as_evidence", save_message),
    ),
)
