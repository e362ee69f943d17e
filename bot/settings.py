"""The settings of the program, read from the environment or `.env`."""

from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each field is an environment variable of the same name in capitals; `.env.example` explains each."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_client_id: str = ""
    slack_client_secret: SecretStr = SecretStr("")
    token_keys: SecretStr = SecretStr("")
    workspaces: str = ""
    public_url: str = ""
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = "sqlite:///data/grip.db"
    files: str = "data/files"
    file_limit_bytes: int = Field(default=25_000_000, gt=0)
    tick_seconds: float = Field(default=60.0, gt=0)
    lease_seconds: float = Field(default=120.0, ge=2)
    clock_file: Path | None = None
    http_address: str = Field(default="127.0.0.1:3000", pattern=r"^\S*:\d+$")
    figures_address: str = Field(default="", pattern=r"^(\S*:\d+)?$")
    workers: int = Field(default=64, ge=1)
    socket_connections: int = Field(default=2, ge=1, le=10)
    database_connections: int = Field(default=4, ge=1)
    log_level: str = "INFO"

    @model_validator(mode="before")
    @classmethod
    def _left_empty(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Left empty means the default, also in the environment where `.env` says something else."""
        return {name: value for name, value in given.items() if value != ""}

    @property
    def many_workspaces(self) -> bool:
        """Whether workspaces install the app for themselves and their tokens are kept in the database."""
        return bool(self.slack_client_id and self.token_keys.get_secret_value())

    @property
    def keys_of_tokens(self) -> list[str]:
        """TOKEN_KEYS, the one that encrypts first."""
        return _several(self.token_keys.get_secret_value())

    @property
    def signing_secrets(self) -> list[str]:
        """SLACK_SIGNING_SECRET; more than one while it is changed, and what any of them signed is from Slack."""
        return _several(self.slack_signing_secret.get_secret_value())

    @property
    def welcome(self) -> frozenset[str]:
        """The ids in WORKSPACES, of workspaces and organisations that may install; empty where any may."""
        return frozenset(_several(self.workspaces))


def _several(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]
