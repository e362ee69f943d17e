"""A priority with measures, samples and checked actions, put straight into the store of a running house."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bot.plan import actions, measures, reviewing, revisions, sampling
from bot.plan.actions import Action, Complete
from bot.plan.measures import DefineMeasure, Lens, Measure
from bot.plan.priorities import Priority
from bot.plan.reviewing import RecordReview
from bot.plan.reviews import Decision, Review, ReviewKind
from bot.plan.revisions import VerifyAction
from bot.plan.samples import Sample
from bot.plan.sampling import RecordSample
from tests.handlers.conftest import House

_requests = itertools.count()


def spoken(house: House, who: str, verb: Callable[..., Any], form: Any, **more: Any) -> Any:
    """One verb of the rules in one transaction, by a person of the house."""
    with house.program.desk.store.transaction() as work:
        person = house.people[who]
        return verb(work, person, form, house.now(), **more)


def today(house: House) -> date:
    """The day that it is in the house."""
    return house.now().date()


def measure(house: House, priority: Priority, target: str = "90") -> Measure:
    """Handovers complete, on the record lens."""
    form = DefineMeasure(priority=priority.id, name="Handovers complete", lens=Lens.RECORD, target=target)
    made: Measure = spoken(house, "hannah", measures.define, form)
    return made


def sample(house: House, of: Measure, met: int, who: str = "hannah", *, baseline: bool = False, ago: int = 0) -> Sample:
    """So many of 20 met, taken so many days ago."""
    form = RecordSample(measure=of.id, met=met, n=20, baseline=baseline, on=today(house) - timedelta(days=ago))
    made: Sample = spoken(house, who, sampling.record, form, today=today(house))
    return made


def verified(house: House, action: Action) -> Action:
    """Done by its owner, checked by the quality lead."""
    spoken(house, "ruth", actions.complete, Complete(action=action.id))
    form = VerifyAction(action=action.id, accepted=True, found="20 sheets read")
    made: Action = spoken(house, "hannah", revisions.verify, form)
    return made


def review(house: House, priority: Priority, who: str = "ruth", **said: Any) -> Review:
    """A governance review that keeps the priority open, unless said otherwise."""
    given = {"kind": ReviewKind.GOVERNANCE, "decision": Decision.KEEP_OPEN, **said}
    form = RecordReview(priority=priority.id, request_id=f"given-{next(_requests)}", **given)
    made: Review = spoken(house, who, reviewing.record, form, today=today(house))[0]
    return made


def measured(house: House, met: int = 17) -> Priority:
    """Baseline 9 of 20 a month ago, one checked action, and a follow-up of the next day."""
    priority = house.priority()
    of = measure(house, priority)
    sample(house, of, 9, baseline=True, ago=30)
    verified(house, house.action(priority))
    house.slack.move_clock(advance_seconds=24 * 3600)
    house.eventually(lambda: sample_after(house, of, met))
    return priority


def sample_after(house: House, of: Measure, met: int) -> Sample | None:
    """A follow-up of today, once the clock has moved on."""
    return sample(house, of, met) if today(house) > of.written_at.date() else None
