"""A shop's products as a sheet, a row for each variant, with the labels of the active language.

No text is a formula (see core.csv_export); what is read back as it was written changes nothing.
Products are told as their shops want them: with the revision that waits for an administrator.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from io import BytesIO
from itertools import chain
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from catalog import revisions
from catalog.bulk import cells, columns
from catalog.bulk.drafting import OFFER, TERMS
from catalog.models import Category, Product, ProductQuerySet, ProductRevision, ProductVariant
from core.csv_export import csv_response, harmless
from core.errors import Refusal
from shops.models import Shop

BATCH = 500
XLSX_ROWS = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ORDER = (
    *("id", "sku", *revisions.WORDS, "category", "price", "size", "colour"),
    *("variant_price", "stock", "offered", *columns.CHARACTERISTICS),
    *("pictures", "rental_units", *TERMS),
)
WIDE = {"name": 32, "description": 48, "composition": 24, "pictures": 28}
Cells = list[Any]
Slugs = Mapping[int | None, str]


class TooManyRows(Refusal):
    code = "too_many_rows"
    status = 422


def export(shop: Shop, kind: str) -> HttpResponseBase:
    """The shop's products as a download, `csv` or `xlsx`; TooManyRows for what no XLSX holds."""
    names = [*ORDER, *_others(shop)]
    slugs: Slugs = dict(Category.objects.values_list("pk", "slug"))
    said = {True: _("yes"), False: _("no")}  # here: a stream is read in no language
    rows_of = partial(_rows, names=names, slugs=slugs, said=said)
    products = shop.products.kept().order_by("pk").with_offers_apart().with_revision()
    products = products.prefetch_related("category")
    if kind == "csv":
        return _as_csv(names, products, rows_of)
    if ProductVariant.objects.filter(product__in=shop.products.kept()).count() > XLSX_ROWS:
        message = _("There are more than %(most)d rows: take a CSV file.")
        raise TooManyRows(message % {"most": XLSX_ROWS})
    rows = (row for each in products.iterator(BATCH) for row in rows_of(each))
    return _download(f"products-{localdate()}.xlsx", xlsx(names, rows))


def template() -> HttpResponse:
    """An empty sheet with the columns and an example of two variants to write over."""
    example = {
        "name": _("Silk dress"),
        "description": _("Cut on the bias, falls below the knee."),
        "category": "dresses",
        "price": Decimal(24990),
        "colour": _("blue"),
        "stock": 3,
        "offered": _("yes"),
        "composition": _("100% silk"),
        "brand": "Leema",
        "country": _("Kazakhstan"),
    }
    sizes = [{"sku": f"DRESS-1-{size}", "size": size} for size in ("S", "M")]
    names = [name for name in ORDER if name != "id"]
    rows = [[(example | size).get(name) for name in names] for size in sizes]
    return _download("products.xlsx", xlsx(names, rows))


def xlsx(names: Sequence[str], rows: Iterable[Cells]) -> bytes:
    """The workbook: a heading that stays in view, texts as texts, numbers as numbers."""
    book = Workbook(write_only=True)
    page: Any = book.create_sheet(_("Products"))
    page.freeze_panes = "A2"
    for number, name in enumerate(names, 1):
        page.column_dimensions[get_column_letter(number)].width = WIDE.get(name, 16)
    heading = [WriteOnlyCell(page, columns.named(name)) for name in names]
    for cell in heading:
        cell.font = Font(bold=True)
    page.append(heading)
    for row in rows:
        page.append([_safe(value) for value in row])
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def _as_csv(
    names: Sequence[str],
    products: ProductQuerySet,
    rows_of: Callable[[Product], Iterator[Cells]],
) -> StreamingHttpResponse:
    async def rows() -> AsyncIterator[Cells]:
        async for product in products.aiterator(BATCH):
            for row in rows_of(product):
                yield row

    return csv_response("products", [columns.named(name) for name in names], rows())


def _rows(
    product: Product, names: Sequence[str], slugs: Slugs, said: Mapping[bool, str]
) -> Iterator[Cells]:
    about = _about(product, slugs)
    for variant in product.variants.all():
        offer = {name: getattr(variant, ours) for name, ours in OFFER.items()}
        offer["offered"] = said[variant.is_active]
        yield [(about | offer).get(name) for name in names]


def _about(product: Product, slugs: Slugs) -> dict[str, Any]:
    terms = getattr(product, "rental_terms", None)
    waiting = product.revision
    # As revisions.preview, which asks the database for a category.
    told = {**revisions.values(product), **(waiting.proposed if waiting else {})}
    keys = cells.characteristics(told["characteristics"])
    return {
        **{columns.column_of(key): str(value) for key, value in keys.items()},
        "id": product.pk,
        **{name: told[name] for name in revisions.WORDS},
        "category": slugs.get(told["category"], ""),
        "price": product.price,
        "pictures": cells.picture_names(told["images"]),
        **({name: getattr(terms, name) for name in TERMS} if terms else {}),
    }


def _others(shop: Shop) -> list[str]:
    """The columns of characteristics that only some products have, or wait to have."""
    own = shop.products.kept()
    waiting = ProductRevision.objects.waiting().filter(product__in=own)
    now = own.values_list("characteristics", flat=True).iterator(BATCH)
    wanted = waiting.values_list("proposed__characteristics", flat=True).iterator(BATCH)
    keys = {key for told in chain(now, wanted) for key in cells.characteristics(told)}
    return sorted({columns.column_of(key) for key in keys} - {*ORDER})


def _safe(value: Any) -> Any:
    return ILLEGAL_CHARACTERS_RE.sub("", harmless(value)) if isinstance(value, str) else value


def _download(name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)
