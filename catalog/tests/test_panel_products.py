from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import moderation
from catalog.models import Product
from catalog.products import create_product
from catalog.tests.test_picture_sizes import shirt
from core import storage
from shops.models import Shop
from shops.tests.owners import browser_of_shop

PRODUCTS = "/panel/products/"
NEW = "/panel/products/new/"


@pytest.fixture
def panel(atelier):
    return browser_of_shop(atelier)


def files(picture, count=1):
    return [SimpleUploadedFile(f"{number}.jpg", picture) for number in range(count)]


def as_shown(form):
    """What a browser sends when the owner changes nothing."""
    values = {field.html_name: field.value() for field in form if field.name != "images"}
    return {name: "" if value is None else value for name, value in values.items()}


def test_a_product_is_sent_for_moderation(panel, atelier, dresses, picture, published):
    sent = {
        "name": "Silk dress",
        "description": "Light",
        "price": "12500.50",
        "category": dresses.pk,
        "colour": "red",
        "sleeve": "long",
        "images": files(picture, 2),
    }

    with published() as events:
        response = panel.post(NEW, sent)

    assert response["Location"] == PRODUCTS
    product = Product.objects.get()
    assert product.shop == atelier
    assert (product.name, product.description) == ("Silk dress", "Light")
    assert product.price == Decimal("12500.50")
    assert product.category == dresses
    assert product.characteristics == {"colour": "red", "sleeve": "long"}
    assert product.moderation_status == "pending"
    assert [storage.read(name)[:2] for name in product.images] == [b"\xff\xd8"] * 2
    assert [(audience, kind) for audience, kind, _ in events] == [("admins", "product_submitted")]


def test_an_empty_name_is_an_error_and_nothing_typed_is_lost(panel):
    response = panel.post(NEW, {"name": "", "price": "700", "colour": "ivory"})

    assert response.context["form"].errors == {"name": ["This field is required."]}
    page = response.content.decode()
    assert 'value="700"' in page
    assert 'value="ivory"' in page
    assert not Product.objects.exists()


@pytest.mark.parametrize("price", ["0", "-5", "free", "NaN", "100000001", "1.234"])
def test_a_price_that_is_none_is_an_error(panel, price):
    response = panel.post(NEW, {"name": "Dress", "price": price})

    assert list(response.context["form"].errors) == ["price"]
    assert not Product.objects.exists()


def test_a_text_file_is_named_as_what_is_wrong(panel, picture):
    sent = [*files(picture), SimpleUploadedFile("note.jpg", b"hello")]

    response = panel.post(NEW, {"name": "Dress", "price": "700", "images": sent})

    errors = response.context["form"].errors
    assert errors == {"images": ["note.jpg: Send a picture as JPEG, PNG or WebP."]}
    assert "Choose the pictures again, too." in response.content.decode()
    assert not Product.objects.exists()


def test_the_error_is_in_the_language_of_the_reader(panel):
    sent = {"name": "", "price": "700"}

    response = panel.post(NEW, sent, headers={"accept-language": "ru"})

    assert response.context["form"].errors == {"name": ["Обязательное поле."]}
    assert '<html lang="ru">' in response.content.decode()


def test_eleven_pictures_are_too_many(panel, picture):
    sent = {"name": "Dress", "price": "700", "images": files(picture, 11)}

    response = panel.post(NEW, sent)

    errors = response.context["form"].errors
    assert errors == {"images": ["A product has at most 10 pictures."]}
    assert not Product.objects.exists()


def test_a_shop_that_is_not_approved_is_told_so(panel):
    Shop.objects.update(is_approved=False)

    response = panel.post(NEW, {"name": "Dress", "price": "700"})

    errors = response.context["form"].non_field_errors()
    assert errors == ["The shop has to be approved before it can offer products."]
    assert not Product.objects.exists()


def test_a_new_price_does_not_ask_for_moderation(panel, dress_on_sale):
    address = f"/panel/products/{dress_on_sale.pk}/edit/"
    form = panel.get(address).context["form"]

    response = panel.post(address, as_shown(form) | {"price": "450"})

    assert response["Location"] == PRODUCTS
    dress_on_sale.refresh_from_db()
    assert dress_on_sale.price == 450
    assert (dress_on_sale.moderation_status, dress_on_sale.is_active) == ("approved", True)
    assert len(dress_on_sale.images) == 1


def test_a_new_detail_asks_for_moderation_and_keeps_what_the_form_does_not_know(
    panel, dress_on_sale
):
    Product.objects.update(characteristics={"season": "summer", "size": 42, "colour": "red"})
    address = f"/panel/products/{dress_on_sale.pk}/edit/"
    form = panel.get(address).context["form"]

    panel.post(address, as_shown(form) | {"material": "silk", "colour": ""})

    dress_on_sale.refresh_from_db()
    kept = {"season": "summer", "size": "42", "material": "silk"}
    assert dress_on_sale.revision.proposed == {"characteristics": kept}
    assert (dress_on_sale.moderation_status, dress_on_sale.is_active) == ("approved", True)


def test_new_pictures_replace_the_old_ones(panel, dress, picture):
    address = f"/panel/products/{dress.pk}/edit/"
    form = panel.get(address).context["form"]

    panel.post(address, as_shown(form) | {"images": files(picture, 3)})

    dress.refresh_from_db()
    assert len(dress.images) == 3


def test_pictures_change_places_and_are_taken_away_without_being_sent_anew(panel, atelier):
    pictures = [shirt(colour, width=100) for colour in ("#c21a2c", "#123a8c", "#1f9a4c")]
    shirts = create_product(atelier, name="Shirts", price=Decimal(900), images=pictures)
    [red, blue, green] = shirts.images
    address = f"/panel/products/{shirts.pk}/edit/"
    form = panel.get(address).context["form"]
    places = {"place-image_0": "2", "place-image_1": "", "place-image_2": "1"}

    panel.post(address, as_shown(form) | places)

    shirts.refresh_from_db()
    assert shirts.images == [green, red]
    assert blue not in shirts.picture_facts


def test_new_pictures_come_behind_those_that_keep_their_place(panel, dress, picture):
    address = f"/panel/products/{dress.pk}/edit/"
    form = panel.get(address).context["form"]
    new = SimpleUploadedFile("new.jpg", shirt(width=100))

    panel.post(address, as_shown(form) | {"place-image_0": "1", "images": [new]})

    before = dress.images
    dress.refresh_from_db()
    assert (dress.images[:1], len(dress.images)) == (before, 2)


def test_the_form_shows_what_waits_and_the_shop_changes_it_further(panel, dress_on_sale):
    address = f"/panel/products/{dress_on_sale.pk}/edit/"
    panel.post(address, as_shown(panel.get(address).context["form"]) | {"name": "Silk gown"})

    page = panel.get(address)
    panel.post(address, as_shown(page.context["form"]) | {"material": "silk"})

    assert "Below is what you want to change." in page.content.decode()
    dress_on_sale.refresh_from_db()
    proposed = {"name": "Silk gown", "characteristics": {"material": "silk"}}
    assert dress_on_sale.revision.proposed == proposed
    assert "Changes are being checked" in panel.get(PRODUCTS).content.decode()


def test_a_product_is_hidden_and_shown_with_a_button(panel, dress_on_sale):
    for act, is_active in (("hide", False), ("show", True)):
        assert f"/panel/products/{dress_on_sale.pk}/{act}/" in panel.get(PRODUCTS).content.decode()
        panel.post(f"/panel/products/{dress_on_sale.pk}/{act}/")
        dress_on_sale.refresh_from_db()
        assert dress_on_sale.is_active is is_active


def test_a_refused_change_changes_nothing(panel, dress):
    response = panel.post(f"/panel/products/{dress.pk}/edit/", {"name": "", "price": "1"})

    page = response.content.decode()
    assert "<h1>Silk dress</h1>" in page
    dress.refresh_from_db()
    assert (dress.name, dress.price) == ("Silk dress", 400)


def test_a_product_is_deleted_after_a_question(panel, dress):
    address = f"/panel/products/{dress.pk}/delete/"

    question = panel.get(address).content.decode()
    assert "Delete “Silk dress”?" in question
    assert Product.objects.filter(pk=dress.pk).exists()

    response = panel.post(address)
    assert response["Location"] == PRODUCTS
    assert not Product.objects.exists()


@pytest.mark.parametrize("page", ["edit", "delete"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_product_of_another_shop_is_not_found(bazaar, dress, page, method):
    stranger = browser_of_shop(bazaar)

    response = getattr(stranger, method)(
        f"/panel/products/{dress.pk}/{page}/", {"name": "Mine", "price": "1"}
    )

    assert response.status_code == 404
    dress.refresh_from_db()
    assert dress.name == "Silk dress"


def test_the_list_shows_state_and_note_and_only_own_products(panel, dress, bazaar, admin):
    create_product(bazaar, name="Foreign coat", price=Decimal(1))
    moderation.reject(dress, "The picture is blurred.", by=admin)

    page = panel.get(PRODUCTS).content.decode()

    assert '<span class="badge rejected" data-status>Rejected</span>' in page
    assert "The picture is blurred." in page
    assert "Foreign coat" not in page


def test_the_list_is_narrowed_to_one_state(panel, atelier, dress_on_sale):
    create_product(atelier, name="Coat", price=Decimal(900))

    response = panel.get(PRODUCTS, {"state": "pending"})

    assert [shown["product"].name for shown in response.context["products"]] == ["Coat"]
    assert response.context["states"] == [
        ("", "All", 2),
        ("pending", "Waiting for moderation", 1),
        ("approved", "Approved", 1),
        ("rejected", "Rejected", 0),
    ]


def test_the_list_goes_on_on_the_next_page(panel, atelier):
    for number in range(21):
        create_product(atelier, name=f"Coat {number}", price=Decimal(900))

    first = panel.get(PRODUCTS, {"state": "pending"})
    second = panel.get(PRODUCTS, {"state": "pending", "page": "2"})

    assert len(first.context["products"]) == 20
    assert 'href="?state=pending&amp;page=2"' in first.content.decode()
    assert [shown["product"].name for shown in second.context["products"]] == ["Coat 0"]


def test_the_list_takes_the_same_queries_for_one_and_three(panel, atelier, dress):
    panel.get(PRODUCTS)
    with CaptureQueriesContext(connection) as for_one:
        panel.get(PRODUCTS)
    for name in ("Coat", "Skirt"):
        create_product(atelier, name=name, price=Decimal(900))

    with CaptureQueriesContext(connection) as for_three:
        panel.get(PRODUCTS)

    assert len(for_three) == len(for_one)
