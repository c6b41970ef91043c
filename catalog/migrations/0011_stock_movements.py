"""The log of the stock. A trigger writes it, so that no way of changing the stock can forget it."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
-- `moved_for` says why the stock is changed ("shipped:17" for order 17); it is noted, not kept.
CREATE FUNCTION log_stock_movement() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  moved integer := coalesce(NEW.stock, 0) - coalesce(OLD.stock, 0);
  promised integer := NEW.reserved - coalesce(OLD.reserved, 0);
BEGIN
  IF moved <> 0 OR promised <> 0 THEN
    INSERT INTO stock_movements (variant_id, reason, stock_change, reserved_change,
                                 stock_after, reserved_after, order_id, created_at)
    VALUES (NEW.id,
            coalesce(nullif(split_part(NEW.moved_for, ':', 1), ''), 'corrected'),
            moved, promised, NEW.stock, NEW.reserved,
            nullif(split_part(NEW.moved_for, ':', 2), '')::bigint, clock_timestamp());
  END IF;
  NEW.moved_for := '';
  RETURN NEW;
END $$;

INSERT INTO stock_movements (variant_id, reason, stock_change, reserved_change, stock_after,
                             reserved_after, created_at)
SELECT id, 'corrected', coalesce(stock, 0), reserved, stock, reserved, now() FROM product_variants
 WHERE stock > 0 OR reserved > 0;

CREATE TRIGGER log_stock_movement BEFORE INSERT OR UPDATE ON product_variants
  FOR EACH ROW EXECUTE FUNCTION log_stock_movement();
"""
BACKWARD = """
DROP TRIGGER log_stock_movement ON product_variants;
DROP FUNCTION log_stock_movement();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0010_guard_reviews")]

    operations = [
        migrations.AddField(
            "productvariant",
            "moved_for",
            models.CharField(blank=True, default="", editable=False, max_length=40),
        ),
        migrations.CreateModel(
            name="StockMovement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(choices=[("ordered", "Ordered"), ("cancelled", "Order cancelled"), ("shipped", "Shipped"), ("returned", "Sent back"), ("corrected", "Corrected by the shop"), ("imported", "Imported")], editable=False, max_length=9)),
                ("stock_change", models.IntegerField(editable=False)),
                ("reserved_change", models.IntegerField(editable=False)),
                ("stock_after", models.PositiveIntegerField(editable=False, null=True)),
                ("reserved_after", models.PositiveIntegerField(editable=False)),
                ("order_id", models.BigIntegerField(editable=False, null=True)),
                ("created_at", models.DateTimeField(editable=False)),
                ("variant", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="movements", to="catalog.productvariant")),
            ],
            options={
                "db_table": "stock_movements",
                "indexes": [models.Index(fields=["variant", "-id"], name="stock_movement_newest")],
                "constraints": [models.CheckConstraint(condition=models.Q(("reason__in", ["ordered", "cancelled", "shipped", "returned", "corrected", "imported"])), name="stock_movement_reason_known")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
