from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.inquiries import asking
from catalog.models import Product


class InquirySerializer(serializers.Serializer[Any]):
    """What to open, and what stands in it; the price in KZT."""

    whatsapp_url = serializers.URLField()
    shop_name = serializers.CharField(source="product.shop.shop_name")
    product_name = serializers.CharField(source="product.shown_name")
    product_price = serializers.DecimalField(12, 2, source="product.price")
    message = serializers.CharField()


class WhatsAppInquiryView(APIView):
    """POST: the address that opens WhatsApp with a question to the shop about its product."""

    @extend_schema(request=None, responses=InquirySerializer)
    def post(self, request: Request, pk: int, product_id: int) -> Response:
        on_sale = Product.objects.visible().filter(shop_id=pk).select_related("shop")
        product = get_object_or_404(on_sale, pk=product_id)
        return Response(InquirySerializer(asking.about(product)).data)
