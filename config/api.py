import functools
from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config import dashboard
from config.serializers import DashboardSerializer
from core.guards import IsAdmin
from core.platform_settings import registry


class DashboardView(APIView):
    """GET: the platform in numbers."""

    permission_classes = [IsAdmin]

    @extend_schema(responses=DashboardSerializer)
    def get(self, request: Request) -> Response:
        return Response(DashboardSerializer(dashboard.numbers()).data)


class SchemaView(APIView):
    """GET: the OpenAPI document, in English unless `?lang=` says ru or kk."""

    authentication_classes = []

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        language = request.query_params.get("lang")
        return Response(_document(language if language in dict(settings.LANGUAGES) else "en"))


class ConfigView(APIView):
    """GET: where the platform's doors are."""

    authentication_classes = []

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(
            {
                "api_base_url": settings.API_BASE_URL,
                "websocket_url": settings.WEBSOCKET_URL,
                "api_version": "v1",
                "currency": settings.CURRENCY,
                "try_on_price": registry.USER_TRY_ON_PRICE.value(),
                "generation_price": registry.USER_GENERATION_PRICE.value(),
            }
        )


@functools.cache  # it takes a second to write, and is the same until the next deployment
def _document(language: str) -> Any:
    with translation.override(language):
        return SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
