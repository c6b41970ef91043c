from django.urls import reverse

from shops.models import Shop
from shops.tests.owners import browser_of, browser_of_shop

OPEN = "/panel/open-shop/"


def test_a_stranger_is_sent_to_sign_in_and_back(client, db):
    response = client.get("/panel/products/?state=pending")

    assert response.status_code == 302
    assert response["Location"] == "/panel/sign-in/?next=/panel/products/%3Fstate%3Dpending"


def test_a_person_without_a_shop_is_asked_to_open_one(aigerim):
    response = browser_of(aigerim).get("/panel/", follow=True)

    assert response.redirect_chain == [(OPEN, 302)]
    assert "You are signed in as aigerim@example.kz." in response.content.decode()


def test_an_administrator_without_a_shop_is_shown_the_way(admin):
    page = browser_of(admin).get(OPEN).content.decode()

    assert f'<a href="{reverse("admin:index")}">To the administration</a>' in page


def test_the_shop_is_opened_for_the_google_account_and_waits(aigerim, published):
    with published() as events:
        response = browser_of(aigerim).post(OPEN, {"shop_name": "Jibek"}, follow=True)

    shop = Shop.objects.get(google_id="g-aigerim")
    assert (shop.shop_name, shop.owner_name, shop.email) == (
        "Jibek",
        "Aigerim",
        "aigerim@example.kz",
    )
    assert shop.status == "pending"
    assert response.redirect_chain == [("/panel/", 302)]
    assert "We are checking your shop." in response.content.decode()
    assert [(audience, kind) for audience, kind, _ in events] == [("admins", "shop_created")]


def test_a_shop_without_a_name_is_an_error_of_the_form(aigerim):
    response = browser_of(aigerim).post(OPEN, {"shop_name": " "})

    assert response.context["form"].errors == {"shop_name": ["This field is required."]}
    assert not Shop.objects.exists()


def test_an_email_of_another_shop_is_an_error_of_the_form(aigerim, atelier):
    Shop.objects.filter(pk=atelier.pk).update(email=aigerim.email)

    response = browser_of(aigerim).post(OPEN, {"shop_name": "Jibek"})

    errors = response.context["form"].non_field_errors()
    assert errors == ["Another shop is registered with this e-mail address."]
    assert Shop.objects.count() == 1


def test_nobody_opens_a_second_shop(atelier):
    response = browser_of_shop(atelier).post(OPEN, {"shop_name": "Second"})

    assert response["Location"] == "/panel/"
    assert Shop.objects.get().shop_name == "Atelier"


def test_a_closed_shop_stays_outside(atelier):
    browser = browser_of_shop(atelier)
    Shop.objects.update(is_active=False)

    response = browser.get("/panel/products/")

    assert response.status_code == 403
    assert "Your shop is closed for now." in response.content.decode()
