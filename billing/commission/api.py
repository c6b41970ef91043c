from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing import commission
from billing.commission.models import CommissionRule
from billing.commission.serializers import ShopCommissionSerializer
from core.guards import IsShop, current
from shops.models import Shop


class ShopCommissionView(APIView):
    """GET: what the platform keeps of the shop's sales, by the rules of this moment."""

    permission_classes = [IsShop]

    @extend_schema(responses=ShopCommissionSerializer)
    def get(self, request: Request) -> Response:
        shop = current(request, Shop)
        terms = asdict(commission.terms_of(shop.pk))
        terms["categories"] = CommissionRule.objects.exceptions_of(shop)
        return Response(ShopCommissionSerializer(terms).data)
