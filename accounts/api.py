from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import sessions, tokens
from accounts.devices.description import device_of
from accounts.models import AuthSession, User
from accounts.profile import update_profile
from accounts.serializers import (
    AccountMessageSerializer,
    BalanceSerializer,
    LogoutSerializer,
    RefreshSerializer,
    TokenPairSerializer,
    UserForAdminSerializer,
    UserSerializer,
)
from core.bodies import valid
from core.guards import IsAdmin, IsUser, current
from core.pagination import PARAMETERS, bare_list
from core.principal import Principal


class RefreshView(APIView):
    """POST: trade a refresh token for the next pair."""

    authentication_classes = []

    @extend_schema(request=RefreshSerializer, responses=TokenPairSerializer)
    def post(self, request: Request) -> Response:
        raw = valid(RefreshSerializer(data=request.data))["refresh_token"]
        return Response(pair_answer(tokens.rotate(raw, **device_of(request))))


class LogoutView(APIView):
    """POST: end the session of the refresh token sent, or else of the bearer token."""

    @extend_schema(request=LogoutSerializer, responses=AccountMessageSerializer)
    def post(self, request: Request) -> Response:
        raw = valid(LogoutSerializer(data=request.data)).get("refresh_token")
        if raw:
            tokens.revoke(raw)
        elif isinstance(request.auth, Principal):
            sessions.end(AuthSession.objects.get(pk=request.auth.session_id))
        else:
            raise NotAuthenticated
        return Response({"message": _("You are signed out.")})


class OwnUserView(APIView):
    """GET, PUT: the person behind the token."""

    permission_classes = [IsUser]

    @extend_schema(responses=UserSerializer)
    def get(self, request: Request) -> Response:
        return Response(UserSerializer(current(request, User)).data)

    @extend_schema(request=UserSerializer(partial=True), responses=UserSerializer)
    def put(self, request: Request) -> Response:
        serializer = UserSerializer(current(request, User), data=request.data, partial=True)
        user = update_profile(current(request, User), **valid(serializer))
        return Response(UserSerializer(user).data)


class OwnBalanceView(APIView):
    """GET: the balance in KZT and the free uses left."""

    permission_classes = [IsUser]

    @extend_schema(responses=BalanceSerializer)
    def get(self, request: Request) -> Response:
        return Response(BalanceSerializer(current(request, User)).data)


class AdminUserListView(APIView):
    """GET: every user, newest first."""

    permission_classes = [IsAdmin]

    @extend_schema(parameters=PARAMETERS, responses=UserForAdminSerializer(many=True))
    def get(self, request: Request) -> Response:
        return bare_list(
            request,
            User.objects.all(),
            lambda rows: UserForAdminSerializer(rows, many=True).data,
        )


def pair_answer(pair: tokens.TokenPair) -> dict[str, str]:
    return {
        "access_token": pair.access,
        "refresh_token": pair.refresh,
        "token_type": "bearer",
        "accessToken": pair.access,
        "refreshToken": pair.refresh,
    }
