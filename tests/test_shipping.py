"""Holds what is shipped beside the code to the code: lock files, .env.example, the container and its compose file."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from bot.settings import Settings

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "tests/chromium.lock")
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)", re.MULTILINE)


def pins(lock: str) -> set[tuple[str, str]]:
    """(name, version) of each package in a lock file."""
    return set(PIN.findall((ROOT / lock).read_text()))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert blocks
    for block in blocks:
        assert PIN.match(block), block
        assert "--hash=sha256:" in block, block


def test_the_locks_hold_what_the_project_file_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = {re.split(r"[\[<>=~!; ]", line)[0].lower() for line in project["project"]["dependencies"]}
    tools = {re.split(r"[\[<>=~!; ]", line)[0].lower() for line in project["dependency-groups"]["dev"]}
    assert runtime <= {name for name, _ in pins("requirements.lock")}
    assert runtime | tools <= {name for name, _ in pins("requirements-dev.lock")}


def test_tests_run_on_the_very_versions_that_are_shipped() -> None:
    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def env_example() -> list[str]:
    return (ROOT / ".env.example").read_text().splitlines()


def test_the_example_names_every_setting_and_no_other() -> None:
    named = [line.split("=")[0] for line in env_example() if re.match(r"[A-Z]", line)]
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_every_setting_of_the_example_has_its_sentence() -> None:
    lines = env_example()
    for number, line in enumerate(lines):
        if re.match(r"[A-Z]", line):
            assert re.fullmatch(r"# .+\.", lines[number - 1]), f"{line} has no sentence above it"


def test_the_values_of_the_example_are_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    shown = Settings(_env_file=ROOT / ".env.example")
    monkeypatch.chdir(tmp_path)  # where no .env lies
    assert shown == Settings()


def test_no_secret_of_the_settings_can_be_printed() -> None:
    for name, field in Settings.model_fields.items():
        if name.endswith(("token", "secret", "key", "keys", "password")):
            assert field.annotation is SecretStr, f"{name} would show in a log"


def test_the_container_runs_without_root_from_the_lock_file() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] not in {"root", "0"}
    assert any("--require-hashes" in line for line in lines)


def test_the_container_holds_the_program_and_nothing_else() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line}
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == let_in
    assert all((ROOT / each).exists() for each in copied)
    packages = {each.name for each in ROOT.iterdir() if (each / "__init__.py").exists()}
    assert {each for each in copied if (ROOT / each).is_dir()} == packages - {"playground", "tests"}


def test_the_program_runs_from_what_the_container_holds_and_writes_its_data_alone(tmp_path: Path) -> None:
    """As the Dockerfile does, by hand: only what is copied, nothing of it writable, and a folder for data."""
    program = tmp_path / "program"
    for package in ("bot", "handlers", "storage"):
        shutil.copytree(ROOT / package, program / package, ignore=shutil.ignore_patterns("__pycache__"))
    (program / "data").mkdir()
    before = {path for path in program.rglob("*") if path.is_file()}
    environ = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    for words in (["migrate"], ["backup", "data/all.zip"]):
        command = [sys.executable, "-m", "bot", *words]
        told = subprocess.run(command, cwd=program, env=environ, capture_output=True, timeout=120, check=False)
        assert told.returncode == 0, told.stderr.decode()
    written = {path for path in program.rglob("*") if path.is_file()} - before
    assert {path.relative_to(program).parts[0] for path in written} == {"data"}


def test_compose_sets_only_settings_that_exist() -> None:
    compose = yaml.safe_load((ROOT / "compose.yml").read_text())
    grip = compose["services"]["grip"]
    assert set(grip["environment"]) <= {name.upper() for name in Settings.model_fields}
    assert grip["read_only"] is True
    # Every setting reaches the container, by way of .env, whichever mode it is for.
    assert grip["env_file"] == ".env"
    port = grip["environment"]["HTTP_ADDRESS"].rsplit(":")[-1]
    assert grip["ports"] == [f"127.0.0.1:3000:{port}"]
    assert "POSTGRES_PASSWORD" in compose["services"]["postgres"]["environment"]
