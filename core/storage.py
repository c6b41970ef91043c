"""The uploads tree: the one module that knows where files lie and under which address.

shops/{shop}/products/{product}/image_0.jpg      shops/{shop}/avatar.jpg
users/{user}/wardrobe/{item}/image_0.jpg
generations/{user}/{generation}_original.jpg, {generation}_result.jpg
temp/{owner}/{random}.jpg                        swept after 24 hours
"""

import errno
import math
import os
import shutil
import time
from functools import partial
from pathlib import Path
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
FOLDER_MODE = 0o755


class StorageFull(Refusal):
    code = "storage_full"
    status = 507


class UnknownUpload(Refusal):
    code = "unknown_upload"
    status = 422


def product_picture(shop_id: int, product_id: int, position: int) -> str:
    return f"shops/{shop_id}/products/{product_id}/image_{position}.jpg"


def wardrobe_picture(user_id: int, item_id: int, position: int) -> str:
    return f"users/{user_id}/wardrobe/{item_id}/image_{position}.jpg"


def shop_avatar(shop_id: int) -> str:
    return f"shops/{shop_id}/avatar.jpg"


def generation_original(user_id: int, generation_id: int) -> str:
    return f"generations/{user_id}/{generation_id}_original.jpg"


def generation_result(user_id: int, generation_id: int) -> str:
    return f"generations/{user_id}/{generation_id}_result.jpg"


def temp_picture(owner: str) -> str:
    """A fresh name for an upload of `user-5` or `shop-5` that no row holds yet."""
    return f"temp/{owner}/{uuid4().hex}.jpg"


def write(name: str, content: bytes) -> str:
    """Store the bytes whole or not at all; a full disk raises StorageFull."""
    path = _path(name)
    partial_path = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        _write_through(partial_path, content)
        partial_path.replace(path)
    except OSError as error:
        partial_path.unlink(missing_ok=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull(_("There is no room for files at the moment.")) from error
        raise
    return name


def read(name: str) -> bytes:
    """The bytes of a stored file; FileNotFoundError when there is none."""
    return _path(name).read_bytes()


def delete_after_commit(*names: str) -> None:
    """Remove files once the change that orphans them is committed."""
    for name in names:
        transaction.on_commit(partial(_path(name).unlink, missing_ok=True), robust=True)


def delete_folder_after_commit(name_inside: str) -> None:
    """Remove the folder that holds the named file, once the change is committed."""
    folder = _path(name_inside).parent
    transaction.on_commit(partial(shutil.rmtree, folder, ignore_errors=True), robust=True)


def public_url(name: str) -> str:
    """The lasting address of a file that anybody may see; it changes with the picture."""
    return f"{_address(name)}?{urlencode({'v': _version(name)})}"


def signed_url(name: str) -> str:
    """An address that opens the file for 15 to 30 minutes, whoever holds it.

    The expiry is rounded, so that the same file keeps one address that phones can cache.
    """
    expires = (math.ceil(time.time() / LINK_SECONDS) + 1) * LINK_SECONDS
    signature = _signature(name, str(expires))
    query = {"expires": expires, "signature": signature, "v": _version(name)}
    return f"{_address(name)}?{urlencode(query)}"


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
    oldest = time.time() - TEMP_HOURS * 3600
    stale = [
        path
        for path in _path("temp").rglob("*")
        if path.is_file() and path.stat().st_mtime < oldest
    ]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


def _address(name: str) -> str:
    return f"{settings.API_BASE_URL}{URL_PREFIX}{name}"


def _version(name: str) -> int:
    """When the file was written: clients that cache an address see a replaced picture at once."""
    try:
        return _path(name).stat().st_mtime_ns // 1_000_000
    except OSError:
        return 0


def _path(name: str) -> Path:
    return Path(settings.UPLOAD_DIR) / name


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _signature(name: str, expires: str) -> str:
    return Signer(salt="uploads").signature(f"{name}:{expires}")
