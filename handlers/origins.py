"""Whence a request of Slack comes: the workspace whose records it is about, and whether its sender belongs there."""

from collections.abc import Mapping
from typing import Any

NOT_MEMBERS = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot")


def workspace_of(body: Mapping[str, Any]) -> str:
    """The workspace of a command, click, form or shortcut; "" where Slack does not say.

    A window that was opened from a channel shared with another organisation names where the app is installed. In an
    organisation that installed the app as a whole Slack may leave `team` out, and the window or its user says it."""
    view, user, team = body.get("view") or {}, body.get("user") or {}, body.get("team") or {}
    told = (
        view.get("app_installed_team_id"),
        team.get("id"),
        body.get("team_id"),
        view.get("team_id"),
        user.get("team_id"),
    )
    return next((str(each) for each in told if is_workspace(each)), "")


def workspace_of_event(body: Mapping[str, Any]) -> str:
    """The workspace through which an event reaches the app.

    In shared channels the outer `team_id` may be another organisation's (docs: Events API, authorizations); for an
    organisation that installed the app as a whole the authorization names no workspace, and the context does."""
    told = (_authorization(body).get("team_id"), body.get("context_team_id"), body.get("team_id"))
    return next((str(each) for each in told if is_workspace(each)), "")


def installation_of(body: Mapping[str, Any]) -> str:
    """Whose installation an event is about: the workspace's, or that of the organisation as a whole."""
    whole = _authorization(body).get("is_enterprise_install") or body.get("is_enterprise_install")
    organisation = str(_authorization(body).get("enterprise_id") or body.get("enterprise_id") or "")
    return organisation if whole else workspace_of_event(body) or organisation


def organisation_of(body: Mapping[str, Any]) -> str:
    """The Enterprise organisation of a command, click, form or shortcut, or ""."""
    return str((body.get("enterprise") or {}).get("id") or body.get("enterprise_id") or "")


def organisation_of_event(body: Mapping[str, Any]) -> str:
    """The Enterprise organisation of the workspace through which an event reaches the app, or ""."""
    return str(_authorization(body).get("enterprise_id") or body.get("context_enterprise_id") or "")


def is_workspace(id: object) -> bool:
    """Whether an id is a workspace's; organisations' begin with E."""
    return isinstance(id, str) and id.startswith("T")


def belongs(user: Mapping[str, Any], workspace_id: str) -> bool:
    """Whether a user object of Slack tells of a full member: no guest, no app, nobody of another organisation.

    Somebody whose home is another workspace of the same organisation lists this one among their own."""
    if any(user.get(kind) for kind in NOT_MEMBERS) or user.get("id") == "USLACKBOT":
        return False
    home = user.get("team_id")
    return not home or home == workspace_id or workspace_id in (user.get("enterprise_user") or {}).get("teams", ())


def _authorization(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(iter(body.get("authorizations") or ()), {})
    return found
