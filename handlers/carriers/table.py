"""What the outbox carries: one line for each kind of delivery."""

from bot.timing.outbox import Delivery, DeliveryKind
from handlers.carriers import (
    digest,
    evidence,
    imports,
    morning,
    pages,
    people,
    pictures,
    posts,
    status,
    uploads,
    warnings,
    workbooks,
)
from handlers.carriers.outcome import Carrier


def _to_person(delivery: Delivery) -> str:
    return delivery.person_id or ""


def _to_channel(delivery: Delivery) -> str:
    return delivery.channel or ""


# In the order in which they are taken: what somebody waits for goes before what nobody knows of yet.
CARRIERS: dict[DeliveryKind, Carrier] = {
    DeliveryKind.POST: Carrier(
        posts.post, method="chat.postMessage", place=posts.place_of, refused=posts.post_refused, again_safe=False
    ),
    DeliveryKind.UPDATE: Carrier(morning.update, method="chat.update"),
    DeliveryKind.FETCH: Carrier(evidence.fetch, refused=evidence.fetch_refused),
    # Tried again it finds what was shared before; a document that fails three times will not come right by itself.
    DeliveryKind.UPLOAD: Carrier(
        uploads.upload, method="files.completeUploadExternal", refused=uploads.upload_refused, tries=3
    ),
    DeliveryKind.PICTURE: Carrier(pictures.draw, method="files.completeUploadExternal", tries=3),
    DeliveryKind.WORKBOOK: Carrier(
        workbooks.make, method="files.completeUploadExternal", refused=workbooks.refused, tries=3
    ),
    DeliveryKind.IMPORT: Carrier(imports.bring_in, refused=imports.refused),
    DeliveryKind.HOME: Carrier(pages.home, method="views.publish", tries=4),
    DeliveryKind.PROFILE: Carrier(people.profile, method="users.info"),
    DeliveryKind.GROUP: Carrier(people.members, method="usergroups.users.list"),
    DeliveryKind.MORNING: Carrier(
        morning.deliver,
        method="chat.postMessage",
        place=_to_person,
        refused=morning.refused,
        tries=60,  # a day of an outage; in the evening it joins the next morning
        again_safe=False,
    ),
    DeliveryKind.DIGEST: Carrier(
        digest.deliver, method="chat.postMessage", place=_to_channel, refused=digest.refused, again_safe=False
    ),
    DeliveryKind.STATUS: Carrier(
        status.deliver, method="chat.postMessage", place=_to_channel, refused=status.refused, again_safe=False
    ),
    DeliveryKind.WARNING: Carrier(warnings.deliver, method="chat.postMessage", place=_to_person, again_safe=False),
}
