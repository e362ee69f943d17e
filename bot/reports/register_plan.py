"""The registers of what is planned: the plan itself, its evidence, its actions and what was changed about them."""

from datetime import date
from itertools import chain

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.actions import Action, ActionStatus
from bot.plan.findings import Finding, is_answered, is_finding
from bot.plan.priorities import Priority, PriorityStatus, is_live
from bot.plan.readings import counted
from bot.plan.samples import Sample
from bot.plan.says import day, refs, unstopped
from bot.plan.signals import Signal
from bot.reports.register_parts import Filter, Row, chosen, day_of, each, named, words
from bot.timing.plan_cadence import CHECK_ANSWERED_WITHIN, check_day

IMPROVEMENT_PLAN = (
    "Priority",
    "Title",
    "Issue",
    "Evidence base",
    "Rationale",
    "Affected areas",
    "Risk",
    "Quality statement",
    "Status",
    "Lead",
    "Opened",
    "Target date",
    "Closed",
    "Came from, went to",
)


def improvement_plan(account: Account, only: Filter) -> list[Row]:
    """Every priority that was live between the dates."""

    def evidence(priority: Priority) -> str:
        linked = account.signals_of(priority)
        return f"{priority.evidence_base} ({refs(linked)})" if linked else priority.evidence_base

    return [
        (
            ref(p),
            p.title,
            p.problem_statement,
            evidence(p),
            p.rationale,
            p.affected_areas,
            str(p.risk),
            p.quality_statement,
            str(p.status),
            account.name(p.lead_id),
            p.opened_on,
            p.target_on,
            p.closed_on,
            _origin(account, p),
        )
        for p in chosen(account, only)
        if (only.until is None or p.opened_on <= only.until)
        and (only.since is None or p.closed_on is None or p.closed_on >= only.since)
    ]


ACTION_TRACKER = (
    "Action",
    "Priority",
    "What will be done",
    "Owner",
    "Due",
    "First due",
    "How we check it",
    "Review points",
    "Status",
    "Strength",
    "Done",
    "Verified",
    "Verified by",
    "What the check found",
    "Slips",
    "Why it slipped",
)


def action_tracker(account: Account, only: Filter) -> list[Row]:
    """Every action by number, dated by its due date."""
    rows: list[Row] = []
    for action in _actions(account, only):
        slips = account.slips_of(action)
        rows.append(
            (
                ref(action),
                named(account, action.priority_id),
                action.what,
                account.name(action.owner_id),
                action.due_on,
                slips[0].from_on if slips else action.due_on,
                action.check,
                _review_points(account, action),
                str(action.status),
                words(action.strength),
                day_of(action.done_at, account),
                day_of(action.verified_at, account),
                account.name(action.verified_by),
                action.verification or action.cancelled_reason,
                len(slips),
                "; ".join(f"{day(s.from_on)} to {day(s.to_on)}: {unstopped(s.reason)}" for s in slips),
            )
        )
    return rows


EVIDENCE_SUMMARY = (
    "Record",
    "Date",
    "Source",
    "Theme",
    "Weakness",
    "Priority",
    "Affected areas",
    "Risk",
    "Reference",
    "Recorded by",
    "Answer",
)


def evidence_summary(account: Account, only: Filter) -> list[Row]:
    """Every weakness that a signal named or a sample found; signals that belong to no priority yet stand last."""
    linked = each(account, only, account.signals_of)
    loose = [s for s in account.signals if s.priority_id is None and not s.withdrawn_at and only.has_theme(s.theme)]
    signals = [*linked, *(loose if only.among is None else ())]
    samples = [s for s in each(account, only, account.samples_of) if s.findings or s.failed]
    rows = [_weakness(account, record) for record in chain(signals, samples) if only.has(record.on)]
    return sorted(rows, key=lambda row: (row[5] == "", row[1] or date.min, str(row[0])))


CENTRAL_ACTION_PLAN = (
    "Action",
    "Priority",
    "Theme",
    "Risk",
    "Intervention",
    "Strength",
    "Owner",
    "Due",
    "Status",
    "Next review",
)


def central_action_plan(account: Account, only: Filter) -> list[Row]:
    """The interventions that were chosen and not given up, across priorities, with the next day on which each is
    reviewed."""
    rows: list[Row] = []
    for action in _actions(account, only):
        priority = account.priority(action.priority_id)
        if priority is None or action.status is ActionStatus.CANCELLED:
            continue
        rows.append(
            (
                ref(action),
                named(account, priority.id),
                priority.theme,
                str(priority.risk),
                action.what,
                words(action.strength),
                account.name(action.owner_id),
                action.due_on,
                str(action.status),
                _next_review(account, action, priority),
            )
        )
    return rows


LIVE_ACTION_TRACKER = (
    "Action",
    "Priority",
    "What changed",
    "From",
    "To",
    "Why",
    "Changed by",
    "Date",
)


def live_action_tracker(account: Account, only: Filter) -> list[Row]:
    """One row for each thing about an action that was changed: its words, its check, its owner, its date."""
    rows: list[Row] = []
    for action in each(account, only, account.actions_of):
        head = (ref(action), named(account, action.priority_id))
        for r in account.revisions_of(action):
            by = (r.reason, account.name(r.person_id), day_of(r.written_at, account))
            if r.from_what != r.to_what:
                rows.append((*head, "what will be done", r.from_what, r.to_what, *by))
            if r.from_check != r.to_check:
                rows.append((*head, "how we check it", r.from_check, r.to_check, *by))
            if r.to_owner_id:
                rows.append((*head, "owner", account.name(r.from_owner_id), account.name(r.to_owner_id), *by))
        for s in account.slips_of(action):
            by = (s.reason, account.name(s.person_id), day_of(s.written_at, account))
            rows.append((*head, "due date", day(s.from_on), day(s.to_on), *by))
    dated = [(row[-1], row) for row in rows if isinstance(row[-1], date) and only.has(row[-1])]
    return [row for _, row in sorted(dated, key=lambda pair: pair[0])]


def _actions(account: Account, only: Filter) -> list[Action]:
    found = [a for a in each(account, only, account.actions_of) if only.has(a.due_on)]
    return sorted(found, key=lambda a: a.number)


def _origin(account: Account, priority: Priority) -> str:
    """What a split or a reopening made a priority from, and what it went on as."""
    origin, children = account.origin_of(priority), account.children_of(priority)
    came = f"{'split' if priority.split_from else 'reopened'} from {ref(origin)}" if origin else ""
    went = f"{'split into' if any(c.split_from for c in children) else 'reopened as'} {refs(children)}"
    return "; ".join(words for words in (came, went if children else "") if words)


def _review_points(account: Account, action: Action) -> str:
    priority = account.priority(action.priority_id)
    points = [m for m in account.milestones_of(priority) if m.action_id == action.id] if priority else []
    return "; ".join(f"{day(m.on)}{' (sampled)' if m.sample_id else ''}" for m in points)


def _next_review(account: Account, action: Action, priority: Priority) -> date | None:
    """The next review point of the action or its priority, else the day that the newest review promised; after closure
    the next look at whether it lasts."""
    points = [m.on for m in account.milestones_of(priority) if not m.sample_id and m.action_id in (None, action.id)]
    if points:
        return min(points)
    if not is_live(priority):
        return _durability_check(account, priority)
    promised = [r.next_review_on for r in account.reviews_of(priority) if r.next_review_on]
    return promised[-1] if promised else None


def _durability_check(account: Account, priority: Priority) -> date | None:
    """The first check after closure that no sample has answered yet; none once it is reopened."""
    if priority.status is not PriorityStatus.CLOSED or priority.closed_on is None:
        return None
    months = account.service.cadence.post_closure_months
    checks = [check_day(priority.closed_on, each, account.service) for each in months]
    sampled = max((s.on for s in account.samples_of(priority) if s.on > priority.closed_on), default=date.min)
    return next((day for day in checks if sampled < day - CHECK_ANSWERED_WITHIN), None)


def _weakness(account: Account, record: Signal | Sample) -> Row:
    priority = account.priority(record.priority_id)
    if isinstance(record, Signal):
        source, theme, said, reference = str(record.source), record.theme, record.summary, record.reference
    else:
        measure = account.measure(record.measure_id)
        result = f"{measure.name}: {counted(measure, record)}" if measure else ""
        source, theme, reference = "sample", priority.theme if priority else "", record.sampled
        said = f"{record.findings} ({result})" if record.findings else result
    return (
        ref(record),
        record.on,
        source,
        theme,
        said,
        named(account, record.priority_id),
        priority.affected_areas if priority else "",
        str(priority.risk) if priority else "",
        reference,
        account.name(record.person_id),
        _answer(account, record),
    )


def _answer(account: Account, record: Finding) -> str:
    """How a finding stands; empty for what is none."""
    if not is_finding(record):
        return ""
    action = account.action(record.answered_by)
    if not is_answered(record, action):
        return "open: no action answers it yet"
    return f"answered by {ref(action)}" if action else f"no action needed: {record.answered_reason}"
