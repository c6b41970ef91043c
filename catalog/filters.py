"""What a list of products can be narrowed by."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.postgres.fields import DateRangeField
from django.db.models import (
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Lower
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters

from catalog.models import Category, Product, ProductQuerySet, ProductVariant

MOST_LETTERS = 200  # of what is searched for
SORTS = {
    "relevance": "-relevance",
    "newest": "-pk",
    "price": "price",
    "-price": "-price",
    "popular": "-purchases_count",
}
OF_ONE_VARIANT = ("size", "color", "in_stock", "rentable_from", "rentable_to")


class _WholePeriod(forms.Form):
    """Both days of a rental in their order, or none."""

    def clean(self) -> dict[str, Any]:
        wanted = super().clean() or {}
        start, end = wanted.get("rentable_from"), wanted.get("rentable_to")
        if not self.errors and (start is None) != (end is None):
            missing = "rentable_to" if start else "rentable_from"
            self.add_error(missing, _("Say both days of the rental, or none."))
        elif start and end and end < start:
            self.add_error("rentable_to", _("The last day comes before the first."))
        return wanted


class ProductFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """Everything but the words (`q`, or `search`), which a SearchBackend understands.

    Prices in KZT. `category` means its sub-categories too. One variant has to be of the `size` and
    of the `color`, and to be there (`in_stock`) or to be free to rent from `rentable_from` to
    `rentable_to`, at once.
    """

    q = filters.CharFilter(method="_later", max_length=MOST_LETTERS)
    search = filters.CharFilter(method="_later", max_length=MOST_LETTERS)
    sort = filters.ChoiceFilter(method="_later", choices=[(name, name) for name in SORTS])
    category = filters.NumberFilter(method="_of_category")
    shop = filters.NumberFilter("shop_id")
    price_min = filters.NumberFilter("price", "gte")
    price_max = filters.NumberFilter("price", "lte")
    size = filters.CharFilter(method="_later", max_length=MOST_LETTERS)
    color = filters.CharFilter(method="_later", max_length=MOST_LETTERS)
    in_stock = filters.BooleanFilter(method="_later")
    rentable_from = filters.DateFilter(method="_later")
    rentable_to = filters.DateFilter(method="_later")

    class Meta:
        model = Product
        form = _WholePeriod
        fields: list[str] = []

    def filter_queryset(self, queryset: ProductQuerySet) -> ProductQuerySet:
        rows: ProductQuerySet = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        wanted = {name: asked[name] for name in OF_ONE_VARIANT}
        return rows.filter(Exists(_variants(**wanted))) if any(wanted.values()) else rows

    def _of_category(self, rows: ProductQuerySet, name: str, value: Any) -> ProductQuerySet:
        its = Q(pk=value) | Q(parent=value) | Q(parent__parent=value)
        return rows.filter(category_id__in=Category.objects.filter(its).values("pk"))

    def _later(self, rows: ProductQuerySet, name: str, value: Any) -> ProductQuerySet:
        """Narrowed together with others, or by the search."""
        return rows


def _variants(
    *,
    size: str,
    color: str,
    in_stock: bool | None,
    rentable_from: date | None,
    rentable_to: date | None,
) -> QuerySet[ProductVariant]:
    """The variants of a product that are all of this."""
    offered = ProductVariant.objects.filter(product=OuterRef("pk"), is_active=True)
    rows: QuerySet[ProductVariant] = offered
    for field, values in (("size", size), ("colour", color)):
        if values:
            wanted = [value.strip().lower() for value in values.split(",")]
            rows = rows.alias(**{f"plain_{field}": Lower(field)})
            rows = rows.filter(**{f"plain_{field}__in": wanted})
    if in_stock:
        rows = rows.filter(Q(stock=None) | Q(stock__gt=F("reserved")))
    if rentable_from and rentable_to:
        rows = _free(rows, rentable_from, rentable_to)
    return rows


def _free(rows: QuerySet[ProductVariant], start: date, end: date) -> QuerySet[ProductVariant]:
    """Those of which a piece is free on all these days and those for cleaning it afterwards."""
    days = (end - start).days + 1
    cleaning = Cast("product__rental_terms__buffer_days", IntegerField())
    until = ExpressionWrapper(Value(end + timedelta(days=1)) + cleaning, DateField())
    blocked = Func(Value(start), until, function="daterange", output_field=DateRangeField())
    # Orders know what a booking is, and we may not know orders.
    booking: Any = ProductVariant._meta.get_field("bookings").related_model
    cancelled = Q(bookings__status=booking.Status.CANCELLED)
    taken = Q(bookings__period__overlap=blocked) & ~cancelled
    rows = rows.filter(product__rental_terms__min_days__lte=days)
    rows = rows.filter(product__rental_terms__max_days__gte=days)
    busy = Count("bookings__unit", filter=taken, distinct=True)
    return rows.alias(busy=busy).filter(rental_units__gt=F("busy"))
