from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from orjson import Fragment
from rest_framework import generics, serializers
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from catalog import answers, listing_fees, moderation, reading, showing, variants
from catalog.categories import tree as category_tree
from catalog.favourites.reader import reader_of
from catalog.filters import SORTS
from catalog.listing_fees import Receipt
from catalog.models import Category, Product
from catalog.products import create_product, delete_product, update_product
from catalog.search import listing, older, search
from catalog.search.api import NARROWING, SORTING
from catalog.serializers import (
    CategorySerializer,
    DecisionSerializer,
    ListingFeePaidSerializer,
    ListingFeeSerializer,
    OffersSerializer,
    OwnProductSerializer,
    ProductInputSerializer,
    ProductMessageSerializer,
    ProductRejectionSerializer,
    ProductSerializer,
    RentalOfferSerializer,
    UploadedSerializer,
    UploadSerializer,
    WhySerializer,
)
from catalog.variants import Offer
from core.bodies import valid
from core.guards import IsAdmin, IsShop, current
from core.idempotency import idempotent
from core.pagination import (
    PARAMETERS,
    bare_list,
    limit_of,
    page_of,
    page_with_next,
    paginated,
    plain_page,
)
from core.parsers import StrictMultiPartParser
from core.principal import Principal, Role
from core.rendering import QuickJSONRenderer, answered
from shops.models import Shop

ProductPage = page_of("products", ProductSerializer)


class ProductListView(APIView):
    """GET: the catalogue. POST: a shop offers a new product."""

    renderer_classes = [QuickJSONRenderer]

    def get_permissions(self) -> Sequence[BasePermission]:
        return [AllowAny() if self.request.method in SAFE_METHODS else IsShop()]

    @extend_schema(
        operation_id="products_list",
        parameters=[*PARAMETERS, *NARROWING, SORTING],
        responses=ProductPage,
    )
    def get(self, request: Request) -> HttpResponse:
        if page := plain_page(request.query_params):
            before, limit = page
            return answered(answers.newest(before=before, limit=limit, reader=reader_of(request)))
        return _listed(request)

    @extend_schema(request=ProductInputSerializer, responses={201: OwnProductSerializer})
    def post(self, request: Request) -> Response:
        shop = current(request, Shop)
        product = create_product(shop, **_details(shop, request))
        return Response(OwnProductSerializer(product).data, status=201)


class ProductSearchView(APIView):
    """GET: the same list, as the older clients ask for it."""

    renderer_classes = [QuickJSONRenderer]

    @extend_schema(
        operation_id="products_search",
        parameters=[
            *PARAMETERS,
            *(OpenApiParameter(name, str) for name in older.NAMES),
            OpenApiParameter("sort_by", str, description="created_at, price, purchases_count"),
            OpenApiParameter("sort_order", str, description="asc, desc"),
        ],
        responses=ProductPage,
    )
    def get(self, request: Request) -> Response:
        return _listed(request)

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        request.GET = older.translated(request.GET)  # type: ignore[assignment]  # read as any other
        return super().initialize_request(request, *args, **kwargs)


class ProductDetailView(APIView):
    """GET: a product on sale, or one's own. PUT, DELETE: the shop's own."""

    renderer_classes = [QuickJSONRenderer]

    def get_permissions(self) -> Sequence[BasePermission]:
        return [AllowAny() if self.request.method in SAFE_METHODS else IsShop()]

    @extend_schema(responses=ProductSerializer)
    def get(self, request: Request, pk: int) -> HttpResponse:
        shown = reading.one(pk, reader_of(request))
        if shown is None or _is_theirs(request, shown.shop_id):
            return _own_product(request, pk)
        user_agent = request.headers.get("User-Agent", "")
        return answered(answers.looked_at(shown, request.auth, user_agent))

    @extend_schema(request=ProductInputSerializer(partial=True), responses=OwnProductSerializer)
    def put(self, request: Request, pk: int) -> Response:
        shop = current(request, Shop)
        product = get_object_or_404(shop.products.kept(), pk=pk)
        changed = update_product(product, **_details(shop, request, partial=True))
        return Response(OwnProductSerializer(changed).data)

    @extend_schema(responses={200: ProductMessageSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        delete_product(get_object_or_404(current(request, Shop).products.kept(), pk=pk))
        return Response({"message": _("The product is deleted.")})


class ProductHideView(APIView):
    """POST: take one's approved product off sale for a while."""

    permission_classes = [IsShop]

    @extend_schema(request=None, responses=OwnProductSerializer)
    def post(self, request: Request, pk: int) -> Response:
        return Response(OwnProductSerializer(showing.hide(_own(request, pk))).data)


class ProductShowView(APIView):
    """POST: put one's hidden product back on sale."""

    permission_classes = [IsShop]

    @extend_schema(request=None, responses={200: OwnProductSerializer, 402: None})
    def post(self, request: Request, pk: int) -> Response:
        return Response(OwnProductSerializer(showing.show(_own(request, pk))).data)


class ProductVariantsView(APIView):
    """PUT: offer one's product in exactly these variants, at once and without moderation."""

    permission_classes = [IsShop]

    @extend_schema(request=OffersSerializer, responses=OwnProductSerializer)
    def put(self, request: Request, pk: int) -> Response:
        product = _own(request, pk)
        sent = valid(OffersSerializer(data=request.data))
        variants.replace(product, [Offer(**each) for each in sent["variants"]])
        return Response(OwnProductSerializer(_own(request, pk)).data)


class ProductRentalTermsView(APIView):
    """PUT: offer one's product for rent on these terms. DELETE: not for rent any more."""

    permission_classes = [IsShop]

    @extend_schema(request=RentalOfferSerializer, responses=OwnProductSerializer)
    def put(self, request: Request, pk: int) -> Response:
        product = _own(request, pk)
        variants.set_rental_terms(product, valid(RentalOfferSerializer(data=request.data)))
        return Response(OwnProductSerializer(_own(request, pk)).data)

    @extend_schema(responses={200: OwnProductSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        variants.end_rental(_own(request, pk))
        return Response(OwnProductSerializer(_own(request, pk)).data)


class ProductPicturesView(APIView):
    """POST multipart `files`: pictures to name later in `image_urls`; kept for 24 hours."""

    permission_classes = [IsShop]
    parser_classes = [StrictMultiPartParser]

    @extend_schema(request=UploadSerializer, responses=UploadedSerializer)
    def post(self, request: Request) -> Response:
        sent = UploadSerializer(data=request.data)
        valid(sent)
        return Response(sent.kept_for(f"shop-{current(request, Shop).pk}"))


class OwnProductListView(APIView):
    """GET: all products of the shop, whatever their state, newest first."""

    permission_classes = [IsShop]

    @extend_schema(parameters=PARAMETERS, responses=OwnProductSerializer(many=True))
    def get(self, request: Request) -> Response:
        products = current(request, Shop).products.kept().with_offers().with_revision()
        return bare_list(request, products, _as_own_json)


class ListingFeeView(APIView):
    """POST {extra_data: {product_id, months}}: pay from the balance for showing one's product.

    Here alone, where the older clients ask for it; they find no `approval_url` and the status
    `completed`.
    """

    permission_classes = [IsShop]

    @extend_schema(
        request=ListingFeeSerializer,
        responses={200: ListingFeePaidSerializer, 402: None, 404: None},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = valid(ListingFeeSerializer(data=request.data))["extra_data"]
        receipt = listing_fees.pay(_own(request, wish["product_id"]), wish["months"])
        return _paid(receipt)


class CategoryListView(APIView):
    """GET: the categories in their order, with how many products each has on sale."""

    @extend_schema(
        operation_id="categories_list",
        parameters=[
            OpenApiParameter("parent_id", int, description="Only those right below it"),
            OpenApiParameter(
                "tree", bool, description="`true`: those on top, each with its `children`"
            ),
        ],
        responses=inline_serializer(
            "CategoryList",
            {"categories": CategorySerializer(many=True), "total": serializers.IntegerField()},
        ),
    )
    def get(self, request: Request) -> Response:
        on_sale = Count("products", filter=Q(products__is_active=True))
        categories = Category.objects.filter(is_active=True).annotate(products_count=on_sale)
        above = request.query_params.get("parent_id", "")
        if above.isdecimal():
            categories = categories.filter(parent_id=int(above))
        rows = CategorySerializer(categories, many=True).data
        is_tree = request.query_params.get("tree") in {"1", "true"}
        shown = category_tree(rows) if is_tree else rows
        return Response({"categories": shown, "total": len(rows)})


class CategoryDetailView(generics.RetrieveAPIView):
    """GET: one category."""

    serializer_class = CategorySerializer
    queryset = Category.objects.filter(is_active=True)


class ModerationQueueView(APIView):
    """GET: products, and revisions of products, waiting for a decision, newest first."""

    permission_classes = [IsAdmin]

    @extend_schema(parameters=PARAMETERS, responses=OwnProductSerializer(many=True))
    def get(self, request: Request) -> Response:
        waiting = Product.objects.awaiting_moderation().with_offers().with_revision()
        return bare_list(request, waiting, _as_own_json)


class ProductApproveView(APIView):
    """POST: an administrator puts a product, or the revision of one, on sale."""

    permission_classes = [IsAdmin]

    @extend_schema(request=DecisionSerializer, responses={200: ProductMessageSerializer, 402: None})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        product = _any(pk)
        sent = valid(DecisionSerializer(data=request.data))
        about = {"notes": sent["notes"], "revision": sent.get("revision_id")}
        moderation.approve(product, by=current(request, User), **about)
        return _decided(product, _("The product is on sale."))


class ProductRejectView(APIView):
    """POST {reason_code?, reason?}: an administrator keeps a product, or its revision, out."""

    permission_classes = [IsAdmin]

    @extend_schema(request=ProductRejectionSerializer, responses=ProductMessageSerializer)
    def post(self, request: Request, pk: int) -> Response:
        product = _any(pk)
        sent = ProductRejectionSerializer(data=request.data)
        seen = valid(sent).get("revision_id")
        moderation.reject(product, by=current(request, User), revision=seen, **sent.why())
        return _decided(product, _("The product is rejected."))


class ProductTakeDownView(APIView):
    """POST {reason_code?, reason?}: an administrator takes a product out of the catalogue."""

    permission_classes = [IsAdmin]

    @extend_schema(request=WhySerializer, responses=ProductMessageSerializer)
    def post(self, request: Request, pk: int) -> Response:
        product = _any(pk)
        sent = WhySerializer(data=request.data)
        valid(sent)
        moderation.take_down(product, by=current(request, User), **sent.why())
        return _decided(product, _("The product is taken down."))


class ProductUndoView(APIView):
    """POST: an administrator takes the decision of the last five minutes back."""

    permission_classes = [IsAdmin]

    @extend_schema(request=None, responses=ProductMessageSerializer)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        product = _any(pk)
        moderation.undo(product, by=current(request, User))
        return _decided(product, _("The decision is undone."))


def _listed(request: Request) -> Response:
    if text := listing.text_alone(request):
        return _first_found(request, text)
    found, by = listing.ordered(request)
    rows = found.values_list(*{"pk", by.removeprefix("-")}, named=True)
    return paginated(request, rows, "products", partial(_read, request), by=by)


def _first_found(request: Request, text: str) -> Response:
    limit = limit_of(request.query_params)
    found = search().first(text, limit + 1)
    by = SORTS["relevance"]
    return Response(page_with_next("products", found, partial(_read, request), limit, by))


def _read(request: Request, rows: Sequence[Any]) -> list[Fragment]:
    return reading.products((row.pk for row in rows), reader_of(request))


def _any(pk: int) -> Product:
    return get_object_or_404(Product.objects.select_related("shop"), pk=pk)


def _own(request: Request, pk: int) -> Product:
    return get_object_or_404(current(request, Shop).products.kept().with_offers(), pk=pk)


def _details(shop: Shop, request: Request, *, partial: bool = False) -> dict[str, Any]:
    sent = ProductInputSerializer(data=request.data, partial=partial)
    valid(sent)
    return sent.details(shop)


def _caller(request: Request) -> Principal | None:
    caller = request.auth
    return caller.without_unproven_rights() if isinstance(caller, Principal) else None


def _own_product(request: Request, pk: int) -> Response:
    """What its shop and administrators are told of a product, on sale or not."""
    match _caller(request):
        case Principal(role=Role.ADMIN):
            rows = Product.objects.all()
        case Principal(role=Role.SHOP, id=shop_id):
            rows = Product.objects.kept().filter(shop_id=shop_id)
        case _:
            rows = Product.objects.none()
    product = get_object_or_404(rows.with_offers().with_revision(), pk=pk)
    return Response(OwnProductSerializer(product).data)


def _is_theirs(request: Request, shop_id: int) -> bool:
    """Whether they may change or decide about a product of the shop, and not only buy it."""
    match _caller(request):
        case Principal(role=Role.ADMIN):
            return True
        case Principal(role=Role.SHOP, id=own_id):
            return bool(own_id == shop_id)
    return False


def _as_own_json(products: Sequence[Product]) -> Any:
    return OwnProductSerializer(products, many=True).data


def _decided(product: Product, message: str) -> Response:
    return Response({"message": message, "product": OwnProductSerializer(product).data})


def _paid(receipt: Receipt) -> Response:
    until = date_format(timezone.localtime(receipt.product.rent_expires_at), "SHORT_DATE_FORMAT")
    about = {
        "status": "completed",
        "message": _("The product is shown until %(day)s.") % {"day": until},
        "amount": receipt.amount,
        "new_balance": Shop.objects.values_list("balance", flat=True).get(
            pk=receipt.product.shop_id
        ),
        "product": receipt.product,
    }
    return Response(ListingFeePaidSerializer(about).data)
