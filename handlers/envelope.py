"""The shape of what Slack sends, looked at before anything reads it: what has another shape comes from somebody else.

Only the fields that Bolt and the listeners read are named; whatever else there is may be as it is."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

LATEST = 1e11  # seconds since 1970 (the year 5138); Python knows no year beyond 9999
Words = str | None
Several = list[str] | None


class Ref(BaseModel):
    """A workspace, an organisation or a conversation."""

    id: Words = None
    domain: Words = None


class User(BaseModel):
    """A person; Slack's own object of one."""

    id: str
    name: Words = None
    real_name: Words = None
    tz: Words = None
    team_id: Words = None
    deleted: bool | None = None
    profile: dict[str, Any] | None = None


class Option(BaseModel):
    value: Words = None


class File(BaseModel):
    id: str
    name: Words = None
    mimetype: Words = None
    size: int | None = None
    url_private: Words = None
    url_private_download: Words = None


class Element(BaseModel):
    """An input's state."""

    type: Words = None
    value: Words = None
    selected_option: Option | None = None
    selected_options: list[Option] | None = None
    selected_date: Words = None
    selected_time: Words = None
    selected_user: Words = None
    selected_users: Several = None
    selected_conversation: Words = None
    selected_channel: Words = None
    files: list[File] | None = None


class State(BaseModel):
    values: dict[str, dict[str, Element]] = {}


class Block(BaseModel):
    type: str
    block_id: Words = None


class View(BaseModel):
    """A form or Home as the person sees it."""

    id: str
    type: str
    callback_id: Words = None
    hash: Words = None
    private_metadata: Words = None
    app_installed_team_id: Words = None
    blocks: list[Block]
    state: State | None = None


class Action(Element):
    """What was pressed or chosen."""

    action_id: str
    block_id: Words = None
    url: Words = None


class Container(BaseModel):
    message_ts: Words = None
    view_id: Words = None
    channel_id: Words = None
    is_ephemeral: bool | None = None


class Message(BaseModel):
    ts: Words = None
    thread_ts: Words = None
    text: Words = None
    user: Words = None
    files: list[File] | None = None


class Authorization(BaseModel):
    """Where an event is told of."""

    enterprise_id: Words = None
    team_id: Words = None
    user_id: Words = None
    is_enterprise_install: bool | None = None


class Envelope(BaseModel):
    """What every request may say of where it comes from."""

    enterprise: Ref | None = None
    is_enterprise_install: bool | str | None = None
    enterprise_id: Words = None
    team_id: Words = None
    user_id: Words = None
    channel_id: Words = None
    trigger_id: Words = None
    response_url: Annotated[str | None, Field(pattern=r"^(https?://\S+)?$")] = None
    authorizations: list[Authorization] | None = None


class Command(Envelope):
    command: str
    team_id: str
    user_id: str
    trigger_id: str
    text: Words = None


class Interaction(Envelope):
    """A press, a form, a shortcut or a list that asks for its choices."""

    type: str
    user: User
    team: Ref | None = None
    channel: Ref | None = None
    container: Container | None = None
    message: Message | None = None
    view: View | None = None
    state: State | None = None
    callback_id: Words = None


class Press(Interaction):
    trigger_id: str
    actions: Annotated[list[Action], Field(min_length=1)]


class Filled(Interaction):
    view: View


class Suggestion(Interaction):
    action_id: str
    block_id: str


class Shortcut(Interaction):
    callback_id: str
    trigger_id: str


class Told(BaseModel):
    """What every event may say."""

    type: str
    user: User | str | None = None
    channel: Ref | str | None = None
    team: Words = None
    user_team: Words = None
    text: Words = None
    ts: Words = None
    thread_ts: Words = None
    subtype: Words = None
    tab: Words = None
    inviter: Words = None
    bot_id: Words = None
    channel_type: Words = None
    files: list[File] | None = None


class SaidBy(Told):
    user: str


class SaidIn(SaidBy):
    channel: str


class Posted(Told):
    user: Words = None
    channel: str


class Changed(Told):
    user: User


class Group(Told):
    subteam_id: str
    added_users: list[str] = []
    removed_users: list[str] = []


class Revoked(Told):
    tokens: dict[str, list[str]]


class EventCallback(Envelope):
    team_id: str
    event: dict[str, Any]
    event_id: Words = None
    event_time: Annotated[float | None, Field(ge=0, lt=LATEST)] = None


class Notice(Envelope):
    """What Slack says about itself: a challenge, or that it sends no more events for a while."""

    type: str
    challenge: Words = None
    event: None = None


INTERACTIONS: Mapping[str, type[Interaction]] = {
    "block_actions": Press,
    "view_submission": Filled,
    "view_closed": Filled,
    "block_suggestion": Suggestion,
    "shortcut": Shortcut,
    "message_action": Shortcut,
}
EVENTS: Mapping[str, type[Told]] = {
    "app_home_opened": SaidBy,
    "app_mention": SaidIn,
    "message": Posted,
    "user_change": Changed,
    "member_joined_channel": SaidIn,
    "subteam_members_changed": Group,
    "tokens_revoked": Revoked,
}


def shaped(body: Mapping[str, Any]) -> bool:
    """Whether a request has the shape of its kind. A kind that nobody listens to may look as it likes, but for what
    every request says of where it comes from."""
    if "event" in body and not isinstance(body["event"], dict):
        return False  # Bolt reads it as an object, whatever the kind
    try:
        kind = body.get("type")
        if kind is None:
            if "ssl_check" not in body:
                Command.model_validate(body)
        elif kind == "event_callback":
            told = EventCallback.model_validate(body).event
            EVENTS.get(str(told.get("type")), Told).model_validate(told)
        elif isinstance(kind, str) and ("user" in body or kind in INTERACTIONS):
            INTERACTIONS.get(kind, Interaction).model_validate(body)
        else:
            Notice.model_validate(body)
    except ValidationError:
        return False
    return True
