from collections.abc import Iterable

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog import reading
from catalog.favourites.reader import reader_of
from catalog.filters import MOST_LETTERS, SORTS, ProductFilter
from catalog.models import Product
from catalog.search import by_picture, listing, search
from catalog.search.facets import facets, facets_of_all
from catalog.search.serializers import FacetsSerializer, PictureSearchSerializer
from catalog.serializers import ProductSerializer
from core import images
from core.bodies import valid
from core.parsers import StrictMultiPartParser
from core.rendering import QuickJSONRenderer

MOST_SIMILAR = 12
MOST_ALIKE = 20
NARROWING = [
    OpenApiParameter("q", str, description="Words of any language; `search` means the same"),
    OpenApiParameter("category", int, description="With its sub-categories"),
    OpenApiParameter("shop", int),
    OpenApiParameter("price_min", float),
    OpenApiParameter("price_max", float),
    OpenApiParameter("size", str, description="Of one variant; several with commas"),
    OpenApiParameter("color", str, description="Of the same variant; several with commas"),
    OpenApiParameter("in_stock", bool, description="`true`: of that variant a piece is left"),
    OpenApiParameter("rentable_from", {"type": "string", "format": "date"}),
    OpenApiParameter("rentable_to", {"type": "string", "format": "date"}),
]
SORTING = OpenApiParameter("sort", str, enum=list(SORTS))


class ProductFacetsView(APIView):
    """GET: how many of the products that are asked for there are of each kind."""

    @extend_schema(parameters=NARROWING, responses=FacetsSerializer)
    def get(self, request: Request) -> Response:
        if request.query_params.keys().isdisjoint(ProductFilter.base_filters):
            return Response(facets_of_all())
        return Response(facets(listing.matching(request)))


class ProductSuggestView(APIView):
    """GET: what somebody who has typed this may be about to ask for."""

    @extend_schema(
        parameters=[OpenApiParameter("q", str)],
        responses=inline_serializer(
            "ProductSuggestions",
            {"suggestions": serializers.ListField(child=serializers.CharField())},
        ),
    )
    def get(self, request: Request) -> Response:
        typed = request.query_params.get("q", "").lstrip()[:MOST_LETTERS]
        return Response({"suggestions": search().completions(typed)})


class SimilarProductsView(APIView):
    """GET: products on sale that are like this one, the likest first; at most twelve."""

    renderer_classes = [QuickJSONRenderer]

    @extend_schema(
        operation_id="products_similar",
        responses=inline_serializer("SimilarProducts", {"products": ProductSerializer(many=True)}),
    )
    def get(self, request: Request, pk: int) -> Response:
        visible = Product.objects.visible()
        similar = search().like(visible, get_object_or_404(visible, pk=pk))
        best = similar.order_by(SORTS["relevance"], "-pk").values_list("pk", flat=True)
        return _shown(request, best[:MOST_SIMILAR])


class SearchByPictureView(APIView):
    """POST a multipart `file`: products on sale that look like it, the likest first; at most 20."""

    renderer_classes = [QuickJSONRenderer]
    parser_classes = [StrictMultiPartParser]

    @extend_schema(
        operation_id="products_search_by_image",
        request=PictureSearchSerializer,
        responses=inline_serializer("ProductsAlike", {"products": ProductSerializer(many=True)}),
    )
    def post(self, request: Request) -> Response:
        sent = valid(PictureSearchSerializer(data=request.data))
        alike = by_picture.likest(images.clean(sent["file"].read()), most=MOST_ALIKE)
        return _shown(request, alike)


def _shown(request: Request, keys: Iterable[int]) -> Response:
    return Response({"products": reading.products(keys, reader_of(request))})
