"""The columns of a sheet of products: what they are called, and what their cells may say.

A row is a variant; the columns of its product and of the rental are the same in all its rows. A
column is known by its name or by its label in any language. `characteristics.fit` is one, too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from catalog.bulk.sheets import Formula, Row, SheetRefused
from catalog.characteristics import SLEEVES
from catalog.models import (
    MAX_BUFFER_DAYS,
    MAX_PRICE,
    MAX_RENTAL_DAYS,
    MAX_STOCK,
    MAX_UNITS,
)
from core.csv_export import is_formula
from core.plain_text import Unreadable, check_text

DYNAMIC = "characteristics."
YES = {"yes", "да", "иә", "true", "1", ""}
NO = {"no", "нет", "жоқ", "false", "0"}
BLANKS = str.maketrans("", "", " \u00a0\u202f")


class YesNo(forms.Field):
    def clean(self, value: str) -> bool:
        if value.casefold() in YES | NO:
            return value.casefold() in YES
        raise ValidationError(_("Write yes or no."), code="invalid")


@dataclass(frozen=True)
class Column:
    """`part` says whose the column is: a product's, a variant's, or of the rental."""

    name: str
    label: Any
    field: forms.Field
    part: str

    def cleaned(self, text: str) -> Any:
        """What the cell says; ValidationError in the language that is active."""
        if isinstance(text, Formula):
            raise ValidationError(_("Formulas are not read: write the value itself."), "formula")
        if isinstance(self.field, forms.IntegerField):
            return self.field.clean(text.translate(BLANKS).replace(",", "."))
        if is_formula(text) and not _is_number(text):
            message = _("A text must not begin with =, +, -, @ or a tab.")
            raise ValidationError(message, code="formula")
        try:
            check_text(text)
        except Unreadable as error:
            raise ValidationError(str(error), code=error.code) from error
        return self.field.clean(text)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, or with a row where `column` is empty."""

    row: int
    column: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is understood: {column: its value, or its text where that is `faulty`}."""

    number: int
    values: dict[str, Any]
    faults: list[Fault]
    faulty: set[str]


class Heading:
    """The first row; SheetRefused for one that is not understood."""

    def __init__(self, row: Row) -> None:
        self.texts = row[1]
        self.columns = [_column(text) for text in self.texts]
        self.names = {column.name for column in self.columns if column}
        self._check()

    def line(self, row: Row) -> Line:
        """The row below it, each of its cells cleaned."""
        number, cells = row
        values: dict[str, Any] = {}
        faults, faulty = [], set()
        padded = [*cells, *[""] * len(self.columns)]
        for column, text in zip(self.columns, padded, strict=False):
            if column is None:
                continue
            try:
                values[column.name] = column.cleaned(text)
            except ValidationError as error:
                values[column.name] = str(text)
                faulty.add(column.name)
                faults.append(self.fault(number, column.name, _code(error), *error.messages))
        return Line(number, values, faults, faulty)

    def fault(self, number: int, name: str, code: str, *details: str) -> Fault:
        """A fault in the column, under the name that it has in the sheet."""
        called = {column.name: text for column, text in self._known()}
        return Fault(number, called.get(name, name), code, " ".join(details))

    def _known(self) -> Iterator[tuple[Column, str]]:
        return ((column, text) for column, text in zip(self.columns, self.texts) if column)  # noqa: B905 - built of each other

    def _check(self) -> None:
        unknown = [text for text, column in zip(self.texts, self.columns) if text and not column]  # noqa: B905 - as above
        if unknown:
            message = _("These columns are not known: %(names)s.")
            raise SheetRefused("unknown_column", message % {"names": ", ".join(unknown)[:300]})
        if len(self.names) < sum(column is not None for column in self.columns):
            raise SheetRefused("repeated_column", _("A column is there twice."))
        if missing := [named(name) for name in REQUIRED if name not in self.names]:
            message = _("These columns are missing: %(names)s.")
            raise SheetRefused("missing_column", message % {"names": ", ".join(missing)})


def named(name: str) -> str:
    """The label of a column in the language that is active."""
    return capfirst(str(COLUMNS[name].label)) if name in COLUMNS else name


def of_part(names: Iterable[str], *parts: str) -> list[str]:
    """Those of the columns that belong to these parts."""
    found = ((name, COLUMNS.get(name)) for name in names)
    return [name for name, column in found if (column.part if column else "product") in parts]


def characteristic(name: str) -> str | None:
    """The characteristic that the column tells of."""
    if name in CHARACTERISTICS:
        return name
    return name.removeprefix(DYNAMIC) if name.startswith(DYNAMIC) else None


def column_of(key: str) -> str:
    """The column that tells of a characteristic."""
    return key if key in CHARACTERISTICS else f"{DYNAMIC}{key}"


def _column(text: str) -> Column | None:
    known = _labels().get(text.casefold())
    if known:
        return COLUMNS[known]
    if not isinstance(text, Formula) and text.startswith(DYNAMIC) and len(text) > len(DYNAMIC):
        return Column(text, text, _text(500), "product")
    return None


@cache
def _labels() -> dict[str, str]:
    """The names of columns by what they may be called, in small letters."""
    called = {name: name for name in COLUMNS}
    for language, _language in settings.LANGUAGES:
        with override(language):
            called |= {str(column.label).casefold(): name for name, column in COLUMNS.items()}
    return called


def _code(error: ValidationError) -> str:
    return error.error_list[0].code or "invalid"


def _is_number(text: str) -> bool:
    try:
        float(text.translate(BLANKS).replace(",", "."))
    except ValueError:
        return False
    return True


def _text(most: int, **about: Any) -> forms.CharField:
    return forms.CharField(max_length=most, **{"required": False, **about})


def _number(least: int, most: int, *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(min_value=least, max_value=most, required=required)


def _price(least: float, *, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(
        min_value=least, max_value=MAX_PRICE, max_digits=12, decimal_places=2, required=required
    )


def _one_of(values: Iterable[str]) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[(each, each) for each in values], required=False)


def _columns(part: str, columns: Sequence[tuple[str, Any, forms.Field]]) -> dict[str, Column]:
    return {name: Column(name, label, field, part) for name, label, field in columns}


CHARACTERISTICS = ("material", "sleeve", "composition", "brand", "country")
REQUIRED = ("sku", "name", "price")
COLUMNS = {
    **_columns(
        "product",
        [
            ("id", gettext_lazy("Product number"), _number(1, 2**53)),
            ("name", gettext_lazy("Name of the product"), _text(200, required=True)),
            ("name_kk", gettext_lazy("name in Kazakh"), _text(200)),
            ("name_en", gettext_lazy("name in English"), _text(200)),
            ("description", gettext_lazy("Description"), _text(2000)),
            ("description_kk", gettext_lazy("description in Kazakh"), _text(2000)),
            ("description_en", gettext_lazy("description in English"), _text(2000)),
            ("category", gettext_lazy("Category"), _text(100)),
            ("price", gettext_lazy("Price, ₸"), _price(0.01, required=True)),
            ("material", gettext_lazy("Material"), _text(60)),
            ("sleeve", gettext_lazy("Sleeves"), _one_of(SLEEVES)),
            ("composition", gettext_lazy("Composition"), _text(120)),
            ("brand", gettext_lazy("Brand"), _text(60)),
            ("country", gettext_lazy("Made in"), _text(60)),
            ("pictures", gettext_lazy("Pictures"), _text(1000)),
        ],
    ),
    **_columns(
        "variant",
        [
            ("sku", gettext_lazy("SKU"), _text(60)),
            ("size", gettext_lazy("Size"), _text(20)),
            ("colour", gettext_lazy("Colour"), _text(40)),
            ("variant_price", gettext_lazy("Own price, ₸"), _price(0.01)),
            ("stock", gettext_lazy("In stock"), _number(0, MAX_STOCK)),
            ("rental_units", gettext_lazy("Pieces for rent"), _number(0, MAX_UNITS)),
            ("offered", gettext_lazy("Offered"), YesNo()),
        ],
    ),
    **_columns(
        "rental",
        [
            ("price_per_day", gettext_lazy("Price per day, ₸"), _price(0.01)),
            ("deposit", gettext_lazy("Deposit, ₸"), _price(0)),
            ("min_days", gettext_lazy("Shortest rental, days"), _number(1, MAX_RENTAL_DAYS)),
            ("max_days", gettext_lazy("Longest rental, days"), _number(1, MAX_RENTAL_DAYS)),
            ("buffer_days", gettext_lazy("Cleaning, days"), _number(0, MAX_BUFFER_DAYS)),
            ("late_fee_per_day", gettext_lazy("Fee for a day too late, ₸"), _price(0)),
        ],
    ),
}
