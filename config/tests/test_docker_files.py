"""There is no Docker where the tests run: the files are read instead."""

import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from config.launcher.addresses import ROOT

SERVICES = {"postgres", "redis", "migrate", "web", "worker"}
SEED_NAMES = {
    "APP_NAME",
    "DEBUG",
    "DATABASE_URL",
    "SECRET_KEY",
    "GOOGLE_CLIENT_ID",
    "GOOGLE_CLIENT_SECRET",
    "API_BASE_URL",
    "FRONTEND_URL",
    "WEBSOCKET_URL",
    "UPLOAD_DIR",
    "MAX_FILE_SIZE_MB",
    "MAX_WARDROBE_ITEMS_PER_USER",
    "REDIS_URL",
}


@pytest.fixture
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture
def example():
    """Names in .env.example, set or commented out."""
    return set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


@pytest.fixture
def instructions():
    """The Dockerfile's instructions, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    return [line.split(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]


def test_the_names_of_the_older_system_still_work(example):
    assert example >= SEED_NAMES


def test_every_name_is_explained():
    lines = (ROOT / ".env.example").read_text().splitlines()
    for before, line in pairwise(lines):
        if re.match(r"#?[A-Z_]+=", line):
            assert re.match(r"# [A-Z]|#?[A-Z_]+=", before), line


def test_the_parts_are_these(compose):
    assert set(compose["services"]) == SERVICES
    assert compose["services"]["postgres"]["image"] == "postgres:15"
    assert compose["services"]["postgres"]["environment"]["POSTGRES_DB"] == "fashion_ai"
    assert compose["services"]["redis"]["image"] == "redis:7"


def test_compose_asks_for_nothing_that_the_example_does_not_name(example):
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))

    assert asked <= example


def test_web_and_worker_are_told_the_names_of_the_older_system(compose):
    for part in ("migrate", "web", "worker"):
        assert set(compose["services"][part]["environment"]) >= SEED_NAMES


def test_only_web_has_a_pool_of_connections(compose):
    services = compose["services"]
    assert services["web"]["environment"]["DATABASE_POOL"] == "True"
    assert "DATABASE_POOL" not in services["worker"]["environment"]


def test_web_and_worker_wait_for_healthy_servers_and_the_migration(compose):
    services = compose["services"]
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for part in ("web", "worker"):
        assert services[part]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "redis": {"condition": "service_healthy"},
        }
    for part in ("postgres", "redis"):
        assert services[part]["healthcheck"]["test"]


def test_a_stop_leaves_time_to_drain(compose):
    for service in compose["services"].values():
        assert service["stop_grace_period"] == "30s"


def test_what_must_outlive_a_container_is_in_a_volume(compose):
    services = compose["services"]
    assert services["postgres"]["volumes"] == ["postgres:/var/lib/postgresql/data"]
    for part in ("web", "worker"):
        assert services[part]["volumes"] == ["uploads:/app/uploads"]
    assert set(compose["volumes"]) == {"postgres", "uploads"}


def test_the_image_has_two_stages_and_runs_as_nobody_special(instructions):
    stages = [rest for name, rest in instructions if name == "FROM"]
    assert stages == ["python:3.12-slim AS packages", "python:3.12-slim AS leema"]
    assert [rest for name, rest in instructions if name == "USER"] == ["10001"]
    users = [name for name, _ in instructions]
    assert users.index("USER") < users.index("CMD")


def test_packages_of_the_image_are_the_locked_ones(instructions):
    installs = [rest for name, rest in instructions if name == "RUN" and "pip install" in rest]

    assert installs == ["/opt/venv/bin/pip install --require-hashes -r /tmp/requirements.txt"]


def test_commands_of_the_image_exist(instructions, compose):
    commands = [service.get("command", []) for service in compose["services"].values()]
    commands += [re.findall(r'"([^"]+)"', rest) for name, rest in instructions if name == "CMD"]
    ours = {command[2] for command in commands if command[:2] == ["python", "manage.py"]}

    assert ours == {"migrate", "serve", "worker"}
    for command in ours - {"migrate"}:
        assert (ROOT / "config" / "management" / "commands" / f"{command}.py").exists()


def test_the_linter_of_docker_files_finds_nothing():
    hadolint = shutil.which("hadolint", path=Path(sys.executable).parent)
    if hadolint is None:
        pytest.skip("hadolint has no build for this machine")

    said = subprocess.run(
        [hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )

    assert (said.returncode, said.stdout) == (0, "")
