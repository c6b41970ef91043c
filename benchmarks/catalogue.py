"""What the catalogue takes: lists, a product, search by words and pictures, and facets.

    .venv/bin/python benchmarks/catalogue.py [--products 100000] [--times 50]
        [--reference DIR --reference-python PYTHON [--seconds 5] [--rounds 3]]

Starts servers of its own, as `./leema up` does, and fills a scratch database with 100 000 products
of 200 shops, or as many as are wanted, by COPY. First it asks the API in this process, through the
whole middleware but without a network, and prints for each kind of request the median and the 95th
percentile in milliseconds, and the median of what the database took of it. Then, with a reference
(a folder with an `app.py` of FastAPI and SQLAlchemy for the same tables, and a Python that has its
packages, uvicorn among them), it serves both by one process each, lets `wrk` ask them in turn over
32 connections and `pgbench` the same SQL with 8 clients, and prints requests a second, the servers'
CPU for one, and the ratios. The reference has no search and no facets; pgbench is their peer.

Goals: the list's page 5 000 costs at most 1.2 times its first; the 95th percentile of search is at
most 50 ms at 100 000 products on two cores, and 150 ms at 1 000 000; that of search by a picture at
most 150 ms and of facets counted anew at most 100 ms, both at 100 000; the reference needs 3.5
times our CPU for a list and 2.4 times for one product; lists reach a fifth of pgbench's rate.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks import peers  # noqa: E402 - found above
from benchmarks.goods import SHOPS, fill  # noqa: E402 - as above
from config.launcher import place, servers  # noqa: E402 - found above
from config.launcher.processes import Children  # noqa: E402 - as above
from config.launcher.stop_request import StopRequest  # noqa: E402 - as above

Ask = Callable[[], Any]  # a request, and its answer
PAGE = 20
DEEP = 5000
WARM_UP = 5
OK = 200
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
        if options.reference:
            peers.compare(
                options.reference,
                options.reference_python,
                products=options.products,
                seconds=options.seconds,
                rounds=options.rounds,
            )


@contextmanager
def server() -> Iterator[None]:
    """The servers with the settings of `up`, and nobody counted."""
    os.umask(0o022)  # PostgreSQL runs as `nobody` when we are root
    os.environ |= dict.fromkeys(("LIMIT_ANONYMOUS", "LIMIT_READS", "LIMIT_UPLOADS"), "off")
    with place.temporary() as folder, Children(StopRequest()) as children:
        os.environ.update(servers.start(children, replace(folder, is_lasting=True)))
        yield


def learning() -> None:
    from catalog.search import facet_counts, search  # noqa: PLC0415

    began = time.monotonic()
    count = search().learn()
    print(f"{count} known words learned in {time.monotonic() - began:.1f} s")
    began = time.monotonic()
    count = facet_counts.keep_up()
    print(f"{count} shops counted in {time.monotonic() - began:.1f} s")


def measure(options: argparse.Namespace) -> None:
    newest = options.products
    deep = newest - (DEEP - 1) * PAGE + 1
    lists = {
        "list, page 1": [f"products?limit={PAGE}&cursor={newest + 1}"],
        "list, page 1, kept for strangers": [f"products?limit={PAGE}"],
    }
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
    lists["facets of a search"] = [f"products/facets?q={query}" for query in asked]
    lists["facets of all, just counted"] = ["products/facets"]
    for name, addresses in lists.items():
        report(name, map(asks, cycle(addresses)), max(options.times, len(addresses)))
    report("facets of all, counted anew", cycle([facets_anew]), options.times)
    report("search by a picture", pictures(), options.times)


def report(name: str, turns: Iterator[Ask], times: int) -> None:
    for _ in range(WARM_UP):
        timed(next(turns))
    taken = [timed(next(turns)) for _ in range(times)]
    whole = [each[0] for each in taken]
    database = statistics.median(each[1] for each in taken)
    p95 = statistics.quantiles(whole, n=20)[-1]
    queries = max(each[2] for each in taken)
    print(
        f"{name:<38}{statistics.median(whole):8.1f}{p95:8.1f}{database:10.1f}{queries:9}",
        flush=True,
    )


def asks(address: str) -> Ask:
    return partial(client().get, f"/api/v1/{address}")


def facets_anew() -> Any:
    from django.core.cache import caches  # noqa: PLC0415

    caches["process"].clear()
    return client().get("/api/v1/products/facets")


def pictures() -> Iterator[Ask]:
    """A search by a garment of some colour each, in the size that phones send."""
    lots = random.Random(7)  # noqa: S311 - the same pictures in every run
    while True:
        picture = Image.new("RGB", (1200, 1600), "#d8d4cc")
        colour = f"#{lots.randrange(2**24):06x}"
        ImageDraw.Draw(picture).rectangle((300, 300, 900, 1300), colour)
        file = BytesIO()
        picture.save(file, "JPEG")
        file.seek(0)
        file.name = "photo.jpg"
        yield partial(client().post, "/api/v1/products/search-by-image", {"file": file})


@cache
def client() -> Any:
    from django.test import Client  # noqa: PLC0415

    return Client(SERVER_NAME="localhost", headers={"Accept-Language": "ru"})


def timed(ask: Ask) -> tuple[float, float, int]:
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
        response = ask()
        whole = time.perf_counter() - began
    assert response.status_code == OK, response.content
    return 1000 * whole, 1000 * sum(spent), len(spent)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=50, help="of each kind of request")
    parser.add_argument("--reference", type=Path, help="the folder of the reference's app.py")
    parser.add_argument("--reference-python", type=Path, default=Path(sys.executable))
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement beside it")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
