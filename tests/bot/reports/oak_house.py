"""Oak House in November: one small story in which every register gets something to show."""

from datetime import date, timedelta

from bot.plan import actions, findings, measures, reviewing, revisions
from bot.plan.actions import MoreTime, Strength
from bot.plan.entries import EntryKind
from bot.plan.escalations import RaiseEscalation, RespondEscalation, Response, raise_by_person, respond
from bot.plan.findings import AnswerFinding
from bot.plan.measures import Lens, RetargetMeasure
from bot.plan.milestones import AddMilestone
from bot.plan.milestones import add as add_milestone
from bot.plan.people import Role
from bot.plan.reviewing import RecordReview, SignMinutes
from bot.plan.reviews import ReviewKind
from bot.plan.revisions import ReviseAction
from bot.plan.services import Shift
from bot.plan.signals import Source
from bot.reports.register_parts import Filter, Row
from bot.reports.registers import register
from tests.bot.plan.scene import AUDIT, DEPUTY, MANAGER, PROVIDER, QUALITY, Scene

P1 = "P1 Handovers"
NOV_2, NOV_9, NOV_16, NOV_23 = (date(2026, 11, day) for day in (2, 9, 16, 23))
MOVED = (
    "M1 Handovers complete (record): 9 of 20 then, 17 of 20 now: more than chance. The true change probably lies "
    "between 10 points better and 62 points better. Target: 17 of 20 against at least 90 %: not met."
)
NO_FAMILY = "M2 Families told (experience): baseline 3 of 10 on 2 November 2026; no follow-up yet."
ALL = Filter()


def rows(scene: Scene, number: int, only: Filter = ALL) -> list[Row]:
    """The rows of a register as it stands."""
    found = register(number)
    assert found is not None
    return found.rows(scene.account(), only)


def review(scene: Scene, who: Role, kind: ReviewKind, **facts: object) -> None:
    """A review of P1."""
    form = RecordReview.model_validate({"priority": "P1", "kind": kind} | facts)
    scene.do(who, reviewing.record, form)


def tell(scene: Scene) -> Scene:
    """Three weeks of November at Oak House: from a complaint to a partly improved priority."""
    priority = scene.priority(affected_areas="Willow unit", target_on=date(2027, 2, 1))
    scene.signal(priority="P1", reference="C-14")
    scene.signal(priority="P1", source=Source.AUDIT, summary="11 of 20 sheets had gaps.")
    scene.signal(theme="medicines", summary="Cream not signed for.")
    record = scene.measure(priority, target="80")
    families = scene.measure(priority, name="Families told", lens=Lens.EXPERIENCE, target="")
    scene.sample(record, 9, 20, baseline=True, sampled="Night sheets", findings="Pain relief left out.")
    scene.sample(families, 3, 10, baseline=True, in_their_words="Nobody rang.")
    sheet = scene.action(priority, strength=Strength.INTERMEDIATE)
    scene.action(priority, what="Remind all staff.", check="A list is signed.", due_on=NOV_9)
    scene.do(DEPUTY, add_milestone, AddMilestone(of="A1", on=NOV_16))
    scene.do(DEPUTY, findings.answer, AnswerFinding(finding="S2", action="A1"))

    scene.wait(7)
    scene.entry(
        sheet,
        kind=EntryKind.BRIEFING,
        on=NOV_9 - timedelta(days=1),
        shift=Shift.NIGHT,
        attended_count=6,
        staff_response="Asked for larger print.",
        message="We briefed nights.",
        link="https://example.com/m1",
    )
    scene.entry(sheet, kind=EntryKind.SUPERVISION, what="Sat with P. K. over two files.", attended="P. K.")
    scene.entry(sheet, what="Printed 50 sheets.")
    later = MoreTime(action="A2", due_on=NOV_23, reason="Printer broke.")
    scene.do(scene.owner, actions.more_time, later)
    revise = ReviseAction(action="A2", reason="Cannot be checked.", what="Pair each agency nurse with a night lead.")
    scene.do(DEPUTY, revisions.revise, revise)

    scene.wait(7)
    scene.verified(sheet)
    point = scene.account().milestones[0]
    scene.now += timedelta(hours=1)
    scene.do(MANAGER, measures.retarget, RetargetMeasure(measure="M1", target="90", reason="The audit asks it."))
    scene.sample(record, 17, 20, who=AUDIT, milestone=point.id, sampled="Night sheets")
    review(scene, QUALITY, ReviewKind.ASSURANCE, judgement="partly improved", improved="Sheets.", unresolved="Nights.")
    review(scene, AUDIT, ReviewKind.REASSESSMENT, sample="X3", improved="Sheets are whole.")
    review(scene, DEPUTY, ReviewKind.PACK, remaining="smaller", why="Days are whole.")
    review(scene, QUALITY, ReviewKind.PREPARATION, specific="A2 names the pair.", monitoring="10 sheets a week.")
    review(
        scene,
        MANAGER,
        ReviewKind.MONTHLY,
        period="2026-10",
        improved="Nights read the sheet aloud.",
        decision="partially improved",
        remaining="smaller",
        next_steps="Watch agency nights.",
        next_review_on=date(2026, 12, 1),
    )
    review(
        scene,
        MANAGER,
        ReviewKind.GOVERNANCE,
        present="R. Diaz, P. Holt",
        decision="partially improved",
        improved="Sheets.",
        challenge="What of weekends?",
        agreement="Sample weekends.",
    )
    scene.do(MANAGER, reviewing.sign, SignMinutes(review="R6"))
    review(
        scene,
        MANAGER,
        ReviewKind.LONG_RUNNING,
        period="2026-10",
        improved="Days.",
        unresolved="Nights.",
        why="Agency staff.",
        decision="keep open",
    )
    scene.do(MANAGER, raise_by_person, RaiseEscalation(priority="P1", why="Agency use."))
    scene.do(PROVIDER, respond, RespondEscalation(escalation="L1", response=Response.SUPERVISE, how="Weekly visit."))
    return scene
