"""The pictures that a sheet names, out of the ZIP that came with it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from time import monotonic

from django.conf import settings
from django.utils.translation import gettext as _

from catalog.models import MAX_PICTURES
from core import images, storage
from core.errors import Refusal
from core.zips import Zip, ZipRefused

UNPACKED_BYTES = 64 * 1024 * 1024
BETWEEN = re.compile(r"\s*[;,\n]\s*")


class PictureUnreadable(Refusal):
    """A name is not in the ZIP, or cannot be read out of it."""

    code = "bad_picture"
    status = 422


class Pictures:
    """The ZIP, or none. Raises ZipRefused for one that cannot be read."""

    def __init__(self, content: bytes | None) -> None:
        self._zipped = Zip(content, most_bytes=UNPACKED_BYTES) if content else None
        names = self._zipped.names if self._zipped else []
        # In whatever folder they lie; a name with its folder is clear in any case.
        self._names = {PurePosixPath(name).name: name for name in names} | {n: n for n in names}
        self._looks_until: float | None = None
        self._opened: dict[str, list[bytes] | Refusal] = {}

    def look_for(self, seconds: float) -> "Pictures":
        """Open pictures for so long, and only see whether they are there afterwards."""
        self._looks_until = monotonic() + seconds
        return self

    def has(self, said: str) -> bool:
        """Whether the ZIP has one of the named pictures."""
        return any(name in self._names for name in _split(said))

    @contextmanager
    def opened(self, said: str) -> Iterator[None]:
        """Open the named pictures at once, for as often as they are asked for inside."""
        try:
            self._opened[said] = self._read(said)
        except Refusal as refusal:
            self._opened[said] = refusal
        try:
            yield
        finally:
            self._opened.clear()

    def of(self, said: str) -> list[bytes]:
        """The named pictures as clean JPEGs, in their order; a Refusal names the bad one."""
        found = self._opened[said] if said in self._opened else self._read(said)
        if isinstance(found, Refusal):
            raise found
        return found

    def _read(self, said: str) -> list[bytes]:
        names = _split(said)
        if len(names) > MAX_PICTURES:
            message = _("A product has at most %(most)d pictures.") % {"most": MAX_PICTURES}
            raise PictureUnreadable(message)
        missing = [name for name in names if name not in self._names]
        if missing:
            message = _("There is no such picture in the ZIP: %(names)s.")
            raise PictureUnreadable(message % {"names": ", ".join(missing)})
        if self._looks_until is not None and monotonic() > self._looks_until:
            return []
        return [self._clean(name) for name in names]

    def _clean(self, name: str) -> bytes:
        assert self._zipped is not None
        try:
            most = settings.MAX_FILE_SIZE_MB * 1024 * 1024
            return images.clean(self._zipped.read(self._names[name], most))
        except images.PictureRefused as refusal:
            raise PictureUnreadable(f"{name}: {refusal}") from refusal
        except ZipRefused as refused:
            message = _("%(name)s cannot be read out of the ZIP, or is too large.")
            raise PictureUnreadable(message % {"name": name}) from refused


def are_stored(wanted: Sequence[bytes], names: Sequence[str]) -> bool:
    """Whether the stored pictures are these already."""
    try:
        return list(wanted) == [storage.read(name) for name in names]
    except FileNotFoundError:
        return False


def _split(said: str) -> list[str]:
    return [name for name in BETWEEN.split(said.strip()) if name]
