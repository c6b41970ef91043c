"""Moderation of products, and the categories, in the administrators' site."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from catalog import categories, moderation, pictures
from catalog.desk.admin import DeskAdmin, last_decision
from catalog.desk.forms import ReasonActionForm, WhyForm
from catalog.forms import CategoryForm
from catalog.models import Category, Product, Reason
from catalog.reports import admin as reports
from catalog.reviews import admin as reviews
from core.admin import AuditedAdmin, moment, tenge

__all__ = ["CategoryAdmin", "ProductAdmin", "reports", "reviews"]
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
        if self.value() == PENDING:
            return queryset.filter(pk__in=Product.objects.awaiting_moderation().order_by())
        return queryset.filter(moderation_status=self.value())


@admin.register(Product)
class ProductAdmin(DeskAdmin):
    """Products, first of all those that wait for moderation, the oldest first."""

    ready_reasons = [choice for choice in Reason.choices if choice[0] != Reason.OTHER]
    reason_field = "reason_code"
    action_form = ReasonActionForm
    list_display = ["gallery", "title", "about", "decision"]
    list_display_links = None
    list_filter = [ModerationFilter, "category"]
    list_select_related = ["shop", "category"]
    list_per_page = 20
    search_fields = ["name", "name_kk", "name_en", "shop__shop_name"]
    actions = ["approve_selected", "reject_selected"]
    fieldsets = [
        (None, {"fields": ["gallery"]}),
        (
            gettext_lazy("What shoppers read"),
            {
                "fields": [
                    *("name", "name_kk", "name_en"),
                    *("description", "description_kk", "description_en"),
                    *("money", "category", "shop", "features"),
                ]
            },
        ),
        (
            gettext_lazy("Moderation"),
            {
                "fields": [
                    "moderation_status",
                    "said",
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
        moderation.approve(row, by=by, revision=_seen(row))

    def reject(self, row: Product, by: Any, **said: str) -> None:
        seen = _seen(row)
        moderation.reject(row, said["notes"], by=by, reason=said["reason"], revision=seen)

    def may_approve(self, row: Product) -> bool:
        return row.moderation_status == PENDING or row.revision is not None

    def may_reject(self, row: Product) -> bool:
        return self.may_approve(row)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        # What its shop has deleted is not the moderators' any more, but stays in the list.
        return Product.objects.with_revision().prefetch_related("variants")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        assert isinstance(request.user, User)
        context = {"last_decision": last_decision(request.user), **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.action(description=gettext_lazy("Approve the selected"))
    def approve_selected(self, request: HttpRequest, rows: Iterable[Product]) -> None:
        """New products alone: the list does not show what is to be changed of those on sale."""
        chosen = list(rows)
        new = [row for row in chosen if row.revision is None]
        if len(new) < len(chosen):
            messages.warning(request, _("Changes are approved one by one, where they are shown."))
        super().approve_selected(request, new)

    @admin.action(description=gettext_lazy("Reject the selected for this reason"))
    def reject_selected(self, request: HttpRequest, rows: QuerySet[Product]) -> None:
        form = WhyForm({"reason_code": request.POST.get("reason_code", "")})
        if not form.is_valid():
            messages.error(request, _("Choose a reason for the rejection."))
            return
        for row in rows:
            self.attempt_rejection(request, row, form.said())

    @admin.display(description=gettext_lazy("What the shop reads"))
    def said(self, product: Product) -> str:
        return product.why or self.empty_value_display

    @admin.display(description=gettext_lazy("Pictures"))
    def gallery(self, product: Product) -> SafeString | str:
        """Every picture; a click opens it in its full size."""
        link = (
            '<a href="{0}" target="_blank" rel="noopener">'
            '<img src="{1}" alt="{2}" loading="lazy"></a>'
        )
        text = _("Picture %(number)d of “%(name)s”")
        numbered = [
            (
                shown["url"],
                shown["sizes"].get("400", shown["url"]),
                text % {"number": number, "name": product.name},
            )
            for number, shown in enumerate(pictures.details(product), start=1)
        ]
        if not numbered:
            return _("No pictures")
        return format_html('<div class="gallery">{}</div>', format_html_join("", link, numbered))

    @admin.display(description=gettext_lazy("Product"), ordering="name")
    def title(self, product: Product) -> SafeString:
        mark = format_html('<br><span class="status pending">{}</span>', _("Revision"))
        return format_html(
            '<a href="{}">{}</a>{}',
            self.page_of(product),
            product,
            mark if product.revision else "",
        )

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


def _seen(product: Product) -> int | None:
    """The revision that was looked at."""
    return product.revision.pk if product.revision else None


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
    form = CategoryForm
    fields = [
        "name_ru",
        "name_kk",
        "name_en",
        "slug",
        "parent",
        "garment",
        "order",
        "returnable",
        "required_characteristics",
        "size_chart",
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
