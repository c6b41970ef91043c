"""Benchmarks of the engines run by themselves, outside the tests' own set-up."""

import subprocess
import sys

import pytest
from django.conf import settings


@pytest.mark.parametrize("name", ["try_on_quality", "engine_load"])
def test_a_benchmark_of_engines_starts_by_itself(name):
    script = settings.BASE_DIR / "benchmarks" / f"{name}.py"

    run = subprocess.run([sys.executable, script, "--help"], capture_output=True, check=False)

    assert run.returncode == 0, run.stderr
    assert b"usage" in run.stdout
