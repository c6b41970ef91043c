"""What every answer tells the browser, beside the policy of the pages (see settings)."""

from collections.abc import Callable

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
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Security-Policy", NO_PAGE_POLICY)
        return response

    return middleware
