"""The main job against real processes: web, worker, the demo's Google; HTTP and WebSocket alone."""

import json

import httpx
import pytest
from django.conf import settings
from PIL import Image

from config.tests.whole_platform import manage

PHOTOS = settings.BASE_DIR.parent / "shared" / "data"
PERSON = PHOTOS / "people" / "standing-man-black-tshirt.webp"
GARMENT = PHOTOS / "garments" / "t-shirt-01.jpg"


def tell_story(told, person, garment, out):
    arguments = ("--person", str(person), "--garment", str(garment), "--out", str(out))
    return manage("story", *arguments, told=told)


@pytest.mark.skipif(not PERSON.exists(), reason="the folder of real photos is not here")
def test_the_whole_story_is_told(platform, tmp_path):
    told = tell_story(platform, PERSON, GARMENT, tmp_path)

    assert told.returncode == 0, told.stderr
    steps = [line for line in told.stdout.splitlines() if " s  " in line]
    assert len(steps) == 9
    [result] = tmp_path.glob("*.jpg")
    with Image.open(PERSON) as before, Image.open(result) as after:
        assert after.width / after.height == pytest.approx(before.width / before.height, rel=0.01)
        assert b"DigitalSourceType" in after.info["xmp"]


def test_a_photo_without_a_person_is_refused_and_the_money_is_back(platform, tmp_path):
    Image.new("RGB", (400, 600), (200, 200, 200)).save(tmp_path / "wall.jpg")

    told = tell_story(platform, tmp_path / "wall.jpg", tmp_path / "wall.jpg", tmp_path / "out")

    assert told.returncode == 1
    assert "The try-on was refused and refunded" in told.stderr
    assert not (tmp_path / "out").exists()
    ledger = manage("check_ledger", told=platform)
    assert ledger.stdout.startswith("The ledger holds")


def test_the_platform_says_where_its_doors_are(platform):
    body = httpx.get(f"{platform['API_BASE_URL']}/api/v1/config").json()

    assert body["api_base_url"] == platform["API_BASE_URL"]
    assert json.dumps(body["try_on_price"]) == "150.0"
