"""Reading a ZIP from a stranger: nothing is unpacked, and nothing is read beyond its limits.

Names inside are only looked up, never used for a file of ours.
"""

import struct
import zlib
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from django.conf import settings

from core import strict_json
from core.plain_text import Unreadable
from wardrobe.archives.exporting import FORMAT, VERSION

MANIFEST = "manifest.json"
MANIFEST_BYTES = 1024 * 1024
DIRECTORY_BYTES = 256 * 1024  # some 2 000 names
TOTAL_BYTES = 64 * 1024 * 1024  # unpacked, all that is read together
MOST_ITEMS = 500
END, LARGE = b"PK\x05\x06", b"PK\x06\x07"  # the end of a ZIP, and of one with 64-bit sizes
END_BYTES, LARGE_BYTES = 22, 20
DAMAGE = (
    *(BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError),
    *(zlib.error, struct.error),
)


class ArchiveRefused(Exception):
    """It, or a file in it, cannot be read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Archive:
    """A ZIP whose names are known; raises ArchiveRefused here and later."""

    def __init__(self, content: bytes) -> None:
        _check_directory(content)
        try:
            self._zipped = ZipFile(BytesIO(content))
        except DAMAGE as error:
            raise ArchiveRefused("archive_unreadable") from error
        self._left = TOTAL_BYTES

    def items(self) -> list[Any]:
        """What the manifest lists, not yet looked at."""
        try:
            manifest = strict_json.parsed(strict_json.decoded(self._read(MANIFEST, MANIFEST_BYTES)))
        except Unreadable as error:
            raise ArchiveRefused("bad_manifest") from error
        is_ours = isinstance(manifest, dict) and manifest.get("format") == FORMAT
        if not is_ours or manifest.get("version") != VERSION:
            raise ArchiveRefused("bad_manifest")
        items = manifest.get("items")
        if not isinstance(items, list) or len(items) > MOST_ITEMS:
            raise ArchiveRefused("bad_manifest")
        return items

    def picture(self, name: Any) -> bytes:
        """The bytes of a file, at most MAX_FILE_SIZE_MB."""
        return self._read(name, settings.MAX_FILE_SIZE_MB * 1024 * 1024)

    def _read(self, name: Any, limit: int) -> bytes:
        try:
            info = self._zipped.getinfo(name)
            if info.flag_bits & 1 or info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
                raise ArchiveRefused("archive_unreadable")
            with self._zipped.open(info) as part:
                content = part.read(min(limit, self._left) + 1)  # whatever its header promises
        except (KeyError, TypeError) as error:
            raise ArchiveRefused("file_missing") from error
        except DAMAGE as error:
            raise ArchiveRefused("archive_unreadable") from error
        self._left -= len(content)
        if len(content) > limit or self._left < 0:
            raise ArchiveRefused("file_too_large")
        return content


def _check_directory(content: bytes) -> None:
    """Refuse a list of names that would fill the memory before anybody could count them."""
    end = content.rfind(END)
    if end < 0 or len(content) < end + END_BYTES:
        raise ArchiveRefused("archive_unreadable")
    [size] = struct.unpack_from("<I", content, end + 12)
    if size > DIRECTORY_BYTES or content[max(0, end - LARGE_BYTES) :].startswith(LARGE):
        raise ArchiveRefused("archive_too_large")
