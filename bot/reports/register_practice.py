"""The registers of what was done and what samples showed: briefings, file support, assurance, reassessment, packs."""

from bot.insight.movement import Verdict
from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.entries import Entry, EntryKind
from bot.plan.measures import target_words
from bot.plan.readings import counted, movement_between
from bot.plan.reviews import Review, ReviewKind
from bot.plan.samples import Sample
from bot.reports.register_parts import (
    Filter,
    Row,
    action_then,
    attended_names,
    each,
    evidence_words,
    named,
    reviews_in,
    spoken,
    wall,
    words,
)

STAFF_COMMUNICATION = (
    "Entry",
    "Date",
    "Shift",
    "Action",
    "What was said",
    "Attended",
    "Number attending",
    "Staff response",
    "Barriers",
    "Evidence",
    "Written by",
    "Written",
)


def staff_communication(account: Account, only: Filter) -> list[Row]:
    """Every briefing, by the day and shift on which it was held."""
    return [
        (
            ref(e),
            e.on,
            str(e.shift),
            action_then(account, e),
            e.what,
            attended_names(e),
            e.attended_count,
            e.staff_response,
            e.barriers,
            evidence_words(account, e),
            account.name(e.person_id),
            wall(e.written_at, account),
        )
        for e in _entries(account, only, EntryKind.BRIEFING)
    ]


DOCUMENTATION_LOG = (
    "Entry",
    "Date",
    "Shift",
    "Action",
    "Kind",
    "What was done",
    "Attended",
    "Number attending",
    "Staff response",
    "Barriers",
    "Completion",
    "Evidence",
    "Written by",
    "Written",
)


def documentation_log(account: Account, only: Filter) -> list[Row]:
    """Every session of file support or supervision, and whether its action is completed."""
    rows: list[Row] = []
    for e in _entries(account, only, EntryKind.FILE_SUPPORT, EntryKind.SUPERVISION):
        action = account.action(e.action_id)
        rows.append(
            (
                ref(e),
                e.on,
                str(e.shift),
                action_then(account, e),
                str(e.kind),
                e.what,
                attended_names(e),
                e.attended_count,
                e.staff_response,
                e.barriers,
                words(action.status if action else None),
                evidence_words(account, e),
                account.name(e.person_id),
                wall(e.written_at, account),
            )
        )
    return rows


ASSURANCE_REVIEW = (
    "Sample",
    "Date",
    "Priority",
    "Measure",
    "Lens",
    "What was sampled",
    "Baseline",
    "Result",
    "Against baseline",
    "Target",
    "Target that day",
    "Findings",
    "In their words",
    "Sampled by",
    "Judgement",
    "What the reviewer said",
    "Judged by",
    "Judged",
)


def assurance_review(account: Account, only: Filter) -> list[Row]:
    """Every follow-up sample with what the figures say of it, and the judgement that a person made of it."""
    rows: list[Row] = []
    for sample in sorted(each(account, only, account.samples_of), key=lambda s: (s.on, s.number)):
        measure, baseline = account.measure(sample.measure_id), _baseline(account, sample)
        if sample.baseline or measure is None or not only.has(sample.on):
            continue
        verdict = movement_between(measure, baseline, sample).verdict if baseline else Verdict.NOT_COMPARABLE
        judged = _judgement_of(account, sample)
        rows.append(
            (
                ref(sample),
                sample.on,
                named(account, sample.priority_id),
                f"{ref(measure)} {measure.name}",
                str(measure.lens),
                sample.sampled,
                str(counted(measure, baseline)) if baseline else "none",
                str(counted(measure, sample)),
                str(verdict),
                target_words(measure),
                "missed" if sample.failed else "met" if measure.target is not None else "",
                sample.findings,
                sample.in_their_words,
                account.name(sample.person_id),
                words(judged.judgement) if judged else "not judged yet",
                _said(judged) if judged else "",
                account.name(judged.person_id) if judged else "",
                judged.on if judged else None,
            )
        )
    return rows


REASSESSMENT_REPORT = (
    "Review",
    "Date",
    "Priority",
    "Measure",
    "Lens",
    "Baseline sample",
    "Baseline date",
    "Baseline",
    "Resample",
    "Resample date",
    "Result",
    "Movement",
    "More than chance",
    "How sure",
    "Rule",
    "What improved",
    "What is unresolved",
    "Audit lead",
)


def reassessment_report(account: Account, only: Filter) -> list[Row]:
    """Every resample that an audit lead set against the original baseline."""
    rows: list[Row] = []
    for review in reviews_in(account, only, ReviewKind.REASSESSMENT):
        sample = account.sample(review.sample_id)
        baseline = _baseline(account, sample) if sample else None
        measure = account.measure(sample.measure_id) if sample else None
        if sample is None or baseline is None or measure is None:
            continue
        found = movement_between(measure, baseline, sample)
        rows.append(
            (
                ref(review),
                review.on,
                named(account, review.priority_id),
                f"{ref(measure)} {measure.name}",
                str(measure.lens),
                ref(baseline),
                baseline.on,
                str(counted(measure, baseline)),
                ref(sample),
                sample.on,
                str(counted(measure, sample)),
                str(found.verdict),
                _MORE_THAN_CHANCE[found.verdict],
                f"{found.in_words} {found.advice}".strip(),
                found.rule,
                review.improved,
                review.unresolved,
                account.name(review.person_id),
            )
        )
    return rows


_MORE_THAN_CHANCE = {
    Verdict.IMPROVED: "yes, for the better",
    Verdict.WORSE: "yes, for the worse",
    Verdict.NO_CHANGE: "no",
    Verdict.TOO_FEW: "cannot be told: too few",
    Verdict.NOT_COMPARABLE: "cannot be told: not comparable",
}


REVIEW_PACK = (
    "Review",
    "Date",
    "Priority",
    "Audits",
    "Incidents",
    "Feedback",
    "Practice",
    "Remaining problem",
    "What it says",
    "Gathered by",
)


def review_pack(account: Account, only: Filter) -> list[Row]:
    """Every review pack: the evidence gathered for it as it was then, and the remaining problem."""
    rows: list[Row] = []
    for review in reviews_in(account, only, ReviewKind.PACK):
        gathered = dict(line.split(": ", 1) for line in review.evidence.splitlines() if ": " in line)
        rows.append(
            (
                ref(review),
                review.on,
                named(account, review.priority_id),
                *(gathered.get(title, "") for title in ("Audits", "Incidents", "Feedback", "Practice")),
                words(review.remaining),
                _said(review),
                account.name(review.person_id),
            )
        )
    return rows


def _entries(account: Account, only: Filter, *kinds: EntryKind) -> list[Entry]:
    found = [e for e in each(account, only, account.entries_of) if e.kind in kinds and only.has(e.on)]
    return sorted(found, key=lambda e: (e.on, e.number))


def _baseline(account: Account, sample: Sample) -> Sample | None:
    measure = account.measure(sample.measure_id)
    return next((s for s in account.samples_of(measure) if s.baseline), None) if measure else None


def _judgement_of(account: Account, sample: Sample) -> Review | None:
    """The first assurance review that was written after the sample and could know it."""
    priorities = [account.priority(sample.priority_id)]
    measure = account.measure(sample.measure_id)
    if measure and measure.priority_id != sample.priority_id:
        priorities.append(account.priority(measure.priority_id))
    reviews = [r for p in priorities if p for r in account.reviews_of(p) if r.kind is ReviewKind.ASSURANCE]
    after = [r for r in reviews if r.written_at >= sample.written_at]
    return min(after, key=lambda r: r.written_at, default=None)


def _said(review: Review) -> str:
    """What a review said was better and what was not."""
    return spoken(("Improved", review.improved), ("Unresolved", review.unresolved), ("Why", review.why))
