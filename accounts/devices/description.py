"""What a request tells about the device it came from, and how a person reads that."""

from contextlib import suppress
from ipaddress import ip_address
from typing import TypedDict

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.client_address import client_address

# Looked for in this order, because browsers claim to be each other.
BROWSERS = {
    "YaBrowser/": "Yandex",
    "SamsungBrowser/": "Samsung Internet",
    "OPR/": "Opera",
    "Edg": "Edge",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "Linux": "Linux",
}
APP = "Dart/"


class Device(TypedDict):
    ip: str | None
    user_agent: str


def device_of(request: HttpRequest) -> Device:
    """From where and with which program a request came, fit to be stored."""
    program = request.META.get("HTTP_USER_AGENT", "")
    return {
        "ip": _ip(client_address(request)),
        "user_agent": "".join(filter(str.isprintable, program))[:300],
    }


def in_words(user_agent: str) -> str:
    """The device as its owner would call it: "Chrome, Android"."""
    if user_agent.startswith(APP):
        return _("Leema app")
    names = [_first_named(BROWSERS, user_agent), _first_named(SYSTEMS, user_agent)]
    return ", ".join(filter(None, names)) or _("Unknown device")


def _first_named(names: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")


def _ip(address: str) -> str | None:
    with suppress(ValueError):
        return str(ip_address(address.partition("%")[0]))
    return None
