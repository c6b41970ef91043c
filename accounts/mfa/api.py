from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import tokens
from accounts.api import pair_answer
from accounts.mfa import codes, factors
from accounts.mfa.serializers import CodeSerializer, SecondFactorSerializer
from accounts.models import User
from accounts.serializers import TokenPairSerializer
from core.bodies import valid
from core.errors import Refusal
from core.guards import IsSignedIn, second_factor_page
from core.principal import Principal
from shops.models import Shop


class NotEnrolled(Refusal):
    code = "second_factor_not_enrolled"


class SecondFactorView(APIView):
    """GET: the second factors of the account's person, and when this session showed one."""

    permission_classes = [IsSignedIn]

    @extend_schema(responses=SecondFactorSerializer)
    def get(self, request: Request) -> Response:
        person, principal = _caller(request)
        kinds = sorted(set(factors.of(person).values())) if person else []
        shown_at = principal.second_factor_at
        answer = {"enrolled": bool(kinds), "methods": kinds, "verified_at": shown_at}
        return Response(SecondFactorSerializer(answer).data)


class SecondFactorVerifyView(APIView):
    """POST: show the second factor; the answer replaces both tokens of the session."""

    permission_classes = [IsSignedIn]

    @extend_schema(request=CodeSerializer, responses=TokenPairSerializer)
    def post(self, request: Request) -> Response:
        code = valid(CodeSerializer(data=request.data))["code"]
        person, principal = _caller(request)
        if person is None or not factors.is_enrolled(person):
            text = _("There is no second factor yet. Set one up at %(page)s.")
            raise NotEnrolled(text % {"page": second_factor_page()})
        codes.check(person, code)
        return Response(pair_answer(tokens.with_second_factor(principal.session_id)))


def _caller(request: Request) -> tuple[User | None, Principal]:
    """The person behind the account, and what the token says."""
    assert isinstance(request.user, User | Shop)
    assert isinstance(request.auth, Principal)
    return factors.person_of(request.user), request.auth
