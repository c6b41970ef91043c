"""The kinds of garments every shop starts with; administrators may change them."""

from django.db import migrations

CATEGORIES = [
    # slug, ru, kk, en, where the try-on engine puts it
    ("t-shirts", "Футболки", "Футболкалар", "T-shirts", "top"),
    ("longsleeves", "Лонгсливы", "Лонгсливтер", "Longsleeves", "top"),
    ("shirts", "Рубашки и блузки", "Жейделер мен блузкалар", "Shirts and blouses", "top"),
    ("sweaters", "Свитеры и худи", "Свитерлер мен худилер", "Sweaters and hoodies", "top"),
    ("outerwear", "Верхняя одежда", "Сырт киім", "Outerwear", "outer"),
    ("dresses", "Платья", "Көйлектер", "Dresses", "dress"),
    ("skirts", "Юбки", "Юбкалар", "Skirts", "skirt"),
    ("trousers", "Брюки и джинсы", "Шалбарлар мен джинсылар", "Trousers and jeans", "bottom"),
    ("shorts", "Шорты", "Шортылар", "Shorts", "bottom"),
    ("shoes", "Обувь", "Аяқ киім", "Shoes", "auto"),
    ("hats", "Головные уборы", "Бас киімдер", "Hats", "auto"),
]


def add(apps, schema_editor):
    category = apps.get_model("catalog", "Category")
    category.objects.bulk_create(
        category(slug=slug, name_ru=ru, name_kk=kk, name_en=en, garment=garment, order=order)
        for order, (slug, ru, kk, en, garment) in enumerate(CATEGORIES)
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
