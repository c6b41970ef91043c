from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import generics, serializers
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from catalog import listing_fees, moderation, reading, variants
from catalog.listing_fees import Receipt
from catalog.models import Category, Product
from catalog.products import create_product, delete_product, update_product
from catalog.search import listing
from catalog.search.api import NARROWING, SORTING
from catalog.serializers import (
    CategorySerializer,
    DecisionSerializer,
    ListingFeePaidSerializer,
    ListingFeeSerializer,
    OffersSerializer,
    ProductInputSerializer,
    ProductMessageSerializer,
    ProductRejectionSerializer,
    ProductSerializer,
    RentalOfferSerializer,
    UploadedSerializer,
    UploadSerializer,
)
from catalog.variants import Offer
from core.bodies import valid
from core.guards import IsAdmin, IsShop, current
from core.idempotency import idempotent
from core.pagination import (
    PARAMETERS,
    bare_list,
    page_by_key,
    page_of,
    paginated,
    plain_page,
)
from core.parsers import StrictMultiPartParser
from core.principal import Principal, Role
from core.rendering import QuickJSONRenderer
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
    def get(self, request: Request) -> Response:
        if page := plain_page(request):
            before, limit = page
            newest = reading.newest(before=before, most=limit + 1)
            return page_by_key("products", newest, limit)
        found, by = listing.ordered(request)
        rows = found.values_list(*{"pk", by.removeprefix("-")}, named=True)
        return paginated(request, rows, "products", _read, by=by)

    @extend_schema(request=ProductInputSerializer, responses={201: ProductSerializer})
    def post(self, request: Request) -> Response:
        shop = current(request, Shop)
        product = create_product(shop, **_details(shop, request))
        return Response(ProductSerializer(product).data, status=201)


class ProductDetailView(APIView):
    """GET: a product on sale, or one's own. PUT, DELETE: the shop's own."""

    renderer_classes = [QuickJSONRenderer]

    def get_permissions(self) -> Sequence[BasePermission]:
        return [AllowAny() if self.request.method in SAFE_METHODS else IsShop()]

    @extend_schema(responses=ProductSerializer)
    def get(self, request: Request, pk: int) -> Response:
        found = reading.visible(pk) or _seen_by_few(request, pk)
        if found is None:
            raise Http404
        return Response(found)

    @extend_schema(request=ProductInputSerializer(partial=True), responses=ProductSerializer)
    def put(self, request: Request, pk: int) -> Response:
        shop = current(request, Shop)
        product = get_object_or_404(shop.products.kept(), pk=pk)
        changed = update_product(product, **_details(shop, request, partial=True))
        return Response(ProductSerializer(changed).data)

    @extend_schema(responses={200: ProductMessageSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        delete_product(get_object_or_404(current(request, Shop).products.kept(), pk=pk))
        return Response({"message": _("The product is deleted.")})


class ProductVariantsView(APIView):
    """PUT: offer one's product in exactly these variants, at once and without moderation."""

    permission_classes = [IsShop]

    @extend_schema(request=OffersSerializer, responses=ProductSerializer)
    def put(self, request: Request, pk: int) -> Response:
        product = _own(request, pk)
        sent = valid(OffersSerializer(data=request.data))
        variants.replace(product, [Offer(**each) for each in sent["variants"]])
        return Response(ProductSerializer(_own(request, pk)).data)


class ProductRentalTermsView(APIView):
    """PUT: offer one's product for rent on these terms. DELETE: not for rent any more."""

    permission_classes = [IsShop]

    @extend_schema(request=RentalOfferSerializer, responses=ProductSerializer)
    def put(self, request: Request, pk: int) -> Response:
        product = _own(request, pk)
        variants.set_rental_terms(product, valid(RentalOfferSerializer(data=request.data)))
        return Response(ProductSerializer(_own(request, pk)).data)

    @extend_schema(responses={200: ProductSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        variants.end_rental(_own(request, pk))
        return Response(ProductSerializer(_own(request, pk)).data)


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

    @extend_schema(parameters=PARAMETERS, responses=ProductSerializer(many=True))
    def get(self, request: Request) -> Response:
        products = current(request, Shop).products.kept().with_offers()
        return bare_list(request, products, _as_json)


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
        responses=inline_serializer(
            "CategoryList",
            {"categories": CategorySerializer(many=True), "total": serializers.IntegerField()},
        ),
    )
    def get(self, request: Request) -> Response:
        on_sale = Count("products", filter=Q(products__is_active=True))
        categories = Category.objects.filter(is_active=True).annotate(products_count=on_sale)
        rows = CategorySerializer(categories, many=True).data
        return Response({"categories": rows, "total": len(rows)})


class CategoryDetailView(generics.RetrieveAPIView):
    """GET: one category."""

    serializer_class = CategorySerializer
    queryset = Category.objects.filter(is_active=True)


class ModerationQueueView(APIView):
    """GET: products waiting for an administrator's decision, newest first."""

    permission_classes = [IsAdmin]

    @extend_schema(parameters=PARAMETERS, responses=ProductSerializer(many=True))
    def get(self, request: Request) -> Response:
        waiting = Product.objects.awaiting_moderation().with_offers()
        return bare_list(request, waiting, _as_json)


class ProductApproveView(APIView):
    """POST: an administrator puts a product on sale."""

    permission_classes = [IsAdmin]

    @extend_schema(request=DecisionSerializer, responses={200: ProductMessageSerializer, 402: None})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        product = get_object_or_404(Product.objects.select_related("shop"), pk=pk)
        sent = valid(DecisionSerializer(data=request.data))
        moderation.approve(product, by=current(request, User), notes=sent["notes"])
        return _decided(product, _("The product is on sale."))


class ProductRejectView(APIView):
    """POST {reason}: an administrator keeps a product out of the catalogue."""

    permission_classes = [IsAdmin]

    @extend_schema(request=ProductRejectionSerializer, responses=ProductMessageSerializer)
    def post(self, request: Request, pk: int) -> Response:
        product = get_object_or_404(Product.objects.select_related("shop"), pk=pk)
        sent = valid(ProductRejectionSerializer(data=request.data))
        reason = sent.get("reason") or sent["notes"]
        moderation.reject(product, reason, by=current(request, User))
        return _decided(product, _("The product is rejected."))


def _own(request: Request, pk: int) -> Product:
    return get_object_or_404(current(request, Shop).products.kept().with_offers(), pk=pk)


def _details(shop: Shop, request: Request, *, partial: bool = False) -> dict[str, Any]:
    sent = ProductInputSerializer(data=request.data, partial=partial)
    valid(sent)
    return sent.details(shop)


def _seen_by_few(request: Request, pk: int) -> reading.Row | None:
    """What its own shop and administrators see, and shoppers do not."""
    caller = request.auth
    match caller.without_unproven_rights() if isinstance(caller, Principal) else None:
        case Principal(role=Role.ADMIN):
            rows = Product.objects.all()
        case Principal(role=Role.SHOP, id=shop_id):
            rows = Product.objects.kept().filter(shop_id=shop_id)
        case _:
            return None
    return next(iter(reading.products(rows.filter(pk=pk).values_list("pk", flat=True))), None)


def _read(rows: Sequence[Any]) -> Any:
    return reading.products(row.pk for row in rows)


def _as_json(products: Sequence[Product]) -> Any:
    return ProductSerializer(products, many=True).data


def _decided(product: Product, message: str) -> Response:
    return Response({"message": message, "product": ProductSerializer(product).data})


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
