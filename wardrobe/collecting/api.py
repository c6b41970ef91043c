from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core.bodies import valid
from core.guards import IsUser, current
from core.idempotency import idempotent
from core.pagination import PARAMETERS, page_of, paginated
from wardrobe.collecting import groups
from wardrobe.collecting.serializers import (
    CollectedSerializer,
    CollectionInputSerializer,
    CollectionSerializer,
)
from wardrobe.models import Collection
from wardrobe.serializers import WardrobeMessageSerializer


class CollectionListView(APIView):
    """GET: one's own collections, newest first. POST: make one."""

    permission_classes = [IsUser]

    @extend_schema(
        operation_id="collections_list",
        parameters=PARAMETERS,
        responses=page_of("collections", CollectionSerializer),
    )
    def get(self, request: Request) -> Response:
        return paginated(
            request,
            _own(request),
            "collections",
            lambda rows: CollectionSerializer(rows, many=True).data,
        )

    @extend_schema(
        request=CollectionInputSerializer, responses={201: CollectionSerializer, 404: None}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = valid(CollectionInputSerializer(data=request.data))
        made = groups.make(current(request, User), **wish)
        return _shown(request, made, status=201)


class CollectionView(APIView):
    """GET, PUT, DELETE: a collection of one's own."""

    permission_classes = [IsUser]

    @extend_schema(responses=CollectionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(CollectionSerializer(_own_collection(request, pk)).data)

    @extend_schema(request=CollectionInputSerializer(partial=True), responses=CollectionSerializer)
    def put(self, request: Request, pk: int) -> Response:
        collection = _own_collection(request, pk)
        changes = valid(CollectionInputSerializer(data=request.data, partial=True))
        return _shown(request, groups.change(collection, **changes))

    @extend_schema(responses={200: WardrobeMessageSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        groups.dissolve(_own_collection(request, pk))
        return Response({"message": _("The collection is deleted."), "id": pk})


class CollectionPutView(APIView):
    """POST: put items in."""

    permission_classes = [IsUser]

    @extend_schema(request=CollectedSerializer, responses={200: CollectionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        collection = _own_collection(request, pk)
        wish = valid(CollectedSerializer(data=request.data))
        return _shown(request, groups.put(collection, **wish))


class CollectionTakeOutView(APIView):
    """POST: take items out."""

    permission_classes = [IsUser]

    @extend_schema(request=CollectedSerializer, responses={200: CollectionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        collection = _own_collection(request, pk)
        wish = valid(CollectedSerializer(data=request.data))
        return _shown(request, groups.take_out(collection, **wish))


def _own(request: Request) -> QuerySet[Collection]:
    return current(request, User).collections.annotate(items_count=Count("items"))


def _own_collection(request: Request, pk: int) -> Collection:
    return get_object_or_404(_own(request), pk=pk)


def _shown(request: Request, collection: Collection, status: int = 200) -> Response:
    """The collection as it stands now."""
    found = _own_collection(request, collection.pk)
    return Response(CollectionSerializer(found).data, status=status)
