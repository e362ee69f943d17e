"""A small account told in a few words, without a store: each method adds one record and gives it back."""

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.plan.account import Account
from bot.plan.actions import Action, ActionStatus, Revision, Slip
from bot.plan.entries import Entry, Evidence, EvidenceState
from bot.plan.measures import Better, Lens, Measure, MeasureKind, Retarget
from bot.plan.people import Person
from bot.plan.priorities import Priority, PriorityStatus, Risk
from bot.plan.reviews import Review, ReviewKind
from bot.plan.samples import Sample
from bot.plan.sampling import missed
from bot.plan.services import Service, Shift
from bot.plan.signals import Signal, Source
from bot.warnings.fired import Fired, Rule
from bot.warnings.rules import BY_RULE, look

TODAY = date(2026, 11, 23)
GOOD_CHECK = "Quality lead reads 20 handover sheets picked at random on 21 Dec; standard 18 of 20 complete."


def at(days: int, hour: int = 10) -> datetime:
    """An instant so many days from today (before it where negative)."""
    return datetime(TODAY.year, TODAY.month, TODAY.day, hour, tzinfo=UTC) + timedelta(days=days)


@dataclass
class Story:
    """Records of Oak House, all dated in days from today."""

    service: Service = field(
        default_factory=lambda: Service(id="oak", workspace_id="T1", channel_id="C1", name="Oak House")
    )
    people: dict[str, Person] = field(default_factory=dict)
    records: dict[str, list[Any]] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        for name in ("Ruth Callaghan", "Amara Osei", "Hannah Whitfield"):
            self.person(name)
        self.priority_ = self.priority()

    def person(self, name: str, **facts: Any) -> Person:
        made = Person(id=name.split(maxsplit=1)[0].lower(), workspace_id="T1", slack_id=name, name=name, **facts)
        self.people[made.id] = made
        return made

    def _add(self, register: str, kind: type[Any], facts: dict[str, Any], person: bool = True) -> Any:
        self.count += 1
        own: dict[str, Any] = {"id": f"{kind.__name__.lower()}-{self.count}", "service_id": "oak"}
        names = {each.name for each in fields(kind)}
        own |= {"workspace_id": "T1"} if "workspace_id" in names else {}
        own |= {"number": self.count} if "number" in names else {}
        own |= {"person_id": "ruth"} if person and "person_id" in names else {}
        own |= {"written_at": at(-200)} if "written_at" in names else {}
        made = kind(**(own | facts))
        self.records.setdefault(register, []).append(made)
        return made

    def change(self, record: Any, **facts: Any) -> Any:
        """The same record with other facts, in its place."""
        for kept in self.records.values():
            for n, each in enumerate(kept):
                if each is record:
                    kept[n] = replace(record, **facts)
                    return kept[n]
        raise LookupError(record)

    def priority(self, opened: int = -100, **facts: Any) -> Priority:
        told: dict[str, Any] = {
            "title": "Handovers",
            "problem_statement": "11 of 20 night handovers on Willow unit left out fluids.",
            "rationale": "People go thirsty.",
            "evidence_base": "Audit.",
            "affected_areas": "",
            "theme": "handovers",
            "risk": Risk.HIGH,
            "quality_statement": "",
            "lead_id": "ruth",
            "opened_on": TODAY + timedelta(days=opened),
        }
        made: Priority = self._add("priorities", Priority, told | facts)
        return made

    def close(self, days: int) -> None:
        """The first priority was closed on that day."""
        closed = TODAY + timedelta(days=days)
        self.priority_ = self.change(self.priority_, status=PriorityStatus.CLOSED, closed_on=closed)

    def action(self, due: int = 20, written: int = -90, **facts: Any) -> Action:
        told: dict[str, Any] = {
            "priority_id": self.priority_.id,
            "what": "Night and day leads use the 8-line sheet at 08:00 and 20:00 on Willow unit",
            "owner_id": "amara",
            "due_on": TODAY + timedelta(days=due),
            "check": GOOD_CHECK,
            "status": ActionStatus.IN_PROGRESS,
            "written_at": at(written),
        }
        made: Action = self._add("actions", Action, told | facts)
        return made

    def slip(self, action: Action, start: int, end: int) -> Slip:
        made: Slip = self._add(
            "slips",
            Slip,
            {
                "action_id": action.id,
                "from_on": TODAY + timedelta(days=start),
                "to_on": TODAY + timedelta(days=end),
                "reason": "Off sick",
                "written_at": at(start),
            },
        )
        return made

    def revision(self, action: Action, days: int, **facts: Any) -> Revision:
        told: dict[str, Any] = {
            "action_id": action.id,
            "from_what": action.what,
            "to_what": action.what + ", and in the lounge",
            "from_check": action.check,
            "to_check": action.check,
            "reason": "Narrower",
            "written_at": at(days),
        }
        made: Revision = self._add("revisions", Revision, told | facts)
        return made

    def entry(self, action: Action, days: int, what: str = "Watched one handover", **facts: Any) -> Entry:
        told: dict[str, Any] = {
            "priority_id": action.priority_id,
            "action_id": action.id,
            "on": TODAY + timedelta(days=days),
            "shift": Shift.EARLY,
            "what": what,
            "written_at": at(days),
        }
        made: Entry = self._add("entries", Entry, told | facts)
        return made

    def evidence(self, entry: Entry, name: str, state: EvidenceState = EvidenceState.KEPT) -> Evidence:
        made: Evidence = self._add(
            "evidence", Evidence, {"record_kind": "entry", "record_id": entry.id, "name": name, "state": state}
        )
        return made

    def measure(self, lens: Lens = Lens.RECORD, target: float | None = 0.9, **facts: Any) -> Measure:
        told: dict[str, Any] = {
            "priority_id": self.priority_.id,
            "name": f"Complete handovers ({lens})",
            "lens": lens,
            "kind": MeasureKind.PROPORTION,
            "better": Better.UP,
            "target": target,
        }
        made: Measure = self._add("measures", Measure, told | facts)
        return made

    def sample(self, measure: Measure, days: int, met: int, n: int, **facts: Any) -> Sample:
        told: dict[str, Any] = {
            "priority_id": measure.priority_id,
            "measure_id": measure.id,
            "on": TODAY + timedelta(days=days),
            "n": n,
            "met": met,
            "written_at": at(days),
        }
        made: Sample = self._add("samples", Sample, told | facts)
        return self.change(made, failed=missed(measure, made))  # type: ignore[no-any-return]

    def samples(self, lens: Lens, *counts: tuple[int, int], every: int = 10) -> Measure:
        """A measure with a baseline and follow-ups, the newest of them today."""
        measure = self.measure(lens)
        for n, (met, of) in enumerate(counts):
            self.sample(measure, (n - len(counts) + 1) * every, met, of, baseline=n == 0)
        return measure

    def signal(self, days: int, theme: str = "handovers", linked: bool = True, **facts: Any) -> Signal:
        told: dict[str, Any] = {
            "on": TODAY + timedelta(days=days),
            "source": Source.COMPLAINT,
            "theme": theme,
            "summary": "Nobody told the family",
            "priority_id": self.priority_.id if linked else None,
        }
        made: Signal = self._add("signals", Signal, told | facts)
        return made

    def review(self, days: int, unresolved: str, kind: ReviewKind = ReviewKind.MONTHLY, **facts: Any) -> Review:
        on = TODAY + timedelta(days=days)
        told: dict[str, Any] = {
            "priority_id": self.priority_.id,
            "kind": kind,
            "period": f"{on:%Y-%m}",
            "on": on,
            "unresolved": unresolved,
            "written_at": at(days),
        }
        made: Review = self._add("reviews", Review, told | facts)
        return made

    def retarget(self, measure: Measure, days: int) -> Measure:
        on = TODAY + timedelta(days=days)
        change = Retarget(on=on, was=0.9, now=0.8, reason="x", person_id="ruth")
        return self.change(measure, retargeted=(change,))  # type: ignore[no-any-return]

    def account(self) -> Account:
        kept = {each.name: tuple(self.records.get(each.name, ())) for each in fields(Account)}
        return Account(**kept | {"service": self.service, "people": dict(self.people)})  # type: ignore[arg-type]

    def fired(self, rule: Rule, today: date = TODAY) -> list[Fired]:
        """What one rule finds on a day."""
        return list(BY_RULE[rule].look(self.account(), today))

    def all_fired(self) -> list[Fired]:
        """What all rules find this morning."""
        return look(self.account(), at(0))
