"""Where browsers report what a page's Content-Security-Policy has stopped."""

import json
import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

REPORT_TYPES = {"application/csp-report", "application/reports+json"}
REPORT_MAX_BYTES = 16 * 1024
REPORTS_MAX = 5
WORD_MAX = 200
ADDRESSES = ("document-uri", "documentURL", "blocked-uri", "blockedURL", "source-file")
WORDS = ("effective-directive", "violated-directive", "effectiveDirective", "line-number")
logger = logging.getLogger(__name__)


@csrf_exempt  # the browser sends it by itself, without a form
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """POST: write one line into the log for each report. Anybody may send anything here."""
    if request.content_type not in REPORT_TYPES:
        return HttpResponse(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body = request.read(REPORT_MAX_BYTES + 1)
    if len(body) > REPORT_MAX_BYTES:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        reports = list(_reports(json.loads(body)))
    except (ValueError, TypeError, RecursionError):
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    for report in reports[:REPORTS_MAX]:
        logger.warning("A page broke its policy: %s", _line(report))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _reports(sent: Any) -> Iterator[dict[str, Any]]:
    """The reports in the older form (one object) and in that of the Reporting API (a list)."""
    for each in sent if isinstance(sent, list) else [sent]:
        inner = each.get("csp-report", each.get("body")) if isinstance(each, dict) else None
        if not isinstance(inner, dict):
            raise TypeError
        yield inner


def _line(report: dict[str, Any]) -> str:
    told = {name: _address(report[name]) for name in ADDRESSES if name in report}
    told |= {name: report[name] for name in WORDS if name in report}
    return " ".join(f"{name}={_word(value)}" for name, value in told.items())


def _address(value: Any) -> str:
    """An address without what may be secret in it."""
    try:
        parts = urlsplit(str(value))
    except ValueError:
        return "?"
    return parts._replace(query="", fragment="", netloc=parts.netloc.rpartition("@")[2]).geturl()


def _word(value: Any) -> str:
    """Printable, without spaces, and short: a line of the log stays a line."""
    text = str(value)[:WORD_MAX]
    return "".join(letter if letter.isprintable() and letter != " " else "?" for letter in text)
