"""Where the embedded servers of this copy of the repository keep their files and listen.

Pure functions of the repository's place and of who runs them, so `manage.py` finds the servers
that `./leema up` started.
"""

import hashlib
import os
import pwd
import tempfile
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent.parent
POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"
SOCKET_PATH_MAX_BYTES = 103  # Linux takes 107, macOS 103
DATABASE_OWNER = "leema"
DATABASE_NAME = "leema"


def database_url(run: Path | None = None) -> str:
    """The embedded PostgreSQL, in the form that django-environ reads for a socket's folder."""
    return f"postgresql://{DATABASE_OWNER}@/{quote(str(run or run_folder()))}/{DATABASE_NAME}"


def redis_url(run: Path | None = None) -> str:
    return f"unix://{quote(str((run or run_folder()) / VALKEY_SOCKET))}"


def run_folder() -> Path:
    """The folder of the sockets: under state_folder() unless that makes their paths too long."""
    folder = state_folder() / "run"
    if len(os.fsencode(folder / POSTGRES_SOCKET)) <= SOCKET_PATH_MAX_BYTES:
        return folder
    return Path(tempfile.gettempdir()) / f"leema-{os.geteuid()}-{_digest()}"


def state_folder() -> Path:
    """What must outlive a run: var/, or a system folder where root's PostgreSQL can't enter var/.

    PostgreSQL refuses to run as root, so root runs it as `nobody`, who can't pass /root.
    """
    if os.geteuid() == 0 and not is_open_to(nobody().pw_uid, ROOT):
        return Path("/var/lib") / f"leema-{_digest()}"
    return ROOT / "var"


def is_open_to(uid: int, folder: Path) -> bool:
    """Whether this user can pass every folder on the way."""
    steps = [place.stat() for place in (folder, *folder.parents)]
    return all(step.st_mode & 0o001 or step.st_uid == uid for step in steps)


def nobody() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def _digest() -> str:
    return hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]
