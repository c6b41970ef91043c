from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from billing.statements.download import statement_file
from core.guards import IsShop, current
from shops.models import Shop


class CSVRenderer(JSONRenderer):
    """Lets a client ask for CSV; what is refused is told as JSON all the same."""

    media_type = "text/csv"
    format = "csv"


class ShopStatementView(APIView):
    """GET: the statement of a month, `2026-11.csv`, by the clock of Kazakhstan."""

    permission_classes = [IsShop]
    renderer_classes = [JSONRenderer, CSVRenderer]

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, month: str) -> StreamingHttpResponse:
        return statement_file(current(request, Shop), month)
