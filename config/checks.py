"""Refuses to start on libraries with known holes."""

from importlib.metadata import version
from typing import Any

from django.core.checks import CheckMessage, Error, register
from packaging.version import Version

# The first releases without the holes we know of; requirements.in asks for no less.
SAFE_FROM = {
    "django": "5.2.19",
    "uvicorn": "0.54",
    "httptools": "0.7",
    "pillow": "13.0.0",
    "djangorestframework": "3.18.2",
    "pyjwt": "2.15.1",
    "djangorestframework-simplejwt": "5.5.1",
    "django-allauth": "65.21.1",
    "cryptography": "50",
}


@register
def libraries_are_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One error for each library that is older than its first safe release."""
    return [
        Error(
            f"{name} {version(name)} has known holes.",
            hint=f"Install the locked requirements: {name} {safe} or newer.",
            id="leema.E001",
        )
        for name, safe in SAFE_FROM.items()
        if Version(version(name)) < Version(safe)
    ]
