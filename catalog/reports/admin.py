"""Reports of products in the administrators' site: dismissed, or the product is taken down."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from catalog.reports import reporting
from catalog.tables import ProductReport
from core.admin import DecidedAdmin, change_url

OPEN, ALL = "open", "all"


class OpenFilter(admin.SimpleListFilter):
    """Shows what waits for a decision unless asked for something else."""

    title = gettext_lazy("decision")
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        waiting = (OPEN, gettext_lazy("Waiting for a decision"))
        return [waiting, *ProductReport.Decision.choices, (ALL, gettext_lazy("All"))]

    def value(self) -> str:
        return super().value() or OPEN

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        links = super().choices(changelist)
        next(links)  # Django's own "All" would come back to what waits.
        yield from links

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ProductReport]
    ) -> QuerySet[ProductReport]:
        if self.value() == ALL:
            return queryset
        return queryset.filter(decision="" if self.value() == OPEN else self.value())


@admin.register(ProductReport)
class ProductReportAdmin(DecidedAdmin):
    """Approving leaves the product on sale, rejecting takes it down; for all its reports."""

    ready_reasons = [
        (text, text)
        for text in [
            gettext_lazy("These goods may not be sold here."),
            gettext_lazy("It is a counterfeit."),
            gettext_lazy("It is not what is shown or described."),
        ]
    ]
    approve_label = gettext_lazy("Leave it on sale")
    reject_label = gettext_lazy("Take it down")
    list_display = ["id", "shown_product", "reason", "comment", "open_reports", "decision_buttons"]
    list_display_links = ["id"]
    list_filter = [OpenFilter, "reason"]
    list_select_related = ["product"]
    search_fields = ["comment", "product__name", "product__shop__shop_name"]
    ordering = ["pk"]
    fields = [
        *("shown_product", "user", "reason", "comment", "created_at"),
        *("decision", "decided_at", "decided_by"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductReport]:
        undecided = Count("product__reports", filter=Q(product__reports__decision=""))
        rows: QuerySet[ProductReport] = super().get_queryset(request)
        return rows.annotate(open_count=undecided)

    def approve(self, row: ProductReport, by: Any) -> None:
        reporting.dismiss(row, by=by)

    def reject(self, row: ProductReport, by: Any, **said: str) -> None:
        reporting.take_down(row, said["reason"], by=by)

    def may_approve(self, row: ProductReport) -> bool:
        return not row.decision

    def may_reject(self, row: ProductReport) -> bool:
        return not row.decision

    @admin.display(description=gettext_lazy("Product"))
    def shown_product(self, row: ProductReport) -> SafeString:
        return format_html('<a href="{}">{}</a>', change_url(row.product), row.product)

    @admin.display(description=gettext_lazy("Reports of the product"), ordering="open_count")
    def open_reports(self, row: Any) -> int:
        return int(row.open_count)

    @admin.display(description=gettext_lazy("Decision"))
    def decision_buttons(self, row: ProductReport) -> str:
        return self.buttons(row) or row.get_decision_display()
