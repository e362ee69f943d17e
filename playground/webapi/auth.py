"""auth.*, oauth.v2.access, api.test and apps.connections.open: tokens, installations and the way to a socket."""

import base64
import secrets

from playground.webapi.call import Call, Json, Method, SlackError
from playground.world import Grant

TOKEN_LIFE = 12 * 3600
"""Seconds that a rotated token lives (docs: using token rotation)."""


def api_test(call: Call) -> Json:
    if "error" in call.args:
        raise SlackError(str(call.args["error"]), args=call.args)
    return {"args": call.args}


def test(call: Call) -> Json:
    space = call.space
    return {
        "url": f"{call.hub.base}/",
        "team": space.name,
        "user": call.bot.name,
        "team_id": space.id,
        "user_id": space.bot_user,
        "bot_id": space.bot_id,
        "is_enterprise_install": space.as_a_whole,
    } | ({"enterprise_id": space.enterprise} if space.enterprise else {})


def revoke(call: Call) -> Json:
    if call.flag("test"):
        return {"revoked": False}
    call.grant.revoked = True
    call.delivery.event(call.grant.team, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [call.bot.id]}})
    return {"revoked": True}


def access(call: Call) -> Json:
    """Exchange a code of the authorize page, or a refresh token, for a bot token; each works once."""
    _client(call)
    hub, app = call.hub, call.hub.app
    if call.text("grant_type", "authorization_code") == "refresh_token":
        token = call.text("refresh_token")
        old = next((g for g in hub.world.grants.values() if g.refresh_token == token), None)
        if old is None:
            raise SlackError("invalid_refresh_token")
        old.refresh_token = ""
        team, scopes, person = old.organisation or old.team, old.scopes, ""
    else:
        found = hub.codes.pop(call.text("code"), None)
        if found is None:
            raise SlackError("invalid_code")
        team, scopes, person = found
    whole = hub.world.workspaces_of(team)  # none: `team` is a workspace
    space = whole[0] if whole else hub.world.workspaces[team]
    if app.rotates_tokens:
        grant = Grant(f"xoxe.xoxb-1-{secrets.token_hex(16)}", space.id, scopes=set(scopes))
        grant.expires, grant.refresh_token = hub.clock.now() + TOKEN_LIFE, f"xoxe-1-{secrets.token_hex(16)}"
    else:
        grant = Grant(f"xoxb-{team}-organisation" if whole else space.bot_token, space.id, scopes=set(scopes))
    grant.organisation = team if whole else ""
    hub.world.grants[grant.token] = grant
    for each in whole or [space]:
        each.bot_token, each.installed, each.as_a_whole = grant.token, True, bool(whole)
    answer: Json = {
        "access_token": grant.token,
        "token_type": "bot",
        "scope": ",".join(sorted(scopes)),
        "bot_user_id": space.bot_user,
        "app_id": app.id,
        "team": None if whole else {"id": team, "name": space.name},
        "enterprise": {"id": space.enterprise, "name": space.name} if space.enterprise else None,
        "is_enterprise_install": bool(whole),
    }
    if person:
        answer["authed_user"] = {"id": person}
    if app.rotates_tokens:
        answer |= {"expires_in": TOKEN_LIFE, "refresh_token": grant.refresh_token}
    return answer


def _client(call: Call) -> None:
    """The client's id and secret, as arguments or in Basic authorization (which the server put into the arguments)."""
    app = call.hub.app
    basic = str(call.args.get("_basic", ""))
    given = (
        base64.b64decode(basic).decode().split(":", 1)
        if basic
        else [call.text("client_id", ""), call.text("client_secret", "")]
    )
    if given[0] != app.client_id:
        raise SlackError("invalid_client_id")
    if given[-1] != app.client_secret:
        raise SlackError("bad_client_secret")


def open_connection(call: Call) -> Json:
    ticket = call.delivery.sockets.ticket()
    host = call.hub.base.replace("http://", "ws://")
    return {"url": f"{host}/link/?ticket={ticket}&app_id={call.hub.app.id}"}


METHODS = (
    Method("api.test", api_test, token="none", json=True),
    Method("auth.test", test, json=True),
    Method("auth.revoke", revoke),
    Method("oauth.v2.access", access, token="none"),
    Method("apps.connections.open", open_connection, token="app"),
)
