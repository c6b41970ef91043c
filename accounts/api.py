from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotAuthenticated, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import code_flow, google, sessions, tokens
from accounts.devices.description import device_of
from accounts.models import AuthSession, User
from accounts.profile import update_profile
from accounts.serializers import (
    AccountMessageSerializer,
    BalanceSerializer,
    GoogleLoginSerializer,
    LoginAnswerSerializer,
    LogoutSerializer,
    RefreshSerializer,
    TokenPairSerializer,
    UrlAnswerSerializer,
    UrlQuerySerializer,
    UserForAdminSerializer,
    UserSerializer,
)
from accounts.sign_in import Device, SignedIn, sign_in
from core.guards import IsAdmin, IsUser, current
from core.pagination import PARAMETERS, bare_list
from core.principal import Principal
from shops.models import Shop
from shops.serializers import ShopSerializer


class GoogleLoginView(APIView):
    """POST: sign in with what Google gave the client. The account is made on the first sign-in."""

    authentication_classes = []

    @extend_schema(request=GoogleLoginSerializer, responses=LoginAnswerSerializer)
    def post(self, request: Request) -> Response:
        login = _valid(GoogleLoginSerializer(data=request.data))
        if ("id_token" in login) == ("code" in login):
            raise ParseError(_("Send either id_token or code."))
        raw = login.get("id_token") or code_flow.finish(login["code"], login["state"])
        device = _device(request, login["platform"])
        signed_in = sign_in(google.verify_id_token(raw), login["account_type"], device)
        return Response(_login_answer(signed_in, login))


class GoogleUrlView(APIView):
    """GET: the page of Google that a web client opens to sign in."""

    authentication_classes = []

    @extend_schema(parameters=[UrlQuerySerializer], responses=UrlAnswerSerializer)
    def get(self, request: Request) -> Response:
        query = _valid(UrlQuerySerializer(data=request.query_params))
        return Response({"authorization_url": code_flow.start(), **query})


class GoogleCallbackView(APIView):
    """GET: where Google sends the browser; it goes on to the web client with its code."""

    authentication_classes = []

    @extend_schema(
        parameters=[OpenApiParameter("code", str), OpenApiParameter("state", str)],
        responses={302: OpenApiResponse(description="To FRONTEND_URL/callback")},
    )
    def get(self, request: Request) -> Response:
        code = request.query_params.get("code", "")
        state = request.query_params.get("state", "")
        code_flow.came_back(code, state)
        query = request.META["QUERY_STRING"]
        return Response(
            status=302, headers={"Location": f"{settings.FRONTEND_URL}/callback?{query}"}
        )


class RefreshView(APIView):
    """POST: trade a refresh token for the next pair."""

    authentication_classes = []

    @extend_schema(request=RefreshSerializer, responses=TokenPairSerializer)
    def post(self, request: Request) -> Response:
        raw = _valid(RefreshSerializer(data=request.data))["refresh_token"]
        return Response(pair_answer(tokens.rotate(raw, **device_of(request))))


class LogoutView(APIView):
    """POST: end the session of the refresh token sent, or else of the bearer token."""

    @extend_schema(request=LogoutSerializer, responses=AccountMessageSerializer)
    def post(self, request: Request) -> Response:
        raw = _valid(LogoutSerializer(data=request.data)).get("refresh_token")
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

    @extend_schema(request=UserSerializer, responses=UserSerializer)
    def put(self, request: Request) -> Response:
        serializer = UserSerializer(current(request, User), data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        user = update_profile(current(request, User), **serializer.validated_data)
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


def _valid(serializer: Any) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    valid: dict[str, Any] = serializer.validated_data
    return valid


def _device(request: Request, platform: str) -> Device:
    return Device(platform, **device_of(request))


def _login_answer(signed_in: SignedIn, login: dict[str, Any]) -> dict[str, Any]:
    answer = {
        "access_token": signed_in.tokens.access,
        "refresh_token": signed_in.tokens.refresh,
        "token_type": "bearer",
        "account_type": login["account_type"],
        "platform": login["platform"],
    }
    if isinstance(signed_in.account, Shop):
        return answer | {"shop": ShopSerializer(signed_in.account).data}
    return answer | {"user": UserSerializer(signed_in.account).data}
