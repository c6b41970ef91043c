from typing import Any

from django.db.models import Count, QuerySet
from rest_framework import serializers

from accounts.serializers import PrivateAvatarField
from catalog.models import Product
from catalog.reviews.reviewing import MAX_PICTURES
from catalog.serializers import AddressListField, PictureField, pictures_sent
from catalog.tables import Review
from catalog.tables.review import BEST
from core import storage

WORDS = 2000


class ReviewSerializer(serializers.ModelSerializer):
    """What a buyer says about a product; `images` are links of 15 to 30 minutes.

    `answer` is the shop's, empty without one.
    """

    user_name = serializers.CharField(source="user.name")
    user_avatar = PrivateAvatarField(source="user.avatar")
    images = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = [
            "id",
            "user_id",
            "product_id",
            "rating",
            "comment",
            "images",
            "user_name",
            "user_avatar",
            "answer",
            "answered_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_images(self, review: Review) -> list[str]:
        return [storage.signed_url(name) for name in review.images]


class WholeReviewSerializer(ReviewSerializer):
    """The same as its author and the shop see it."""

    product_name = serializers.CharField(source="product.shown_name")
    is_hidden = serializers.SerializerMethodField()

    class Meta(ReviewSerializer.Meta):
        fields = [*ReviewSerializer.Meta.fields, "product_name", "is_hidden", "hidden_reason"]
        read_only_fields = fields

    def get_is_hidden(self, review: Review) -> bool:
        return review.hidden_at is not None


class ReviewInputSerializer(serializers.Serializer[Any]):
    """A buyer's review; pictures are files, or addresses of own uploads."""

    rating = serializers.IntegerField(min_value=1, max_value=BEST)
    comment = serializers.CharField(max_length=WORDS, allow_blank=True, default="")
    images = serializers.ListField(child=PictureField(), required=False, max_length=MAX_PICTURES)
    image_urls = AddressListField(required=False, max_length=MAX_PICTURES)

    tolerated = frozenset(WholeReviewSerializer.Meta.fields)

    def details(self, user_id: int) -> dict[str, Any]:
        """The input as the domain takes it, pictures read and cleaned."""
        details = dict(self.validated_data)
        own = (f"temp/user-{user_id}/", f"users/{user_id}/reviews/")
        pictures = pictures_sent(details, *own)
        return details if pictures is None else {**details, "pictures": pictures}


class AnswerSerializer(serializers.Serializer[Any]):
    answer = serializers.CharField(max_length=WORDS)


class ReviewMessageSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    id = serializers.IntegerField()


class ReviewStatsSerializer(serializers.Serializer[Any]):
    """How a product was rated; the distribution has a number for each of "5" to "1"."""

    product_id = serializers.IntegerField()
    total_reviews = serializers.IntegerField()
    average_rating = serializers.DecimalField(3, 2, allow_null=True)
    rating_distribution = serializers.DictField(child=serializers.IntegerField())


def stats_of(product: Product) -> Any:
    """The answer about a product."""
    shown: QuerySet[Review] = product.reviews.filter(hidden_at=None)
    counted = dict(shown.order_by().values_list("rating").annotate(Count("pk")))
    told = {
        "product_id": product.pk,
        "total_reviews": product.reviews_count,
        "average_rating": product.rating,
        "rating_distribution": {str(n): counted.get(n, 0) for n in range(BEST, 0, -1)},
    }
    return ReviewStatsSerializer(told).data
