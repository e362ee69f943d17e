"""The settings of the program, read from the environment or `.env`."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each field is an environment variable of the same name in capitals; `.env.example` explains each."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = "sqlite:///data/grip.db"
    files: str = "data/files"
    file_limit_bytes: int = Field(default=25_000_000, gt=0)
    tick_seconds: float = Field(default=60.0, gt=0)
    clock_file: Path | None = None
    workers: int = Field(default=64, ge=1)
    database_connections: int = Field(default=4, ge=1)
    log_level: str = "INFO"
