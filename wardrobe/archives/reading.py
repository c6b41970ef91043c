"""Reading a ZIP of a wardrobe: its manifest, and the pictures that this names."""

from typing import Any

from django.conf import settings

from core import strict_json
from core.plain_text import Unreadable
from core.zips import Zip, ZipRefused
from wardrobe.archives.exporting import FORMAT, VERSION

MANIFEST = "manifest.json"
MANIFEST_BYTES = 1024 * 1024
TOTAL_BYTES = 64 * 1024 * 1024  # unpacked, all that is read together
MOST_ITEMS = 500


class Archive:
    """A ZIP whose names are known; raises ZipRefused here and later."""

    def __init__(self, content: bytes) -> None:
        self._zipped = Zip(content, most_bytes=TOTAL_BYTES)

    def items(self) -> list[Any]:
        """What the manifest lists, not yet looked at."""
        text = self._zipped.read(MANIFEST, MANIFEST_BYTES)
        try:
            manifest = strict_json.parsed(strict_json.decoded(text))
        except Unreadable as error:
            raise ZipRefused("bad_manifest") from error
        is_ours = isinstance(manifest, dict) and manifest.get("format") == FORMAT
        if not is_ours or manifest.get("version") != VERSION:
            raise ZipRefused("bad_manifest")
        items = manifest.get("items")
        if not isinstance(items, list) or len(items) > MOST_ITEMS:
            raise ZipRefused("bad_manifest")
        return items

    def picture(self, name: Any) -> bytes:
        """The bytes of a file, at most MAX_FILE_SIZE_MB."""
        return self._zipped.read(name, settings.MAX_FILE_SIZE_MB * 1024 * 1024)
