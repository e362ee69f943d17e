"""What the file of a demonstration workspace says: its people, their roles, and its channels."""

from pathlib import Path

from pydantic import BaseModel, ValidationError

from bot.errors import BadInput
from bot.plan.people import Role


class RoleIn(BaseModel):
    """One role in the service of a channel (its Slack id)."""

    channel: str
    role: Role


class Member(BaseModel):
    """Somebody of the workspace; `name` is what the stories call them."""

    id: str
    name: str
    real_name: str
    is_admin: bool = False
    roles: tuple[RoleIn, ...] = ()


class Channel(BaseModel):
    """A channel, by its Slack id and the name that the stories use for it."""

    id: str
    name: str


class Workspace(BaseModel):
    """One workspace of the file."""

    id: str
    name: str
    people: tuple[Member, ...]
    channels: tuple[Channel, ...]


class World(BaseModel):
    """The whole file; the history is played in its first workspace."""

    workspaces: tuple[Workspace, ...]


def read_world(file: Path) -> Workspace:
    """The first workspace of a JSON file. Raises BadInput with a sentence where it cannot be read."""
    try:
        world = World.model_validate_json(file.read_bytes())
    except OSError as error:
        raise BadInput(
            f"{file} cannot be read: {error.strerror}. Give the path of playground/meadow_care.json."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{file} does not describe a workspace: {where or 'the file'}: {first['msg']}.") from error
    if not world.workspaces:
        raise BadInput(f"{file} names no workspace. Give the path of playground/meadow_care.json.")
    return world.workspaces[0]
