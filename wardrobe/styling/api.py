from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.models import User
from catalog.garment_kinds import Place
from core.guards import IsUser, current
from wardrobe.styling import packing, suggesting
from wardrobe.styling.serializers import (
    JourneySerializer,
    PackingListSerializer,
    SuggestionsSerializer,
    SuggestionWishSerializer,
)


class SuggestionsView(APIView):
    """GET: outfits out of one's own wardrobe for a day, without AI: colours, season, rest."""

    permission_classes = [IsUser]

    @extend_schema(parameters=[SuggestionWishSerializer], responses=SuggestionsSerializer)
    def get(self, request: Request) -> Response:
        wish = _wish(SuggestionWishSerializer(data=request.query_params))
        found = suggesting.suggest(
            current(request, User), wish["day"], wish["season"], wish["limit"]
        )
        return Response(SuggestionsSerializer({**wish, "suggestions": found}).data)


class PackingListView(APIView):
    """GET: what to take along on a journey, out of one's own wardrobe, and what is missing."""

    permission_classes = [IsUser]

    @extend_schema(parameters=[JourneySerializer], responses=PackingListSerializer)
    def get(self, request: Request) -> Response:
        wish = _wish(JourneySerializer(data=request.query_params))
        found = packing.pack(current(request, User), **wish)
        told = {
            **wish,
            "wanted": _counts(found.wanted),
            "pieces": found.packed,
            "missing": _counts(found.missing),
        }
        return Response(PackingListSerializer(told).data)


def _wish(serializer: Serializer) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    wish: dict[str, Any] = serializer.validated_data
    return wish


def _counts(counted: Mapping[Place, int]) -> list[dict[str, Any]]:
    return [{"place": place, "count": count} for place, count in counted.items()]
