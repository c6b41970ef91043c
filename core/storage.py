"""The uploads tree: the one module that knows where files lie and under which address.

shops/{shop}/products/{product}/image_0.jpg      shops/{shop}/avatar.jpg
shops/{shop}/products/{product}/image_0.w400.webp, the same picture 400 pixels wide
shops/{shop}/orders/{order}/{random}.jpg
users/{user}/wardrobe/{item}/image_0.jpg         users/{user}/outfits/{outfit}/cover_{revision}.jpg
users/{user}/reviews/{review}/image_0.jpg
users/{user}/wardrobe/{item}/cut_out.jpg         users/{user}/photos/{random}.jpg
generations/{user}/{generation}_original.jpg, {generation}_result.jpg
temp/{owner}/{random}.jpg                        swept after 24 hours
exports/{user}/{export}.zip, wardrobe_{archive}_{part}.zip, import_{archive}.zip
                                                 swept after 7 days
imports/{shop}/{import}.sheet, {import}.zip      gone when it is done, swept after 7 days
"""

import errno
import hashlib
import math
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlencode, urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.signing import Signer
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from core.errors import Refusal

URL_PREFIX = "/uploads/"
LINK_SECONDS = 15 * 60
TEMP_HOURS = 24
EXPORT_DAYS = 7
FOLDER_MODE = 0o755


class StorageFull(Refusal):
    code = "storage_full"
    status = 507


class UnknownUpload(Refusal):
    code = "unknown_upload"
    status = 422


def product_picture(shop_id: int, product_id: int, number: int) -> str:
    """A name that is given once: another picture of the product has another number."""
    return f"shops/{shop_id}/products/{product_id}/image_{number}.jpg"


def sized(name: str, width: int) -> str:
    """The name of a picture made so many pixels wide, beside the original."""
    return f"{name.removesuffix('.jpg')}.w{width}.webp"


def condition_photo(shop_id: int, order_id: int) -> str:
    """A fresh name for a photo of a rented thing."""
    return f"shops/{shop_id}/orders/{order_id}/{uuid4().hex}.jpg"


def wardrobe_picture(user_id: int, item_id: int, position: int) -> str:
    return f"users/{user_id}/wardrobe/{item_id}/image_{position}.jpg"


def cut_out(user_id: int, item_id: int) -> str:
    """The name for the first picture of an item without its background."""
    return f"users/{user_id}/wardrobe/{item_id}/cut_out.jpg"


def outfit_cover(user_id: int, outfit_id: int, revision: int) -> str:
    return f"users/{user_id}/outfits/{outfit_id}/cover_{revision}.jpg"


def review_picture(user_id: int, review_id: int, position: int) -> str:
    return f"users/{user_id}/reviews/{review_id}/image_{position}.jpg"


def shop_avatar(shop_id: int) -> str:
    return f"shops/{shop_id}/avatar.jpg"


def generation_original(user_id: int, generation_id: int) -> str:
    return f"generations/{user_id}/{generation_id}_original.jpg"


def is_original(name: str) -> bool:
    """Whether a file is a photo of a person, sent for a try-on or kept for them."""
    is_sent = name.startswith("generations/") and name.endswith("_original.jpg")
    return is_sent or (name.startswith("users/") and "/photos/" in name)


def generation_result(user_id: int, generation_id: int) -> str:
    return f"generations/{user_id}/{generation_id}_result.jpg"


def person_photo(user_id: int) -> str:
    """A fresh name for a photo of themselves that a person keeps."""
    return f"users/{user_id}/photos/{uuid4().hex}.jpg"


def temp_picture(owner: str) -> str:
    """A fresh name for an upload of `user-5` or `shop-5` that no row holds yet."""
    return f"temp/{owner}/{uuid4().hex}.jpg"


def export_archive(user_id: int, export_id: int) -> str:
    return f"exports/{user_id}/{export_id}.zip"


def wardrobe_export(user_id: int, archive_id: int, part: int) -> str:
    return f"exports/{user_id}/wardrobe_{archive_id}_{part}.zip"


def wardrobe_import(user_id: int, archive_id: int) -> str:
    return f"exports/{user_id}/import_{archive_id}.zip"


def product_sheet(shop_id: int, import_id: int) -> str:
    """The sheet of products that a shop has sent; no address opens it."""
    return f"imports/{shop_id}/{import_id}.sheet"


def product_sheet_pictures(shop_id: int, import_id: int) -> str:
    """The ZIP of pictures beside it."""
    return f"imports/{shop_id}/{import_id}.zip"


def private_folders(user_id: int) -> list[str]:
    """Every folder that holds files of this person, and of nobody else."""
    return [
        f"users/{user_id}",
        f"generations/{user_id}",
        f"temp/user-{user_id}",
        f"exports/{user_id}",
    ]


def version_of(content: bytes) -> str:
    """What tells a file's content from any other in its address: the start of its SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def write(name: str, content: bytes) -> str:
    """Store the bytes whole or not at all; a full disk raises StorageFull."""
    with writing(name) as file:
        file.write(content)
    return name


def share(name: str, source: str) -> str:
    """Store under `name` what `source` holds, without a second copy where the disk can do that.

    Writing or deleting either of them later leaves the other as it was. FileNotFoundError when
    there is no source.
    """
    path = _path(name)
    link = path.with_name(f".{path.name}.{uuid4().hex}")
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    try:
        # The file system counts the names of a file, and `write` never changes one in place.
        link.hardlink_to(_path(source))
        link.replace(path)
    except FileNotFoundError:
        raise
    except OSError:  # a disk without links, or a file that has too many
        return write(name, read(source))
    finally:
        link.unlink(missing_ok=True)  # replacing a name by one of the same file does nothing
    return name


@contextmanager
def writing(name: str) -> Iterator[BinaryIO]:
    """A file to write to, stored when the block ends, and not at all when it raises.

    A full disk raises StorageFull.
    """
    path = _path(name)
    partial_path = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        with partial_path.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial_path.replace(path)
    except BaseException as error:
        partial_path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull(_("There is no room for files at the moment.")) from error
        raise


def read(name: str) -> bytes:
    """The bytes of a stored file; FileNotFoundError when there is none."""
    return _path(name).read_bytes()


def opened(name: str) -> BinaryIO:
    """A stored file to read from piece by piece; FileNotFoundError when there is none."""
    return _path(name).open("rb")


def size(name: str) -> int:
    """How many bytes a stored file has; FileNotFoundError when there is none."""
    return _path(name).stat().st_size


def delete(name: str) -> None:
    """Remove a file now; nothing happens when it is gone already."""
    _path(name).unlink(missing_ok=True)


def delete_folder(name: str) -> None:
    """Remove a folder and all in it now; nothing happens when it is gone already."""
    path = _path(name)
    if path.exists():
        shutil.rmtree(path)


def delete_after_commit(*names: str) -> None:
    """Remove files once the change that orphans them is committed."""
    for name in names:
        transaction.on_commit(partial(_path(name).unlink, missing_ok=True), robust=True)


def delete_folder_after_commit(name_inside: str) -> None:
    """Remove the folder that holds the named file, once the change is committed."""
    folder = _path(name_inside).parent
    transaction.on_commit(partial(shutil.rmtree, folder, ignore_errors=True), robust=True)


def public_url(name: str, version: str = "") -> str:
    """The lasting address of a file that anybody may see; it changes with the picture.

    `version` is of its content, if the caller knows it.
    """
    return f"{_address(name)}?v={version or _version(name)}"


def signed_url(name: str, version: str = "") -> str:
    """An address that opens the file for 15 to 30 minutes, whoever holds it.

    The expiry is rounded, so that the same file keeps one address that phones can cache.
    """
    expires = (math.ceil(time.time() / LINK_SECONDS) + 1) * LINK_SECONDS
    return signed_until(name, expires, version)


def signed_until(name: str, expires: int, version: str = "") -> str:
    """An address that opens the file until then (seconds of the epoch), whoever holds it."""
    signature = _signature(name, str(expires))
    query = {"expires": expires, "signature": signature, "v": version or _version(name)}
    return f"{_address(name)}?{urlencode(query)}"


def digest(name: str) -> str:
    """The start of the SHA-256 of a stored file, remembered while the file stays the same."""
    try:
        return _digest(name, _path(name).stat().st_mtime_ns)
    except OSError:
        return ""


def link_is_valid(name: str, expires: str, signature: str) -> bool:
    """Whether a signed address is ours, for this file, and still open."""
    ours = constant_time_compare(_signature(name, expires), signature)
    return ours and expires.isdecimal() and time.time() < int(expires)


def named_by(url: str, *prefixes: str) -> str:
    """The stored name behind an address of ours, if it exists under one of the prefixes.

    Anything else — another site, another owner's file, a path that climbs — raises UnknownUpload.
    """
    unknown = UnknownUpload(_("%(url)s is not a picture that you uploaded.") % {"url": url[:200]})
    try:
        name = unquote(urlsplit(url).path).lstrip("/").removeprefix(URL_PREFIX.lstrip("/"))
        sane = all(part not in {"", ".", ".."} for part in name.split("/")) and "\0" not in name
        known = sane and name.startswith(prefixes) and _path(name).is_file()
    except (ValueError, OSError) as error:  # no address at all, or too long for a file
        raise unknown from error
    if not known:
        raise unknown
    return name


def clear_temp() -> int:
    """Remove uploads that no row took within 24 hours; returns how many."""
    return _delete_older("temp", time.time() - TEMP_HOURS * 3600)


def clear_temp_of(owner: str, until: datetime) -> int:
    """Remove what `user-5` or `shop-5` uploaded before that moment and no row took."""
    return _delete_older(f"temp/{owner}", until.timestamp())


def clear_exports() -> int:
    """Remove archives, whole or half made, that are older than 7 days; returns how many."""
    return _delete_older("exports", time.time() - EXPORT_DAYS * 86400)


def clear_imports() -> int:
    """Remove sheets and their pictures that are older than 7 days; returns how many."""
    return _delete_older("imports", time.time() - EXPORT_DAYS * 86400)


def pictures_of(user_id: int) -> Iterator[str]:
    """The names of every picture of this person."""
    root = _path("")
    for folder in private_folders(user_id):
        for path in sorted(_path(folder).rglob("*.jpg")):
            if not path.name.startswith("."):
                yield path.relative_to(root).as_posix()


def generation_files(older_than: float) -> Iterator[tuple[int, list[str]]]:
    """The names of every person's generation files that were written before, by owner."""
    for folder in _path("generations").glob("*"):
        old = [path.name for path in folder.glob("*") if path.stat().st_mtime < older_than]
        if old and folder.name.isdecimal():
            yield int(folder.name), [f"generations/{folder.name}/{name}" for name in old]


def _address(name: str) -> str:
    return f"{settings.API_BASE_URL}{URL_PREFIX}{name}"


def _version(name: str) -> int:
    """When the file was written: clients that cache an address see a replaced picture at once."""
    try:
        # Asked sixty times for a page of products, and a Path takes five times as long.
        return os.stat(f"{settings.UPLOAD_DIR}/{name}").st_mtime_ns // 1_000_000  # noqa: PTH116
    except OSError:
        return 0


@lru_cache(maxsize=10_000)
def _digest(name: str, written_at: int) -> str:
    return version_of(read(name))


def _path(name: str) -> Path:
    return Path(settings.UPLOAD_DIR) / name


def _delete_older(folder: str, than: float) -> int:
    stale = [
        path for path in _path(folder).rglob("*") if path.is_file() and path.stat().st_mtime < than
    ]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


def _signature(name: str, expires: str) -> str:
    return Signer(salt="uploads").signature(f"{name}:{expires}")
