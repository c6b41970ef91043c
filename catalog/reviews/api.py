from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from catalog.models import Product
from catalog.reviews import reviewing
from catalog.reviews.serializers import (
    AnswerSerializer,
    ReviewInputSerializer,
    ReviewMessageSerializer,
    ReviewSerializer,
    ReviewStatsSerializer,
    WholeReviewSerializer,
    stats_of,
)
from catalog.tables import Review
from catalog.tables.review import ReviewQuerySet
from core.bodies import valid
from core.guards import IsShop, IsUser, current
from core.pagination import PARAMETERS, bare_list
from shops.models import Shop


class ProductReviewsView(APIView):
    """GET: what buyers say about a product on sale, newest first. POST: a buyer's own review."""

    def get_permissions(self) -> Sequence[BasePermission]:
        return [AllowAny() if self.request.method in SAFE_METHODS else IsUser()]

    @extend_schema(
        operation_id="product_reviews_list",
        parameters=PARAMETERS,
        responses=ReviewSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        product = get_object_or_404(Product.objects.visible(), pk=pk)
        shown = Review.objects.shown().filter(product=product).select_related("user")
        return bare_list(request, shown, _as_json)

    @extend_schema(
        operation_id="product_reviews_create",
        request=ReviewInputSerializer,
        responses={201: ReviewSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = current(request, User)
        review = reviewing.write(user, pk, **_said(user, request))
        return Response(ReviewSerializer(review).data, status=201)


class ReviewStatsView(APIView):
    """GET: how a product on sale was rated."""

    @extend_schema(responses=ReviewStatsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(stats_of(get_object_or_404(Product.objects.visible(), pk=pk)))


class OwnReviewListView(APIView):
    """GET: one's own reviews, newest first."""

    permission_classes = [IsUser]

    @extend_schema(parameters=PARAMETERS, responses=WholeReviewSerializer(many=True))
    def get(self, request: Request) -> Response:
        return bare_list(request, _own(request), _in_full)


class OwnReviewView(APIView):
    """PUT: change one's review. DELETE: take it back."""

    permission_classes = [IsUser]

    @extend_schema(request=ReviewInputSerializer(partial=True), responses=WholeReviewSerializer)
    def put(self, request: Request, pk: int) -> Response:
        review = get_object_or_404(_own(request), pk=pk)
        said = _said(current(request, User), request, partial=True)
        return Response(WholeReviewSerializer(reviewing.change(review, **said)).data)

    @extend_schema(responses={200: ReviewMessageSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        reviewing.take_back(get_object_or_404(_own(request), pk=pk))
        return Response({"message": _("Your review is deleted."), "id": pk})


class ShopReviewListView(APIView):
    """GET: what buyers say about the shop's products, newest first."""

    permission_classes = [IsShop]

    @extend_schema(
        parameters=[
            *PARAMETERS,
            OpenApiParameter("unanswered", bool, description="`1`: only those without an answer"),
        ],
        responses=WholeReviewSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = _of_shop(request)
        if request.query_params.get("unanswered") in {"1", "true"}:
            rows = rows.unanswered()
        return bare_list(request, rows, _in_full)


class ReviewAnswerView(APIView):
    """PUT {answer}: the shop's one answer below a review. DELETE: none any more."""

    permission_classes = [IsShop]

    @extend_schema(request=AnswerSerializer, responses=WholeReviewSerializer)
    def put(self, request: Request, pk: int) -> Response:
        review = get_object_or_404(_of_shop(request), pk=pk)
        said = valid(AnswerSerializer(data=request.data))["answer"]
        return Response(WholeReviewSerializer(reviewing.answer(review, said)).data)

    @extend_schema(responses={200: WholeReviewSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        review = get_object_or_404(_of_shop(request), pk=pk)
        return Response(WholeReviewSerializer(reviewing.answer(review, "")).data)


def _own(request: Request) -> ReviewQuerySet:
    own = Review.objects.filter(user=current(request, User))
    return own.select_related("user", "product")


def _of_shop(request: Request) -> ReviewQuerySet:
    about = Review.objects.filter(product__shop=current(request, Shop))
    return about.select_related("user", "product")


def _said(user: User, request: Request, *, partial: bool = False) -> dict[str, Any]:
    sent = ReviewInputSerializer(data=request.data, partial=partial)
    valid(sent)
    return sent.details(user.pk)


def _as_json(reviews: Sequence[Review]) -> Any:
    return ReviewSerializer(reviews, many=True).data


def _in_full(reviews: Sequence[Review]) -> Any:
    return WholeReviewSerializer(reviews, many=True).data
