"""Categories: a tree, charts of sizes, and what products in them have to say."""

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from catalog import size_charts
from catalog.models import Category, Product
from catalog.products import create_product
from shops.tests.owners import browser_of_shop

PRODUCTS = "/api/v1/products"
CATEGORIES = "/api/v1/categories"
CHART = [{"size": "M", "chest": [88, 92], "waist": 74}, {"size": "L", "chest": [92.5, 96]}]


@pytest.fixture
def strict(dresses):
    """Dresses, of which composition and country have to be told."""
    dresses.required_characteristics = ["composition", "country"]
    dresses.save(update_fields=["required_characteristics"])
    return dresses


def offer(client, category, **characteristics):
    sent = {"name": "Dress", "price": 400, "category_id": category.pk}
    return client.post(PRODUCTS, {**sent, "characteristics": characteristics})


def test_what_is_missing_is_named_field_by_field(as_atelier, strict):
    response = offer(as_atelier, strict, country=" ", colour="red")

    body = response.json()
    assert (response.status_code, body["code"]) == (422, "characteristics_missing")
    assert body["detail"] == "Required in this category: Composition, Made in."
    assert [(error["pointer"], error["code"]) for error in body["errors"]] == [
        ("/characteristics/composition", "required"),
        ("/characteristics/country", "required"),
    ]
    assert not Product.objects.exists()


def test_it_is_said_in_the_callers_language(as_atelier, strict):
    sent = {"name": "Dress", "price": 400, "category_id": strict.pk}
    response = as_atelier.post(PRODUCTS, sent, headers={"Accept-Language": "ru"})

    assert response.json()["detail"].startswith("В этой категории обязательно")


def test_what_says_everything_is_taken(as_atelier, strict):
    assert offer(as_atelier, strict, composition="Silk", country="Kazakhstan").status_code == 201


def test_without_requirements_nothing_is_asked(as_atelier, dresses, strict):
    other = Category.objects.create(slug="o", name_ru="О", name_kk="О", name_en="O")

    assert offer(as_atelier, other).status_code == 201
    assert as_atelier.post(PRODUCTS, {"name": "Coat", "price": 5}).status_code == 201


def test_what_was_there_before_keeps_selling_until_its_words_change(
    as_atelier, anyone, dress_on_sale, strict
):
    address = f"{PRODUCTS}/{dress_on_sale.pk}"

    assert as_atelier.put(address, {"price": 350}).status_code == 200
    assert anyone.get(address).status_code == 200
    refused = as_atelier.put(address, {"name": "Gown"})
    assert refused.json()["code"] == "characteristics_missing"
    dress_on_sale.refresh_from_db()
    assert (dress_on_sale.name, dress_on_sale.is_active) == ("Silk dress", True)


def test_the_panel_marks_the_fields(atelier, strict):
    browser = browser_of_shop(atelier)
    sent = {"name": "Dress", "price": "400", "category": strict.pk, "country": "Kazakhstan"}

    response = browser.post("/panel/products/new/", sent)

    form = response.context["form"]
    assert form.errors == {"composition": ["Required in this category."]}
    assert not Product.objects.exists()
    assert browser.post("/panel/products/new/", {**sent, "composition": "Silk"}).status_code == 302


def test_an_administrator_sets_both(desk, dresses, anyone):
    address = reverse("admin:catalog_category_change", args=[dresses.pk])
    names = {"name_ru": "Платья", "name_kk": "Көйлектер", "name_en": "Dresses"}
    sent = {**names, "slug": "dresses", "garment": "dress", "order": "1", "is_active": "on"}
    chart = '[{"size": "M", "chest": [88, 92], "waist": 74}]'

    bad = desk.post(address, {**sent, "size_chart": '[{"chest": 90}]'})
    assert bad.status_code == 200
    assert "Every line has a “size”." in bad.content.decode()
    told = {"size_chart": chart, "required_characteristics": ["brand", "composition"]}
    assert desk.post(address, {**sent, **told}).status_code == 302

    shown = anyone.get(f"{CATEGORIES}/{dresses.pk}").json()
    assert shown["required_characteristics"] == ["brand", "composition"]
    assert shown["size_chart"] == [{"size": "M", "chest": [88, 92], "waist": 74}]


@pytest.mark.parametrize(
    "chart",
    [
        {},
        "M",
        ["M"],
        [{"size": "M"}],
        [{"size": "", "chest": 90}],
        [{"size": "M", "bust": 90}],
        [{"size": "M", "chest": "90"}],
        [{"size": "M", "chest": True}],
        [{"size": "M", "chest": [92, 88]}],
        [{"size": "M", "chest": [88]}],
        [{"size": "M", "chest": 0}],
        [{"size": "M", "chest": 301}],
        [{"size": "M", "chest": 90}] * 41,
    ],
)
def test_what_is_no_chart_is_refused(chart):
    with pytest.raises(ValidationError):
        size_charts.check(chart)


def test_a_chart_is_read_as_a_table():
    size_charts.check(CHART)

    assert size_charts.table(CHART) == {
        "columns": ["Chest", "Waist"],
        "rows": [["M", "88–92", "74"], ["L", "92.5–96", ""]],
    }


def test_the_panel_shows_the_charts(atelier, dresses):
    Category.objects.filter(pk=dresses.pk).update(size_chart=CHART)

    page = browser_of_shop(atelier).get("/panel/products/new/").content.decode()

    assert "Size chart: Dresses" in page
    assert "88–92" in page


@pytest.fixture
def branches(dresses, atelier):
    """Dresses, below them evening dresses, and below those ball gowns."""
    evening, gowns = (
        Category.objects.create(slug=name, name_ru=name, name_kk=name, name_en=name)
        for name in ("evening", "gowns")
    )
    Category.objects.filter(pk=evening.pk).update(parent=dresses)
    Category.objects.filter(pk=gowns.pk).update(parent=evening)
    create_product(atelier, name="Gown", price=Decimal(5), category=gowns)
    return dresses, evening, gowns


def test_they_come_as_a_tree(anyone, branches, django_assert_num_queries):
    dresses, evening, gowns = branches

    with django_assert_num_queries(1):
        told = anyone.get(f"{CATEGORIES}?tree=true").json()

    top = next(each for each in told["categories"] if each["id"] == dresses.pk)
    assert [each["id"] for each in top["children"]] == [evening.pk]
    assert [each["id"] for each in top["children"][0]["children"]] == [gowns.pk]
    assert top["children"][0]["children"][0]["children"] == []
    assert told["total"] == Category.objects.count()
    assert {evening.pk, gowns.pk}.isdisjoint(each["id"] for each in told["categories"])


def test_a_branch_whose_parent_is_not_in_use_stands_on_top(anyone, branches):
    dresses, evening, _gowns = branches
    Category.objects.filter(pk=dresses.pk).update(is_active=False)

    told = anyone.get(f"{CATEGORIES}?tree=1").json()["categories"]

    assert evening.pk in {each["id"] for each in told}


def test_those_below_one_can_be_asked_for(anyone, branches):
    dresses, evening, _gowns = branches

    told = anyone.get(CATEGORIES, {"parent_id": dresses.pk}).json()

    assert [each["id"] for each in told["categories"]] == [evening.pk]
    assert "children" not in told["categories"][0]


def test_a_category_is_never_part_of_itself(branches):
    dresses, evening, gowns = branches

    for parent in (dresses, evening, gowns):
        with pytest.raises(IntegrityError, match="is part of itself"), transaction.atomic():
            Category.objects.filter(pk=dresses.pk).update(parent=parent)

    Category.objects.filter(pk=gowns.pk).update(parent=dresses)  # within the tree all may move
    assert Category.objects.get(pk=dresses.pk).parent is None


def test_the_administrators_form_says_so(branches, desk):
    dresses, _evening, gowns = branches
    page = reverse("admin:catalog_category_change", args=[dresses.pk])
    sent = {name: getattr(dresses, name) for name in ("name_ru", "name_kk", "name_en", "slug")}
    sent |= {"garment": dresses.garment, "order": 0, "size_chart": "[]", "parent": gowns.pk}

    answer = desk.post(page, sent)

    assert answer.status_code == 200
    assert "A category cannot be part of itself." in answer.content.decode()
    assert Category.objects.get(pk=dresses.pk).parent is None


@pytest.mark.django_db(transaction=True)
def test_two_who_move_each_others_branches_make_no_loop(categories):
    first, second = Category.objects.order_by("pk")[:2]
    outcomes = []

    def move_the_other():
        try:
            Category.objects.filter(pk=second.pk).update(parent=first)
            outcomes.append("moved")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    with transaction.atomic():
        Category.objects.filter(pk=first.pk).update(parent=second)
        other = threading.Thread(target=move_the_other)
        other.start()
        other.join(0.5)
        assert outcomes == []  # it waits
    other.join(10)

    assert outcomes == ["refused"]
    assert Category.objects.get(pk=second.pk).parent is None
