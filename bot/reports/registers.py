"""The fifteen registers, each a view of the one account, so that they can never disagree."""

from bot.plan.people import ROLE_NAMES, Role
from bot.reports import register_plan as plan
from bot.reports import register_practice as done
from bot.reports import register_reviews as said
from bot.reports.register_parts import Register

_MANAGER, _DEPUTY = ROLE_NAMES[Role.REGISTERED_MANAGER], ROLE_NAMES[Role.DEPUTY]
_QUALITY, _AUDIT = ROLE_NAMES[Role.QUALITY_LEAD], ROLE_NAMES[Role.AUDIT_LEAD]
_LEADER = ROLE_NAMES[Role.TEAM_LEADER]
_PACK, _APART = True, False

REGISTERS: tuple[Register, ...] = (
    Register(1, "Service improvement plan", _MANAGER, _PACK, plan.IMPROVEMENT_PLAN, plan.improvement_plan),
    Register(2, "Action tracker", _DEPUTY, _PACK, plan.ACTION_TRACKER, plan.action_tracker),
    Register(3, "Staff communication register", _LEADER, _PACK, done.STAFF_COMMUNICATION, done.staff_communication),
    Register(4, "Follow-up assurance review", _QUALITY, _PACK, done.ASSURANCE_REVIEW, done.assurance_review),
    Register(5, "Governance minutes", _MANAGER, _PACK, said.GOVERNANCE_MINUTES, said.governance_minutes),
    Register(6, "Improvement plan evidence summary", _QUALITY, _PACK, plan.EVIDENCE_SUMMARY, plan.evidence_summary),
    Register(7, "Central quality action plan", _MANAGER, _APART, plan.CENTRAL_ACTION_PLAN, plan.central_action_plan),
    Register(8, "Documentation improvement log", _DEPUTY, _PACK, done.DOCUMENTATION_LOG, done.documentation_log),
    Register(9, "Reassessment report", _AUDIT, _PACK, done.REASSESSMENT_REPORT, done.reassessment_report),
    Register(10, "Monthly oversight tracker", _MANAGER, _PACK, said.MONTHLY_OVERSIGHT, said.monthly_oversight),
    Register(11, "Improvement review summary", _MANAGER, _PACK, said.IMPROVEMENT_SUMMARY, said.improvement_summary),
    Register(12, "Review pack", _DEPUTY, _APART, done.REVIEW_PACK, done.review_pack),
    Register(13, "Live action tracker", "Leadership", _PACK, plan.LIVE_ACTION_TRACKER, plan.live_action_tracker),
    Register(14, "Governance preparation note", _QUALITY, _APART, said.PREPARATION_NOTE, said.preparation_note),
    Register(15, "Meeting minutes", _MANAGER, _PACK, said.MEETING_MINUTES, said.meeting_minutes),
)


def register(number: int) -> Register | None:
    """The register of a number from 1 to 15."""
    return next((r for r in REGISTERS if r.number == number), None)
