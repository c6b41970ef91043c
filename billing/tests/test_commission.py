"""What the platform keeps of a sale: which rule counts, and how much it comes to."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import commission
from billing.commission import Line, Terms
from billing.models import CommissionRule
from catalog.models import Category
from conftest import browser_of, with_setting
from core.models import AuditEntry


def hundredths(least, most):
    return st.integers(least * 100, most * 100).map(lambda number: Decimal(number) / 100)


MONEY = hundredths(0, 10**8)
PERCENT = hundredths(0, 100)
# However slow the machine is.
bounded = settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def shoes(db):
    return Category.objects.create(slug="shoes-2", name_ru="О", name_kk="А", name_en="Shoes")


def rule(**about):
    return CommissionRule.objects.create(**about)


def of(shop, category=None, amount="1000", quantity=1):
    category_id = category.pk if category else None
    return commission.of(
        Decimal(amount), shop_id=shop.pk, category_id=category_id, quantity=quantity
    )


def test_without_rules_it_is_the_rate_of_the_platform(atelier, dresses):
    assert of(atelier, dresses) == Decimal("100.00")

    with_setting("shop_commission_rate", "12.5")

    assert of(atelier, dresses) == Decimal("125.00")


def test_a_shops_rule_beats_its_categorys_which_beats_the_default(atelier, bazaar, dresses, shoes):
    rule(percent=8)
    rule(percent=6, category=dresses)
    rule(percent=4, shop=atelier)

    assert [of(atelier, dresses), of(atelier, shoes), of(atelier)] == [40, 40, 40]
    assert [of(bazaar, dresses), of(bazaar, shoes), of(bazaar)] == [60, 80, 80]


def test_a_rule_that_is_switched_off_counts_for_nothing(atelier):
    rule(percent=4, shop=atelier, is_active=False)

    assert of(atelier) == 100


def test_a_rule_is_not_for_the_categories_below(atelier, dresses, shoes):
    Category.objects.filter(pk=shoes.pk).update(parent=dresses)
    rule(percent=6, category=dresses)

    assert of(atelier, shoes) == 100


def test_many_lines_take_one_query(atelier, bazaar, dresses, django_assert_num_queries):
    with_setting("shop_commission_rate", "10")
    rule(percent=4, shop=atelier)
    rule(percent=6, category=dresses)
    lines = [
        Line(Decimal(1000), atelier.pk, dresses.pk),
        Line(Decimal(1000), bazaar.pk, dresses.pk, 3),
        Line(Decimal(1000), bazaar.pk, None),
    ]
    of(bazaar)  # reads the setting

    with django_assert_num_queries(1):
        assert commission.of_lines(lines) == [40, 60, 100]
    assert commission.of_lines([]) == []


@pytest.mark.parametrize(
    ("terms", "amount", "quantity", "expected"),
    [
        (Terms(Decimal(10)), "400", 1, "40.00"),
        (Terms(Decimal(10)), "0.05", 1, "0.01"),  # half a tiyn goes up
        (Terms(Decimal(10)), "0.04", 1, "0.00"),
        (Terms(Decimal("7.25")), "333.33", 1, "24.17"),
        (Terms(Decimal(10), fixed=Decimal(50)), "1000", 2, "200.00"),
        (Terms(Decimal(10), minimum=Decimal(150)), "1000", 1, "150.00"),
        (Terms(Decimal(10), minimum=Decimal(150)), "1000", 3, "450.00"),
        (Terms(Decimal(10), maximum=Decimal(30)), "1000", 1, "30.00"),
        (Terms(Decimal(10), maximum=Decimal(30)), "1000", 2, "60.00"),
        (Terms(Decimal(0), minimum=Decimal(500)), "100", 1, "100"),  # never above the amount
        (Terms(Decimal(100)), "99.99", 1, "99.99"),
        (Terms(Decimal(10), maximum=Decimal(0)), "1000", 1, "0.00"),
        (Terms(Decimal(0)), "1000", 1, "0.00"),
    ],
)
def test_it_comes_to_this(terms, amount, quantity, expected):
    assert terms.charge(Decimal(amount), quantity) == Decimal(expected)


@bounded
@given(MONEY, PERCENT, MONEY, MONEY, st.none() | MONEY, st.integers(1, 100))
def test_it_is_never_below_0_nor_above_the_amount(amount, percent, fixed, least, most, quantity):
    charge = Terms(percent, fixed, least, most).charge(amount, quantity)

    assert 0 <= charge <= amount
    assert charge == charge.quantize(Decimal("0.01"))


@bounded
@given(hundredths(1, 10**6), PERCENT, MONEY, st.integers(1, 20))
def test_pieces_together_pay_what_each_would(price, percent, fixed, quantity):
    """But for the rounding, which is done once for a line."""
    terms = Terms(percent, fixed)
    together = terms.charge(price * quantity, quantity)

    assert abs(together - terms.charge(price) * quantity) <= Decimal("0.005") * quantity


@pytest.mark.parametrize(
    "about",
    [
        {"percent": Decimal("100.01")},
        {"percent": Decimal("-0.01")},
        {"fixed": Decimal(-1)},
        {"minimum": Decimal(-1)},
        {"minimum": Decimal(50), "maximum": Decimal(49)},
        {"maximum": Decimal(10**8 + 1)},
    ],
)
def test_the_database_takes_no_senseless_rule(db, about):
    with pytest.raises(IntegrityError), transaction.atomic():
        rule(**about)


@pytest.mark.parametrize("column", ["percent", "fixed", "minimum", "maximum"])
def test_the_database_takes_no_number_that_is_none(db, column):
    rule(percent=5, maximum=10)

    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE commission_rules SET {column} = 'NaN'")


def test_the_database_takes_one_rule_in_force_for_each_target(atelier, dresses):
    for target in ({}, {"shop": atelier}, {"category": dresses}):
        rule(percent=1, **target)
        rule(percent=2, is_active=False, **target)
        with pytest.raises(IntegrityError), transaction.atomic():
            rule(percent=3, **target)


def test_a_rule_is_of_a_shop_or_of_a_category(atelier, dresses):
    with pytest.raises(IntegrityError), transaction.atomic():
        rule(percent=1, shop=atelier, category=dresses)


def test_a_shop_is_told_what_it_pays(as_atelier, as_bazaar, atelier, dresses):
    rule(percent=6, category=dresses, maximum=900)
    address = "/api/v1/shops/me/commission"
    default = {"percent": 10, "fixed": 0, "minimum": 0, "maximum": None}
    special = {"percent": 6, "fixed": 0, "minimum": 0, "maximum": 900}
    special |= {"category_id": dresses.pk, "category_name": "Dresses"}

    assert as_atelier.get(address).json() == {**default, "categories": [special]}

    rule(percent=4, shop=atelier)

    assert as_atelier.get(address).json() == {**default, "percent": 4, "categories": []}
    assert as_bazaar.get(address).json() == {**default, "categories": [special]}


def test_an_administrator_adds_and_changes_a_rule(desk, admin, atelier):
    asked = {"shop": atelier.pk, "percent": "4", "fixed": "0", "minimum": "0", "is_active": "on"}
    desk.post(reverse("admin:billing_commissionrule_add"), asked)
    added = CommissionRule.objects.get()

    address = reverse("admin:billing_commissionrule_change", args=[added.pk])
    desk.post(address, {**asked, "percent": "5.5"})

    assert of(atelier) == 55
    entries = AuditEntry.objects.filter(subject=f"commissionrule:{added.pk}").order_by("pk")
    assert [entry.action for entry in entries] == ["commission_rule.add", "commission_rule.change"]
    assert entries[1].said["before"] == {"percent": "4.00"}
    assert entries[1].said["after"] == {"percent": "5.5"}


def test_a_second_rule_is_refused_in_words(desk, atelier):
    rule(percent=4, shop=atelier)
    asked = {"shop": atelier.pk, "percent": "5", "fixed": "0", "minimum": "0", "is_active": "on"}

    response = desk.post(reverse("admin:billing_commissionrule_add"), asked)

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert CommissionRule.objects.count() == 1


def test_rules_need_a_fresh_second_factor_and_are_not_deleted(admin, desk, atelier):
    kept = rule(percent=4, shop=atelier)
    asked = {"shop": atelier.pk, "percent": "5", "fixed": "0", "minimum": "0"}
    address = reverse("admin:billing_commissionrule_change", args=[kept.pk])

    assert browser_of(admin, shown_ago=700).post(address, asked).status_code == 302
    deletion = reverse("admin:billing_commissionrule_delete", args=[kept.pk])
    assert desk.post(deletion, {"post": "yes"}).status_code == 403
    kept.refresh_from_db()
    assert kept.percent == 4
