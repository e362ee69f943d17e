"""Asks Slack's Web API on behalf of the doctor: an answer, a refusal and silence are all told, and none raised."""

from collections.abc import Mapping
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.doctor.slack import Answer, Ask
from bot.settings import Settings


def ask_slack(settings: Settings) -> Ask:
    """Calls Slack's Web API and gives back answers and refusals alike."""
    client = WebClient(base_url=settings.slack_api_url, timeout=10, retry_handlers=[])

    def ask(method: str, token: str, facts: Mapping[str, str]) -> Answer:
        try:
            response = client.api_call(method, params={**facts}, headers={"Authorization": f"Bearer {token}"})
        except SlackApiError as refusal:
            response = refusal.response
        except (SlackClientError, OSError, HTTPException, ValueError) as error:
            return Answer(ok=False, trouble=str(getattr(error, "reason", None) or error))
        data = response.data if isinstance(response.data, dict) else {}
        headers = {name.lower(): str(value) for name, value in response.headers.items()}
        said = str(data.get("error", "")) if data else f"HTTP {response.status_code} without an answer"
        return Answer(ok=bool(data.get("ok")), error=said, data=data, headers=headers)

    return ask
