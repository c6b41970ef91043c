"""Products of shops that exist in no shop, the same ones in every run."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SHOPS = 200
MADE = 100_000  # products at most, and their pictures; more are these again under further keys
VARIANTS = 3  # of each product
GARMENTS = {
    "dresses": ["платье", "сарафан", "көйлек", "dress"],
    "t-shirts": ["футболка", "топ", "майка", "поло"],
    "shirts": ["рубашка", "блузка", "сорочка", "жейде"],
    "sweaters": ["свитер", "худи", "кардиган", "джемпер", "жемпір"],
    "outerwear": ["пальто", "куртка", "плащ", "пуховик", "шапан", "тренч"],
    "skirts": ["юбка", "юбка-карандаш", "белдемше"],
    "trousers": ["брюки", "джинсы", "леггинсы", "шалбар"],
    "shorts": ["шорты", "бермуды"],
    "shoes": ["кроссовки", "туфли", "ботинки", "сапоги", "лоферы", "етік"],
    "hats": ["шапка", "кепка", "панама", "берет", "тақия"],
}
MANNERS = "летний вечерний тёплый лёгкий оверсайз классический спортивный праздничный домашний"
MATERIALS = "хлопок шёлк лён шерсть кашемир бархат деним вискоза кожа трикотаж атлас мақта жібек"
COLOURS = "чёрный белый красный синий зелёный бежевый серый розовый голубой коричневый ақ қара"
SIZES = ["XS", "S", "M", "L", "XL", "42", "44", "46", "48"]
DETAILS = """
с карманами и поясом на каждый день для прогулки свадьбы офиса подкладка молния пуговицы капюшон
рукав воротник посадка длина миди мини макси принт цветочный клетка полоска вышивка кружево ручная
работа Алматы Астана Шымкент подходит уход стирка машинная деликатная размер модель рост ткань
мягкая плотная дышащая не мнётся сезон весна осень зима лето жаңа қыс жаз қонақ тойға арналған
"""
SYLLABLES = "ка ли но ве ра то ми са бе до жа ну кы ма ре шо ти ла"
SHOP_COLUMNS = """
id, google_id, email, shop_name, owner_name, description, avatar_url, phone, whatsapp_number,
address, is_approved, is_active, rejection_reason, balance, ledger_seq, created_at, updated_at
"""
PRODUCT_COLUMNS = """
id, shop_id, category_id, name, description, price, characteristics, images, moderation_status,
is_active, views_count, try_ons_count, purchases_count, created_at, updated_at, moderation_notes,
moderation_reason, name_kk, name_en, description_kk, description_en, picture_facts, pictures_made,
rating_sum, reviews_count
"""
VARIANT_COLUMNS = (
    "product_id, size, colour, sku, stock, reserved, rental_units, is_active, moved_for"
)
TERMS_COLUMNS = (
    "product_id, price_per_day, deposit, min_days, max_days, buffer_days, late_fee_per_day"
)
REPEATED = {
    "products": PRODUCT_COLUMNS,
    "product_variants": VARIANT_COLUMNS,
    "rental_terms": TERMS_COLUMNS,
    "product_words": "product_id, document",
    "product_facets": "product_id, sizes, colours",
}
KEPT_BY_TRIGGERS = """
INSERT INTO product_words (product_id, document) SELECT id, product_document(id) FROM products;
INSERT INTO product_facets (product_id, sizes, colours)
SELECT id, sizes, colours FROM products, product_choices(id);
"""
INDEXES = """
SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index
 WHERE indrelid::regclass::text = ANY (%s) AND NOT indisunique
"""


def fill(count: int) -> None:
    """By COPY and without triggers and indexes; what they would have kept follows at once."""
    from django.db import connection, transaction  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SELECT slug, id FROM product_categories")
        categories = dict(cursor.fetchall())
        with _without_indexes(cursor):
            for table, columns, rows in tables(min(count, MADE), categories):
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            cursor.execute(KEPT_BY_TRIGGERS)
            for first in range(MADE, count, MADE):
                _repeat(cursor, first, min(MADE, count - first))
    connection.cursor().execute("VACUUM ANALYZE")


@contextmanager
def _without_indexes(cursor: Any) -> Iterator[None]:
    cursor.execute(INDEXES, [list(REPEATED)])
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        cursor.execute(definition)


def _repeat(cursor: Any, first: int, count: int) -> None:
    """The first so many products again, each with its key that much higher."""
    for table, columns in REPEATED.items():
        key, others = columns.split(",", 1)
        again = f"SELECT {key} + {first}, {others} FROM {table} WHERE {key} <= {count}"  # noqa: S608
        cursor.execute(f"INSERT INTO {table} ({columns}) {again}")


def tables(count: int, categories: dict[str, int]) -> Iterator[tuple[str, str, Iterator[Any]]]:
    lots = random.Random(7)  # noqa: S311 - the same goods in every run
    yield (
        "shops",
        SHOP_COLUMNS,
        (shop(number, lots) for number in range(1, SHOPS + 1)),
    )
    yield (
        "products",
        PRODUCT_COLUMNS,
        (garment(number, lots, categories) for number in range(1, count + 1)),
    )
    yield (
        "product_variants",
        VARIANT_COLUMNS,
        (variant for number in range(1, count + 1) for variant in variants(number)),
    )
    yield (
        "rental_terms",
        TERMS_COLUMNS,
        ((number, 2000, 10000, 1, 14, 1, 500) for number in range(10, count + 1, 10)),
    )
    yield (
        "picture_looks",
        "product_id, name, fingerprint, descriptor, is_main",
        (
            (number, name, 0, f"{lots.getrandbits(256):0256b}", place == 0)
            for number in range(1, count + 1)
            for place, name in enumerate(pictures(number))
        ),
    )


def shop(number: int, lots: random.Random) -> tuple[Any, ...]:
    name = invented(lots)
    texts = (name, "", "", "", "", "", "")
    return number, f"g{number}", f"s{number}@example.kz", *texts, True, True, "", 0, 0, *["now"] * 2


def garment(number: int, lots: random.Random, categories: dict[str, int]) -> tuple[Any, ...]:
    category = lots.choice(list(GARMENTS))
    noun, manner = lots.choice(GARMENTS[category]), lots.choice(MANNERS.split())
    material = lots.choice(MATERIALS.split())
    name = f"{noun} {manner} {colour(number)} {invented(lots)}".capitalize()
    told = " ".join(lots.choices(DETAILS.split(), k=40))
    facts = json.dumps({"material": material, "country": "KZ"})
    images = json.dumps(pictures(number))
    counts = (int(lots.expovariate(0.01)), int(lots.expovariate(0.1)), int(lots.expovariate(0.5)))
    price = lots.randrange(2_000, 150_000, 500)
    ids = (number, number % SHOPS + 1, categories[category])
    day = f"2026-{number * 10 // 100_000 % 10 + 1:02}-{number % 28 + 1:02} 12:00+05"
    about = *ids, name, told, price, facts, images, "approved", True, *counts, day, day
    return *about, *[""] * 6, "{}", 3, 0, 0


def pictures(number: int) -> list[str]:
    folder = f"shops/{number % SHOPS + 1}/products/{number}"
    return [f"{folder}/image_{place}.jpg" for place in range(3)]


def variants(number: int) -> Iterator[tuple[Any, ...]]:
    rental_units = int(number % 10 == 0)
    for other in range(number, number + VARIANTS):
        yield (
            number,
            SIZES[other % len(SIZES)],
            colour(number),
            "",
            other % 7,
            0,
            rental_units,
            True,
            "",
        )


def colour(number: int) -> str:
    return COLOURS.split()[number % 12]


def invented(lots: random.Random) -> str:
    """The name of a make: some thousands of words that nothing else is called."""
    return "".join(lots.choices(SYLLABLES.split(), k=3)).capitalize()
