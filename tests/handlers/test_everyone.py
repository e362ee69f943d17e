"""Everything that can be typed, pressed, submitted or started, tried by everybody who has no business in Oak House."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from slack_bolt import BoltRequest

from bot.app import build
from bot.ids import new_id
from bot.plan import escalations, milestones, signals
from bot.plan.actions import Complete, complete
from bot.plan.entries import LogEntry, log
from bot.plan.escalations import RaiseEscalation
from bot.plan.journal import Event
from bot.plan.milestones import AddMilestone
from bot.plan.people import Person, Role, RoleHolding
from bot.plan.reviews import Review, ReviewKind
from bot.plan.services import Service, Shift
from bot.plan.signals import LogSignal, Source
from bot.plan.warnings import EarlyWarning
from bot.settings import Settings
from bot.timing.outbox import Delivery, Reminder
from bot.warnings.fired import Rule
from handlers import FEATURES, pressable, verbs
from playground.server import Standin
from storage.tables import TABLES
from tests.handlers import account
from tests.handlers.conftest import PEOPLE, START, House, staffed

SECRET = "zanzibar"  # stands in every text of Oak House
TEAM, OTHER, CHANNEL = "T0MEADOW", "T0OTHER", "C0OAKHOUSE"
BROKEN = ("the reference", "Traceback", "went wrong")

Json = dict[str, Any]


@dataclass(frozen=True)
class Outsider:
    """Somebody without standing in Oak House."""

    slack_id: str
    team: str = TEAM  # the workspace that the request comes from
    home: str = TEAM  # the workspace that the person belongs to


@dataclass
class Town:
    """Oak House with a record of every kind, and people who have nothing to do there."""

    house: House
    ids: Json

    def plan(self) -> dict[str, object]:
        """Everything that Oak House holds, and the heads of its journals; people, reminders and posts aside."""
        with self.house.program.desk.store.reading() as work:
            held: dict[str, object] = {}
            for kind in TABLES:
                if kind in (Person, Delivery, Reminder, Event):
                    continue
                found = work.all(kind)
                held[kind.__name__] = [r for r in found if self.house.service.id in (r.id, getattr(r, "service_id", 0))]
            held["people of Oak House"] = [
                p for p in work.all(Person, order="slack_id") if (p.workspace_id, p.slack_id) in KNOWN
            ]
        return held

    def heads(self) -> object:
        """Where the journals of Oak House and its workspace end, and how many services there are."""
        with self.house.program.desk.store.reading() as work:
            ends = [work.head(chain) for chain in (self.house.service.id, TEAM)]
            return ends, work.count(Service, workspace_id=TEAM)

    def dispatch(self, body: Json) -> str:
        """What the app answers to a request, and all that it then told Slack, as one text."""
        traffic = self.house.slack.hub.traffic
        seen = traffic.count
        response = self.house.program.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
        assert response.status == 200, (response.status, response.body, body)
        return str(response.body) + json.dumps([item.payload for item in traffic.after(seen, 10_000)], default=str)

    def base(self, who: Outsider, kind: str) -> Json:
        """What every interaction carries."""
        hub = self.house.slack.hub
        user = hub.world.users.get(who.slack_id) or hub.world.users["U0NEWMAN"]
        return {
            "type": kind,
            "team": {"id": who.team, "domain": "meadow"},
            "user": {"id": who.slack_id, "name": "somebody", "team_id": who.home},
            "trigger_id": hub.trigger(user),
            "api_app_id": hub.app.id,
            "token": "unused",
        }

    def command(self, who: Outsider, text: str) -> Json:
        given = self.base(who, "command")
        return {
            "command": "/sip",
            "text": text,
            "user_id": who.slack_id,
            "team_id": who.team,
            "channel_id": CHANNEL,
            "user": given["user"],
            "team": given["team"],
            "trigger_id": given["trigger_id"],
        }

    def button(self, who: Outsider, action_id: str) -> Json:
        hub = self.house.slack.hub
        user = hub.world.users.get(who.slack_id) or hub.world.users["U0NEWMAN"]
        element = {"type": "button", "action_id": action_id, "block_id": "b", "value": json.dumps(self.ids)}
        if action_id in IN_FORMS:
            view = {"id": "V1", "type": "modal", "hash": "1", "callback_id": "f", "blocks": [], "state": {"values": {}}}
            view |= {"private_metadata": json.dumps(self.ids | {"v": 1})}
            container = {"type": "view", "view_id": "V1"}
            return self.base(who, "block_actions") | {"container": container, "view": view, "actions": [element]}
        return self.base(who, "block_actions") | {
            "container": {"type": "message", "message_ts": "1.1", "channel_id": CHANNEL, "is_ephemeral": True},
            "channel": {"id": CHANNEL, "name": "oak-house"},
            "response_url": hub.response_url(user, hub.world.channels[CHANNEL]),
            "actions": [element | {"action_ts": new_id(START)}],
            "state": {"values": {}},
        }

    def form(self, who: Outsider, callback_id: str, more: Json | None = None) -> Json:
        ids = self.ids | META.get(callback_id, {}) | (more or {}) | {"second_look": {"coached": True}}
        values = {
            **VALUES,
            **{k: v for k, v in self.ids.items() if isinstance(v, str)},
            **TYPED.get(callback_id, {}),
            **(more or {}),
        }
        state = {name: {name: _element(name, value)} for name, value in values.items()}
        blocks = [{"type": "input", "block_id": name, "element": {"action_id": name}} for name in values]
        view = {
            "id": "V1",
            "type": "modal",
            "hash": new_id(START),
            "callback_id": callback_id,
            "private_metadata": json.dumps(ids),
            "blocks": blocks,
            "state": {"values": state},
            "title": {"type": "plain_text", "text": "Form"},
        }
        return self.base(who, "view_submission") | {"view": view}

    def shortcut(self, who: Outsider, callback_id: str) -> Json:
        message = {"ts": "1.1", "text": "said", "user": "U0AMARA"}
        more = {"message": message, "channel": {"id": CHANNEL}, "message_ts": "1.1"}
        return self.base(who, "message_action") | {"callback_id": callback_id, **more}


KNOWN = {(TEAM, slack_id) for slack_id, _, _ in PEOPLE.values()}
VALUES: Json = {
    "what": "Words of mine",
    "check": "Somebody reads ten sheets by Friday",
    "reason": "Words of mine",
    "why": "Words of mine",
    "note": "Words of mine",
    "found": "Words of mine",
    "verdict": "accept",
    "when": "2027-01-13/early",
    "on": "2027-01-13",
    "due_on": "2027-03-01",
    "target_on": "2027-05-01",
    "started_on": "2027-01-12",
    "met_on": "2027-01-13",
    "owner_id": "U0DEEPA",
    "lead_id": "U0DEEPA",
    "title": "Mine",
    "name": "Mine",
    "problem_statement": "Words of mine",
    "rationale": "Words of mine",
    "evidence_base": "Words of mine",
    "affected_areas": "Mine",
    "risk": "low",
    "source": "complaint",
    "summary": "Words of mine",
    "theme": "mine",
    "reference": "M-1",
    "lens": "record",
    "how": "PROPORTION/UP",
    "target": "50",
    "n": "20",
    "met": "10",
    "sampled": "Mine",
    "improved": "Words of mine",
    "unresolved": "Words of mine",
    "decision": "keep open",
    "judgement": "improved",
    "challenge": "Words of mine",
    "agreement": "Words of mine",
    "outcome": "Words of mine",
    "present": "Words of mine",
    "next_steps": "Words of mine",
    "next_review_on": "2027-02-10",
    "remaining": "smaller",
    "specific": "Words of mine",
    "monitoring": "Words of mine",
    "override_reason": "Words of mine",
    "response": "wider sampling",
    "to": "provider_oversight",
    "first": "Mine",
    "second": "Also mine",
    "team_leader": ["U0NEWMAN"],
    "registered_manager": ["U0NEWMAN"],
    "opens": "09:00",
    "closes": "17:00",
}
IN_FORMS = {"sample.more", "review.decision"}  # pressed or chosen inside a form
META: dict[str, Json] = {
    "clock_start.form": {"kind": "REGULATION_17"},
    "clock_meet.form": {"kind": "REGULATION_17"},
    "register.form": {"number": 1},
}
TYPED: dict[str, Json] = {
    "register.form": {"number": "1"},
    "sample.form": {"how": "Words of mine"},
    "split_shares.form": {"first": ["A1"], "second": ["A2"]},
    "clock_start.form": {"kind": "REGULATION_17"},
    "log.form": {"kind": "briefing"},
    "amend.form": {"kind": "briefing"},
    "review.form": {"kind": "monthly"},
    "setup.service": {"name": "Mine", "nation": "England"},
}


def _element(name: str, value: Any) -> Json:
    if isinstance(value, list):
        return {"type": "multi_users_select", "selected_users": value}
    if name.endswith("_on") or name == "on":
        return {"type": "datepicker", "selected_date": value}
    if isinstance(value, str) and " " in value:
        return {"type": "plain_text_input", "value": value}
    return {"type": "static_select", "selected_option": {"value": value}}


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
