"""The judge of try-ons on a person and clothes of our own making."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.judge import drawn_person, sheet
from benchmarks.judge.gates import GATES, Judged, all_passed
from benchmarks.judge.measures import Scores, measure, ssim
from benchmarks.judge.pairs import pairs_of, sample
from benchmarks.judge.peers import PEERS
from benchmarks.judge.scene import garment_in, look
from benchmarks.judge.trial import attempt, opened, same_kind
from generations.engines.base import GarmentCategory, TryOnRequest
from generations.engines.local import pixels
from generations.engines.local.design import draw

GOOD = Scores(0, 1.0, 0.95, 0.1, 0.01, 0.95, 0.05, 0.95, 90)


@pytest.fixture(scope="module")
def person():
    return drawn_person.draw()


@pytest.fixture(scope="module")
def shirt():
    return pixels.shrink(draw("red t-shirt with ornament", 1), 600)


@pytest.fixture(scope="module")
def trial(person, shirt):
    garment = GarmentCategory.TOP, "short"
    return attempt("local", TryOnRequest(pixels.encode(person), pixels.encode(shirt), *garment))


@pytest.fixture(scope="module")
def judged(person, shirt, trial):
    """The marks of the engine and of its peers, by name."""
    photo = same_kind(person, trial.jpeg)
    pictures = {name: peer(look(photo), shirt, "top") for name, peer in PEERS.items()}
    pictures["local"] = opened(trial.jpeg)
    return {
        name: [Judged("drawn", measure(photo, shirt, picture, GarmentCategory.TOP))]
        for name, picture in pictures.items()
    }


def failed(judged):
    return {gate.name for gate in GATES if not gate.passed(judged)}


def test_the_engine_passes_every_gate(judged):
    assert failed(judged["local"]) == set()
    assert all_passed(judged["local"])


def test_doing_nothing_lacks_the_garment(judged):
    assert {"garment colour", "colour above before"} <= failed(judged["nothing"])


def test_a_pasted_photo_hides_hands_and_body(judged):
    assert {"hands kept", "mask overlap"} <= failed(judged["rectangle"])


def test_recoloured_clothes_lack_the_pattern(judged):
    assert {"garment colour", "features of patterns"} <= failed(judged["recolour"])


def test_the_engine_gives_the_same_bytes_again_and_tells_what_it_took(trial):
    assert trial.repeated
    assert trial.refusal == ""
    assert trial.cpu > 0
    assert 0 < trial.seconds < 20
    assert trial.peak_mb > 50


def test_a_refusal_is_kept_by_its_code(shirt):
    wall = pixels.encode(np.full((400, 300, 3), 235, np.uint8))

    trial = attempt("local", TryOnRequest(wall, pixels.encode(shirt)))

    assert (trial.refusal, trial.jpeg, trial.repeated) == ("no_person", b"", True)


def test_a_touched_face_is_seen(person, shirt, trial):
    photo, result = same_kind(person, trial.jpeg), opened(trial.jpeg).copy()
    rows, columns = np.where(look(photo).face)
    middle = int(rows.mean()), int(columns.mean())
    result[middle] = photo[middle] + 9

    marks = measure(photo, shirt, result, GarmentCategory.TOP)

    assert marks.face == 9
    assert "face difference, of 255" in failed([Judged("touched", marks)])


def test_a_painted_hand_is_seen(person, shirt):
    hands = look(person).hands
    assert hands.sum() > 300
    painted = np.where(hands[..., None], np.uint8(20), person)

    assert measure(person, shirt, person, GarmentCategory.TOP).hands == 1
    assert measure(person, shirt, painted, GarmentCategory.TOP).hands < 0.1


def test_a_person_who_is_gone_has_no_pose(person, shirt):
    wall = np.full_like(person, 215)

    marks = measure(person, shirt, wall, GarmentCategory.TOP)

    assert (marks.drift, marks.overlap) == (9.0, 0.0)


def test_the_garment_is_found_on_its_photo(shirt):
    cloth = garment_in(shirt)

    assert cloth[300, 300]
    assert not cloth[:36].any()
    assert 0.1 < cloth.mean() < 0.4


def test_the_structural_similarity_of_equal_pictures_is_one(person):
    noisy = np.clip(person + np.random.default_rng(2).normal(0, 25, person.shape), 0, 255)

    assert ssim(person, person).min() == pytest.approx(1)
    assert ssim(person, noisy.astype(np.uint8)).mean() < 0.5


@pytest.mark.parametrize(
    ("gate", "worse"),
    [
        ("background SSIM", {"background": 0.98}),
        ("spill near the body", {"spill": 0.09}),
        ("hands kept", {"hands": 0.79}),
        ("pose drift", {"drift": 0.11}),
        ("mask overlap", {"overlap": 0.87}),
        ("features of patterns", {"inliers": 59}),
    ],
)
def test_a_gate_names_the_worst_pair(gate, worse):
    pictures = [Judged("good", GOOD), Judged("bad", replace(GOOD, **worse))]

    assert failed([pictures[1]]) == {gate}
    [line] = [one.verdict(pictures) for one in GATES if one.name == gate]
    assert line.endswith("bad")


def test_what_cannot_be_measured_fails_nothing():
    nothing = replace(GOOD, face=None, background=None, hands=None, inliers=None)

    assert all_passed([Judged("far away", nothing)])


def test_file_names_tell_the_kind_and_what_is_not_worn_is_left_out(tmp_path, person):
    names = ["people/a.jpg", "garments/shirt-1.jpg", "garments/skirt-2.webp", "garments/hat-1.jpg"]
    for name in [*names, "people/notes.txt"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")

    pairs = pairs_of(tmp_path)

    assert [pair.name for pair in pairs] == ["a × shirt-1", "a × skirt-2"]
    assert [pair.category for pair in pairs] == [GarmentCategory.TOP, GarmentCategory.SKIRT]
    assert sample(pairs, 1, 3) == sample(pairs, 1, 3)


def test_the_sheet_holds_every_result_and_a_place_for_each_refusal(tmp_path, person, shirt):
    tiles = [sheet.tile(person, shirt, picture, "red") for picture in (person, None, person)]

    sheet.write(tiles, tmp_path / "sheet.jpg", columns=2)

    assert opened((tmp_path / "sheet.jpg").read_bytes()).shape == (2 * 344, 2 * 240, 3)
