from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.signatures.guard import HEADERS, IsSigned
from billing.bank import details
from billing.bank.details import BankAccount
from billing.bank.serializers import BankDetailsSerializer
from core.bodies import valid
from core.guards import HasRecentSecondFactor, IsReading, IsShop, current
from shops.models import Shop


class BankDetailsView(APIView):
    """GET: where the shop's payouts go, masked. PUT: signed, with a recent second factor."""

    permission_classes = [IsShop, IsReading | HasRecentSecondFactor, IsReading | IsSigned]

    @extend_schema(responses={200: BankDetailsSerializer, 404: None})
    def get(self, request: Request) -> Response:
        account = details.account_of(current(request, Shop))
        if account is None:
            raise Http404
        return _shown(account)

    @extend_schema(
        request=BankDetailsSerializer, responses=BankDetailsSerializer, parameters=HEADERS
    )
    def put(self, request: Request) -> Response:
        account = BankAccount(**valid(BankDetailsSerializer(data=request.data)))
        details.change(current(request, Shop), account)
        return _shown(account)


def _shown(account: BankAccount) -> Response:
    return Response(BankDetailsSerializer(account.masked()).data)
