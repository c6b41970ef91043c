from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core.bodies import valid
from core.guards import IsUser, current
from core.idempotency import PARAMETERS, once
from core.parsers import StrictMultiPartParser
from wardrobe.bulk import uploading
from wardrobe.bulk.serializers import BulkSerializer, OutcomesSerializer


class BulkView(APIView):
    """POST multipart: up to ten photographed things, each kept once under its key."""

    permission_classes = [IsUser]
    parser_classes = [StrictMultiPartParser]

    @extend_schema(request=BulkSerializer, responses=OutcomesSerializer, parameters=PARAMETERS)
    def post(self, request: Request) -> Response:
        user = current(request, User)
        sent = BulkSerializer(data=request.data)
        valid(sent)
        things = uploading.ready(user, sent.things())
        return once(request, lambda: _kept(user, things))


def _kept(user: User, things: list[uploading.Ready]) -> Response:
    outcomes = uploading.keep_all(user, things)
    return Response(OutcomesSerializer({"results": outcomes}).data)
