"""Who may do what: every verb is tried by every role, by an owner, a guest, a leaver and people from elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import NotAllowed, NotFound
from bot.ids import new_id
from bot.plan import (
    actions,
    clocks,
    corrections,
    entries,
    escalations,
    findings,
    measures,
    milestones,
    priorities,
    reviewing,
    revisions,
    rhythm,
    sampling,
    signals,
    splitting,
    takeover,
)
from bot.plan.people import Person, Role, RoleHolding
from bot.plan.services import Service
from bot.plan.signals import Source
from tests.bot.plan.scene import AUDIT, DEPUTY, MANAGER, PROVIDER, QUALITY, TEAM, Scene

EVERYONE = frozenset(Role)

# verb, form, its fields, the roles of domain.md's table that may
TABLE: list[tuple[Callable[..., Any], type[Any], dict[str, Any], set[Role] | frozenset[Role]]] = [
    (
        signals.log,
        signals.LogSignal,
        {"service_id": "SERVICE", "source": Source.AUDIT, "summary": "x", "theme": "x"},
        EVERYONE - {PROVIDER},
    ),
    (signals.link, signals.LinkSignal, {"signal": "S2", "priority": "P1"}, {DEPUTY, QUALITY, MANAGER}),
    (signals.unlink, signals.UnlinkSignal, {"signal": "S1"}, {DEPUTY, QUALITY, MANAGER}),
    (findings.answer, findings.AnswerFinding, {"finding": "S1", "action": "A1"}, {DEPUTY, MANAGER}),
    (priorities.revise, priorities.RevisePriority, {"priority": "P1", "title": "x"}, {MANAGER}),
    (priorities.change_risk, priorities.ChangeRisk, {"priority": "P1", "risk": "low"}, {MANAGER}),
    (priorities.extend, priorities.ExtendPriority, {"priority": "P1", "target_on": "2027-01-04"}, {MANAGER}),
    (clocks.start, clocks.StartClock, {"priority": "P1", "kind": "re-audit"}, {MANAGER}),
    (measures.define, measures.DefineMeasure, {"priority": "P1", "name": "x", "lens": "record"}, {QUALITY, MANAGER}),
    (measures.change, measures.ChangeMeasure, {"measure": "M1", "name": "x"}, {QUALITY, MANAGER}),
    (measures.retarget, measures.RetargetMeasure, {"measure": "M1", "target": "70"}, {MANAGER}),
    (measures.rebase, measures.RebaseMeasure, {"measure": "M1"}, {QUALITY, MANAGER}),
    (sampling.record, sampling.RecordSample, {"measure": "M1", "n": 20, "met": 9}, {QUALITY, AUDIT, MANAGER}),
    (corrections.correct_sample, corrections.CorrectSample, {"sample": "X2", "met": 3}, {QUALITY, AUDIT, MANAGER}),
    (corrections.withdraw_sample, corrections.Withdraw, {"record": "X2"}, {QUALITY, AUDIT, MANAGER}),
    (
        actions.create,
        actions.NewAction,
        {"priority": "P1", "what": "x", "owner_id": "OWNER", "due_on": "2027-01-04", "check": "x"},
        {DEPUTY, MANAGER},
    ),
    (revisions.assign, revisions.AssignAction, {"action": "A1", "owner_id": "TESS"}, {DEPUTY, MANAGER}),
    (revisions.revise, revisions.ReviseAction, {"action": "A1", "what": "x"}, {DEPUTY, MANAGER}),
    (revisions.cancel, revisions.CancelAction, {"action": "A1"}, {DEPUTY, MANAGER}),
    (revisions.verify, revisions.VerifyAction, {"action": "A2", "accepted": True, "found": "x"}, {QUALITY, MANAGER}),
    (milestones.add, milestones.AddMilestone, {"of": "P1", "on": "2027-01-04"}, {DEPUTY, MANAGER}),
    (entries.log, entries.LogEntry, {"action": "A1", "what": "x"}, {TEAM, DEPUTY, MANAGER}),
    (escalations.raise_by_person, escalations.RaiseEscalation, {"priority": "P1", "why": "x"}, {MANAGER, PROVIDER}),
    (
        escalations.respond,
        escalations.RespondEscalation,
        {"escalation": "L1", "response": "tighten the actions"},
        {PROVIDER},
    ),
    (
        splitting.split,
        splitting.SplitPriority,
        {
            "priority": "P1",
            "children": [
                {"title": "a", "problem_statement": "x", "actions": ["A1", "A2"]},
                {"title": "b", "problem_statement": "x"},
            ],
        },
        {MANAGER},
    ),
    (rhythm.change_figures, rhythm.ChangeFigures, {"service_id": "SERVICE", "due_soon_days": "4"}, {MANAGER, PROVIDER}),
    (
        rhythm.change_shifts,
        rhythm.ChangeShifts,
        {"service_id": "SERVICE", "early": "07:00", "late": "14:00", "night": "21:00"},
        {MANAGER, PROVIDER},
    ),
    (reviewing.sign, reviewing.SignMinutes, {"review": "R1"}, {MANAGER}),
    (
        takeover.hand_over,
        takeover.HandOver,
        {"service_id": "SERVICE", "from_id": "OWNER", "to_id": "TESS"},
        {DEPUTY, MANAGER},
    ),
]
# What the owner of an action may do to that action without any role.
OWNERS_TOO = {entries.log}


@pytest.fixture
def plan(scene: Scene) -> Scene:
    """One record of each kind, so that each verb finds what it is about."""
    priority = scene.priority()
    scene.signal(priority="P1", source=Source.AUDIT)
    scene.signal()
    scene.action(priority)
    scene.done(scene.action(priority))
    measure = scene.measure(priority)
    scene.sample(measure, 5, 20, baseline=True)
    scene.sample(measure, 6, 20)
    scene.do(
        MANAGER,
        reviewing.record,
        reviewing.RecordReview.model_validate(
            {"priority": "P1", "kind": "governance", "decision": "escalate", "why": "No movement."}
        ),
    )
    return scene


def outsiders(scene: Scene) -> list[Person]:
    """A guest and a leaver with the manager's role, the manager of another service, one of another workspace, and
    somebody of this one without a role."""
    at = scene.now
    other = Service(id=new_id(at), workspace_id="T1", channel_id="C2", name="Willow Court")
    foreign = Service(id=new_id(at), workspace_id="T2", channel_id="C3", name="Elsewhere")
    manager = Role.REGISTERED_MANAGER
    people = [
        (scene.add_person("Guest", guest=True), scene.service),
        (scene.add_person("Leaver", active=False), scene.service),
        (scene.add_person("Neighbour"), other),
        (replace(scene.add_person("Foreigner", workspace_id="T2")), foreign),
    ]
    with scene.store.transaction() as work:
        work.add(other)
        work.add(foreign)
        for person, service in people:
            work.add(
                RoleHolding(
                    id=new_id(at),
                    workspace_id=service.workspace_id,
                    service_id=service.id,
                    role=manager,
                    person_id=person.id,
                )
            )
    return [person for person, _ in people] + [scene.add_person("Passer-by")]


@pytest.mark.parametrize(
    ("verb", "form", "fields", "allowed"), TABLE, ids=[v.__module__ + "." + v.__name__ for v, *_ in TABLE]
)
def test_the_table_of_roles_is_held(
    plan: Scene, verb: Callable[..., Any], form: type[Any], fields: dict[str, Any], allowed: set[Role]
) -> None:
    names = {"SERVICE": plan.service.id, "OWNER": plan.owner.id, "TESS": plan.people[TEAM].id}
    said = {name: names.get(value, value) if isinstance(value, str) else value for name, value in fields.items()}
    reason = {"reason": "Because."} if "reason" in form.model_fields and verb is not findings.answer else {}
    asked = form.model_validate(reason | said)
    for role in Role:
        if role not in allowed:
            plan.refused(role, verb, asked, ".", error=NotAllowed)
    strangers = outsiders(plan) + ([] if verb in OWNERS_TOO else [plan.owner])
    before = plan.head()
    for person in strangers:
        with pytest.raises((NotFound, NotAllowed)) as caught:
            plan.do(person, verb, asked)
        elsewhere = person.workspace_id != "T1" or person.guest or not person.active
        assert not (elsewhere and "Oak House" in caught.value.sentence)
    assert plan.head() == before
    if verb in OWNERS_TOO:
        plan.do(plan.owner, verb, asked)
    plan.do(min(allowed), verb, asked)
    assert plan.head() != before
