"""Taking over what somebody owned who left."""

from dataclasses import replace

from bot.errors import NotAllowed
from bot.plan import takeover
from bot.plan.takeover import HandOver, left_behind, owned_by
from tests.bot.plan.scene import DEPUTY, MANAGER, QUALITY, TEAM, Scene


def leaves(scene: Scene) -> None:
    with scene.store.transaction() as work:
        scene.owner = work.save(replace(scene.owner, active=False))


def hand_over(scene: Scene, to: str) -> HandOver:
    return HandOver(service_id=scene.service.id, from_id=scene.owner.id, to_id=to)


def test_what_a_leaver_owned_is_named_and_handed_over(scene: Scene) -> None:
    priority = scene.priority(lead_id=scene.owner.id)
    mine, waiting = scene.action(priority), scene.action(priority)
    scene.action(priority, owner_id=scene.people[TEAM].id)
    scene.done(waiting)
    leaves(scene)
    with scene.store.reading() as work:
        ((leaver, owned),) = left_behind(work, scene.service.id)
    assert leaver == scene.owner
    assert {a.number for a in owned.actions} == {1, 2}
    assert owned.priorities == (priority,)
    tess = scene.people[TEAM]
    form = hand_over(scene, tess.id).model_copy(update={"request_id": "take-over"})
    given, left = scene.do(DEPUTY, takeover.hand_over, form)
    assert [a.owner_id for a in given.actions] == [tess.id]
    assert given.priorities == ()
    assert (left.priorities, [a.number for a in left.actions]) == ((priority,), [2])
    assert scene.last(mine).reason == "taken over from Olu Owens"
    assert scene.account().revisions_of(mine)[0].to_owner_id == tess.id
    head = scene.head()
    scene.do(DEPUTY, takeover.hand_over, form)
    assert scene.head() == head, "a repeat changes nothing"
    given, left = scene.do(MANAGER, takeover.hand_over, hand_over(scene, scene.people[MANAGER].id))
    assert given.priorities[0].lead_id == scene.people[MANAGER].id
    assert left.priorities == ()


def test_what_a_hand_over_cannot_be(scene: Scene) -> None:
    tess = scene.people[TEAM].id
    scene.refused(DEPUTY, takeover.hand_over, hand_over(scene, tess), "owns nothing open", field="from_id")
    scene.action(scene.priority())
    scene.refused(DEPUTY, takeover.hand_over, hand_over(scene, scene.owner.id), "owns it already", field="to_id")
    scene.refused(
        QUALITY, takeover.hand_over, hand_over(scene, tess), "hand over what somebody leaves", error=NotAllowed
    )
    gone = scene.add_person("Gone", active=False)
    scene.refused(DEPUTY, takeover.hand_over, hand_over(scene, gone.id), "has left", field="to_id")
    unknown = HandOver(service_id=scene.service.id, from_id="nobody", to_id=tess)
    scene.refused(DEPUTY, takeover.hand_over, unknown, "not known here", field="from_id")
    with scene.store.reading() as work:
        assert not owned_by(work, scene.service.id, tess)
        assert left_behind(work, scene.service.id) == []
