from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import images, storage
from core.bodies import valid
from core.filtering import narrowed
from core.guards import IsAdmin, IsShop, current
from core.pagination import PARAMETERS, bare_list, page_of, paginated
from core.parsers import StrictMultiPartParser
from shops import approval, profile
from shops.filters import ShopFilter
from shops.models import Shop
from shops.serializers import (
    ApprovalSerializer,
    AvatarUploadSerializer,
    MessageSerializer,
    PublicShopSerializer,
    RejectionSerializer,
    ShopForAdminSerializer,
    ShopSerializer,
)

ON_SALE = Count("products", filter=Q(products__is_active=True))


class ShopListView(APIView):
    """GET: approved, open shops; `query` looks in the name."""

    @extend_schema(
        operation_id="shops_list",
        parameters=[*PARAMETERS, OpenApiParameter("query", str)],
        responses=page_of("shops", PublicShopSerializer),
    )
    def get(self, request: Request) -> Response:
        shops = narrowed(request, ShopFilter, public_shops())
        return paginated(
            request, shops, "shops", lambda rows: PublicShopSerializer(rows, many=True).data
        )


class ShopDetailView(generics.RetrieveAPIView):
    """GET: one approved, open shop."""

    serializer_class = PublicShopSerializer

    def get_queryset(self) -> QuerySet[Shop]:
        return public_shops()


class OwnShopView(APIView):
    """GET, PUT: the shop's own profile. A rejected shop that saves it goes back into the queue."""

    permission_classes = [IsShop]

    @extend_schema(responses=ShopSerializer)
    def get(self, request: Request) -> Response:
        return Response(ShopSerializer(current(request, Shop)).data)

    @extend_schema(request=ShopSerializer(partial=True), responses=ShopSerializer)
    def put(self, request: Request) -> Response:
        serializer = ShopSerializer(current(request, Shop), data=request.data, partial=True)
        shop = profile.update_profile(current(request, Shop), **valid(serializer))
        return Response(ShopSerializer(shop).data)


class ShopAvatarView(APIView):
    """POST a multipart `file`: the shop's picture."""

    permission_classes = [IsShop]
    parser_classes = [StrictMultiPartParser]

    @extend_schema(
        request=AvatarUploadSerializer,
        responses=inline_serializer(
            "AvatarAnswer", {"url": serializers.URLField(), "message": serializers.CharField()}
        ),
    )
    def post(self, request: Request) -> Response:
        sent = valid(AvatarUploadSerializer(data=request.data))
        picture = images.clean(sent["file"].read())
        name = profile.change_avatar(current(request, Shop), picture)
        url = storage.public_url(name, storage.digest(name))
        return Response({"url": url, "message": _("The picture is saved.")})


class AdminShopListView(APIView):
    """GET: every shop, newest first."""

    permission_classes = [IsAdmin]

    @extend_schema(parameters=PARAMETERS, responses=ShopForAdminSerializer(many=True))
    def get(self, request: Request) -> Response:
        return bare_list(
            request,
            Shop.objects.all(),
            lambda rows: ShopForAdminSerializer(rows, many=True).data,
        )


class ShopApproveView(APIView):
    """POST: an administrator lets a shop sell."""

    permission_classes = [IsAdmin]

    @extend_schema(request=ApprovalSerializer, responses=MessageSerializer)
    def post(self, request: Request, pk: int) -> Response:
        shop = get_object_or_404(Shop, pk=pk)
        valid(ApprovalSerializer(data=request.data))
        approval.approve(shop)
        return Response(_decided(shop, _("The shop is approved.")))


class ShopRejectView(APIView):
    """POST {reason}: an administrator sends a shop back to its owner."""

    permission_classes = [IsAdmin]

    @extend_schema(request=RejectionSerializer, responses=MessageSerializer)
    def post(self, request: Request, pk: int) -> Response:
        shop = get_object_or_404(Shop, pk=pk)
        rejection = valid(RejectionSerializer(data=request.data))
        approval.reject(shop, rejection["reason"])
        return Response(_decided(shop, _("The shop is rejected.")) | rejection)


def public_shops() -> QuerySet[Shop]:
    return Shop.objects.public().annotate(products_count=ON_SALE)


def _decided(shop: Shop, message: str) -> dict[str, str | int]:
    return {"message": message, "shop_id": shop.pk, "shop_name": shop.shop_name}
