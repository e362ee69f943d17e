"""Oak House as everybody may knock at it: any command, button, form or shortcut, in the name of anybody."""

import json
from dataclasses import dataclass
from typing import Any

from slack_bolt import BoltRequest

from bot.ids import new_id
from bot.plan.journal import Event
from bot.plan.people import Person
from bot.plan.services import Service
from bot.timing.outbox import Delivery, Reminder
from storage.tables import TABLES
from tests.handlers.conftest import PEOPLE, START, House

SECRET = "zanzibar"  # stands in every text of Oak House
TEAM, OTHER, CHANNEL = "T0MEADOW", "T0OTHER", "C0OAKHOUSE"

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

    def event(self, who: Outsider, kind: str, **more: Any) -> Json:
        """What Slack tells of somebody."""
        told = {"type": kind, "user": who.slack_id, "user_team": who.home, "channel": CHANNEL, "ts": "1.1", **more}
        return {
            "type": "event_callback",
            "team_id": who.team,
            "event": told,
            "event_id": new_id(START),
            "event_time": 1_800_000_000,
            "api_app_id": self.house.slack.hub.app.id,
            "authorizations": [{"team_id": who.team, "user_id": "U0GRIP"}],
        }

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
