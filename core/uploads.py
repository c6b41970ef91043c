"""Serving stored files: a valid link opens any file, and nothing else opens a private one."""

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from core import storage

PUBLIC_SECONDS = 300
LASTING_SECONDS = 365 * 86400
CHUNK_BYTES = 256 * 1024


@require_safe
def private_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file under a signed address; a missing, wrong or expired signature is simply not found."""
    expires = request.GET.get("expires", "")
    if not storage.link_is_valid(name, expires, request.GET.get("signature", "")):
        raise Http404
    response = _archive(name) if name.endswith(".zip") else picture(name)
    response["Cache-Control"] = "private, immutable"
    response["Expires"] = http_date(int(expires))
    return response


def public_picture(request: HttpRequest, name: str, version: str) -> HttpResponse:
    """A file that anybody may see; the caller has made sure of that.

    Its address with this `version` never shows anything else, so it may be kept for good.
    """
    response = picture(name)
    is_lasting = version and request.GET.get("v") == version
    lasting = f"public, max-age={LASTING_SECONDS}, immutable"
    response["Cache-Control"] = lasting if is_lasting else f"public, max-age={PUBLIC_SECONDS}"
    return response


def picture(name: str) -> HttpResponse:
    try:
        content = storage.read(name)
    except (OSError, ValueError) as error:
        raise Http404 from error
    kind = "image/webp" if name.endswith(".webp") else "image/jpeg"
    response = HttpResponse(content, content_type=kind)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _archive(name: str) -> StreamingHttpResponse:
    """A file to keep, sent piece by piece: it may be larger than the memory."""
    try:
        size = storage.size(name)
    except (OSError, ValueError) as error:
        raise Http404 from error
    response = StreamingHttpResponse(_pieces(name), content_type="application/zip")
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = 'attachment; filename="leema.zip"'
    return response


async def _pieces(name: str) -> AsyncIterator[bytes]:
    # An ordinary iterator would be read to its end before the first byte is sent under ASGI.
    with storage.opened(name) as file:
        while piece := await sync_to_async(file.read, thread_sensitive=False)(CHUNK_BYTES):
            yield piece
