"""Moderation of products, and the categories, in the administrators' site."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog import categories, moderation, pictures
from catalog.models import Category, Product
from core.admin import AuditedAdmin, DecidedAdmin, moment, tenge

PENDING = Product.Moderation.PENDING
ALL = "all"


class ModerationFilter(admin.SimpleListFilter):
    """Shows the queue unless asked for something else."""

    title = gettext_lazy("moderation")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Product.Moderation.choices, (ALL, gettext_lazy("All"))]

    def value(self) -> str:
        return super().value() or PENDING

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        links = super().choices(changelist)
        next(links)  # Django's own "All" would come back to the queue.
        yield from links

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if self.value() == ALL:
            return queryset
        return queryset.filter(moderation_status=self.value())


@admin.register(Product)
class ProductAdmin(DecidedAdmin):
    """Products, first of all those that wait for moderation, the oldest first."""

    ready_reasons = [
        gettext_lazy("The pictures are blurry or too dark."),
        gettext_lazy("The category is wrong."),
        gettext_lazy("These goods may not be sold here."),
        gettext_lazy("The price is misleading."),
    ]
    list_display = ["gallery", "name", "about", "decision"]
    list_display_links = ["name"]
    list_filter = [ModerationFilter, "category"]
    list_select_related = ["shop", "category"]
    list_per_page = 20
    search_fields = ["name", "shop__shop_name"]
    actions = ["approve_selected"]
    fieldsets = [
        (None, {"fields": ["gallery"]}),
        (
            gettext_lazy("What shoppers read"),
            {"fields": ["name", "description", "money", "category", "shop", "features"]},
        ),
        (
            gettext_lazy("Moderation"),
            {
                "fields": [
                    "moderation_status",
                    "moderation_notes",
                    "moderated_by",
                    "moderated_at",
                    "is_active",
                    "submitted",
                ]
            },
        ),
        (
            gettext_lazy("Numbers"),
            {"fields": ["views_count", "try_ons_count", "purchases_count"]},
        ),
    ]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        waiting = request.GET.get("status", PENDING) == PENDING
        return ["created_at" if waiting else "-created_at"]

    def approve(self, row: Product, by: Any) -> None:
        moderation.approve(row, by=by)

    def reject(self, row: Product, reason: str, by: Any) -> None:
        moderation.reject(row, reason, by=by)

    def may_approve(self, row: Product) -> bool:
        return row.moderation_status == PENDING

    def may_reject(self, row: Product) -> bool:
        return row.moderation_status == PENDING

    @admin.display(description=gettext_lazy("Pictures"))
    def gallery(self, product: Product) -> SafeString | str:
        """Every picture; a click opens it in its full size."""
        addresses = pictures.urls(product)
        link = (
            '<a href="{0}" target="_blank" rel="noopener">'
            '<img src="{0}" alt="{1}" loading="lazy"></a>'
        )
        text = _("Picture %(number)d of “%(name)s”")
        numbered = [
            (address, text % {"number": number, "name": product.name})
            for number, address in enumerate(addresses, start=1)
        ]
        if not numbered:
            return _("No pictures")
        return format_html('<div class="gallery">{}</div>', format_html_join("", link, numbered))

    @admin.display(description=gettext_lazy("About"), ordering="price")
    def about(self, product: Product) -> SafeString:
        category = product.category or self.empty_value_display
        facts = [self.money(product), product.shop, category, self.submitted(product)]
        return format_html_join(mark_safe("<br>"), "{}", ([fact] for fact in facts))

    @admin.display(description=gettext_lazy("Price"), ordering="price")
    def money(self, product: Product) -> str:
        return tenge(product.price)

    @admin.display(description=gettext_lazy("Submitted"), ordering="created_at")
    def submitted(self, product: Product) -> str:
        return moment(product.created_at)

    @admin.display(description=gettext_lazy("Characteristics"))
    def features(self, product: Product) -> SafeString | str:
        row = '<tr><th scope="row">{}</th><td>{}</td></tr>'
        rows = format_html_join("", row, product.characteristics.items())
        return format_html('<table class="features">{}</table>', rows) if rows else "—"


@admin.register(Category)
class CategoryAdmin(AuditedAdmin):
    list_display = [
        "name_ru",
        "name_kk",
        "name_en",
        "parent",
        "garment",
        "order",
        "returnable",
        "is_active",
    ]
    list_filter = ["garment", "returnable", "is_active"]
    list_select_related = ["parent"]
    search_fields = ["name_ru", "name_kk", "name_en", "slug"]
    prepopulated_fields = {"slug": ["name_en"]}
    fields = [
        "name_ru",
        "name_kk",
        "name_en",
        "slug",
        "parent",
        "garment",
        "order",
        "returnable",
        "is_active",
    ]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:  # noqa: FBT001 - Django's signature
        categories.save(obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        categories.delete(obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for category in queryset:
            categories.delete(category)
