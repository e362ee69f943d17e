"""Signals: logged, linked to a priority, corrected, taken back."""

import re

from bot.errors import Refusal
from bot.plan import corrections, signals
from bot.plan.access import open_record, ref, roles_in
from bot.plan.corrections import CorrectSignal, Withdraw
from bot.plan.people import Right, may
from bot.plan.priorities import Priority, is_live
from bot.plan.services import Service
from bot.plan.signals import LinkSignal, LogSignal, Signal, Source, UnlinkSignal
from bot.timing.workdays import local_date
from bot.work import Work
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import priorities_here, services_here
from handlers.views import parts
from handlers.views import signals as views
from handlers.views.signals import Draft
from handlers.words import first_ref

# A concern in words is never held up for want of a theme; it is saved under this one and sorted later.
UNSORTED = "unsorted"
UNDONE = "Taken back with Undo."
SOURCES = {
    "complaint": Source.COMPLAINT,
    "incident": Source.INCIDENT,
    "accident": Source.INCIDENT,
    "audit": Source.AUDIT,
    "feedback": Source.FEEDBACK,
    "observation": Source.OBSERVATION,
    "record": Source.RECORD,
}
_SOURCE = re.compile(rf"^({'|'.join(SOURCES)})s?(?:-level)?(?: finding)?\b[:,]?\s*", re.IGNORECASE)


def parsed(text: str) -> tuple[str, Source | None, str]:
    """What words say of a signal: `P3 complaint Family not told` is a reference, a source and a summary."""
    thread, rest = first_ref(text, Priority)
    found = _SOURCE.match(rest)
    source = SOURCES[found[1].lower()] if found else None
    rest = rest[found.end() :] if found else rest
    if not thread:
        thread, rest = first_ref(rest, Priority)
    return thread, source, rest


def theme_in(work: Work, service: Service, words: str) -> str:
    """The theme of a live priority, or of an earlier signal, that the words speak of; "" where none is."""
    live = [p for p in work.all(Priority, service_id=service.id) if is_live(p)]
    earlier = work.all(Signal, order="-number", service_id=service.id, withdrawn_at=None, limit=200)
    said = re.findall(r"[a-z]+", words.lower())
    themes = dict.fromkeys([*(p.theme for p in live), *(s.theme for s in earlier if s.theme != UNSORTED)])
    spoken = [t for t in themes if t and all(any(w.startswith(_stem(part)) for w in said) for part in t.split())]
    return max(spoken, key=len, default="")


def _stem(word: str) -> str:
    return word.lower().rstrip("s")


def log(call: Call) -> Answer | None:
    """`/sip signal complaint Family not told about a fall` saves at once; anything less opens the form."""
    thread, source, summary = parsed(call.text)
    if source is None or not summary:
        open_typed(call)
        return None
    with call.transaction() as work:
        if thread:
            _, service = open_record(work, call.person, Priority, thread, Right.SIGNAL)
        else:
            service, *others = services_here(work, call, Right.SIGNAL)
            if others:
                names = ", ".join(s.name for s in [service, *others])
                raise Refusal(f"Say it in the channel of the service you mean: {names}.")
        theme = "" if thread else theme_in(work, service, summary) or UNSORTED
        form = LogSignal(
            service_id=service.id,
            source=source,
            summary=summary,
            theme=theme,
            priority=thread,
            request_id=call.request_id,
        )
        signal = signals.log(work, call.person, form, call.now, local_date(call.now, service.zone))
        return _logged(work, call, signal)


def _logged(work: Work, call: Call, signal: Signal, *, back: tuple[str, str] | None = views.UNDO) -> Answer:
    live = [p for p in work.all(Priority, order="number", service_id=signal.service_id) if is_live(p)]
    alike = [p for p in live if p.theme == signal.theme]
    roles = roles_in(work, call.person, signal.service_id)
    return views.logged(
        signal,
        work.get(Priority, signal.priority_id),
        alike[0] if len(alike) == 1 else None,
        may_link=may(roles, Right.EVIDENCE),
        may_answer=may(roles, Right.PLAN),
        back=back,
    )


def open_typed(call: Call) -> None:
    """The form with what was typed in it."""
    thread, source, summary = parsed(call.text)
    open_form(call, Draft(source=source, summary=summary), thread=thread)


def open_form(call: Call, draft: Draft | None = None, *, thread: str = "") -> None:
    """Open the form with what is known in it."""
    draft = draft or Draft()
    typed = thread or str(call.value.get("priority", ""))
    with call.desk.store.reading() as work:
        chosen = None
        if typed:
            chosen, service = open_record(work, call.person, Priority, typed, Right.SIGNAL)
            services = [service]
        else:
            services = services_here(work, call, Right.SIGNAL)
        listed = priorities_here(work, services, closed=True) if len(services) == 1 else []
        theme = theme_in(work, services[0], draft.summary) if len(services) == 1 and draft.summary else ""
    known = Draft(
        source=draft.source,
        summary=draft.summary,
        theme=draft.theme or theme,
        priority_id=chosen.id if chosen else None,
    )
    call.open(views.log_form(services, listed, local_date(call.now, services[0].zone), known))


def submit(call: Call) -> Show:
    """The form was filled in."""
    given = {k: v for k, v in call.values.items() if v is not None}
    form = LogSignal.model_validate({**call.meta, **given, "request_id": call.request_id})
    with call.transaction() as work:
        service = work.get(Service, form.service_id)
        today = local_date(call.now, service.zone if service else call.person.zone)
        signal = signals.log(work, call.person, form, call.now, today)
        answer = _logged(work, call, signal)
    return _window("Saved", answer)


def _window(title: str, answer: Answer) -> Show:
    return Show(parts.said(title, answer.text, answer.blocks))


def open_link(call: Call) -> Answer | None:
    """Link a signal: `/sip signal link S5 P3` at once, the button or `/sip signal link S5` with a form."""
    typed, rest = first_ref(call.text, Signal)
    thread, _ = first_ref(rest, Priority)
    named = str(call.value.get("signal") or typed)
    if not named:
        raise Refusal("Say which signal, for example /sip signal link S5 P3. /sip signals lists those without one.")
    if thread:
        return _linked(call, LinkSignal(signal=named, priority=thread, request_id=call.request_id))
    with call.desk.store.reading() as work:
        signal, service = open_record(work, call.person, Signal, named, Right.EVIDENCE)
        listed = priorities_here(work, [service], closed=True)
    if not listed:
        raise Refusal(f"{service.name} has no priority yet. Open one with /sip priority new; {ref(signal)} is kept.")
    call.open(views.link_form(signal, listed))
    return None


def link_to(call: Call) -> Answer:
    """The button that names the priority."""
    value = call.value
    return _linked(call, LinkSignal(signal=value["signal"], priority=value["priority"], request_id=call.request_id))


def submit_link(call: Call) -> Show:
    """A priority was chosen for a signal."""
    chosen = call.values.get("priority") or ""
    form = LinkSignal(signal=call.meta["signal"], priority=chosen, request_id=call.request_id)
    return _window("Linked", _linked(call, form))


def _linked(call: Call, form: LinkSignal) -> Answer:
    with call.transaction() as work:
        return _logged(work, call, signals.link(work, call.person, form, call.now), back=views.UNLINK)


def open_unlink(call: Call) -> Answer | None:
    """`/sip signal unlink S5 reason` at once, without a reason a form."""
    typed, reason = first_ref(call.text, Signal)
    named = str(call.value.get("signal") or typed)
    if not named:
        raise Refusal("Say which signal and why, for example /sip signal unlink S5 It was about another unit.")
    if reason:
        return _unlinked(call, UnlinkSignal(signal=named, reason=reason, request_id=call.request_id))
    with call.desk.store.reading() as work:
        signal, _ = open_record(work, call.person, Signal, named, Right.EVIDENCE)
        priority = work.get(Priority, signal.priority_id)
    if priority is None:
        raise Refusal(f"{ref(signal)} is linked to no priority. Nothing was changed.")
    call.open(views.unlink_form(signal, priority))
    return None


def submit_unlink(call: Call) -> Show:
    """A reason was given."""
    form = UnlinkSignal.model_validate({**call.values, "signal": call.meta["signal"], "request_id": call.request_id})
    return _window("Unlinked", _unlinked(call, form))


def _unlinked(call: Call, form: UnlinkSignal) -> Answer:
    with call.transaction() as work:
        return views.unlinked(signals.unlink(work, call.person, form, call.now), form.reason)


def open_correct(call: Call) -> None:
    """Open a signal as a form."""
    named = str(call.value.get("signal") or first_ref(call.text, Signal)[0])
    if not named:
        raise Refusal("Say which signal, for example /sip signal correct S5.")
    with call.desk.store.reading() as work:
        signal, _ = corrections.own_signal(work, call.person, named)
    call.open(views.correct_form(signal))


def submit_correct(call: Call) -> Show:
    """A signal was put right."""
    values = {**call.values, "reference": call.values.get("reference") or ""}
    form = CorrectSignal.model_validate({**values, "signal": call.meta["signal"], "request_id": call.request_id})
    with call.transaction() as work:
        _, service = open_record(work, call.person, Signal, form.signal, Right.READ)
        today = local_date(call.now, service.zone)
        signal = corrections.correct_signal(work, call.person, form, call.now, today)
        answer = views.corrected(signal, _logged(work, call, signal, back=None))
    return _window("Corrected", answer)


def undo(call: Call) -> Answer:
    """Take back a signal just logged."""
    return _withdrawn(call, Withdraw(record=call.value["signal"], reason=UNDONE, request_id=call.request_id))


def open_withdraw(call: Call) -> Answer | None:
    """`/sip signal withdraw S5 reason` at once, without a reason a form."""
    typed, reason = first_ref(call.text, Signal)
    named = str(call.value.get("signal") or typed)
    if not named:
        raise Refusal("Say which signal and why, for example /sip signal withdraw S5 It was written down twice.")
    if reason:
        return _withdrawn(call, Withdraw(record=named, reason=reason, request_id=call.request_id))
    with call.desk.store.reading() as work:
        signal, _ = corrections.own_signal(work, call.person, named)
    call.open(views.withdraw_form(signal, signal.summary))
    return None


def submit_withdraw(call: Call) -> Show:
    """A reason was given."""
    form = Withdraw.model_validate({**call.values, "record": call.meta["signal"], "request_id": call.request_id})
    return _window("Taken back", _withdrawn(call, form))


def _withdrawn(call: Call, form: Withdraw) -> Answer:
    with call.transaction() as work:
        return views.withdrawn(corrections.withdraw_signal(work, call.person, form, call.now), form.reason)


FEATURE = Feature(
    name="signals",
    verbs=(
        Verb(
            "signal",
            "Log a complaint, incident, finding or concern; alone it opens a form",
            log,
            usage="[P3] [complaint what happened]",
            also=("concern", "log signal", "log concern", "signal new", "new signal"),
            form=open_typed,
        ),
        Verb("signal link", "Make a signal evidence for a priority", open_link, usage="S5 [P3]", also=("link",)),
        Verb("signal unlink", "Take a signal out of a priority", open_unlink, usage="S5 [why]", also=("unlink",)),
        Verb("signal correct", "Correct a signal; what it said stays on record", open_correct, usage="S5"),
        Verb("signal withdraw", "Take a signal back", open_withdraw, usage="S5 [why]"),
    ),
    buttons=(
        Button("signal.open", open_form),
        Button("signal.undo", undo),
        Button("signal.link", open_link),
        Button("signal.link_to", link_to),
        Button("signal.unlink", open_unlink),
        Button("signal.correct", open_correct),
        Button("signal.withdraw", open_withdraw),
    ),
    forms=(
        Form("signal.form", submit),
        Form("signal_link.form", submit_link),
        Form("signal_unlink.form", submit_unlink),
        Form("signal_correct.form", submit_correct),
        Form("signal_withdraw.form", submit_withdraw),
    ),
)
