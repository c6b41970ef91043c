import re

import pytest

from config.launcher.addresses import ROOT

LOCKS = ["requirements.txt", "requirements-engines.txt", "requirements-dev.txt"]


def locked(lock):
    return set(re.findall(r"^([a-z0-9-]+==[^ ;\\]+)", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_a_hash_and_none_an_address(lock):
    text = (ROOT / lock).read_text()

    assert "://" not in text
    assert "--index-url" not in text
    for package in re.split(r"\n(?=[a-z])", text.strip()):
        assert "--hash=sha256:" in package, package


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_tested_is_what_runs(lock):
    assert locked(lock) <= locked("requirements-dev.txt")


@pytest.mark.parametrize("source", [lock.replace(".txt", ".in") for lock in LOCKS])
def test_everything_asked_for_is_locked(source):
    lines = (ROOT / source).read_text().splitlines()
    names = [re.match(r"[A-Za-z0-9-]+", line)[0] for line in lines if line[:1].isalpha()]

    names_locked = {package.split("==")[0] for package in locked(source.replace(".in", ".txt"))}
    assert {name.lower() for name in names} <= names_locked
