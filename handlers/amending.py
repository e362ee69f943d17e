"""What a writer does with an entry of their own later on: finds it, says it differently, takes it back."""

from bot.errors import Refusal
from bot.plan import amending
from bot.plan.access import no_role
from bot.plan.actions import Action
from bot.plan.amending import Amend
from bot.plan.entries import Entry, open_entry
from bot.plan.people import Right
from bot.timing.workdays import local_date
from bot.work import Work
from handlers import entries
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.entries import span_of, spans, standing, window
from handlers.places import allowed_here
from handlers.views import entries as views
from handlers.words import first_ref

LISTED = 5  # entries, a telephone screen of them; older ones are shown by their reference


def said(call: Call) -> Answer | None:
    """`/sip log correct E12`, or alone: which one? Other words are what was done ("correct the sheet on the wall")."""
    if call.text.strip() and not first_ref(call.text, Entry)[0]:
        return entries.open_form(call, what=f"correct {call.text.strip()}")
    return choose(call)


def choose(call: Call) -> Answer | None:
    """One's own newest entries that stand, to choose from; the one that is named, with what can be done; where words
    follow, the form with them in it."""
    named, rest = first_ref(call.text, Entry)
    if named and rest:
        _open(call, named, rest)
        return None
    if named:
        return _shown(call, named)
    with call.desk.store.reading() as work:
        services = _services(work, call)
        if not services:
            raise Refusal(f"You have no role in a service here. {no_role(work, call.person)}")
        own = sorted(services)
        listed = work.all(
            Entry, order="-written_at", limit=LISTED, service_id=own, person_id=call.person.id, withdrawn_at=None
        )
        actions = {a.id: a for a in work.all(Action, id=sorted({e.action_id for e in listed}))} if listed else {}
    return views.own(listed, actions)


def _services(work: Work, call: Call) -> set[str]:
    """The ids of the services of the place; for the owner of an action without a role, those of what they own."""
    here = {service.id for service in allowed_here(work, call, Right.READ)}
    owned = work.all(Action, workspace_id=call.person.workspace_id, owner_id=call.person.id)
    return here or {action.service_id for action in owned}


def show(call: Call) -> Answer:
    """The button: {"entry": a reference or an id}."""
    return _shown(call, str(call.value["entry"]))


def _shown(call: Call, typed: str) -> Answer:
    with call.desk.store.reading() as work:
        entry, _ = open_entry(work, call.person, typed)
        amending.must_be_own(call.person, entry)
        return views.withdrawn(entry) if entry.withdrawn_at else standing(work, entry, views.Step.STANDS)


def undo(call: Call) -> Answer:
    """Take the whole entry back; one that was changed since the button was made is shown first."""
    with call.transaction() as work:
        entry, _ = open_entry(work, call.person, str(call.value["entry"]))
        if entry.withdrawn_at is None and call.value.get("v", entry.version) != entry.version:
            return standing(work, entry, views.Step.MEANWHILE)
        return views.withdrawn(
            amending.withdraw(work, call.person, str(call.value["entry"]), call.request_id, call.now)
        )


def change_back(call: Call) -> Answer:
    """Undo a change of an entry, and no more."""
    with call.transaction() as work:
        entry, service = open_entry(work, call.person, str(call.value["entry"]))
        if call.value.get("v", entry.version) != entry.version and not work.event_of(call.request_id):
            return standing(work, entry, views.Step.MEANWHILE)
        today = local_date(call.now, service.zone)
        entry = amending.change_back(work, call.person, entry.id, call.request_id, call.now, today)
        return standing(work, entry, views.Step.CHANGED_BACK)


def open_amend(call: Call) -> None:
    """Open one's own entry as a form."""
    _open(call, str(call.value["entry"]))


def _open(call: Call, typed: str, what: str = "") -> None:
    entries.must_fit(what)
    with call.desk.store.reading() as work:
        entry, service = open_entry(work, call.person, typed)
        amending.must_be_own(call.person, entry)
        amending.must_stand(entry)
    call.open(views.amend_form(entry, spans(call, service), what))


def submit_amend(call: Call) -> Show:
    """An entry was changed by its writer."""
    values = {k: v for k, v in call.values.items() if v is not None}
    on, shift = span_of(values.pop("when", None))
    form = Amend.model_validate(
        {**values, "on": on, "shift": shift, "entry": call.meta["entry"], "request_id": call.request_id}
    )
    with call.transaction() as work:
        _, service = open_entry(work, call.person, form.entry)
        entry = amending.amend(work, call.person, form, call.now, local_date(call.now, service.zone))
        return window("Saved", standing(work, entry, views.Step.CHANGED))


FEATURE = Feature(
    name="amending",
    verbs=(
        Verb(
            "log correct",
            "Say an entry of yours differently or take it back; alone it lists your newest",
            said,
            usage="[E12]",
        ),
        Verb("undo", "Take back an entry of yours; alone it lists your newest", choose, usage="[E12]", also=("amend",)),
    ),
    buttons=(
        Button("log.show", show),
        Button("log.undo", undo),
        Button("log.change_back", change_back),
        Button("log.amend", open_amend),
    ),
    forms=(Form("amend.form", submit_amend),),
)
