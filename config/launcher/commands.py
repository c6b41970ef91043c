"""`./leema test`, `check`, `manage` and `story`: one command at a time, with servers beside it."""

import os
import shutil
import sys
from pathlib import Path

from config.launcher import addresses, environment, lock, place, servers
from config.launcher.addresses import ROOT
from config.launcher.errors import CannotContinueError
from config.launcher.processes import Children
from config.launcher.stop_request import StopRequest

Commands = dict[str, list[str | Path]]
MODELS = ROOT / "var" / "models"
PATIENT = {"LOCK_TIMEOUT_SECONDS": "60"}  # of many threads at once on a busy machine
SCHEMA_OPTIONS = ["--validate", "--fail-on-warn", "--file", os.devnull]
LINT_IMPORTS = "import sys, importlinter.cli as cli; sys.exit(cli.lint_imports_command())"
MIGRATE = ["manage.py", "migrate", "--verbosity", "0"]  # a database that nothing else uses
COPIED = {"TESTS_TEMPLATE": addresses.DATABASE_NAME}
CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy", "."],  # the longest of them, beside all the others
    "lint-imports": ["-c", LINT_IMPORTS],
    "makemigrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "the schema of the API": ["manage.py", "spectacular", *SCHEMA_OPTIONS],
}


def test(arguments: list[str], stop_request: StopRequest) -> int:
    """Run pytest against servers of its own; its exit code is ours."""
    with place.temporary() as folder, Children(stop_request) as children:
        told = servers.start(children, folder)
        _all_pass(_preparations(), children, told)
        return _pytest(arguments, children, told)


def check(arguments: list[str], stop_request: StopRequest) -> int:
    """Everything a commit has to pass, up to the first failure."""
    with place.temporary() as folder, Children(stop_request) as children:
        told = servers.start(children, folder)
        _all_pass(_checks() | _preparations(), children, told)
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


def _all_pass(commands: Commands, children: Children, told: dict[str, str]) -> None:
    if failed := children.complete_together(commands, told):
        raise CannotContinueError(f"The check stopped at: {failed}.")


def _pytest(arguments: list[str], children: Children, told: dict[str, str]) -> int:
    told = told | PATIENT | ({} if _has_own_database() else COPIED)
    return children.finish([sys.executable, "-m", "pytest", *arguments], told)


def _preparations() -> Commands:
    """What the tests need: the AI models, and tables that each process of a run copies."""
    has_models = MODELS.is_dir() and any(MODELS.iterdir())
    preparations: Commands = {}
    if not _has_own_database():
        preparations["tables"] = [sys.executable, *MIGRATE]
    if not has_models:
        preparations["models"] = [sys.executable, "manage.py", "fetch_models"]
    return preparations


def _has_own_database() -> bool:
    return bool(os.environ.get("DATABASE_URL"))


def _checks() -> Commands:
    checks: Commands = {name: [sys.executable, *command] for name, command in CHECKS.items()}
    hadolint = shutil.which("hadolint", path=Path(sys.executable).parent)
    if hadolint:  # its package exists for one kind of machine only
        checks["hadolint"] = [hadolint, "Dockerfile"]
    return checks
