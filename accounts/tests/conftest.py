"""Both houses, open, and this deployment registered at both."""

import pytest

from accounts.providers import id_tokens
from accounts.tests.houses import Apple, Google, open_house


@pytest.fixture(scope="session")
def open_houses():
    with open_house(Google()) as google, open_house(Apple()) as apple:
        yield google, apple


@pytest.fixture
def houses(open_houses, settings):
    for house in open_houses:
        house.reset()
        for name, value in house.settings().items():
            setattr(settings, name, value)
    id_tokens.published_keys.cache_clear()
    return open_houses


@pytest.fixture
def google_house(houses):
    return houses[0]


@pytest.fixture
def apple_house(houses):
    return houses[1]


@pytest.fixture(params=["google", "apple"])
def theirs(request, houses):
    """Each of them in turn."""
    return houses[request.param == "apple"]
