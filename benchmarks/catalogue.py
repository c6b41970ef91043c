"""What the catalogue takes: lists, a product, search and facets over 100 000 products of 200 shops.

    .venv/bin/python benchmarks/catalogue.py [--products 100000] [--times 50]

Starts servers of its own, as `./leema up` does, fills a scratch database by COPY and asks the API
in this process, through the whole middleware but without a network. Prints for each kind of request
the median and the 95th percentile in milliseconds, and the median of what the database took of it.
Goals: the list's page 5 000 costs at most 1.2 times its first; the 95th percentile of search is at
most 50 ms at 100 000 products on two cores.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from config.launcher import place, servers  # noqa: E402 - found above
from config.launcher.processes import Children  # noqa: E402 - as above
from config.launcher.stop_request import StopRequest  # noqa: E402 - as above

SHOPS = 200
VARIANTS = 3  # of each product
PAGE = 20
DEEP = 5000
WARM_UP = 5
OK = 200
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
moderation_notes, is_active, views_count, try_ons_count, purchases_count, created_at, updated_at
"""
QUERIES = {
    "one common word": ["платье", "брюки", "шапка", "кроссовки", "пальто"],
    "two words": ["красное платье", "шерстяное пальто", "белые кроссовки", "лёгкий сарафан"],
    "three words": ["чёрное вечернее платье", "тёплый серый свитер", "летние белые шорты"],
    "rare word": ["тақия", "бермуды", "юбка-карандаш"],
    "typing error": ["плотье", "кросовки", "футбалка", "джынсы", "красное палто"],
    "Latin letters": ["platie", "krossovki", "krasnoe platie", "yubka"],
    "other layout": ["gkfnmt", "rhjccjdrb", "rhfcyjt gkfnmt"],
}


def main() -> None:
    options = arguments()
    with server():
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        import django  # noqa: PLC0415 - its settings are known now

        django.setup()
        began = time.monotonic()
        fill(options.products)
        print(f"{options.products} products of {SHOPS} shops in {time.monotonic() - began:.0f} s")
        learning()
        print(f"\n{'request':<38}{'median':>8}{'p95':>8}{'database':>10}{'queries':>9}  ms")
        measure(options)


@contextmanager
def server() -> Iterator[None]:
    """The servers with the settings of `up`, and nobody counted."""
    os.umask(0o022)  # PostgreSQL runs as `nobody` when we are root
    os.environ |= {"LIMIT_ANONYMOUS": "off", "LIMIT_READS": "off"}
    with place.temporary() as folder, Children(StopRequest()) as children:
        os.environ.update(servers.start(children, replace(folder, is_lasting=True)))
        yield


def fill(count: int) -> None:
    """By COPY and without triggers; what they would have written follows in one statement."""
    from django.db import connection, transaction  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT slug, id FROM product_categories")
        categories = dict(cursor.fetchall())
        for table, columns, rows in tables(count, categories):
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        cursor.execute(
            "INSERT INTO product_words (product_id, document)"
            " SELECT id, product_document(id) FROM products"
        )
    connection.cursor().execute("VACUUM ANALYZE")


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
        "product_id, size, colour, sku, stock, reserved, rental_units, is_active",
        (variant for number in range(1, count + 1) for variant in variants(number)),
    )
    yield (
        "rental_terms",
        "product_id, price_per_day, deposit, min_days, max_days, buffer_days, late_fee_per_day",
        ((number, 2000, 10000, 1, 14, 1, 500) for number in range(10, count + 1, 10)),
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
    folder = f"shops/{number % SHOPS + 1}/products/{number}"
    images = json.dumps([f"{folder}/image_{place}.jpg" for place in range(3)])
    counts = (int(lots.expovariate(0.01)), int(lots.expovariate(0.1)), int(lots.expovariate(0.5)))
    price = lots.randrange(2_000, 150_000, 500)
    ids = (number, number % SHOPS + 1, categories[category])
    day = f"2026-{number * 10 // 100_000 % 10 + 1:02}-{number % 28 + 1:02} 12:00+05"
    return *ids, name, told, price, facts, images, "approved", "", True, *counts, day, day


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
        )


def colour(number: int) -> str:
    return COLOURS.split()[number % 12]


def invented(lots: random.Random) -> str:
    """The name of a make: some thousands of words that nothing else is called."""
    return "".join(lots.choices(SYLLABLES.split(), k=3)).capitalize()


def learning() -> None:
    from catalog.search import search  # noqa: PLC0415

    began = time.monotonic()
    count = search.learn()
    print(f"{count} known words learned in {time.monotonic() - began:.1f} s")


def measure(options: argparse.Namespace) -> None:
    newest = options.products
    deep = newest - (DEEP - 1) * PAGE + 1
    lists = {"list, page 1": [f"products?limit={PAGE}"]}
    if deep > PAGE:
        lists["list, page 5 000 by cursor"] = [f"products?limit={PAGE}&cursor={deep}"]
        lists["list, page 5 000 by skip, with total"] = [
            f"products?limit={PAGE}&skip={(DEEP - 1) * PAGE}"
        ]
    lists["list by price"] = [f"products?limit={PAGE}&sort=price"]
    lists["list of a category, size and colour"] = [
        f"products?limit={PAGE}&category=6&size=M&color=красный&in_stock=true"
    ]
    lists["list, free to rent"] = [
        f"products?limit={PAGE}&rentable_from=2026-12-10&rentable_to=2026-12-12"
    ]
    lists["one product"] = [f"products/{number}" for number in range(1, newest, newest // 50)]
    asked = [query for queries in QUERIES.values() for query in queries]
    for kind, queries in QUERIES.items():
        lists[f"search, {kind}"] = [f"products?limit={PAGE}&q={query}" for query in queries]
    lists["search, all of these"] = [f"products?limit={PAGE}&q={query}" for query in asked]
    lists["search, by price"] = [f"products?limit={PAGE}&sort=price&q={query}" for query in asked]
    lists["suggestions"] = [f"products/suggest?q={query[:4]}" for query in asked]
    lists["similar products"] = [f"products/{number}/similar" for number in range(1, newest, 997)]
    lists["facets of all"] = ["products/facets"]
    lists["facets of a search"] = [f"products/facets?q={query}" for query in asked]
    for name, addresses in lists.items():
        report(name, addresses, options.times)


def report(name: str, addresses: Sequence[str], times: int) -> None:
    from django.test import Client  # noqa: PLC0415

    client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "ru"})
    turns = cycle(addresses)
    for _ in range(WARM_UP):
        timed(client.get, next(turns))
    taken = [timed(client.get, next(turns)) for _ in range(max(times, len(addresses)))]
    whole = [each[0] for each in taken]
    database = statistics.median(each[1] for each in taken)
    p95 = statistics.quantiles(whole, n=20)[-1]
    queries = max(each[2] for each in taken)
    print(
        f"{name:<38}{statistics.median(whole):8.1f}{p95:8.1f}{database:10.1f}{queries:9}",
        flush=True,
    )


def timed(get: Callable[..., Any], address: str) -> tuple[float, float, int]:
    """Milliseconds of a request, those of its queries, and how many these were."""
    from django.db import connection  # noqa: PLC0415

    spent: list[float] = []

    def watch(execute: Callable[..., Any], *asked: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*asked)
        finally:
            spent.append(time.perf_counter() - began)

    with connection.execute_wrapper(watch):
        began = time.perf_counter()
        response = get(f"/api/v1/{address}")
        whole = time.perf_counter() - began
    assert response.status_code == OK, response.content
    return 1000 * whole, 1000 * sum(spent), len(spent)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=50, help="of each kind of request")
    return parser.parse_args()


if __name__ == "__main__":
    main()
