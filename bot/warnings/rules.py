"""The early-warning rules in plain sight: each with who hears of it and which responses fit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.plan.account import Account
from bot.plan.escalations import Response
from bot.plan.people import Role
from bot.timing.workdays import local_date
from bot.warnings import effort_rules, outcome_rules, plan_rules
from bot.warnings.fired import Fired, Rule, Step

Look = Callable[[Account, date], Iterable[Fired]]
Fitting = Response | Step


@dataclass(frozen=True)
class Watched:
    """One rule: its look at an account on a local day, who hears of what it finds beside the owner (of the action, or
    else the lead of the priority), and the responses that fit, the first one first."""

    rule: Rule
    look: Look
    hears: tuple[Role, ...]
    responses: tuple[Fitting, ...]


_DEPUTY, _QUALITY, _MANAGER = Role.DEPUTY, Role.QUALITY_LEAD, Role.REGISTERED_MANAGER

RULES: tuple[Watched, ...] = (
    Watched(
        Rule.REPEATED_SIGNALS,
        outcome_rules.repeated_signals,
        (_QUALITY, _MANAGER),
        (Step.ACTION, Response.TIGHTEN, Response.DEEPER, Response.OBSERVE),
    ),
    Watched(
        Rule.WEAK_EVIDENCE,
        effort_rules.weak_completion_evidence,
        (_QUALITY,),
        (Step.EVIDENCE, Step.VERIFY),
    ),
    Watched(
        Rule.NO_CHANGE,
        outcome_rules.no_measurable_change,
        (_QUALITY, _MANAGER),
        (Step.ASSURE, Response.TIGHTEN, Response.SAMPLE_WIDER, Response.EXTEND),
    ),
    Watched(
        Rule.DRIFT,
        outcome_rules.drift,
        (_QUALITY, _MANAGER),
        (Step.REVIEW, Response.TIGHTEN, Response.SUPERVISE, Response.EXTEND),
    ),
    Watched(
        Rule.RECURRENCE,
        outcome_rules.recurrence,
        (_QUALITY, _MANAGER),
        (Step.REOPEN, Step.SAMPLE),
    ),
    Watched(
        Rule.MISMATCH,
        outcome_rules.mismatch,
        (_QUALITY, _MANAGER),
        (Response.OBSERVE, Response.DEEPER, Step.REVIEW),
    ),
    Watched(
        Rule.SLIPPAGE,
        effort_rules.repeated_slippage,
        (_DEPUTY, _MANAGER),
        (Response.TIGHTEN, Response.CHALLENGE, Step.ASSIGN),
    ),
    Watched(
        Rule.UNCHANGED,
        effort_rules.unchanged_evidence,
        (_QUALITY, _MANAGER),
        (Response.OBSERVE, Response.TIGHTEN, Step.SAMPLE),
    ),
    Watched(
        Rule.EFFORT,
        effort_rules.effort_not_outcome,
        (_QUALITY, _MANAGER),
        (Step.SAMPLE, Response.SAMPLE_WIDER),
    ),
    Watched(
        Rule.STALE,
        effort_rules.stale_plan,
        (_MANAGER,),
        (Step.REVIEW, Response.TIGHTEN, Response.REVISE_TARGET, Response.SPLIT),
    ),
    Watched(Rule.VAGUE, plan_rules.vague_wording, (_DEPUTY, _QUALITY), (Step.REVISE, Step.PRIORITY)),
    Watched(Rule.OVERLOADED, plan_rules.overloaded_owner, (_DEPUTY, _MANAGER), (Step.ASSIGN,)),
    Watched(Rule.UNOWNED, plan_rules.unowned, (_DEPUTY, _MANAGER), (Step.ASSIGN,)),
)

BY_RULE: dict[Rule, Watched] = {watched.rule: watched for watched in RULES}


def look(account: Account, now: datetime) -> list[Fired]:
    """Everything that the rules find in the account at an instant, in the order of RULES."""
    today = local_date(now, account.service.zone)
    return [found for watched in RULES for found in watched.look(account, today)]
