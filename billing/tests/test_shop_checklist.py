"""An administrator sees at a shop's page what is in order and what is not."""

from dataclasses import replace

import pytest
from django.urls import reverse

from billing.bank import checklist, details
from billing.models import BankDetails
from billing.tests.shops_with_money import ACCOUNT, BIN, IBAN, with_bank_details
from shops.models import Shop


@pytest.fixture
def whole(atelier):
    """A shop in which all is in order."""
    atelier.owner_name, atelier.address = "Aigul", "Almaty, Abai 1"
    atelier.phone, atelier.whatsapp_number = "8 (701) 234-56-78", "+77012345678"
    atelier.save()
    return with_bank_details(atelier)


def amiss(shop):
    return {point.name: point.detail for point in checklist.of(shop) if not point.is_fine}


def test_a_shop_in_order_has_nothing_amiss(whole):
    assert amiss(whole) == {}
    assert len(checklist.of(whole)) == 7


def test_what_is_missing_is_named(bazaar):
    assert amiss(bazaar) == {
        "Owner": "Not said",
        "Phone": "Not said",
        "WhatsApp number": "Not said",
        "Address": "Not said",
        "BIN or IIN, and IBAN": "No bank details yet",
    }


def test_a_foreign_number_is_told(whole):
    whole.phone = "+49 30 1234567"

    assert amiss(whole) == {"Phone": "+49 30 1234567: not a number of Kazakhstan"}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"iin_bin": BIN[:-1] + "6"}, "BIN or IIN"),
        ({"iin_bin": BIN[1:]}, "BIN or IIN"),
        ({"iban": IBAN[:-1] + "1"}, "IBAN"),
        ({"iban": IBAN[:-1]}, "IBAN"),
        ({"iban": "DE89370400440532013000"}, "IBAN"),
    ],
)
def test_wrong_check_digits_are_told_and_no_number_is_shown_whole(whole, change, name):
    with_bank_details(whole, replace(ACCOUNT, **change))

    found = amiss(whole)

    assert list(found) == [name]
    assert found[name].endswith("the check digits are wrong")
    [wrong] = change.values()
    assert wrong not in found[name]


def test_another_shop_with_the_same_number_is_named(whole, bazaar):
    with_bank_details(bazaar, replace(ACCOUNT, iban="KZ75125KZT2069100100"))

    assert amiss(whole) == {"The only shop with this BIN or IIN": "Bazaar"}
    assert BIN not in str(BankDetails.objects.values_list("iin_bin_mark", "encrypted"))


def test_the_page_shows_the_checklist(desk, whole, bazaar):
    page = desk.get(reverse("admin:shops_shop_change", args=[whole.pk])).content.decode()
    other = desk.get(reverse("admin:shops_shop_change", args=[bazaar.pk])).content.decode()

    assert (page.count('<li class="fine">'), page.count('<li class="amiss">')) == (7, 0)
    assert other.count('<li class="amiss">') == 5
    assert details.account_of(whole).iin_bin not in page


def test_a_shop_is_suspended_and_opened_again(desk, whole, dress_on_sale, anyone, published):
    reason = {"reason": "Complaints about fakes"}
    with published() as events:
        desk.post(reverse("admin:shops_shop_suspend", args=[whole.pk]), reason)

    assert Shop.objects.get(pk=whole.pk).status == "suspended"
    assert anyone.get("/api/v1/products").json()["products"] == []
    assert [event[1:] for event in events] == [
        ("shop_suspended", {"shop_id": whole.pk, "reason": "Complaints about fakes"})
    ]

    with published() as events:
        desk.post(reverse("admin:shops_shop_reopen", args=[whole.pk]))

    assert Shop.objects.get(pk=whole.pk).status == "approved"
    assert [event[1] for event in events] == ["shop_reopened"]
    assert len(anyone.get("/api/v1/products").json()["products"]) == 1


def test_a_suspension_needs_a_reason_and_an_open_shop(desk, whole):
    address = reverse("admin:shops_shop_suspend", args=[whole.pk])

    desk.post(address, {"reason": "short"})
    assert Shop.objects.get(pk=whole.pk).status == "approved"

    Shop.objects.filter(pk=whole.pk).update(is_active=False)
    page = desk.post(address, {"reason": "Long enough a reason"}, follow=True).content.decode()
    assert "The shop is not in a state that allows this." in page
