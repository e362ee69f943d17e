"""Which verb of the rules each step of a story is, and the form in which it wants its facts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.plan import (
    actions,
    clocks,
    escalations,
    findings,
    measures,
    milestones,
    priorities,
    reviewing,
    revisions,
    sampling,
    signals,
    splitting,
)
from bot.plan.fields import Form
from bot.plan.people import Person
from bot.plan.reviews import suggested_period
from bot.work import Work

Run = Callable[[Work, Person, Any, datetime, date], Any]


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: its form, and how it is called with the local day of the step. What it gives back is one record, or
    several in a list or tuple."""

    form: type[Form]
    run: Run


def _dayless(run: Callable[[Work, Person, Any, datetime], Any]) -> Run:
    return lambda work, person, form, now, _today: run(work, person, form, now)


def _review(work: Work, person: Person, form: reviewing.RecordReview, now: datetime, today: date) -> list[Any]:
    """The review and the escalation that it raised; of the period that has just ended, where none is named."""
    named = form.model_copy(update={"period": form.period or suggested_period(form.kind, today)})
    review, consequences = reviewing.record(work, person, named, now, today)
    return [review, consequences.escalation]


def _split(work: Work, person: Person, form: splitting.SplitPriority, now: datetime, today: date) -> list[Any]:
    """The children."""
    return splitting.split(work, person, form, now, today)[1]


VERBS: dict[str, Verb] = {
    "signal": Verb(signals.LogSignal, signals.log),
    "link signal": Verb(signals.LinkSignal, _dayless(signals.link)),
    "open priority": Verb(priorities.NewPriority, priorities.open_new),
    "revise priority": Verb(priorities.RevisePriority, _dayless(priorities.revise)),
    "change risk": Verb(priorities.ChangeRisk, _dayless(priorities.change_risk)),
    "start clock": Verb(clocks.StartClock, clocks.start),
    "define measure": Verb(measures.DefineMeasure, _dayless(measures.define)),
    "sample": Verb(sampling.RecordSample, sampling.record),
    "answer finding": Verb(findings.AnswerFinding, _dayless(findings.answer)),
    "create action": Verb(actions.NewAction, actions.create),
    "add milestone": Verb(milestones.AddMilestone, milestones.add),
    "more time": Verb(actions.MoreTime, actions.more_time),
    "done": Verb(actions.Complete, _dayless(actions.complete)),
    "not mine": Verb(actions.NotMine, _dayless(actions.not_mine)),
    "assign": Verb(revisions.AssignAction, _dayless(revisions.assign)),
    "revise action": Verb(revisions.ReviseAction, _dayless(revisions.revise)),
    "cancel action": Verb(revisions.CancelAction, _dayless(revisions.cancel)),
    "verify": Verb(revisions.VerifyAction, _dayless(revisions.verify)),
    "review": Verb(reviewing.RecordReview, _review),
    "sign": Verb(reviewing.SignMinutes, _dayless(reviewing.sign)),
    "escalate": Verb(escalations.RaiseEscalation, _dayless(escalations.raise_by_person)),
    "respond": Verb(escalations.RespondEscalation, _dayless(escalations.respond)),
    "conclude": Verb(escalations.ConcludeEscalation, _dayless(escalations.conclude)),
    "split": Verb(splitting.SplitPriority, _split),
}
