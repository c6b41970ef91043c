from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.bulk import exporting, requesting
from catalog.bulk.serializers import (
    ExportedAsSerializer,
    ProductImportSerializer,
    SheetSerializer,
)
from catalog.models import ProductImport
from core.bodies import valid
from core.guards import IsShop, current
from core.idempotency import PARAMETERS, idempotent, once
from core.parsers import StrictMultiPartParser
from shops.models import Shop


class CSVRenderer(JSONRenderer):
    """Lets a client ask for a CSV file; what is refused is told as JSON all the same."""

    media_type = "text/csv"
    format = "csv"


class XLSXRenderer(JSONRenderer):
    """The same for a workbook."""

    media_type = exporting.XLSX
    format = "xlsx"


class ProductExportView(APIView):
    """GET: the shop's products as a sheet, a row for each variant."""

    permission_classes = [IsShop]
    renderer_classes = [JSONRenderer, CSVRenderer, XLSXRenderer]

    @extend_schema(
        parameters=[ExportedAsSerializer],
        responses={
            (200, "text/csv"): OpenApiTypes.STR,
            (200, exporting.XLSX): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        asked = ExportedAsSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return exporting.export(current(request, Shop), asked.validated_data["format"])


class ProductImportsView(APIView):
    """POST multipart: have a sheet of products looked at; nothing is changed by that."""

    permission_classes = [IsShop]
    parser_classes = [StrictMultiPartParser]

    @extend_schema(
        request=SheetSerializer, responses={202: ProductImportSerializer}, parameters=PARAMETERS
    )
    def post(self, request: Request) -> Response:
        shop = current(request, Shop)
        sent = SheetSerializer(data=request.data)
        valid(sent)
        told = sent.sent()
        return once(request, lambda: _sent(requesting.send(shop, **told)))


class ProductImportView(APIView):
    """GET: how a sheet stands, with what is wrong in it. DELETE: forget it."""

    permission_classes = [IsShop]

    @extend_schema(responses=ProductImportSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(ProductImportSerializer(_own(request, pk)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        requesting.discard(_own(request, pk))
        return Response(status=204)


class ProductImportConfirmView(APIView):
    """POST: have a checked sheet imported."""

    permission_classes = [IsShop]

    @extend_schema(request=None, responses={202: ProductImportSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        return _sent(requesting.confirm(_own(request, pk)))


def _own(request: Request, pk: int) -> ProductImport:
    return get_object_or_404(current(request, Shop).product_imports, pk=pk)


def _sent(job: ProductImport) -> Response:
    return Response(ProductImportSerializer(job).data, status=202)
