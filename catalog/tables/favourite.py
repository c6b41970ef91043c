from django.conf import settings
from django.db import models


class Favourite(models.Model):
    """That a person has put a product aside to find it again."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourites", editable=False
    )
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="favourites", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "favorites"
        constraints = [
            models.UniqueConstraint(fields=["user", "product"], name="favourite_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.product_id}"
