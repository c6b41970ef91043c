"""Serving stored files: a valid link opens any file, and nothing else opens a private one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from core import storage

PUBLIC_SECONDS = 300


@require_safe
def private_file(request: HttpRequest, name: str) -> HttpResponse:
    """A file under a signed address; a missing, wrong or expired signature is simply not found."""
    expires = request.GET.get("expires", "")
    if not storage.link_is_valid(name, expires, request.GET.get("signature", "")):
        raise Http404
    response = picture(name)
    response["Cache-Control"] = "private, immutable"
    response["Expires"] = http_date(int(expires))
    return response


def public_picture(name: str) -> HttpResponse:
    """A file that anybody may see; the caller has made sure of that."""
    response = picture(name)
    response["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    return response


def picture(name: str) -> HttpResponse:
    try:
        content = storage.read(name)
    except (OSError, ValueError) as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="image/jpeg")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
