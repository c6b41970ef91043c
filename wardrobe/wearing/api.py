from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core.bodies import valid
from core.filtering import narrowed
from core.guards import IsUser, current
from core.pagination import PARAMETERS, page_of, paginated
from wardrobe import statistics
from wardrobe.filters import WearFilter, WornFilter
from wardrobe.serializers import WardrobeMessageSerializer
from wardrobe.wearing import diary
from wardrobe.wearing.serializers import (
    WearInputSerializer,
    WearSerializer,
    WornItemSerializer,
)


class WearListView(APIView):
    """GET: the diary, the newest line first. POST: what was worn on a day, or is to be."""

    permission_classes = [IsUser]

    @extend_schema(
        operation_id="wears_list",
        parameters=[
            *PARAMETERS,
            OpenApiParameter("day_from", {"type": "string", "format": "date"}),
            OpenApiParameter("day_to", {"type": "string", "format": "date"}),
            OpenApiParameter("is_planned", bool),
        ],
        responses=page_of("wears", WearSerializer),
    )
    def get(self, request: Request) -> Response:
        return paginated(
            request,
            narrowed(request, WearFilter, current(request, User).wears.all()),
            "wears",
            lambda rows: WearSerializer(rows, many=True).data,
        )

    @extend_schema(
        request=WearInputSerializer, responses={200: WearSerializer(many=True), 404: None}
    )
    def post(self, request: Request) -> Response:
        user = current(request, User)
        wish = valid(WearInputSerializer(data=request.data))
        day, is_planned = wish["day"], wish["is_planned"]
        if "items" in wish:
            lines = diary.write(user, day, wish["items"], is_planned=is_planned)
        else:
            outfit = get_object_or_404(user.outfits, pk=wish["outfit_id"])
            lines = diary.write_outfit(user, day, outfit, is_planned=is_planned)
        return Response(WearSerializer(lines, many=True).data)


class WearView(APIView):
    """DELETE: take a line out of the diary."""

    permission_classes = [IsUser]

    @extend_schema(responses={200: WardrobeMessageSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        diary.strike(get_object_or_404(current(request, User).wears, pk=pk))
        return Response({"message": _("The line is removed."), "id": pk})


class WornItemsView(APIView):
    """GET: how often each item was worn, when last, and what a day of it has cost."""

    permission_classes = [IsUser]

    @extend_schema(
        operation_id="wardrobe_worn_items",
        parameters=[
            *PARAMETERS,
            OpenApiParameter("never_worn", bool),
            OpenApiParameter(
                "not_worn_days",
                {"type": "integer", "minimum": 1, "maximum": 3650},
                description="What has been kept for so many days and was worn in none of them",
            ),
        ],
        responses=page_of("items", WornItemSerializer),
    )
    def get(self, request: Request) -> Response:
        return paginated(
            request,
            narrowed(request, WornFilter, statistics.worn(current(request, User))),
            "items",
            lambda rows: WornItemSerializer(rows, many=True).data,
        )
