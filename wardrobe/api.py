from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from catalog.models import Product
from catalog.serializers import UploadedSerializer, UploadSerializer
from core.bodies import MAX_ID, valid
from core.filtering import narrowed
from core.guards import IsUser, current
from core.pagination import PARAMETERS, page_of, paginated
from core.parsers import StrictMultiPartParser
from wardrobe import folders, keeping, naming, statistics
from wardrobe.filters import WardrobeFilter
from wardrobe.models import UserWardrobeItem
from wardrobe.serializers import (
    FolderRenameSerializer,
    MovedSerializer,
    MoveSerializer,
    SuggestedSerializer,
    WardrobeInputSerializer,
    WardrobeItemSerializer,
    WardrobeMessageSerializer,
    WardrobeNoteSerializer,
)

Source = UserWardrobeItem.Source
FILTERS = [
    OpenApiParameter("source", str, enum=Source.values),
    OpenApiParameter("is_favorite", bool),
    OpenApiParameter("is_archived", bool, description="`true`: the archive; not sent: the rest"),
    OpenApiParameter("colour", str, enum=UserWardrobeItem.Colour.values),
    OpenApiParameter("season", str, enum=UserWardrobeItem.Season.values),
    OpenApiParameter("is_duplicate", bool, description="`true`: what looks like an older item"),
    OpenApiParameter("folder", str),
    OpenApiParameter("collection", {"type": "integer", "minimum": 1, "maximum": MAX_ID}),
    OpenApiParameter("search", str),
]
WardrobePage = page_of("items", WardrobeItemSerializer)


class WardrobeListView(APIView):
    """GET: one's own wardrobe, newest first. POST: add an item of one's own."""

    permission_classes = [IsUser]

    @extend_schema(
        operation_id="wardrobe_list",
        parameters=[*PARAMETERS, *FILTERS],
        responses=WardrobePage,
    )
    def get(self, request: Request) -> Response:
        found = narrowed(request, WardrobeFilter, current(request, User).wardrobe.all())
        return paginated(
            request,
            found,
            "items",
            lambda rows: WardrobeItemSerializer(rows, many=True).data,
        )

    @extend_schema(request=WardrobeInputSerializer, responses={201: WardrobeItemSerializer})
    def post(self, request: Request) -> Response:
        item = keeping.keep(current(request, User), Source.UPLOADED, **_details(request))
        return Response(WardrobeItemSerializer(item).data, status=201)


class WardrobeItemView(APIView):
    """GET, PUT, DELETE: an item of one's own."""

    permission_classes = [IsUser]

    @extend_schema(responses=WardrobeItemSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(WardrobeItemSerializer(_own_item(request, pk)).data)

    @extend_schema(request=WardrobeInputSerializer(partial=True), responses=WardrobeItemSerializer)
    def put(self, request: Request, pk: int) -> Response:
        item = _own_item(request, pk)
        changed = keeping.update_item(item, **_details(request, partial=True))
        return Response(WardrobeItemSerializer(changed).data)

    @extend_schema(responses={200: WardrobeMessageSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        keeping.remove(_own_item(request, pk))
        return Response({"message": _("The item is removed."), "id": pk})


class WardrobeSuggestedView(APIView):
    """GET: the category and the colour that an item seems to have, for its owner to confirm."""

    permission_classes = [IsUser]

    @extend_schema(responses=SuggestedSerializer)
    def get(self, request: Request, pk: int) -> Response:
        item = _own_item(request, pk)
        suggested = {
            "category": naming.suggested_category(item),
            "colour": item.colour,
            "colour_name": item.get_colour_display(),
        }
        return Response(SuggestedSerializer(suggested).data)


class WardrobeFromShopView(APIView):
    """POST: keep a copy of a product."""

    permission_classes = [IsUser]

    @extend_schema(
        request=WardrobeNoteSerializer, responses={201: WardrobeItemSerializer, 507: None}
    )
    def post(self, request: Request, pk: int) -> Response:
        products = Product.objects.visible().select_related("shop", "category")
        product = get_object_or_404(products, pk=pk)
        note = valid(WardrobeNoteSerializer(data=request.data))
        item = keeping.keep_product(current(request, User), product, **note)
        return Response(WardrobeItemSerializer(item).data, status=201)


class WardrobePicturesView(APIView):
    """POST multipart `files`: pictures to name later; private, kept for 24 hours."""

    permission_classes = [IsUser]
    parser_classes = [StrictMultiPartParser]

    @extend_schema(request=UploadSerializer, responses=UploadedSerializer)
    def post(self, request: Request) -> Response:
        sent = UploadSerializer(data=request.data)
        valid(sent)
        return Response(sent.kept_for(f"user-{current(request, User).pk}"))


class WardrobeStatsView(APIView):
    """GET: how many items there are, by source, never worn, and how many may still come."""

    permission_classes = [IsUser]

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(statistics.totals(current(request, User)))


class WardrobeFoldersView(APIView):
    """GET: the names of one's folders. PUT: rename one, or dissolve it with an empty name."""

    permission_classes = [IsUser]

    @extend_schema(
        responses=inline_serializer(
            "WardrobeFolders", {"folders": serializers.ListField(child=serializers.CharField())}
        )
    )
    def get(self, request: Request) -> Response:
        return Response({"folders": folders.names(current(request, User))})

    @extend_schema(request=FolderRenameSerializer, responses={200: MovedSerializer, 404: None})
    def put(self, request: Request) -> Response:
        wish = valid(FolderRenameSerializer(data=request.data))
        moved = folders.rename(current(request, User), **wish)
        return Response({"folder": wish["name"], "moved": moved})


class WardrobeMoveView(APIView):
    """POST: put many items into a folder at once, or out of any."""

    permission_classes = [IsUser]

    @extend_schema(request=MoveSerializer, responses={200: MovedSerializer, 404: None})
    def post(self, request: Request) -> Response:
        wish = valid(MoveSerializer(data=request.data))
        moved = folders.move(current(request, User), **wish)
        return Response({"folder": wish["folder"], "moved": moved})


def _own_item(request: Request, pk: int) -> UserWardrobeItem:
    return get_object_or_404(current(request, User).wardrobe, pk=pk)


def _details(request: Request, *, partial: bool = False) -> dict[str, Any]:
    sent = WardrobeInputSerializer(data=request.data, partial=partial)
    valid(sent)
    return sent.details(current(request, User))
