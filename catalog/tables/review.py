from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

BEST = 5


class ReviewQuerySet(models.QuerySet["Review"]):
    def shown(self) -> "ReviewQuerySet":
        """Those that anybody may read."""
        return self.filter(hidden_at=None)

    def unanswered(self) -> "ReviewQuerySet":
        """Those that anybody may read and to which the shop has said nothing."""
        return self.shown().filter(answered_at=None)


class Review(models.Model):
    """What a buyer says about a product, and the shop's one answer.

    The database lets in buyers alone (orders, 0005), once each, and adds what is shown up in
    `rating_sum` and `reviews_count` of the product.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="reviews",
        verbose_name=_("buyer"),
    )
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="reviews", verbose_name=_("product")
    )
    rating = models.PositiveSmallIntegerField(_("rating"))
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    images = models.JSONField(_("pictures"), default=list, blank=True)
    answer = models.TextField(_("answer of the shop"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True)
    hidden_reason = models.CharField(_("why it is hidden"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        db_table = "reviews"
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["user", "product"], name="review_once"),
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=BEST), name="review_rating_sane"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="review_answered_with_words",
            ),
            models.CheckConstraint(
                condition=Q(hidden_reason="", hidden_at=None)
                | (~Q(hidden_reason="") & Q(hidden_at__isnull=False)),
                name="review_hidden_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["product", "-id"], name="review_newest")]

    def __str__(self) -> str:
        return f"{self.product}: {self.rating} ★"
