"""Everything that can be typed, pressed, submitted or started, tried by everybody who has no business in Oak House."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import build
from bot.ids import new_id
from bot.plan import escalations, milestones, signals
from bot.plan.actions import Complete, complete
from bot.plan.entries import LogEntry, log
from bot.plan.escalations import RaiseEscalation
from bot.plan.milestones import AddMilestone
from bot.plan.people import Person, Role, RoleHolding
from bot.plan.reviews import Review, ReviewKind
from bot.plan.services import Service, Shift
from bot.plan.signals import LogSignal, Source
from bot.plan.warnings import EarlyWarning
from bot.settings import Settings
from bot.warnings.fired import Rule
from handlers import FEATURES, pressable, verbs
from playground.server import Standin
from tests.handlers import account
from tests.handlers.conftest import PEOPLE, START, House, staffed
from tests.handlers.town import CHANNEL, OTHER, SECRET, TEAM, Json, Outsider, Town

BROKEN = ("the reference", "Traceback", "went wrong")


def _written(house: House) -> Json:
    """A record of every kind in Oak House, each text of it with the secret in it; the ids under every name in use."""
    thread = house.priority(f"Handovers {SECRET}")
    action = house.action(thread, what=f"Use the {SECRET} sheet")
    done = house.action(thread, owner="beatriz", what=f"Fit the {SECRET} lamp")
    measure = account.measure(house, thread)
    account.sample(house, measure, 9, baseline=True, ago=20)
    sample = account.sample(house, measure, 12)
    said = account.spoken
    day = account.today(house)
    entry, _ = said(house, "amara", log, LogEntry(action=action.id, what=f"Briefed {SECRET}"), clock=(day, Shift.EARLY))
    said(house, "beatriz", complete, Complete(action=done.id, note=SECRET))
    form = LogSignal(service_id=house.service.id, source=Source.AUDIT, summary=f"Told {SECRET}", theme=SECRET)
    signal = said(house, "amara", signals.log, form, today=day)
    due = AddMilestone(of="A1", on=day + timedelta(days=20), note=SECRET)
    point = said(house, "deepa", milestones.add, due, today=day)
    escalation = said(house, "ruth", escalations.raise_by_person, RaiseEscalation(priority=thread.id, why=SECRET))
    review: Review = account.review(house, thread, kind=ReviewKind.GOVERNANCE, agreement=SECRET, next_steps=SECRET)
    warning = EarlyWarning(
        id=new_id(START),
        workspace_id=TEAM,
        service_id=house.service.id,
        number=1,
        priority_id=thread.id,
        rule=next(iter(Rule)),
        records=(thread.id,),
        fingerprint="f",
        sentence=f"Fired {SECRET}",
        written_at=START,
    )
    with house.program.desk.store.transaction() as work:
        work.add(warning)
    return {
        "priority": thread.id,
        "about": thread.id,
        "of": thread.id,
        "action": action.id,
        "a": action.id,
        "done": done.id,
        "measure": measure.id,
        "sample": sample.id,
        "s": house.service.id,
        "entry": entry.id,
        "signal": signal.id,
        "finding": signal.id,
        "milestone": point.id,
        "escalation": escalation.id,
        "review": review.id,
        "warning": warning.id,
        "service": house.service.id,
        "service_id": house.service.id,
        "channel_id": CHANNEL,
        "ref": "P1",
        "for": "2027-01-20",
        "kind": "monthly",
        "period": "2026-12",
        "say": "log A1 Words of mine",
        "titles": ["One", "Two"],
        "taken": [["A1"], ["A2"]],
        "r": 1,
        "n": 1,
        "number": 1,
    }


OUTSIDERS = {
    "a stranger": Outsider("U0NEWMAN"),
    "a guest who once was deputy": Outsider("U0GUEST"),
    "a manager who was deactivated": Outsider("U0GONE"),
    "a team leader of another service": Outsider("U0WILLOW"),
    "a person of another workspace": Outsider("U0FAR", OTHER, OTHER),
    "a person of another workspace in a shared channel": Outsider("U0FAR", TEAM, OTHER),
}


def _populated(house: House) -> None:
    """Roles of Oak House that no longer count, and Willow Court with its own team leader."""
    with house.program.desk.store.transaction() as work:
        willow = Service(id=new_id(START), workspace_id=TEAM, channel_id="C0WILLOW", name="Willow Court")
        work.add(willow)
        held: tuple[tuple[str, dict[str, bool], Role, Service], ...] = (
            ("U0GUEST", {"guest": True}, Role.DEPUTY, house.service),
            ("U0GONE", {"active": False}, Role.REGISTERED_MANAGER, house.service),
            ("U0WILLOW", {}, Role.TEAM_LEADER, willow),
        )
        for slack_id, standing, role, service in held:
            person = replace(
                Person(id=new_id(START), workspace_id=TEAM, slack_id=slack_id, name=slack_id),
                guest="guest" in standing,
                active=standing.get("active", True),
            )
            work.add(person)
            holding = RoleHolding(
                id=new_id(START), workspace_id=TEAM, service_id=service.id, role=role, person_id=person.id
            )
            work.add(holding)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A bot that answers what it is given and does nothing by itself."""
    clock_file = tmp_path / "clock"
    with Standin(limits=False, clock_file=clock_file) as slack:
        slack.move_clock(to=START.isoformat())
        settings = Settings(
            _env_file=None,
            slack_bot_token=SecretStr(slack.bot_token),
            slack_app_token=SecretStr(slack.app_token),
            slack_api_url=slack.api_url,
            database_url=f"sqlite:///{tmp_path}/grip.db",
            files=str(tmp_path / "files"),
            clock_file=clock_file,
        )
        program = build(settings)
        house = House(slack, program, *staffed(program, program.desk.clock()))
        _populated(house)
        yield Town(house, _written(house))
        program.stop()


REFS = ("", " A1", " A2 accept Words of mine", " P1 Words of mine", " M1 9/20", " S1 P1", " X2 Words of mine",
        " R1", " L1", " E1", " 3", f" {SECRET[:4]}")  # fmt: skip


def everything(town: Town, who: Outsider) -> Iterator[tuple[str, Json]]:
    """Every verb with everything that may follow it, every button, form and shortcut."""
    said = verbs()
    for verb in said:
        for rest in REFS:
            yield f"/sip {verb.name}{rest}", town.command(who, verb.name + rest)
    for name in pressable(said):
        yield f"button {name}", town.button(who, name)
    for feature in FEATURES:
        for form in feature.forms:
            yield f"form {form.id}", town.form(who, form.id)
        for shortcut in feature.shortcuts:
            yield f"shortcut {shortcut.id}", town.shortcut(who, shortcut.id)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_change_nothing_and_are_shown_nothing(town: Town, who: str) -> None:
    outsider = OUTSIDERS[who]
    before, heads = town.plan(), town.heads()
    wrong = []
    for name, body in everything(town, outsider):
        shown = town.dispatch(body)
        if SECRET in shown:
            wrong.append(f"{name} shows Oak House: {shown[max(0, shown.index(SECRET) - 200) :][:400]}")
        if any(sign in shown for sign in BROKEN):
            wrong.append(f"{name} breaks: {shown[:300]}")
        if town.heads() != heads:
            wrong.append(f"{name} changed Oak House")
            heads = town.heads()
    after = town.plan()
    wrong += [f"changed: {kind}" for kind in before if before[kind] != after[kind]]
    assert not wrong, "\n".join(wrong)


TEAM_LEADER, DEPUTY, QUALITY, AUDIT, MANAGER, PROVIDER = "beatriz", "deepa", "hannah", "idris", "ruth", "priya"
ROLES = (TEAM_LEADER, DEPUTY, QUALITY, AUDIT, MANAGER, PROVIDER)
# Who may submit what, as the table of roles says; the action is Amara's, so that nobody here is its owner.
MAY: tuple[tuple[str, Json, set[str]], ...] = (
    ("log.form", {}, {TEAM_LEADER, DEPUTY, MANAGER}),
    ("more_time.form", {}, {MANAGER}),
    ("action.form", {}, {DEPUTY, MANAGER}),
    ("assign.form", {}, {DEPUTY, MANAGER}),
    ("revise.form", {}, {DEPUTY, MANAGER}),
    ("cancel.form", {}, {DEPUTY, MANAGER}),
    ("verify.form", {"action": "A2"}, {QUALITY, MANAGER}),
    ("signal.form", {}, {TEAM_LEADER, DEPUTY, QUALITY, AUDIT, MANAGER}),
    ("signal_link.form", {}, {DEPUTY, QUALITY, MANAGER}),
    ("measure.form", {}, {QUALITY, MANAGER}),
    ("measure_target.form", {}, {MANAGER}),
    ("measure_rebase.form", {}, {QUALITY, MANAGER}),
    ("measure_change.form", {"lens": None, "how": None, "unit": None, "kind": None}, {QUALITY, MANAGER}),
    ("milestone.form", {"on": "2027-03-01"}, {DEPUTY, MANAGER}),
    ("milestone_move.form", {"on": "2027-03-01"}, {DEPUTY, MANAGER}),
    ("milestone_cancel.form", {}, {DEPUTY, MANAGER}),
    ("sample.form", {"n": "20"}, {QUALITY, AUDIT, MANAGER}),
    ("review.form", {"kind": "monthly"}, {MANAGER}),
    ("review.form", {"kind": "governance", "period": ""}, {MANAGER}),
    ("review.form", {"kind": "long-running"}, {MANAGER}),
    ("review.form", {"kind": "assurance", "period": "", "decision": None}, {QUALITY, MANAGER}),
    ("review.form", {"kind": "reassessment", "period": "", "decision": None}, {AUDIT, MANAGER}),
    ("review.form", {"kind": "review pack", "period": "", "decision": None, "remaining": "smaller"}, {DEPUTY, MANAGER}),
    (
        "review.form",
        {
            "kind": "governance preparation",
            "period": "",
            "decision": None,
            "specific": "Words of mine",
            "monitoring": "Ten",
        },
        {QUALITY, MANAGER},
    ),
    ("review.form", {"kind": "quarterly provider", "period": "2026-Q4"}, {PROVIDER}),
    ("escalate.form", {"response": None}, {MANAGER, PROVIDER}),
    ("escalation_respond.form", {}, {PROVIDER}),
    ("priority.form", {"lead_id": None}, {MANAGER}),
    ("priority_edit.form", {}, {MANAGER}),
    ("priority_revise.form", {"lead_id": None}, {MANAGER}),
    ("split.form", {}, {MANAGER}),
    ("clock_start.form", {"kind": "REGULATION_17"}, {MANAGER}),
    ("warning.form", {}, {DEPUTY, QUALITY, MANAGER}),
    ("setup.roles", {}, {MANAGER, PROVIDER}),
)


def test_each_role_submits_what_the_table_of_roles_lets_it_and_nothing_else(town: Town, tmp_path: Path) -> None:
    live, kept = tmp_path / "grip.db", sqlite3.connect(":memory:")
    with closing(sqlite3.connect(live)) as now:
        now.backup(kept)
    wrong = []
    heads = town.heads()
    for form, more, allowed in MAY:
        for name in ROLES:
            who = Outsider(PEOPLE[name][0])
            shown = town.dispatch(town.form(who, form, more))
            changed = town.heads() != heads
            if changed != (name in allowed):
                did = "changed the plan" if changed else f"was turned away: {shown[:500]}"
                wrong.append(f"{form} {more.get('kind', '')}: {name} {did}")
            if changed:
                with closing(sqlite3.connect(live)) as now:
                    kept.backup(now)
    kept.close()
    assert not wrong, "\n".join(wrong)
