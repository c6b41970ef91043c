"""Which modules share what takes seconds to start, so that their tests stay on one worker.

pytest-xdist 3.8 can't be told so by its own marks: with pytest 9.2 it silently ignores them
(https://github.com/pytest-dev/pytest-xdist/issues/1386).
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

PLATFORM = "the whole platform"
TOGETHER = {
    "accounts/tests/test_signing_out_everywhere_at_once.py": "a server",
    "accounts/tests/test_demo_google.py": "another server",
    "benchmarks/tests/test_judge.py": "a judge and its pictures",
    "catalog/bulk/tests/test_import_in_browser.py": PLATFORM,
    "config/tests/test_body_limit.py": "a small server",
    "config/tests/test_contract.py": "schemathesis",
    "config/tests/test_limits_served.py": "two servers",
    "config/tests/test_second_factor.py": PLATFORM,
    "config/tests/test_served_pages.py": PLATFORM,
    "config/tests/test_story.py": PLATFORM,
    "config/tests/test_translations.py": "marked texts",
    "generations/tests/test_local_try_on.py": "a try-on",
    "generations/tests/test_remove_background.py": "an engine",
    "orders/tests/test_orders_in_browser.py": PLATFORM,
}


def group_of(nodeid):
    """What tests run together with this one; the largest groups are begun first."""
    return TOGETHER.get(nodeid.partition("::")[0], nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    scheduling = LoadScopeScheduling(config, log)
    scheduling._split_scope = group_of
    return scheduling
