from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.tables import StockMovement
from core.guards import IsShop, current
from core.pagination import PARAMETERS, page_of, paginated
from shops.models import Shop


class StockMovementSerializer(serializers.ModelSerializer):
    """A change of a variant's stock or of what is reserved of it, and why.

    `stock_after` is null where pieces are not counted.
    """

    size = serializers.CharField(source="variant.size")
    colour = serializers.CharField(source="variant.colour")
    reason_name = serializers.CharField(source="get_reason_display")

    class Meta:
        model = StockMovement
        fields = [
            "id",
            "variant_id",
            "size",
            "colour",
            "reason",
            "reason_name",
            "stock_change",
            "reserved_change",
            "stock_after",
            "reserved_after",
            "order_id",
            "created_at",
        ]
        read_only_fields = fields


class StockMovementListView(APIView):
    """GET: what became of the stock of one's product, newest first."""

    permission_classes = [IsShop]

    @extend_schema(
        operation_id="stock_movements_list",
        parameters=PARAMETERS,
        responses=page_of("movements", StockMovementSerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        product = get_object_or_404(current(request, Shop).products.kept(), pk=pk)
        rows = StockMovement.objects.filter(variant__product=product).select_related("variant")
        return paginated(request, rows, "movements", _as_json)


def _as_json(movements: Sequence[StockMovement]) -> Any:
    return StockMovementSerializer(movements, many=True).data
