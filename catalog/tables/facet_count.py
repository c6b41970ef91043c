from django.db import models


class FacetCount(models.Model):
    """How many products on sale of a shop are of one kind; see catalog/search/facet_counts.py."""

    shop_id = models.BigIntegerField(db_index=True, editable=False)
    kind = models.CharField(max_length=8, editable=False)
    value = models.TextField(editable=False)
    count = models.PositiveIntegerField(editable=False)

    class Meta:
        db_table = "facet_counts"

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.kind} {self.value} {self.count}"


class FacetChange(models.Model):
    """That a shop's products on sale have changed since they were counted.

    The database alone writes it. There is no foreign key: the shop may be gone.
    """

    shop_id = models.BigIntegerField(editable=False)

    class Meta:
        db_table = "facet_changes"

    def __str__(self) -> str:
        return f"{self.shop_id}"
