"""docs/security.md names tests that exist."""

import re

from config.launcher.addresses import ROOT

NAMED = re.compile(r"\b(test_\w+\.py)")


def test_every_test_it_names_is_there():
    named = set(NAMED.findall((ROOT / "docs" / "security.md").read_text()))
    there = {path.name for path in ROOT.glob("*/**/tests/test_*.py")}

    assert len(named) > 50
    assert named - there == set()
