"""Escalations: raised by a person, a rule or a review; answered by those called on; concluded with an outcome."""

from bot.errors import NotAllowed
from bot.plan import escalations
from bot.plan.escalations import ConcludeEscalation, Escalation, RaiseEscalation, RespondEscalation, Response
from bot.plan.people import Role
from tests.bot.plan.scene import DEPUTY, MANAGER, PROVIDER, QUALITY, TEAM, Scene


def test_an_escalation_is_raised_answered_and_concluded(scene: Scene) -> None:
    priority = scene.priority()
    up = RaiseEscalation(priority="P1", why="Three months without movement.")
    raised = scene.repeats(MANAGER, escalations.raise_by_person, up)
    assert (raised.number, raised.to, raised.rule) == (1, Role.PROVIDER_OVERSIGHT, "")
    assert scene.account().escalations_of(priority) == (raised,)
    early = ConcludeEscalation(escalation="L1", outcome="Done.")
    scene.refused(MANAGER, escalations.conclude, early, "has no response yet")
    answer = RespondEscalation(escalation="L1", response=Response.CHALLENGE, how="Visit on Friday.")
    scene.refused(
        MANAGER, escalations.respond, answer, "L1 went to Provider oversight.*Ask Piers Holt", error=NotAllowed
    )
    answered = scene.repeats(PROVIDER, escalations.respond, answer)
    assert (answered.response, answered.how, answered.responded_by) == (
        Response.CHALLENGE,
        "Visit on Friday.",
        scene.people[PROVIDER].id,
    )
    scene.refused(PROVIDER, escalations.respond, answer, "has that response already", field="response")
    over = scene.repeats(MANAGER, escalations.conclude, ConcludeEscalation(escalation="L1", outcome="New induction."))
    assert (over.outcome, over.outcome_at) == ("New induction.", scene.now)
    scene.refused(MANAGER, escalations.conclude, early, "is concluded already")
    wider = RespondEscalation(escalation="L1", response=Response.SAMPLE_WIDER)
    scene.refused(PROVIDER, escalations.respond, wider, "is concluded: New induction.")
    assert [e.verb for e in scene.events(raised.id)] == [
        "raise escalation",
        "respond to escalation",
        "conclude escalation",
    ]


def test_who_may_escalate_and_to_whom(scene: Scene) -> None:
    scene.priority()
    up = RaiseEscalation(priority="P1", why="x")
    for who in (TEAM, DEPUTY, QUALITY):
        scene.refused(who, escalations.raise_by_person, up, "may escalate", error=NotAllowed)
    aside = RaiseEscalation(priority="P1", why="x", to=Role.DEPUTY)
    scene.refused(MANAGER, escalations.raise_by_person, aside, "Escalate to the Registered Manager", field="to")
    down = RaiseEscalation(priority="P1", why="Bring a plan.", to=Role.REGISTERED_MANAGER)
    scene.do(PROVIDER, escalations.raise_by_person, down)
    answer = RespondEscalation(escalation="L1", response=Response.TIGHTEN)
    assert scene.do(MANAGER, escalations.respond, answer).response is Response.TIGHTEN


def test_a_rule_escalates_once_while_nobody_has_answered(scene: Scene) -> None:
    priority = scene.priority()

    def fire(why: str) -> Escalation:
        with scene.store.transaction() as work:
            return escalations.raise_by_rule(
                work, priority, "repeated slippage", why, Role.REGISTERED_MANAGER, scene.now
            )

    first = fire("A1 moved twice.")
    assert first.person_id is None
    assert scene.last(first).person_id is None
    assert fire("A1 moved three times.") == first
    scene.do(MANAGER, escalations.respond, RespondEscalation(escalation="L1", response=Response.TIGHTEN))
    assert fire("A1 moved four times.").number == 2
