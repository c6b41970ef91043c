from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from catalog.alerts import waiting
from catalog.models import ProductVariant
from catalog.tables import Alert
from core.bodies import MAX_ID, valid
from core.guards import IsUser, current
from core.pagination import PARAMETERS, bare_list


class AlertSerializer(serializers.ModelSerializer):
    """What a person waits for; `price` in KZT is what it has to fall below."""

    product_name = serializers.CharField(source="product.shown_name")

    class Meta:
        model = Alert
        fields = ["id", "kind", "product_id", "variant_id", "product_name", "price", "created_at"]
        read_only_fields = fields


class AlertInputSerializer(serializers.Serializer[Any]):
    """A product, or one variant, and what to be told of."""

    kind = serializers.ChoiceField(Alert.Kind.choices)
    product_id = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    variant_id = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False)

    tolerated = frozenset(AlertSerializer.Meta.fields)

    def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
        if not wish.keys() & {"product_id", "variant_id"}:
            raise serializers.ValidationError(_("Name a product or a variant."))
        return wish


class AlertListView(APIView):
    """GET: what one waits for. POST: wait for it; asking again changes nothing."""

    permission_classes = [IsUser]

    @extend_schema(
        operation_id="alerts_list", parameters=PARAMETERS, responses=AlertSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        return bare_list(request, _own(request), _as_json)

    @extend_schema(
        operation_id="alerts_create",
        request=AlertInputSerializer,
        responses={200: AlertSerializer, 201: AlertSerializer, 404: None},
    )
    def post(self, request: Request) -> Response:
        wish = valid(AlertInputSerializer(data=request.data))
        if "product_id" not in wish:
            variant = get_object_or_404(ProductVariant, pk=wish["variant_id"])
            wish["product_id"] = variant.product_id
        alert, is_new = waiting.ask(current(request, User), wish.pop("kind"), **wish)
        return Response(AlertSerializer(alert).data, status=201 if is_new else 200)


class AlertView(APIView):
    """DELETE: wait no longer."""

    permission_classes = [IsUser]

    @extend_schema(
        responses={
            200: inline_serializer(
                "AlertMessage",
                {"message": serializers.CharField(), "id": serializers.IntegerField()},
            )
        }
    )
    def delete(self, request: Request, pk: int) -> Response:
        get_object_or_404(_own(request), pk=pk).delete()
        return Response({"message": _("You will not be told."), "id": pk})


def _own(request: Request) -> Any:
    return current(request, User).alerts.select_related("product")


def _as_json(alerts: Sequence[Alert]) -> Any:
    return AlertSerializer(alerts, many=True).data
