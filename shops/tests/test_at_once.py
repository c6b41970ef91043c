"""An owner saves the profile at the very moment an administrator decides."""

import pytest

from billing.tests.test_ledger import at_once
from realtime.models import Event
from shops import approval
from shops.models import Shop
from shops.profile import update_profile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("round_", range(5))
def test_a_rejection_is_never_undone_in_silence(round_):
    shop = Shop.objects.create(google_id="g-new", email="new@example.kz", shop_name="New")

    def act(number):
        if number == 0:
            return approval.reject(Shop.objects.get(pk=shop.pk), "There is no address")
        return update_profile(shop, phone=f"+7701000000{number}")

    assert set(at_once(4, act)) == {"NoneType", "Shop"}

    shop.refresh_from_db()
    resubmitted = Event.objects.filter(audience="admins", type="shop_created").count()
    assert (shop.rejection_reason == "") == (resubmitted == 1)
