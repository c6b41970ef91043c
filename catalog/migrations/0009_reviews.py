"""Reviews, and their sums in the products, which a trigger keeps."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
-- Sums are moved by what has changed, under the lock of the product's row, so none is lost.
CREATE FUNCTION count_review() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.hidden_at IS NULL THEN
    UPDATE products
       SET reviews_count = reviews_count - 1, rating_sum = rating_sum - OLD.rating
     WHERE id = OLD.product_id;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.hidden_at IS NULL THEN
    UPDATE products
       SET reviews_count = reviews_count + 1, rating_sum = rating_sum + NEW.rating
     WHERE id = NEW.product_id;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER count_review AFTER INSERT OR DELETE OR UPDATE OF rating, hidden_at, product_id
  ON reviews FOR EACH ROW EXECUTE FUNCTION count_review();
"""
BACKWARD = """
DROP TRIGGER count_review ON reviews;
DROP FUNCTION count_review();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0008_guard_favourites"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("product", "rating_sum", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddField("product", "reviews_count", models.PositiveIntegerField(default=0, editable=False, verbose_name="reviews")),
        migrations.AddConstraint(
            "product",
            models.CheckConstraint(
                condition=models.Q(
                    ("rating_sum__gte", models.F("reviews_count")),
                    ("rating_sum__lte", models.F("reviews_count") * 5),
                ),
                name="product_rating_sane",
            ),
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rating", models.PositiveSmallIntegerField(verbose_name="rating")),
                ("comment", models.TextField(blank=True, max_length=2000, verbose_name="comment")),
                ("images", models.JSONField(blank=True, default=list, verbose_name="pictures")),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="answer of the shop")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("hidden_at", models.DateTimeField(null=True, verbose_name="hidden")),
                ("hidden_reason", models.CharField(blank=True, max_length=1000, verbose_name="why it is hidden")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="written")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="catalog.product", verbose_name="product")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to=settings.AUTH_USER_MODEL, verbose_name="buyer")),
            ],
            options={
                "db_table": "reviews",
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
                "indexes": [models.Index(fields=["product", "-id"], name="review_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "product"), name="review_once"),
                    models.CheckConstraint(condition=models.Q(("rating__gte", 1), ("rating__lte", 5)), name="review_rating_sane"),
                    models.CheckConstraint(condition=models.Q(("answer", ""), ("answered_at", None)) | (~models.Q(answer="") & models.Q(answered_at__isnull=False)), name="review_answered_with_words"),
                    models.CheckConstraint(condition=models.Q(("hidden_at", None), ("hidden_reason", "")) | (~models.Q(hidden_reason="") & models.Q(hidden_at__isnull=False)), name="review_hidden_with_reason"),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
