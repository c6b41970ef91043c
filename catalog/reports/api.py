from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from catalog.reports import reporting
from catalog.tables import ProductReport
from core.bodies import valid
from core.guards import IsUser, current


class ProductReportSerializer(serializers.ModelSerializer):
    """What is wrong with a product."""

    class Meta:
        model = ProductReport
        fields = ["id", "product_id", "reason", "comment", "created_at"]
        read_only_fields = ["product_id", "created_at"]


class ProductReportInputSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(ProductReport.Reason.choices)
    comment = serializers.CharField(max_length=1000, allow_blank=True, default="")


class ProductReportView(APIView):
    """POST {reason, comment}: tell the administrators that a product should not be on sale.

    A person reports a product once; asking again answers what was said first.
    """

    permission_classes = [IsUser]

    @extend_schema(
        request=ProductReportInputSerializer,
        responses={200: ProductReportSerializer, 201: ProductReportSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        said = valid(ProductReportInputSerializer(data=request.data))
        row, is_new = reporting.report(current(request, User), pk, **said)
        return Response(ProductReportSerializer(row).data, status=201 if is_new else 200)
