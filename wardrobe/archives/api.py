from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core.bodies import valid
from core.guards import IsUser, current
from core.parsers import StrictMultiPartParser
from wardrobe.archives import requesting
from wardrobe.archives.serializers import WardrobeArchiveSerializer, WardrobeImportSerializer
from wardrobe.models import WardrobeArchive


class WardrobeExportView(APIView):
    """POST: have one's wardrobe written into ZIP files. GET: how the newest export stands."""

    permission_classes = [IsUser]

    @extend_schema(responses={200: WardrobeArchiveSerializer, 404: None})
    def get(self, request: Request) -> Response:
        return _newest(request, WardrobeArchive.Kind.EXPORT)

    @extend_schema(request=None, responses={202: WardrobeArchiveSerializer})
    def post(self, request: Request) -> Response:
        asked = requesting.export(current(request, User))
        return Response(WardrobeArchiveSerializer(asked).data, status=202)


class WardrobeImportView(APIView):
    """POST multipart `file`: add the items of an exported ZIP. GET: how the newest one stands."""

    permission_classes = [IsUser]
    parser_classes = [StrictMultiPartParser]

    @extend_schema(responses={200: WardrobeArchiveSerializer, 404: None})
    def get(self, request: Request) -> Response:
        return _newest(request, WardrobeArchive.Kind.IMPORT)

    @extend_schema(request=WardrobeImportSerializer, responses={202: WardrobeArchiveSerializer})
    def post(self, request: Request) -> Response:
        sent = WardrobeImportSerializer(data=request.data)
        valid(sent)
        asked = requesting.read_back(current(request, User), sent.content())
        return Response(WardrobeArchiveSerializer(asked).data, status=202)


def _newest(request: Request, kind: WardrobeArchive.Kind) -> Response:
    newest = current(request, User).wardrobe_archives.filter(kind=kind).order_by("-pk")[:1]
    return Response(WardrobeArchiveSerializer(get_object_or_404(newest)).data)
