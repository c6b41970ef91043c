from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from billing.settings import changes
from billing.settings.serializers import (
    SettingChangeSerializer,
    SettingMessageSerializer,
    SettingSerializer,
)
from core.bodies import valid
from core.guards import HasRecentSecondFactor, IsAdmin, current
from core.platform_settings import registry


class SettingListView(APIView):
    """GET: every platform setting as it is now."""

    permission_classes = [IsAdmin]

    @extend_schema(responses=SettingSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(SettingSerializer(list(registry.ALL.values()), many=True).data)


class SettingView(APIView):
    """PUT {value}: an administrator changes a platform setting."""

    permission_classes = [IsAdmin, HasRecentSecondFactor]

    @extend_schema(request=SettingChangeSerializer, responses=SettingMessageSerializer)
    def put(self, request: Request, key: str) -> Response:
        said = valid(SettingChangeSerializer(data=request.data))
        changes.change(key, said["value"], by=current(request, User))
        return Response({"message": _("The setting is saved.")})
