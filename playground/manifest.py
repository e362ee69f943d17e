"""What the stand-in knows of the app: its manifest, as Slack would hold it, and the secrets issued for it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]

OURS = Path(__file__).parent.parent / "manifest.yml"


@dataclass
class App:
    """The app, installed in every workspace of the world. Its secrets are the stand-in's own and open nothing else."""

    manifest: Json
    id: str = "A0GRIP"
    client_id: str = "1000000000.2000000000"
    client_secret: str = "standin-client-secret"
    signing_secret: str = "standin-signing-secret"
    app_token: str = "xapp-1-A0GRIP-standin"
    verification_token: str = "standin-verification"
    request_url: str = ""

    @property
    def name(self) -> str:
        return str(self.manifest["display_information"]["name"])

    @property
    def bot_name(self) -> str:
        return str(self.manifest.get("features", {}).get("bot_user", {}).get("display_name", self.name))

    @property
    def commands(self) -> list[Json]:
        return list(self.manifest.get("features", {}).get("slash_commands", []))

    @property
    def shortcuts(self) -> list[Json]:
        return list(self.manifest.get("features", {}).get("shortcuts", []))

    @property
    def scopes(self) -> set[str]:
        """Every bot scope that the manifest names, optional ones included (an installer who declines none)."""
        scopes = self.manifest.get("oauth_config", {}).get("scopes", {})
        return set(scopes.get("bot", [])) | set(scopes.get("bot_optional", []))

    @property
    def events(self) -> set[str]:
        return set(self.manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", []))

    @property
    def home(self) -> Json:
        return dict(self.manifest.get("features", {}).get("app_home", {}))

    @property
    def interactive(self) -> bool:
        return bool(self.manifest.get("settings", {}).get("interactivity", {}).get("is_enabled"))

    @property
    def rotates_tokens(self) -> bool:
        return bool(self.manifest.get("settings", {}).get("token_rotation_enabled"))


def read_manifest(source: Json | Path | str) -> Json:
    """The manifest from a dict or from a YAML or JSON file. Raises ValueError when it is not one."""
    if isinstance(source, dict):
        return source
    text = Path(source).read_text()
    found = json.loads(text) if str(source).endswith(".json") else yaml.safe_load(text)
    if not isinstance(found, dict) or "display_information" not in found:
        raise ValueError(f"{source} is not an app manifest.")
    return found
