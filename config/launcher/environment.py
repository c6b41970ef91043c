"""What every program we start is told by environment variables."""

import os
import secrets
from pathlib import Path

from config.launcher import addresses

SECRET_KEY_FILE = addresses.ROOT / "var" / "secret_key"


def read_dotenv(path: Path = addresses.ROOT / ".env") -> None:
    """Take NAME=value lines of .env into the environment; what is set already wins."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in lines:
        name, equals, value = line.partition("=")
        if equals and value.strip() and not name.lstrip().startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def with_servers(run: Path) -> dict[str, str]:
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", **os.environ}
    environment["DATABASE_URL"] = os.environ.get("DATABASE_URL") or addresses.database_url(run)
    environment["REDIS_URL"] = os.environ.get("REDIS_URL") or addresses.redis_url(run)
    return environment


def with_secret_key(environment: dict[str, str]) -> dict[str, str]:
    if "SECRET_KEY" in environment or "SECRET_KEY_FILE" in environment:
        return environment
    return {**environment, "SECRET_KEY": secret_key()}


def secret_key(file: Path = SECRET_KEY_FILE) -> str:
    """Made once for this copy, so that sessions outlive a restart."""
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()
