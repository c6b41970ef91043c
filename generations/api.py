from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts import consents
from accounts.models import User
from catalog.models import Product
from core.bodies import valid
from core.guards import IsUser, current
from core.idempotency import idempotent
from core.pagination import PARAMETERS, bare_list, page_of, paginated
from generations.models import Generation
from generations.requests import request_design, request_try_on
from generations.serializers import (
    ChargedGenerationSerializer,
    DesignSerializer,
    FingerprintSerializer,
    GenerationSerializer,
    TryOnSerializer,
    VerdictSerializer,
)
from wardrobe import keeping
from wardrobe.models import UserWardrobeItem
from wardrobe.serializers import WardrobeItemSerializer, WardrobeNoteSerializer


class TryOnView(APIView):
    """POST: try a product on. Answers 202 with the queued generation and its address."""

    permission_classes = [IsUser]

    @extend_schema(
        request=TryOnSerializer,
        responses={202: ChargedGenerationSerializer, 402: None, 404: None, 428: None},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        user = current(request, User)
        consents.require(user)  # before the photo is even looked at
        asked = TryOnSerializer(data=request.data)
        wish = valid(asked)
        product = get_object_or_404(Product.objects.visible(), pk=wish["product_id"])
        generation = request_try_on(
            user,
            product,
            asked.person(user),
            save_to_wardrobe=wish["save_to_wardrobe"],
            seed=wish["seed"],
        )
        return _accepted(generation)


class GenerateView(APIView):
    """POST: have a garment drawn. Answers 202 with the queued generation and its address."""

    permission_classes = [IsUser]

    @extend_schema(
        request=DesignSerializer,
        responses={202: ChargedGenerationSerializer, 402: None, 428: None},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = valid(DesignSerializer(data=request.data))
        return _accepted(request_design(current(request, User), **wish))


class GenerationHistoryView(APIView):
    """GET: one's own generations, newest first."""

    permission_classes = [IsUser]

    @extend_schema(
        parameters=PARAMETERS,
        responses=page_of("items", GenerationSerializer),
    )
    def get(self, request: Request) -> Response:
        return paginated(
            request,
            _own(request),
            "items",
            lambda rows: GenerationSerializer(rows, many=True).data,
        )


class OlderHistoryView(APIView):
    """GET: the same as a plain list, as older clients expect."""

    permission_classes = [IsUser]

    @extend_schema(parameters=PARAMETERS, responses=GenerationSerializer(many=True))
    def get(self, request: Request) -> Response:
        return bare_list(
            request, _own(request), lambda rows: GenerationSerializer(rows, many=True).data
        )


class GenerationDetailView(generics.RetrieveAPIView):
    """GET: one's own generation."""

    permission_classes = [IsUser]
    serializer_class = GenerationSerializer
    queryset = Generation.objects.none()

    def get_queryset(self) -> QuerySet[Generation]:
        return _own(self.request)


class GenerationVerifyView(APIView):
    """GET: whether a picture, named by its SHA-256, was made here. It says nothing of whom."""

    authentication_classes = []

    @extend_schema(parameters=[FingerprintSerializer], responses=VerdictSerializer)
    def get(self, request: Request) -> Response:
        asked = FingerprintSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        fingerprint = asked.validated_data["sha256"]
        made_here = Generation.objects.filter(result_sha256=fingerprint).exists()
        return Response({"sha256": fingerprint, "made_here": made_here})


class WardrobeFromGenerationView(APIView):
    """POST: keep a finished generation in the wardrobe."""

    permission_classes = [IsUser]

    @extend_schema(
        request=WardrobeNoteSerializer, responses={201: WardrobeItemSerializer, 507: None}
    )
    def post(self, request: Request, pk: int) -> Response:
        finished = _own(request).filter(status=Generation.Status.SUCCEEDED)
        generation = get_object_or_404(finished, pk=pk)
        note = valid(WardrobeNoteSerializer(data=request.data))
        item = keeping.keep(
            current(request, User),
            UserWardrobeItem.Source.GENERATED,
            generation=generation,
            pictures=[generation.result],
            **{"name": generation.wardrobe_name, **note},
        )
        return Response(WardrobeItemSerializer(item).data, status=201)


def _own(request: Request) -> QuerySet[Generation]:
    own = current(request, User).generations.select_related("product")
    return own.prefetch_related("wardrobe_items")


def _accepted(generation: Generation) -> Response:
    address = reverse("generation-detail", args=[generation.pk])
    body = ChargedGenerationSerializer(generation).data
    return Response(body, status=202, headers={"Location": address})
