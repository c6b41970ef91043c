"""The platform does not start on libraries with known holes."""

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from packaging.requirements import Requirement
from packaging.version import Version

from config import checks
from config.checks import SAFE_FROM, libraries_are_safe


def test_what_is_installed_is_safe():
    assert libraries_are_safe(None) == []


@pytest.mark.parametrize("name", SAFE_FROM)
def test_an_older_library_is_named(name, monkeypatch):
    real = checks.version
    monkeypatch.setattr(checks, "version", lambda asked: "0.1" if asked == name else real(asked))

    [error] = libraries_are_safe(None)

    assert error.msg == f"{name} 0.1 has known holes."
    assert error.hint.endswith(f"{name} {SAFE_FROM[name]} or newer.")
    assert error.id == "leema.E001"


def test_commands_stop_at_an_older_library(monkeypatch):
    monkeypatch.setattr(checks, "version", lambda asked: "1.0rc1")

    with pytest.raises(SystemCheckError, match=r"django 1\.0rc1 has known holes"):
        call_command("check")


def test_the_requirements_ask_for_no_less():
    lines = re.findall(
        r"^[a-z].*$", (settings.BASE_DIR / "requirements.in").read_text(), re.MULTILINE
    )
    asked = {wish.name: wish.specifier for wish in map(Requirement, lines)}

    for name, safe in SAFE_FROM.items():
        major, minor = Version(safe).major, Version(safe).minor
        lowest = Version(f"{major - 1}.999" if major else f"0.{minor - 1}.999")
        assert not asked[name].contains(lowest), name
