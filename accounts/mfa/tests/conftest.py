import time

import pytest

CODE_SECONDS = 30


@pytest.fixture(autouse=True)
def _middle_of_a_code(monkeypatch):
    """The clock stands still, so that no app shows its next code between two lines of a test."""
    now = time.time() // CODE_SECONDS * CODE_SECONDS + CODE_SECONDS / 2
    monkeypatch.setattr(time, "time", lambda: now)
