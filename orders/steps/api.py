from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core.bodies import valid
from core.guards import HasRecentSecondFactor, IsAdmin, IsShop, IsUser, current
from core.idempotency import idempotent
from orders import fulfilment, meaning, refunds, transitions
from orders.models import Order
from orders.models.kinds import Actor
from orders.saying import Said
from orders.serializers import OrderSerializer
from orders.steps.serializers import (
    AdminRefundSerializer,
    AdminStepSerializer,
    RefundRequestSerializer,
    StepSerializer,
)
from orders.transitions import Event, Money, Transition
from shops.models import Shop


def _actions(actor: Actor) -> OpenApiParameter:
    steps = sorted({Event.CANCEL, *transitions.steps_of(actor)})
    return OpenApiParameter("action", str, OpenApiParameter.PATH, enum=steps)


class OwnOrderActionView(APIView):
    """POST: take a step that `next_actions` of one's own order names."""

    permission_classes = [IsUser]

    @extend_schema(
        parameters=[_actions(Actor.USER)],
        request=StepSerializer,
        responses={200: OrderSerializer, 402: None},
    )
    @idempotent
    def post(self, request: Request, pk: int, action: str) -> Response:
        order = get_object_or_404(current(request, User).orders, pk=pk)
        return _acted(request, order, action, current(request, User))


class OwnOrderRefundView(APIView):
    """POST {reason}: cancel, ask for a return or dispute, whichever the order allows now."""

    permission_classes = [IsUser]

    @extend_schema(request=RefundRequestSerializer, responses=OrderSerializer)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        order = get_object_or_404(current(request, User).orders, pk=pk)
        said = Said(request.user.pk, **valid(RefundRequestSerializer(data=request.data)))
        step = meaning.first(order, meaning.ASK_BACK, Actor.USER)
        return _shown(fulfilment.act(order, step.event, Actor.USER, said), Actor.USER)


class ShopOrderActionView(APIView):
    """POST: take a step that `next_actions` of an order to the shop names."""

    permission_classes = [IsShop]

    @extend_schema(
        parameters=[_actions(Actor.SHOP)], request=StepSerializer, responses=OrderSerializer
    )
    @idempotent
    def post(self, request: Request, pk: int, action: str) -> Response:
        order = get_object_or_404(current(request, Shop).orders, pk=pk)
        return _acted(request, order, action, current(request, Shop))


class AdminOrderActionView(APIView):
    """POST: an administrator's step; those that move money ask for a recent second factor."""

    permission_classes = [IsAdmin]

    @extend_schema(
        parameters=[_actions(Actor.ADMIN)], request=AdminStepSerializer, responses=OrderSerializer
    )
    def post(self, request: Request, pk: int, action: str) -> Response:
        order = get_object_or_404(Order, pk=pk)
        step = _named(order, action, Actor.ADMIN)
        if step.money is not Money.NONE:
            HasRecentSecondFactor().has_permission(request, self)
        sent = AdminStepSerializer(data=request.data).about(step)
        destination = valid(sent).get("destination", refunds.Destination.BALANCE)
        done = refunds.decide(order, step.event, sent.said(current(request, User)), destination)
        return _shown(done, Actor.ADMIN)


class AdminOrderRefundView(APIView):
    """POST {reason}: an administrator gives the buyer the money back, by the step of the stage.

    The reason is taken from the query, too.
    """

    permission_classes = [IsAdmin, HasRecentSecondFactor]

    @extend_schema(
        parameters=[OpenApiParameter("reason", str)],
        request=AdminRefundSerializer,
        responses=OrderSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        order = get_object_or_404(Order, pk=pk)
        sent = valid(AdminRefundSerializer(data=request.data))
        reason = sent.get("reason") or request.query_params.get("reason", "")
        said = Said(current(request, User).pk, reason, share=sent.get("share"))
        return _shown(refunds.give_back(order, said, sent["destination"]), Actor.ADMIN)


def _acted(request: Request, order: Order, action: str, by: User | Shop) -> Response:
    actor = Actor.SHOP if isinstance(by, Shop) else Actor.USER
    step = _named(order, action, actor)
    sent = StepSerializer(data=request.data).about(step)
    valid(sent)
    return _shown(fulfilment.act(order, step.event, actor, sent.said(by)), actor)


def _named(order: Order, action: str, actor: Actor) -> Transition:
    if action not in set(Event):
        raise NotFound
    return meaning.named(order, action, actor)


def _shown(order: Order, actor: Actor) -> Response:
    return Response(OrderSerializer(order, context={"actor": actor}).data)
