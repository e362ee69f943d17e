"""What the rules noticed by themselves about one priority, what it rests on, and how each was answered."""

from collections.abc import Iterator
from datetime import date

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.escalations import Escalation, is_waiting
from bot.plan.priorities import Priority
from bot.plan.says import day, listed, unstopped
from bot.plan.warnings import EarlyWarning, stands
from bot.reports.register_parts import day_of
from bot.reports.sentences import Sentence, ended, of

Dated = tuple[date, Sentence]


def noticed(account: Account, priority: Priority) -> list[Dated]:
    """Every early warning of a priority with its day, the newest first; one that nobody answered is unresolved."""
    found = [(day_of(w.written_at, account) or priority.opened_on, w) for w in account.warnings_of(priority)]
    return [(on, _told(account, priority, w, on)) for on, w in sorted(found, key=lambda p: (p[0], p[1].number))[::-1]]


def waiting(account: Account, priority: Priority) -> list[EarlyWarning]:
    """Those that stand without an answer or a response of leadership."""
    return [w for w in account.warnings_of(priority) if stands(w) and not responded(account, priority, w)]


def unanswered(account: Account, priority: Priority) -> Iterator[Sentence]:
    """One sentence that names them, where there are any."""
    found = waiting(account, priority)
    if found:
        many = "1 early warning waits" if len(found) == 1 else f"{len(found)} early warnings wait"
        rules = dict.fromkeys(w.rule for w in found)
        named = listed([f"{rule} ({', '.join(ref(w) for w in found if w.rule is rule)})" for rule in rules])
        words = f"{many} for an answer about {ref(priority)}: {named}."
        yield Sentence(words, of(*found), unresolved=True, about=ref(priority))


def responded(account: Account, priority: Priority, warning: EarlyWarning) -> list[Escalation]:
    """The escalations that were made from a warning: their reason begins with its reference."""
    return [e for e in account.escalations_of(priority) if e.why.startswith(f"{ref(warning)} ")]


def _told(account: Account, priority: Priority, warning: EarlyWarning, on: date) -> Sentence:
    escalations = responded(account, priority, warning)
    head = f"{ref(warning)} {warning.rule}, noticed on {day(on)}: {ended(warning.sentence)}"
    words = " ".join([head, *_answers(account, warning, escalations)])
    rests_on = [r for r in _references(account, warning) if r != ref(priority)]
    refs = (*of(warning), *rests_on, *of(*escalations))
    return Sentence(words, tuple(dict.fromkeys(refs)), stands(warning) and not escalations, about=ref(priority))


def _answers(account: Account, warning: EarlyWarning, escalations: list[Escalation]) -> Iterator[str]:
    """How it was answered: by leadership's response, with a reason, or because what fired it was put right."""
    for escalation in escalations:
        told = "no response yet" if is_waiting(escalation) else str(escalation.response)
        yield f"Called on leadership with {ref(escalation)}: {told}."
    if warning.answered_at:
        on = day_of(warning.answered_at, account)
        by = account.name(warning.answered_by)
        yield f"Answered{f' by {by}' if by else ''}{f' on {day(on)}' if on else ''}: {unstopped(warning.answer)}."
    elif warning.ended_at:
        on = day_of(warning.ended_at, account)
        yield f"Put right by {day(on)}." if on else "Put right."
    elif not escalations:
        yield "Nobody has answered it yet."


def _references(account: Account, warning: EarlyWarning) -> list[str]:
    """The records that fired a warning, by reference; of those that have none (slips, evidence) nothing is said."""
    kinds = (account.priorities, account.signals, account.measures, account.actions, account.entries, account.samples)
    records = [r for kind in (*kinds, account.reviews) for r in kind if r.id in warning.records]
    return [ref(record) for record in records]
