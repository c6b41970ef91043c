"""`./leema test`, `check`, `manage` and `story`: one command at a time, with servers beside it."""

import os
import shutil
import sys
from pathlib import Path

from config.launcher import environment, lock, place, servers
from config.launcher.addresses import ROOT
from config.launcher.errors import CannotContinueError
from config.launcher.processes import Children
from config.launcher.stop_request import StopRequest

MODELS = ROOT / "var" / "models"
PATIENT = {"LOCK_TIMEOUT_SECONDS": "60"}  # of many threads at once on a busy machine
SCHEMA_OPTIONS = ["--validate", "--fail-on-warn", "--file", os.devnull]
LINT_IMPORTS = "import sys, importlinter.cli as cli; sys.exit(cli.lint_imports_command())"
CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy", "."],
    "lint-imports": ["-c", LINT_IMPORTS],
    "makemigrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "the schema of the API": ["manage.py", "spectacular", *SCHEMA_OPTIONS],
}


def test(arguments: list[str], stop_request: StopRequest) -> int:
    """Run pytest against servers of its own; its exit code is ours."""
    with place.temporary() as folder, Children(stop_request) as children:
        return _pytest(arguments, children, servers.start(children, folder))


def check(arguments: list[str], stop_request: StopRequest) -> int:
    """Everything a commit has to pass, up to the first failure."""
    with place.temporary() as folder, Children(stop_request) as children:
        told = servers.start(children, folder)
        for name, command in _checks().items():
            print(f"— {name}", flush=True)
            if children.finish(command, told):
                raise CannotContinueError(f"The check stopped at: {name}.")
        print("— tests", flush=True)
        return _pytest(arguments, children, told)


def manage(arguments: list[str], stop_request: StopRequest) -> int:
    """Run manage.py with the servers of `./leema up`, or start them for as long as it takes."""
    environment.read_dotenv()
    command = [sys.executable, "manage.py", *arguments]
    try:
        with lock.held(), Children(stop_request) as children:
            return children.finish(command, servers.start(children, place.lasting()))
    except lock.AlreadyRunningError:
        told = environment.with_servers(place.lasting().run)
        return Children(stop_request).finish(command, environment.with_secret_key(told))


def _pytest(arguments: list[str], children: Children, told: dict[str, str]) -> int:
    if not MODELS.is_dir() or not any(MODELS.iterdir()):
        children.finish([sys.executable, "manage.py", "fetch_models"], told)
    return children.finish([sys.executable, "-m", "pytest", *arguments], told | PATIENT)


def _checks() -> dict[str, list[str | Path]]:
    checks: dict[str, list[str | Path]] = {
        name: [sys.executable, *command] for name, command in CHECKS.items()
    }
    hadolint = shutil.which("hadolint", path=Path(sys.executable).parent)
    if hadolint:  # its package exists for one kind of machine only
        checks["hadolint"] = [hadolint, "Dockerfile"]
    return checks
