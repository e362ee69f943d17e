"""Asking once who takes over, when somebody who owns actions or leads priorities leaves the workspace."""

from datetime import datetime

from bot.ids import new_id
from bot.plan.people import Person, Role
from bot.plan.services import Service
from bot.plan.takeover import owned_by
from bot.timing.due import To, recipients
from bot.timing.outbox import Delivery, DeliveryKind
from bot.timing.workdays import local_date
from bot.work import Work
from handlers.contexts import Contexts
from handlers.moments import next_moment
from handlers.views import takeovers as views


def ask_who_takes_over(work: Work, leaver: Person, now: datetime) -> int:
    """One question a service to each of its deputies (or who stands in), in their own hours; how many were new."""
    asked = 0
    contexts = Contexts(work, local_date(now, "UTC"))
    for service in work.all(Service, order="name", workspace_id=leaver.workspace_id):
        owned = owned_by(work, service.id, leaver.id)
        if not owned:
            continue
        answer = views.question(leaver, service, owned)
        for deputy in recipients(To(role=Role.DEPUTY, without=leaver.id), contexts.of(service)):
            person = contexts.person(deputy)
            if person is None:
                continue
            question = Delivery(
                id=new_id(now),
                # The version tells one leaving from the next, should they come back in between.
                key=f"left:{service.id}:{leaver.id}:{leaver.version}:{person.id}",
                workspace_id=leaver.workspace_id,
                service_id=service.id,
                kind=DeliveryKind.POST,
                channel=person.slack_id,
                payload={"channel": person.slack_id, "text": answer.text, "blocks": answer.blocks},
                next_at=next_moment(now, person, service),
            )
            asked += work.enqueue(question)
    return asked
