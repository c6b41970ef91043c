from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import consents
from accounts.api import OwnUserView
from accounts.models import User
from accounts.serializers import AccountMessageSerializer
from config.personal_data import erasure, export, photo_consent, withdrawal
from config.personal_data.serializers import (
    AgreementSerializer,
    ConsentSerializer,
    ConsentTextSerializer,
    ExportSerializer,
)
from core.bodies import valid
from core.client_address import client_address
from core.guards import IsUser, current
from core.pagination import PARAMETERS, bare_list


class AccountView(OwnUserView):
    """GET, PUT: the person behind the token. DELETE: the end of the account."""

    @extend_schema(responses={200: AccountMessageSerializer})
    def delete(self, request: Request) -> Response:
        erasure.erase(current(request, User))
        return Response({"message": _("Your account is deleted.")})


class PhotoConsentView(APIView):
    """GET: the text people agree to before a photo of theirs is processed."""

    authentication_classes = []

    @extend_schema(responses=ConsentTextSerializer)
    def get(self, request: Request) -> Response:
        return Response(
            {
                "kind": consents.PHOTOS,
                "version": consents.current_version(consents.PHOTOS),
                "title": photo_consent.TITLE,
                "sections": [
                    {"title": title, "text": text} for title, text in photo_consent.SECTIONS
                ],
            }
        )


class ConsentListView(APIView):
    """GET: what one has agreed to and taken back, newest first. POST: agree."""

    permission_classes = [IsUser]

    @extend_schema(parameters=PARAMETERS, responses=ConsentSerializer(many=True))
    def get(self, request: Request) -> Response:
        return bare_list(
            request,
            current(request, User).consents.all(),
            lambda rows: ConsentSerializer(rows, many=True).data,
        )

    @extend_schema(request=AgreementSerializer, responses={201: ConsentSerializer})
    def post(self, request: Request) -> Response:
        consent = consents.give(
            current(request, User),
            **valid(AgreementSerializer(data=request.data)),
            ip=client_address(request),
            user_agent=request.headers.get("User-Agent", ""),
        )
        return Response(ConsentSerializer(consent).data, status=201)


class ConsentView(APIView):
    """DELETE: take a consent back."""

    permission_classes = [IsUser]

    @extend_schema(responses={200: AccountMessageSerializer})
    def delete(self, request: Request, kind: str) -> Response:
        withdrawal.withdraw(current(request, User), kind)
        return Response({"message": _("You have taken your consent back.")})


class ExportView(APIView):
    """POST: ask for a copy of all one's data, once a day. GET: how the newest one stands."""

    permission_classes = [IsUser]

    @extend_schema(responses={200: ExportSerializer, 404: None})
    def get(self, request: Request) -> Response:
        newest = current(request, User).exports.order_by("-pk")[:1]
        return Response(ExportSerializer(get_object_or_404(newest)).data)

    @extend_schema(request=None, responses={202: ExportSerializer})
    def post(self, request: Request) -> Response:
        asked = export.request_export(current(request, User))
        return Response(ExportSerializer(asked).data, status=202)
