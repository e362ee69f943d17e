"""Drawn charts for pages that take no chart of Slack's own: which are made already, and which the outbox is to make.

A picture is one delivery of the outbox, by a key with the digest of what it shows; Slack's id of the file is in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.ids import new_id
from bot.plan.access import holders
from bot.plan.account import Account
from bot.plan.people import Person, Role
from bot.reports.pictures import Chart, charts_of
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState
from bot.work import Work
from handlers.desk import Call, Desk
from handlers.slack_errors import Fate, judge
from handlers.views.parts import Block

AGAIN = timedelta(days=1)  # a file that Slack refuses is made anew, once a day at most


def ready(work: Work, accounts: Iterable[Account]) -> dict[str, Block]:
    """The pictures that Slack holds, by the id of their measure; those not made yet are not among them."""
    wanted = {_key(chart): chart.measure.id for account in accounts for chart in charts_of(account)}
    found = work.all(Delivery, key=list(wanted), state=DeliveryState.SENT) if wanted else []
    return {wanted[each.key]: _image(each) for each in found}


def _image(made: Delivery) -> Block:
    """A picture as a block, with the words for whoever does not see it; its id names the delivery."""
    payload = made.payload
    return {
        "type": "image",
        "block_id": made.key,
        "slack_file": {"id": payload["file_id"]},
        "alt_text": payload["alt"],
    }


def missing(work: Work, account: Account, now: datetime) -> list[Delivery]:
    """What the outbox is to draw: the charts of a service that has none yet, once anybody there has opened Home."""
    if not watchers(work, account):
        return []
    charts = {_key(chart): chart for chart in charts_of(account)}
    known = {each.key for each in work.all(Delivery, key=list(charts))} if charts else set()
    return [_order(account, chart, key, now) for key, chart in charts.items() if key not in known]


def order(desk: Desk, undrawn: Sequence[Delivery]) -> None:
    """Leave to the outbox what is to be drawn."""
    if undrawn:
        with desk.store.transaction() as work:
            for each in undrawn:
                work.enqueue(each)


def watchers(work: Work, account: Account) -> list[Person]:
    """The people of a service who have opened Home."""
    return [p for p in holders(work, account.service, list(Role)) if p.active and p.seen_home_at is not None]


def _order(account: Account, chart: Chart, key: str, now: datetime) -> Delivery:
    return Delivery(
        id=new_id(now),
        key=key,
        workspace_id=account.service.workspace_id,
        service_id=account.service.id,
        kind=DeliveryKind.PICTURE,
        payload={"measure": chart.measure.id, "digest": chart.digest},
        next_at=now,
    )


def _key(chart: Chart) -> str:
    return f"picture:{chart.measure.id}:{chart.digest}"


def open_with(call: Call, drawn: Sequence[Block], view_of: Callable[[Sequence[Block]], dict[str, Any]]) -> None:
    """Open a window with pictures; where Slack refuses them the same without."""
    try:
        call.open(view_of(drawn))
    except SlackApiError as error:
        if not (drawn and refused(error)):
            raise
        call.open(view_of(()))


def shown_in(view: Mapping[str, Any]) -> list[Block]:
    """The pictures that a window shows, for the same window drawn again."""
    return [block for block in view.get("blocks", ()) if block.get("type") == "image"]


def refused(error: Exception) -> bool:
    """Whether Slack refused a view for what stands in it, as it does where a picture's file is gone."""
    if not isinstance(error, SlackApiError):
        return False
    verdict = judge(error)
    return verdict is not None and (verdict.fate is Fate.BLOCKS or verdict.error == "invalid_arguments")


def without(view: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same view without pictures; None where it has none."""
    kept = [block for block in view["blocks"] if block.get("type") != "image"]
    return {**view, "blocks": kept} if len(kept) < len(view["blocks"]) else None


def make_anew(work: Work, view: Mapping[str, Any], now: datetime) -> None:
    """Have the pictures of a refused view made again, unless they were made within a day."""
    keys = [block["block_id"] for block in shown_in(view)]
    for each in work.all(Delivery, key=keys, state=DeliveryState.SENT):
        if each.sent_at is None or now - each.sent_at > AGAIN:
            payload = {name: value for name, value in each.payload.items() if name in ("measure", "digest")}
            work.save(replace(each, state=DeliveryState.WAITING, payload=payload, next_at=now, attempts=0))
