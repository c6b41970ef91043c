"""Every page of the Django admin opens for administrators alone, under the strict policy."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule, Success
from django_q.signing import SignedPackage

from accounts.models import AuthSession, User
from billing.models import CommissionRule, Payment, PaymentEvent, Payout, Posting, Transaction
from billing.payments import refunding
from billing.payouts import lifecycle
from billing.tests.sandbox_payer import paid
from billing.tests.shops_with_money import earned, with_bank_details
from catalog.models import Category, Product
from catalog.reports import reporting
from catalog.reviews import reviewing
from catalog.tables import ProductReport, Review
from conftest import BACKEND, funded
from core import audit, storage
from core.models import AuditEntry, PlatformSetting
from generations.models import EngineCall, Generation
from orders.checkout import buy_from_balance
from orders.models import Order
from orders.tests.steps import completed
from shops.models import Shop
from wardrobe.collecting import groups
from wardrobe.models import Collection, Outfit, UserWardrobeItem, Wear
from wardrobe.outfits import composing
from wardrobe.wearing import diary

INLINE = re.compile(r"<script(?![^>]* src=)(?![^>]*application/json)|<style|\s(style|on[a-z]+)=\"")
MODELS = sorted(django_admin.site._registry, key=lambda model: model._meta.label)
READ_ONLY = [model for model in MODELS if model not in {Category, CommissionRule, User}]


def name_of(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{name_of(model)}_changelist")


def page_of(row: Model) -> str:
    return reverse(f"admin:{name_of(type(row))}_change", args=[row.pk])


@pytest.fixture
def another(admin: User, picture: bytes) -> Callable[[], None]:
    """One more row of everything, each with owners of its own."""
    made = iter(range(100))

    def make() -> None:
        number = next(made)
        user = User.objects.create(
            google_id=f"g-{number}", email=f"{number}@example.kz", name=f"Person {number}"
        )
        funded(user, Decimal(1000))
        shop = Shop.objects.create(
            google_id=f"g-{number}", email=f"s{number}@example.kz", shop_name=f"Shop {number}"
        )
        Shop.objects.filter(pk=shop.pk).update(is_approved=True)
        category = Category.objects.create(
            slug=f"c{number}",
            name_ru=f"К{number}",
            name_kk=f"К{number}",
            name_en=f"C{number}",
            parent=Category.objects.first(),
        )
        products = [
            Product.objects.create(
                shop=shop,
                category=category,
                name=f"Product {number}",
                price=400,
                images=[storage.write(storage.product_picture(shop.pk, number, 0), picture)],
                moderation_status=status,
                is_active=status == "approved",
            )
            for status in ("pending", "approved")
        ]
        products[1].variants.create()
        completed(buy_from_balance(user, products[1]))
        reporting.report(user, products[1].pk, reason="fraud")
        reviewing.write(user, products[1].pk, rating=4, pictures=[picture])
        generation = Generation.objects.create(
            user=user,
            product=products[1],
            type="try_on",
            status="succeeded",
            cost=0,
            result=storage.generation_result(user.pk, number),
        )
        item = UserWardrobeItem.objects.create(
            user=user,
            source="uploaded",
            name="Coat",
            category=category,
            generation=generation,
            original_product=products[1],
            images=[storage.wardrobe_picture(user.pk, number, 0)],
        )
        composing.compose(user, [{"item_id": item.pk}], name="Evening")
        groups.make(user, "Capsule", [item.pk])
        diary.write(user, date(2026, 3, 22), [item.pk])
        EngineCall.objects.create(generation=generation, engine="local", seconds=2.5)
        payment = paid(user)
        refunding.refund(payment, Decimal(500))
        AuthSession.objects.create(user=user, platform="mobile")
        CommissionRule.objects.create(shop=shop, percent=10)
        PlatformSetting.objects.create(key=f"setting_{number}", value="1")
        lifecycle.request(with_bank_details(earned(shop, 5000)), Decimal(5000))
        with audit.attributed_to(f"admin:{admin.pk}"):
            audit.record("user.access", user, before={"role": "user"}, after={"role": "admin"})
        now = timezone.now()
        for kind, success in ((Success, True), (Failure, False)):
            kind.objects.create(
                id=f"{number}{success}",
                name=f"task {number}",
                func="generations.tasks.run",
                result="Traceback:\n  a line\nOSError: no room",
                started=now,
                stopped=now + timedelta(seconds=1),
                success=success,
            )
        task = {"id": "1", "name": "queued", "func": "generations.tasks.run", "args": (1,)}
        OrmQ.objects.create(key="leema", payload=SignedPackage.dumps(task), lock=now)
        Schedule.objects.create(name=f"sweep {number}", func="generations.tasks.sweep")

    return make


def complaint(response: HttpResponse) -> object:
    """What is wrong with a page, if anything."""
    policy = response["Content-Security-Policy"]
    if response.status_code != 200 or "default-src 'none'" not in policy or "unsafe" in policy:
        return response.status_code, policy
    return INLINE.findall(response.content.decode())


def test_the_administrators_site_knows_these_rows() -> None:
    assert set(MODELS) == {
        AuthSession,
        AuditEntry,
        Category,
        Collection,
        CommissionRule,
        EngineCall,
        Failure,
        Generation,
        Order,
        OrmQ,
        Outfit,
        Payment,
        PaymentEvent,
        Payout,
        PlatformSetting,
        Posting,
        Product,
        ProductReport,
        Review,
        Schedule,
        Shop,
        Success,
        Transaction,
        User,
        UserWardrobeItem,
        Wear,
    }
    assert Group not in MODELS


def test_every_list_and_every_page_opens(desk, another):
    another()

    addresses = {list_of(model): {} for model in MODELS} | {list_of(Product): {"status": "all"}}
    for model in MODELS:
        assert model._default_manager.exists(), name_of(model)
        addresses |= {page_of(row): {} for row in model._default_manager.all()}
    complaints = {
        address: complaint(desk.get(address, addresses[address])) for address in addresses
    }
    assert {address: wrong for address, wrong in complaints.items() if wrong} == {}


def test_every_list_takes_the_same_number_of_queries_for_one_row_and_for_three(desk, another):
    def queries() -> dict[str, int]:
        counts = {}
        for model in MODELS:
            with CaptureQueriesContext(connection) as captured:
                desk.get(list_of(model))
            counts[name_of(model)] = len(captured)
        return counts

    another()
    one = queries()
    another()
    another()

    assert queries() == one


@pytest.mark.usefixtures("unlimited")
def test_rows_are_not_added_changed_or_deleted_past_the_domain(desk, another):
    another()

    answers = {name_of(model): past_the_domain(desk, model) for model in READ_ONLY}

    assert {name: told for name, told in answers.items() if told != ([403] * 3, True)} == {}


def past_the_domain(desk: Client, model: type[Model]) -> tuple[list[int], bool]:
    """The answers to adding, changing and deleting; whether the row is as it was."""
    row, name = model._default_manager.first(), name_of(model)
    rows = model._default_manager.filter(pk=row.pk)
    before = rows.values().get()
    answers = [
        desk.get(reverse(f"admin:{name}_add")),
        desk.post(page_of(row), {}),
        desk.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}),
    ]
    return [answer.status_code for answer in answers], rows.values().first() == before


def test_a_shopper_is_sent_to_the_sign_in(client, aigerim):
    client.force_login(aigerim, backend=BACKEND)

    lists = {name_of(model): client.get(list_of(model), follow=True) for model in MODELS}

    ends = {name: response.redirect_chain[-1][0] for name, response in lists.items()}
    sign_in = reverse("panel-sign-in")
    assert {name: end for name, end in ends.items() if not end.startswith(sign_in)} == {}


def test_private_pictures_of_wardrobes_are_not_shown(desk, another):
    another()
    item = UserWardrobeItem.objects.get()

    for address in (list_of(UserWardrobeItem), page_of(item)):
        page = desk.get(address).content.decode()
        assert "Coat" in page
        assert "/uploads/" not in page
        assert "image_0.jpg" not in page


def test_the_dashboard_counts_and_links_to_what_waits(desk, another):
    another()

    response = desk.get(reverse("admin:index"))

    assert not complaint(response)
    cards = {str(card["name"]): card for card in response.context["cards"]}
    assert cards["Products to moderate"]["number"] == 1
    assert cards["Products to moderate"]["url"] == list_of(Product)
    assert cards["Shops to approve"]["number"] == 0
    assert cards["On people's balances"]["number"] == Decimal(600)
    assert Order.objects.get().order_number in response.content.decode()


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_language_is_switched_in_the_header(desk, language):
    page = desk.get(list_of(Category)).content.decode()
    assert f'name="language" value="{language}"' in page

    desk.post(reverse("set_language"), {"language": language, "next": list_of(Category)})

    assert f'<html lang="{language}"' in desk.get(list_of(Category)).content.decode()


def test_there_is_no_password_to_change(desk):
    assert desk.get(reverse("admin:password_change")).status_code == 404
    assert "password" not in desk.get(reverse("admin:index")).content.decode()


def test_an_administrator_adds_a_category(desk):
    sent = {
        "name_ru": "Шапки",
        "name_kk": "Бас киімдер",
        "name_en": "Hats",
        "slug": "hats",
        "garment": "auto",
        "order": "5",
        "is_active": "on",
    }

    desk.post(reverse("admin:catalog_category_add"), sent)

    assert Category.objects.get(slug="hats").name_kk == "Бас киімдер"
