from django.db import models


class WordsChange(models.Model):
    """A product whose words, or end, a search engine has not been told yet.

    The database alone writes it, and gives each change of a product a higher number. There is no
    foreign key: the product may be gone.
    """

    product_id = models.BigIntegerField(primary_key=True, editable=False)
    number = models.BigIntegerField(editable=False)

    class Meta:
        db_table = "product_words_changes"

    def __str__(self) -> str:
        return f"{self.product_id}: {self.number}"
