"""How good an engine's try-ons are: an independent judge looks at every pair of a folder.

    .venv/bin/python benchmarks/try_on_quality.py DIR [--engine local] [--pairs 40] [--sheet S.jpg]

DIR holds `people/` and `garments/`, the garments named for their kind: `dress-01.jpg`. Prints the
marks of the engine beside doing nothing, pasting the garment's photo and recolouring the clothes,
then for each gate whether it is passed and on which pair it comes off worst, and writes a contact
sheet, since numbers do not replace eyes. The engine works in a process of its own, whose memory is
measured, and is asked everything twice. On a busy machine only the CPU seconds mean something.
"""

import argparse
import itertools
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean

import django
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
from benchmarks.judge import sheet  # noqa: E402 - found through the lines above
from benchmarks.judge.gates import GATES, Judged, all_passed  # noqa: E402 - as above
from benchmarks.judge.measures import measure  # noqa: E402 - as above
from benchmarks.judge.pairs import Pair, pairs_of, sample  # noqa: E402 - as above
from benchmarks.judge.peers import PEERS  # noqa: E402 - as above
from benchmarks.judge.scene import look  # noqa: E402 - as above
from benchmarks.judge.trial import Trial, attempt, opened, same_kind  # noqa: E402 - as above
from generations.engines.local.pixels import Array, shrink  # noqa: E402 - as above

LONGEST_SIDE = 1024
SECONDS_MAX, PEAK_MAX_MB = 10, 1024


def main() -> None:
    options = arguments()
    chosen = sample(pairs_of(options.folder), options.pairs, options.seed)
    judged: dict[str, list[Judged]] = {name: [] for name in (options.engine, *PEERS)}
    trials, tiles = [], []
    ends = time.monotonic() + 60 * options.minutes
    for pair, trial in attempts(options.engine, chosen, until=ends):
        print(f"{pair.name:40} {trial.seconds:5.1f} s  {trial.refusal}", file=sys.stderr)
        trials.append(trial)
        tiles.append(tile(pair, trial))
        if trial.jpeg:
            judge(pair, trial, options.engine, judged, with_peers=len(trials) <= options.peers)
    sheet.write(tiles, options.sheet)
    show_marks(judged)
    show_trials(trials)
    passed = show_gates(trials, judged[options.engine])
    print(f"The contact sheet is {options.sheet}.")
    sys.exit(not passed)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--engine", default="local")
    parser.add_argument("--pairs", type=int, help="so many at random instead of all")
    parser.add_argument("--minutes", type=float, default=600, help="begin no pair after that")
    parser.add_argument("--peers", type=int, default=40, help="pairs that the peers try too")
    parser.add_argument("--seed", type=int, default=1, help="which pairs chance picks")
    parser.add_argument("--sheet", type=Path, default=Path("try-on-quality.jpg"))
    return parser.parse_args()


def attempts(engine: str, pairs: list[Pair], until: float) -> Iterator[tuple[Pair, Trial]]:
    """What the engine makes of each pair, in one process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        for pair in itertools.takewhile(lambda _: time.monotonic() < until, pairs):
            yield pair, process.submit(attempt, engine, pair.request()).result()


def judge(
    pair: Pair, trial: Trial, engine: str, judged: dict[str, list[Judged]], *, with_peers: bool
) -> None:
    person, garment = inputs(pair, LONGEST_SIDE)
    photo = same_kind(person, trial.jpeg)
    scores = measure(photo, garment, opened(trial.jpeg), pair.category)
    judged[engine].append(Judged(pair.name, scores))
    for name, peer in PEERS.items() if with_peers else ():
        result = peer(look(photo), garment, pair.category)
        scores = measure(photo, garment, result, pair.category)
        judged[name].append(Judged(pair.name, scores))


def inputs(pair: Pair, longest_side: int) -> tuple[Array, Array]:
    return (
        shrink(opened(pair.person.read_bytes()), longest_side),
        shrink(opened(pair.garment.read_bytes()), longest_side),
    )


def tile(pair: Pair, trial: Trial) -> Image.Image:
    person, garment = inputs(pair, max(sheet.TILE))
    result = opened(trial.jpeg) if trial.jpeg else None
    return sheet.tile(person, garment, result, f"{pair.name} {trial.refusal}".replace("×", "x"))


def show_marks(judged: dict[str, list[Judged]]) -> None:
    """A line for each mark, a column for the engine and each of its peers: means."""
    print(f"{'':24}" + "".join(f"{name:>12}" for name in judged))
    for gate in GATES:
        print(f"{gate.name:24}", end="")
        for ones in judged.values():
            marks = [mark for one in ones if (mark := gate.mark(one.scores)) is not None]
            print(f"{fmean(marks):12.3f}" if marks else f"{'–':>12}", end="")
        print()
    print(f"{'pairs':24}" + "".join(f"{len(ones):12}" for ones in judged.values()))


def show_trials(trials: list[Trial]) -> None:
    refused = Counter(trial.refusal for trial in trials if trial.refusal)
    drawn = [trial for trial in trials if trial.jpeg]
    seconds, cpu = sorted(one.seconds for one in drawn), sorted(one.cpu for one in drawn)
    print(f"\n{len(drawn)} of {len(trials)} drawn; refused: {dict(refused) or 'none'}")
    if drawn:
        print(f"seconds: median {seconds[len(drawn) // 2]:.2f}, worst {seconds[-1]:.2f};", end=" ")
        print(f"CPU: median {cpu[len(drawn) // 2]:.2f}, worst {cpu[-1]:.2f};", end=" ")
        print(f"memory: {trials[-1].peak_mb:.0f} MB\n")


def show_gates(trials: list[Trial], judged: list[Judged]) -> bool:
    """Whether every gate is passed."""
    for gate in GATES:
        print(gate.verdict(judged))
    kept = {
        "the same bytes again": all(trial.repeated for trial in trials),
        f"at most {SECONDS_MAX} s": all(trial.seconds <= SECONDS_MAX for trial in trials),
        f"at most {PEAK_MAX_MB} MB": all(trial.peak_mb <= PEAK_MAX_MB for trial in trials),
    }
    for name, passed in kept.items():
        print(f"  {'pass' if passed else 'FAIL'}  {name}")
    return all_passed(judged) and all(kept.values())


if __name__ == "__main__":
    main()
