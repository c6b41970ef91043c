from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core import uploads
from core.bodies import valid
from core.filtering import narrowed
from core.guards import IsUser, current
from core.idempotency import idempotent
from core.pagination import PARAMETERS, page_of, paginated
from wardrobe.filters import OutfitFilter
from wardrobe.models import Outfit
from wardrobe.outfits import composing, sharing
from wardrobe.outfits.serializers import (
    OutfitInputSerializer,
    OutfitSerializer,
    SharedOutfitSerializer,
    ShareSerializer,
)
from wardrobe.serializers import WardrobeMessageSerializer


class OutfitListView(APIView):
    """GET: one's own outfits, newest first. POST: put one together."""

    permission_classes = [IsUser]

    @extend_schema(
        operation_id="outfits_list",
        parameters=[*PARAMETERS, OpenApiParameter("is_favorite", bool)],
        responses=page_of("outfits", OutfitSerializer),
    )
    def get(self, request: Request) -> Response:
        return paginated(
            request,
            narrowed(request, OutfitFilter, _own(request)),
            "outfits",
            lambda rows: OutfitSerializer(rows, many=True).data,
        )

    @extend_schema(
        request=OutfitInputSerializer, responses={201: OutfitSerializer, 404: None, 409: None}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = valid(OutfitInputSerializer(data=request.data))
        outfit = composing.compose(current(request, User), **wish)
        return _shown(request, outfit, status=201)


class OutfitView(APIView):
    """GET, PUT, DELETE: an outfit of one's own."""

    permission_classes = [IsUser]

    @extend_schema(responses=OutfitSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(OutfitSerializer(_own_outfit(request, pk)).data)

    @extend_schema(request=OutfitInputSerializer(partial=True), responses=OutfitSerializer)
    def put(self, request: Request, pk: int) -> Response:
        outfit = _own_outfit(request, pk)
        changes = valid(OutfitInputSerializer(data=request.data, partial=True))
        return _shown(request, composing.change(outfit, **changes))

    @extend_schema(responses={200: WardrobeMessageSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        composing.take_apart(_own_outfit(request, pk))
        return Response({"message": _("The outfit is deleted."), "id": pk})


class OutfitCloneView(APIView):
    """POST: another outfit of the same items."""

    permission_classes = [IsUser]

    @extend_schema(request=None, responses={201: OutfitSerializer, 409: None})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        outfit = composing.clone(_own_outfit(request, pk))
        return _shown(request, outfit, status=201)


class OutfitShareView(APIView):
    """POST: a link for whoever holds it, which ends the one before. DELETE: end it."""

    permission_classes = [IsUser]

    @extend_schema(request=ShareSerializer, responses={200: OutfitSerializer})
    def post(self, request: Request, pk: int) -> Response:
        outfit = _own_outfit(request, pk)
        wish = valid(ShareSerializer(data=request.data))
        return _shown(request, sharing.share(outfit, **wish))

    @extend_schema(responses={200: OutfitSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        return _shown(request, sharing.take_back(_own_outfit(request, pk)))


class SharedOutfitView(APIView):
    """GET: an outfit that its owner has shared, for whoever holds the link."""

    authentication_classes = []

    @extend_schema(responses=SharedOutfitSerializer)
    def get(self, request: Request, token: str) -> Response:
        outfit = sharing.found(token)
        if outfit is None:
            raise Http404
        return Response(SharedOutfitSerializer(outfit).data)


class PictureRenderer(JSONRenderer):
    """Lets a client ask for a picture; what is refused is told as JSON all the same."""

    media_type = "image/jpeg"
    format = "jpeg"


class SharedCoverView(APIView):
    """GET: the cover of an outfit that its owner has shared, for as long as the link is good."""

    authentication_classes = []
    renderer_classes = [JSONRenderer, PictureRenderer]

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, token: str) -> HttpResponse:
        outfit = sharing.found(token)
        if outfit is None or not outfit.cover:
            raise Http404
        response = uploads.picture(outfit.cover)
        response["Cache-Control"] = "no-store"
        return response


def _own(request: Request) -> QuerySet[Outfit]:
    return current(request, User).outfits.prefetch_related("placements__item")


def _own_outfit(request: Request, pk: int) -> Outfit:
    return get_object_or_404(_own(request), pk=pk)


def _shown(request: Request, outfit: Outfit, status: int = 200) -> Response:
    """The outfit as it stands now, all its items found at once."""
    found = _own_outfit(request, outfit.pk)
    return Response(OutfitSerializer(found).data, status=status)
