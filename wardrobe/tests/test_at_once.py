"""Several devices of one person at once."""

import pytest

from billing.tests.test_ledger import at_once
from wardrobe import keeping
from wardrobe.models import UserWardrobeItem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def coat(timur):
    return keeping.keep(timur, UserWardrobeItem.Source.UPLOADED, name="Coat")


def test_changes_of_different_fields_are_all_kept(coat):
    changes = [{"folder": "Winter"}, {"is_favorite": True}, {"description": "Warm"}]

    at_once(3, lambda number: keeping.update_item(coat, **changes[number]))

    coat.refresh_from_db()
    assert (coat.folder, coat.is_favorite, coat.description) == ("Winter", True, "Warm")


def test_changing_what_another_device_removes_is_not_found(coat):
    def act(number):
        return keeping.remove(coat) if number % 2 else keeping.update_item(coat, folder="X")

    outcomes = at_once(8, act)

    assert outcomes.count("NoneType") == 1
    assert set(outcomes) <= {"NoneType", "UserWardrobeItem", "ItemGone"}
    assert not UserWardrobeItem.objects.exists()


def test_no_more_than_the_limit_is_kept(timur, settings):
    settings.MAX_WARDROBE_ITEMS_PER_USER = 5

    outcomes = at_once(
        12, lambda number: keeping.keep(timur, UserWardrobeItem.Source.UPLOADED, name=f"{number}")
    )

    assert outcomes.count("UserWardrobeItem") == 5
    assert outcomes.count("WardrobeFull") == 7
