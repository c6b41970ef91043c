"""Whoever walks the tree of uploads sees pictures of approved products and shops, and no others."""

import re
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from catalog import moderation, pictures
from catalog.products import create_product
from catalog.tests.test_picture_sizes import shirt
from core import images, storage
from generations import kept_photos
from generations.requests import request_design
from shops.profile import change_avatar
from wardrobe import keeping

pytestmark = pytest.mark.usefixtures("unlimited")


@pytest.fixture
def tree(settings, atelier, aigerim, admin, picture, work):
    """Every kind of file that the platform keeps; returns the products by name."""
    small, large = images.clean(picture), shirt(width=500)

    def offer(name):
        return create_product(atelier, name=name, price=Decimal(400), images=[large, small])

    products = {name: offer(name) for name in ("approved", "pending", "rejected", "taken down")}
    moderation.approve(products["approved"], by=admin)
    moderation.reject(products["rejected"], "Blurred", by=admin)
    change_avatar(atelier, small)
    keeping.keep(aigerim, "uploaded", name="Hat", pictures=[small])
    keeping.keep_product(aigerim, products["approved"])
    kept_photos.add(aigerim, small)
    pictures.upload(f"shop-{atelier.pk}", [picture])
    pictures.upload(f"user-{aigerim.pk}", [picture])
    request_design(aigerim, "a red dress")
    work()
    return products


def walked(settings):
    root = settings.UPLOAD_DIR
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def open_to(client, names):
    return {name for name in names if client.get(f"/uploads/{name}").status_code == 200}


def public(product):
    [large, small] = product.images
    return {large, small, storage.sized(large, 400)}


def test_without_a_signature_only_what_is_public_opens(settings, tree, anyone, atelier):
    names = walked(settings)

    assert len(names) >= 20
    assert {name.partition("/")[0] for name in names} >= {"shops", "users", "generations", "temp"}
    expected = public(tree["approved"]) | {storage.shop_avatar(atelier.pk)}
    assert open_to(anyone, names) == expected


def test_no_account_makes_a_difference(settings, tree, as_aigerim, as_atelier, as_admin, atelier):
    expected = public(tree["approved"]) | {storage.shop_avatar(atelier.pk)}

    for client in (as_aigerim, as_atelier, as_admin):
        assert open_to(client, walked(settings)) == expected


def test_a_signature_opens_its_own_file_alone(settings, tree, anyone, atelier):
    names = walked(settings) - {storage.shop_avatar(atelier.pk)}
    query = urlsplit(storage.signed_url(tree["pending"].images[0])).query

    opened = {name for name in names if anyone.get(f"/uploads/{name}?{query}").status_code == 200}

    assert opened == {tree["pending"].images[0]}


def test_the_walk_finds_an_open_door(settings, tree, anyone, monkeypatch):
    """The negative control: a rule that forgets to ask for approval is found out."""
    monkeypatch.setattr("catalog.uploads._public_version", lambda *_: "")

    found = open_to(anyone, walked(settings))

    assert set(tree["pending"].images) <= found
    assert not [name for name in found if not re.match("shops/", name)]
