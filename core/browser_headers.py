"""What every answer tells the browser, beside the policy of the pages (see settings)."""

from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse

# What is no page loads nothing, runs nothing and is shown in no frame.
NO_PAGE_POLICY = "default-src 'none'; frame-ancestors 'none'"
UNUSED = [
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
]
EVERYWHERE = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "Reporting-Endpoints": 'csp="/csp-report"',
}
Handler = Callable[[HttpRequest], HttpResponse]


def browser_headers(get_response: Handler) -> Handler:
    """Add the headers that the view has not set itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        if not _is_page(response):
            response.headers.setdefault("Content-Security-Policy", NO_PAGE_POLICY)
        return response

    return middleware


def pages_have_a_policy(get_response: Handler) -> Handler:
    """Give pages the policy of the settings, and nothing else: it is dear to write down."""
    csp: Any = CSPMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        csp.process_request(request)
        response = get_response(request)
        return csp.process_response(request, response) if _is_page(response) else response

    return middleware


def _is_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")
