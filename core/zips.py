"""Reading a ZIP from a stranger: nothing is unpacked, and nothing is read beyond its limits.

Names inside are only looked up, never used for a file of ours.
"""

import struct
import zlib
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

DIRECTORY_BYTES = 256 * 1024  # some 2 000 names
PACKED = {ZIP_STORED, ZIP_DEFLATED}
END, LARGE = b"PK\x05\x06", b"PK\x06\x07"  # the end of a ZIP, and of one with 64-bit sizes
END_BYTES, LARGE_BYTES = 22, 20
DAMAGE = (
    *(BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError),
    *(zlib.error, struct.error),
)


class ZipRefused(Exception):
    """It, or a file in it, cannot be read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Zip:
    """A ZIP whose names are known, of which `most_bytes` are read together at most.

    Raises ZipRefused here and later.
    """

    def __init__(self, content: bytes, *, most_bytes: int) -> None:
        _check_directory(content)
        try:
            self._zipped = ZipFile(BytesIO(content))
        except DAMAGE as error:
            raise ZipRefused("archive_unreadable") from error
        self._left = most_bytes

    @property
    def names(self) -> list[str]:
        return self._zipped.namelist()

    @property
    def unpacked_bytes(self) -> int:
        """What its files say that they are unpacked; no reader gets more out of them."""
        return sum(info.file_size for info in self._zipped.infolist())

    @property
    def is_plain(self) -> bool:
        """Whether no file is encrypted, nor packed in a way of which a byte may become millions."""
        infos = self._zipped.infolist()
        return all(not info.flag_bits & 1 and info.compress_type in PACKED for info in infos)

    def read(self, name: Any, limit: int) -> bytes:
        """The bytes of a file, at most so many."""
        try:
            info = self._zipped.getinfo(name)
            if info.flag_bits & 1 or info.compress_type not in PACKED:
                raise ZipRefused("archive_unreadable")
            with self._zipped.open(info) as part:
                content = part.read(min(limit, self._left) + 1)  # whatever its header promises
        except (KeyError, TypeError) as error:
            raise ZipRefused("file_missing") from error
        except DAMAGE as error:
            raise ZipRefused("archive_unreadable") from error
        self._left -= len(content)
        if len(content) > limit or self._left < 0:
            raise ZipRefused("file_too_large")
        return content


def _check_directory(content: bytes) -> None:
    """Refuse a list of names that would fill the memory before anybody could count them."""
    end = content.rfind(END)
    if end < 0 or len(content) < end + END_BYTES:
        raise ZipRefused("archive_unreadable")
    [size] = struct.unpack_from("<I", content, end + 12)
    if size > DIRECTORY_BYTES or content[max(0, end - LARGE_BYTES) :].startswith(LARGE):
        raise ZipRefused("archive_too_large")
