"""How the audit log speaks of rows: links to them, and what became of their fields."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.models import AuditEntry

PEOPLE = ("admin", "user")


def person_id(actor: str) -> int | None:
    """The id behind `admin:5` or `user:5`."""
    role, _colon, number = actor.partition(":")
    return int(number) if role in PEOPLE and number.isdecimal() else None


def linked_row(name: str, label: str = "") -> SafeString | str:
    """The row that the log calls `shop:12`, as a link to its page, if it has one."""
    kind, _colon, pk = name.partition(":")
    model = _model(kind)
    if model is None or not pk:
        return label or name
    page = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    text = label or f"{capfirst(model._meta.verbose_name)} {pk}"
    return format_html('<a href="{}">{}</a>', reverse(page, args=[pk]), text)


def difference(entry: AuditEntry) -> SafeString | str:
    """A table of the fields that changed: how each was, and what it became."""
    model, said = _model(entry.subject.partition(":")[0]), entry.said
    before, after = said["before"], said["after"]
    rows = [
        (_label(model, name), _shown(model, name, before), _shown(model, name, after))
        for name in {**before, **after}
    ]
    if not rows:
        return "—"
    return format_html(
        '<table class="difference"><thead><tr><th scope="col">{}</th><th scope="col">{}</th>'
        '<th scope="col">{}</th></tr></thead><tbody>{}</tbody></table>',
        _("field"),
        _("before"),
        _("after"),
        format_html_join(
            "", '<tr><th scope="row">{}</th><td><del>{}</del></td><td><ins>{}</ins></td></tr>', rows
        ),
    )


def _model(kind: str) -> type[Model] | None:
    kind = "user" if kind in PEOPLE else kind
    known = {model._meta.model_name: model for model in admin.site._registry}
    return known.get(kind)


def _field(model: type[Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name.removesuffix("_id")) if model else None
    except FieldDoesNotExist:
        return None


def _label(model: type[Model] | None, name: str) -> str:
    return capfirst(getattr(_field(model, name), "verbose_name", name))


def _shown(model: type[Model] | None, name: str, side: dict[str, Any]) -> str:
    if name not in side:
        return ""
    value = side[name]
    if value is None or isinstance(value, bool):
        return {None: "—", True: _("Yes"), False: _("No")}[value]
    choices = dict(getattr(_field(model, name), "flatchoices", []) or [])
    return str(choices.get(value, localize(value)))
