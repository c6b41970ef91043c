"""`users/me/sessions` and `shops/me/sessions`; accounts.urls says whose they are."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import sessions
from accounts.devices.serializers import SessionSerializer
from accounts.models import AuthSession, User
from accounts.serializers import AccountMessageSerializer
from core.guards import IsSignedIn
from core.pagination import limit_of, skip_of
from core.principal import Principal
from shops.models import Shop

PAGE = [OpenApiParameter("limit", int), OpenApiParameter("skip", int)]
EXCEPT_CURRENT = OpenApiParameter("except_current", bool, description="`1` spares this session")


class EndAllSchema(AutoSchema):
    """Tells the DELETE of all sessions from that of one."""

    method_mapping = {**AutoSchema.method_mapping, "delete": "end_all"}


class SessionListView(APIView):
    """GET: the devices signed in, last used first. DELETE: sign out on all of them."""

    schema = EndAllSchema()
    permission_classes = [IsSignedIn]

    @extend_schema(parameters=PAGE, responses=SessionSerializer(many=True))
    def get(self, request: Request) -> Response:
        limit = limit_of(request.query_params)
        skip = skip_of(request.query_params, limit)
        rows = _alive(request).order_by("-last_seen_at", "pk")[skip : skip + limit]
        context = {"current": _current(request)}
        return Response(SessionSerializer(rows, many=True, context=context).data)

    @extend_schema(parameters=[EXCEPT_CURRENT], responses={200: AccountMessageSerializer})
    def delete(self, request: Request) -> Response:
        if request.query_params.get("except_current") in {"1", "true"}:
            sessions.end_all(_account(request), but=_current(request))
            return Response({"message": _("You are signed out everywhere else.")})
        sessions.end_all(_account(request))
        return Response({"message": _("You are signed out everywhere.")})


class SessionView(APIView):
    """DELETE: sign out on one device."""

    permission_classes = [IsSignedIn]

    @extend_schema(responses={200: AccountMessageSerializer})
    def delete(self, request: Request, pk: UUID) -> Response:
        sessions.end(get_object_or_404(_alive(request), pk=pk))
        return Response({"message": _("The device is signed out.")})


def _alive(request: Request) -> QuerySet[AuthSession]:
    alive: QuerySet[AuthSession] = _account(request).sessions.alive()
    return alive


def _account(request: Request) -> User | Shop:
    account = request.user
    assert isinstance(account, User | Shop)  # the guard has made sure
    return account


def _current(request: Request) -> str:
    assert isinstance(request.auth, Principal)  # as above
    return request.auth.session_id
