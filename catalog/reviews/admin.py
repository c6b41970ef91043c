"""Reviews in the administrators' site: read, hidden and shown again."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.reviews import reviewing
from catalog.tables import Review
from core import storage
from core.admin import DecidedAdmin


@admin.register(Review)
class ReviewAdmin(DecidedAdmin):
    ready_reasons = [
        (text, text)
        for text in [
            gettext_lazy("It insults somebody."),
            gettext_lazy("It tells personal data of others."),
            gettext_lazy("It is not about the product."),
            gettext_lazy("It is an advertisement."),
        ]
    ]
    reader = gettext_lazy("The author reads it word for word.")
    approve_label = gettext_lazy("Show it again")
    reject_label = gettext_lazy("Hide it")
    list_display = ["id", "product", "rating", "comment", "created_at", "hidden_at", "decision"]
    list_filter = ["rating", ("hidden_at", admin.EmptyFieldListFilter)]
    list_select_related = ["product", "user"]
    search_fields = ["comment", "product__name", "user__email"]
    ordering = ["-pk"]
    fields = [
        *("product", "user", "rating", "comment", "gallery", "answer", "answered_at"),
        *("hidden_at", "hidden_reason", "created_at", "updated_at"),
    ]

    def approve(self, row: Review, by: Any) -> None:
        reviewing.show(row)

    def reject(self, row: Review, by: Any, **said: str) -> None:
        reviewing.hide(row, said["reason"])

    def may_approve(self, row: Review) -> bool:
        return row.hidden_at is not None

    def may_reject(self, row: Review) -> bool:
        return row.hidden_at is None

    @admin.display(description=gettext_lazy("Pictures"))
    def gallery(self, review: Review) -> SafeString | str:
        if not review.images:
            return _("No pictures")
        link = '<img src="{}" alt="" loading="lazy">'
        links = format_html_join("", link, ([storage.signed_url(name)] for name in review.images))
        return format_html('<div class="gallery">{}</div>', links)
