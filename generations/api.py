from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts import consents
from accounts.models import User
from billing.payments.serializers import NothingMoreSerializer
from catalog.models import Product
from core import images
from core.bodies import valid
from core.guards import IsUser, current
from core.idempotency import heard_before, idempotent
from core.pagination import PARAMETERS, bare_list, page_of, paginated
from generations import cutting, kept_photos, pipeline, removal, requests, waiting
from generations.models import Generation
from generations.requests import Wearable, request_outfit, request_variants
from generations.serializers import (
    ChargedGenerationSerializer,
    DesignSerializer,
    FingerprintSerializer,
    GenerationSerializer,
    NewPhotoSerializer,
    OutfitSerializer,
    PersonPhotoSerializer,
    PhotoSerializer,
    RemovedSerializer,
    ReportSerializer,
    RerollSerializer,
    TryOnSerializer,
    VariantsSerializer,
    VerdictSerializer,
)
from wardrobe import keeping
from wardrobe.looks import backgrounds
from wardrobe.models import UserWardrobeItem
from wardrobe.serializers import WardrobeItemSerializer, WardrobeNoteSerializer

ACCEPTED = {202: ChargedGenerationSerializer, 200: ChargedGenerationSerializer}
PREFER = [
    OpenApiParameter(
        "Prefer",
        str,
        OpenApiParameter.HEADER,
        description="wait=N: answer 200 with the finished picture if that takes up to N (≤ 30) s",
    )
]


class TryOnView(APIView):
    """POST: try a thing on. Answers 202 with the queued generation and its address."""

    permission_classes = [IsUser]

    @extend_schema(
        request=TryOnSerializer,
        parameters=PREFER,
        responses={**ACCEPTED, 402: None, 404: None, 428: None},
    )
    def post(self, request: Request) -> Response:
        return _waited(request, self._asked(request))

    @idempotent
    def _asked(self, request: Request) -> Response:
        consents.require(current(request, User))  # before the photo is even looked at
        asked = TryOnSerializer(data=request.data)
        return _worn(request, asked, [valid(asked)])


class OutfitView(APIView):
    """POST: try up to four things on together, in their order, for the price of one."""

    permission_classes = [IsUser]

    @extend_schema(
        request=OutfitSerializer,
        parameters=PREFER,
        responses={**ACCEPTED, 402: None, 404: None, 428: None},
    )
    def post(self, request: Request) -> Response:
        return _waited(request, self._asked(request))

    @idempotent
    def _asked(self, request: Request) -> Response:
        consents.require(current(request, User))
        asked = OutfitSerializer(data=request.data)
        return _worn(request, asked, valid(asked)["items"])


class GenerateView(APIView):
    """POST: have a garment drawn. Answers 202 with the queued generation and its address."""

    permission_classes = [IsUser]

    @extend_schema(
        request=DesignSerializer,
        parameters=PREFER,
        responses={202: VariantsSerializer, 200: VariantsSerializer, 402: None, 428: None},
    )
    def post(self, request: Request) -> Response:
        return _waited(request, self._asked(request))

    @idempotent
    def _asked(self, request: Request) -> Response:
        wish = valid(DesignSerializer(data=request.data))
        return _accepted(*request_variants(current(request, User), **wish), has_variants=True)


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


class GenerationDetailView(APIView):
    """GET: one's own generation. DELETE: its pictures go, and it leaves the history."""

    permission_classes = [IsUser]

    @extend_schema(responses=GenerationSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(GenerationSerializer(get_object_or_404(_own(request), pk=pk)).data)

    @extend_schema(responses={200: RemovedSerializer, 409: None})
    def delete(self, request: Request, pk: int) -> Response:
        removal.remove(get_object_or_404(_own(request), pk=pk))
        return Response({"message": _("The picture is deleted."), "id": pk})


class GenerationCancelView(APIView):
    """POST: stop one's own generation while it is queued; the money is back in the answer."""

    permission_classes = [IsUser]

    @extend_schema(request=NothingMoreSerializer, responses=GenerationSerializer)
    def post(self, request: Request, pk: int) -> Response:
        valid(NothingMoreSerializer(data=request.data))
        generation = get_object_or_404(_own(request), pk=pk)
        pipeline.call_off(generation)
        return Response(GenerationSerializer(generation).data)


class PersonPhotoListView(APIView):
    """GET: the photos of oneself that one keeps, newest first. POST multipart `photo`: another."""

    permission_classes = [IsUser]

    @extend_schema(parameters=PARAMETERS, responses=PersonPhotoSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = current(request, User).photos.all()
        return bare_list(request, rows, lambda some: PersonPhotoSerializer(some, many=True).data)

    @extend_schema(
        request=NewPhotoSerializer, responses={201: PersonPhotoSerializer, 409: None, 428: None}
    )
    def post(self, request: Request) -> Response:
        user = current(request, User)
        consents.require(user)
        sent = valid(NewPhotoSerializer(data=request.data))
        photo = kept_photos.add(user, images.clean(sent["photo"].read()))
        return Response(PersonPhotoSerializer(photo).data, status=201)


class PersonPhotoView(APIView):
    """DELETE: forget a photo of oneself."""

    permission_classes = [IsUser]

    @extend_schema(responses={200: RemovedSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        kept_photos.remove(get_object_or_404(current(request, User).photos, pk=pk))
        return Response({"message": _("The photo is deleted."), "id": pk})


class GenerationReportView(APIView):
    """POST: the picture is bad. The next re-roll of it is free, once a day."""

    permission_classes = [IsUser]

    @extend_schema(request=ReportSerializer, responses={200: GenerationSerializer, 409: None})
    def post(self, request: Request, pk: int) -> Response:
        said = valid(ReportSerializer(data=request.data))
        generation = requests.report(get_object_or_404(_own(request), pk=pk), **said)
        return Response(GenerationSerializer(generation).data)


class GenerationRerollView(APIView):
    """POST: the same wish with another seed. Answers as asking for the first one did."""

    permission_classes = [IsUser]

    @extend_schema(
        request=RerollSerializer,
        parameters=PREFER,
        responses={**ACCEPTED, 402: None, 428: None},
    )
    def post(self, request: Request, pk: int) -> Response:
        return _waited(request, self._asked(request, pk))

    @idempotent
    def _asked(self, request: Request, pk: int) -> Response:
        wish = valid(RerollSerializer(data=request.data))
        return _accepted(requests.reroll(get_object_or_404(_own(request), pk=pk), **wish))


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


class RemoveBackgroundView(APIView):
    """POST: have the garment cut out of its first picture. DELETE: show the original again."""

    permission_classes = [IsUser]

    @extend_schema(request=None, responses={202: WardrobeItemSerializer, 422: None})
    def post(self, request: Request, pk: int) -> Response:
        item = cutting.request(_own_item(request, pk))
        return Response(WardrobeItemSerializer(item).data, status=202)

    @extend_schema(request=None, responses={200: WardrobeItemSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        item = backgrounds.restore(_own_item(request, pk))
        return Response(WardrobeItemSerializer(item).data)


def _own_item(request: Request, pk: int) -> UserWardrobeItem:
    return get_object_or_404(current(request, User).wardrobe, pk=pk)


def _own(request: Request) -> QuerySet[Generation]:
    own = current(request, User).generations.filter(erased_at=None)
    return own.select_related("product").prefetch_related("wardrobe_items")


def _worn(request: Request, asked: PhotoSerializer, things: list[dict[str, Any]]) -> Response:
    user, wish = current(request, User), asked.validated_data
    worn = [_thing(user, named) for named in things]
    about = {name: wish[name] for name in ("save_to_wardrobe", "seed")}
    return _accepted(request_outfit(user, worn, asked.person(user), **about))


def _thing(user: User, named: dict[str, Any]) -> Wearable:
    if "product_id" in named:
        visible = Product.objects.visible().select_related("category")
        return get_object_or_404(visible, pk=named["product_id"])
    own = user.wardrobe.select_related("category")
    return get_object_or_404(own, pk=named["wardrobe_item_id"])


def _waited(request: Request, accepted: Response) -> Response:
    """The answer as it is, or with the finished picture where the client prefers to wait for it."""
    seconds = waiting.preferred(request.headers.get("Prefer", ""))
    ids = accepted.data.get("variants", [accepted.data["id"]])
    if accepted.status_code == HTTPStatus.OK or not seconds:
        return accepted
    if not waiting.finished(ids, seconds):
        return accepted
    body = {**accepted.data, **_now(_own(request).get(pk=accepted.data["id"]))}
    applied = {"Preference-Applied": f"wait={seconds}", **heard_before(accepted)}
    return Response(body, headers={**applied, "Location": accepted["Location"]})


def _now(generation: Generation) -> dict[str, Any]:
    return ChargedGenerationSerializer(generation).data


def _accepted(first: Generation, *others: Generation, has_variants: bool = False) -> Response:
    """202 for what is queued; 200 where all was made before, and costs nothing."""
    made = [first, *others]
    is_from_store = all(each.is_finished for each in made)
    address = reverse("generation-detail", args=[first.pk])
    context = {"is_from_store": is_from_store, "variants": [each.pk for each in made]}
    answer = VariantsSerializer if has_variants else ChargedGenerationSerializer
    body = answer(first, context=context).data
    status = HTTPStatus.OK if is_from_store else HTTPStatus.ACCEPTED
    return Response(body, status=status, headers={"Location": address})
