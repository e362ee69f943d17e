"""The wording coach: what could be sharper in a priority or an action, and how strong an action seems to be."""

from datetime import timedelta

from bot.insight.strength import suggest
from bot.insight.wording import Finding, look_at_action, look_at_check, look_at_problem
from bot.plan.people import Person
from bot.plan.priorities import Priority
from bot.timing.workdays import local_date
from handlers.desk import Advice, Call

MOST = 3  # remarks under one field; more would not be read
URGENT = timedelta(days=1)  # due today or tomorrow: done first, worded better later


def action(call: Call) -> Advice:
    """On the words and the check of a new or revised action; an urgent one is never held for its wording."""
    values = call.values
    places, people = _known(call)
    remarks = {}
    if what := values.get("what"):
        found = look_at_action(what, has_owner=True, has_due_date=True, places=places, people=people)
        remarks["what"] = _told(found)
    if check := values.get("check"):
        remarks["check"] = _told(look_at_check(check, people))
    if not remarks.get("what") and not remarks.get("check"):
        return Advice()
    suggestion = suggest(what or "")
    hint = f"{suggestion.why} This is suggested from its words; choose another if you know better."
    suggested = suggestion.strength if "strength" in values and not values["strength"] else None
    return Advice(
        remarks={name: said for name, said in remarks.items() if said},
        hints={"strength": [hint]} if suggested else {},
        prefill={"strength": suggested.value} if suggested else {},
        urgent=_urgent(call),
    )


def strength(what: str) -> str | None:
    """The strength that the words of an action suggest, for a field that was left empty; it is told and changeable."""
    found = suggest(what).strength
    return found.value if found else None


def priority(call: Call) -> Advice:
    """On the problem statement of a new or revised priority."""
    text = call.values.get("problem_statement")
    found = look_at_problem(text, _parted(call.values.get("affected_areas"))) if text else ()
    return Advice(remarks={"problem_statement": _told(found)} if found else {})


def _told(found: tuple[Finding, ...]) -> list[str]:
    """Each remark once, its example with the last of those that share it."""
    said = []
    for n, finding in enumerate(found[:MOST]):
        later = [other.better for other in found[n + 1 : MOST]]
        about = f"“{finding.phrase}”: " if finding.phrase else ""
        example = "" if finding.better in later else f" {finding.better}"
        said.append(f"{about}{finding.why}{example}")
    return said


def _urgent(call: Call) -> bool:
    due = call.values.get("due_on")
    return bool(due) and str(due) <= (local_date(call.now, call.person.zone) + URGENT).isoformat()


def _known(call: Call) -> tuple[list[str], list[str]]:
    """The affected areas of the priority, which are the service's own names of places, and the names of people here."""
    chosen = call.values.get("priority") or call.meta.get("priority")
    workspace = call.person.workspace_id
    with call.desk.store.reading() as work:
        found = work.get(Priority, chosen) if chosen else None
        people = [person.name for person in work.all(Person, workspace_id=workspace)]
    return _parted(found.affected_areas if found and found.workspace_id == workspace else ""), people


def _parted(areas: str | None) -> list[str]:
    return [part.strip() for part in (areas or "").replace(";", ",").split(",") if part.strip()]
