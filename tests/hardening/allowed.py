"""Who may cause which line of the journal, by the table of roles; a line that is not here is allowed to nobody."""

from bot.plan.people import RIGHTS, Right, Role
from tests.handlers.conftest import PEOPLE

ADMINS = {"ruth"}
OWNERS = {
    "amara": {Right.LOG, Right.UPDATE},
    "beatriz": {Right.LOG, Right.UPDATE},
    "willow": set(Right),
    "far": set(Right),
}
LINES: dict[Right, tuple[str, ...]] = {
    Right.READ: ("acknowledge",),
    Right.LOG: ("log", "attach evidence", "start action", "add evidence", "amend", "withdraw"),
    Right.SIGNAL: ("log signal", "correct signal", "withdraw signal"),
    Right.UPDATE: ("mark done", "take back done", "more time", "not mine", "snooze", "record slip"),
    Right.PLAN: (
        *("create action", "assign action", "revise action", "narrow action", "cancel action", "resume action"),
        *("add milestone", "move milestone", "cancel milestone", "record revision"),
    ),
    Right.HAND_OVER: ("take over",),
    Right.SAMPLE: ("record sample", "correct sample", "withdraw sample", "answer milestone", "reopen milestone"),
    Right.VERIFY: ("verify action", "return action"),
    Right.EVIDENCE: ("link signal", "unlink signal", "answer finding"),
    Right.MEASURE: ("define measure", "change measure", "rebase measure", "record revision"),
    Right.PRIORITY: (
        *("open priority", "revise priority", "change risk", "extend priority", "change priority", "revise target"),
        *("close priority", "reopen priority", "split priority", "move action", "move measure", "move signal"),
        *("start clock", "meet clock", "record revision"),
    ),
    Right.DECIDE: (
        "record monthly review",
        "record governance review",
        "record long-running review",
        "correct review",
        "keep open",
        "partially improved",
        "ready to close",
        "extend",
    ),
    Right.SIGN: ("sign minutes",),
    Right.OVERSEE: ("record quarterly provider review", "correct review", "give role", "end role"),
    Right.ASSURE: ("record assurance review", "correct review"),
    Right.REASSESS: ("record reassessment review", "correct review"),
    Right.GATHER: ("record review pack review", "correct review"),
    Right.PREPARE: ("record governance preparation review", "correct review"),
    Right.ESCALATE: ("raise escalation", "respond to escalation", "conclude escalation"),
    Right.ANSWER: ("answer warning",),
    Right.SETUP: ("give role", "end role", "change service", "set up service"),
}
# What whoever saves a form or words leaves beside it: that they looked twice and meant it.
BESIDE = ("keep personal data", "save as worded")


def may_cause(who: str, verb: str, *, owner: bool = False) -> bool:
    """Whether somebody of Oak House may cause such a line; whoever writes a thing may also put it right.

    `owner`: an action was given to them since."""
    if verb in BESIDE:
        return True
    needed = {right for right, lines in LINES.items() if verb in lines}
    if (owner and Right.UPDATE in needed) or needed & OWNERS.get(who, set()):
        return True
    role: Role | None = PEOPLE[who][2] if who in PEOPLE else None
    return any(role in RIGHTS[right] for right in needed)
