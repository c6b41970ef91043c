"""Whether a worker grows: many try-ons in one process, and its memory after each fifty.

    .venv/bin/python benchmarks/engine_load.py DIR [--engine local] [--times 1000]

DIR holds `people/` and `garments/` as for try_on_quality.py; their pairs are served in turn. Prints
the resident memory and the CPU seconds of a try-on; the growth counts from the end of the first
fifty, when models, caches and the allocator's pools are filled. The goal is at most 50 MB.
"""

import argparse
import itertools
import os
import sys
import time
from pathlib import Path

import django
import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
from benchmarks.judge.pairs import pairs_of, sample  # noqa: E402 - found through the lines above
from generations import engines  # noqa: E402 - as above
from generations.engines.base import GenerationError  # noqa: E402 - as above

STEP = 50
GROWTH_MAX_MB = 50


def main() -> None:
    options = arguments()
    engine = engines.load(engines.TRY_ON[options.engine])
    pairs = pairs_of(options.folder)
    order = itertools.cycle(sample(pairs, len(pairs) - 1, seed=1))
    print(f"{'served':>8}{'refused':>9}{'MB':>7}{'CPU s':>7}{'s':>7}")
    refused, sizes, began = 0, [], (time.process_time(), time.perf_counter())
    for served in range(1, options.times + 1):
        try:
            engine.try_on(next(order).request())
        except GenerationError:
            refused += 1
        if served % STEP == 0 or served == options.times:
            sizes.append(resident_mb())
            cpu, wall = time.process_time() - began[0], time.perf_counter() - began[1]
            row = f"{sizes[-1]:7.0f}{cpu / served:7.2f}{wall / served:7.2f}"
            print(f"{served:8}{refused:9}{row}", flush=True)
    growth = sizes[-1] - sizes[0]
    print(f"growth after the first {STEP}: {growth:.0f} MB, goal at most {GROWTH_MAX_MB} MB")
    sys.exit(growth > GROWTH_MAX_MB)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--engine", default="local")
    parser.add_argument("--times", type=int, default=1000)
    return parser.parse_args()


def resident_mb() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


if __name__ == "__main__":
    main()
