"""With the settings of production Django finds nothing to warn of."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "API_BASE_URL": "https://api.leema.kz",
    "FRONTEND_URL": "https://www.leema.kz",
    "SECRET_KEY": "Wc2vJ0n5yS8dK1qT7hR4bX9mZ3fL6gP0aE5uV2oI8rN1kD4wY6",
    "GOOGLE_BASE_URL": "",
}


def run(*arguments, **variables):
    told = {**os.environ, **PRODUCTION, "DJANGO_SETTINGS_MODULE": "config.settings", **variables}
    return subprocess.run(
        [sys.executable, *arguments],
        env=told,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_deployment_check_finds_nothing():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "System check identified no issues (0 silenced).\n",
        "",
    )


@pytest.mark.parametrize(
    "wrong", [{"SECRET_KEY": "short"}, {"DEBUG": "1"}, {"SECRET_KEY": "insecure" + "0" * 60}]
)
def test_the_deployment_check_can_fail(wrong):
    assert run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **wrong).returncode != 0
