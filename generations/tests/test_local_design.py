"""Drawing garments."""

import io
from functools import cache

import numpy as np
import pytest
from PIL import Image

from generations.engines.base import DesignRequest, GenerationError
from generations.engines.local import LocalEngine
from generations.engines.local.design import draw
from generations.engines.local.design.patterns import COLOURS, PATTERNS


def design(prompt, seed=0):
    return LocalEngine().design(DesignRequest(prompt, seed))


@cache
def drawn(prompt):
    """The picture of the first seed, which several tests look at."""
    picture = draw(prompt, 0)
    picture.setflags(write=False)
    return picture


def test_a_design_is_a_square_jpeg():
    picture = design("синие джинсы", seed=4)

    with Image.open(io.BytesIO(picture.jpeg)) as opened:
        assert (opened.format, opened.size, opened.mode) == ("JPEG", (1024, 1024), "RGB")
    assert (picture.provider, picture.model, picture.seed) == ("local", "drawing-1", 4)


def test_the_same_prompt_and_seed_give_the_same_bytes_and_another_seed_others():
    first, second, other = (design("красное платье", seed=seed).jpeg for seed in (7, 7, 8))

    assert first == second
    assert first != other


@pytest.mark.parametrize("colour", ["red", "navy", "olive", "pink", "black", "white"])
def test_the_garment_has_the_colour_that_was_asked_for(colour):
    chest = drawn(f"{colour} t-shirt")[420:620, 440:580]

    assert np.median(chest, axis=(0, 1)) == pytest.approx(COLOURS[colour], abs=22)


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
def test_every_pattern_differs_from_plain_cloth(pattern):
    plain = drawn("red dress")[500:800, 400:620].astype(int)
    patterned = drawn(f"red {pattern} dress")[500:800, 400:620].astype(int)

    assert (np.abs(plain - patterned).max(-1) > 40).mean() > 0.25  # other folds make 0.18


@pytest.mark.parametrize("material", ["denim", "leather", "knit", "silk", "linen", "velvet"])
def test_every_material_has_a_surface_of_its_own(material):
    assert not np.array_equal(drawn(f"{material} skirt"), drawn("cotton skirt"))


@pytest.mark.parametrize("prompt", ["white shirt", "long coat", "maxi dress", "jeans", "hoodie"])
def test_the_garment_stands_free_on_a_light_background(prompt):
    picture = drawn(prompt)
    border = np.concatenate([picture[:8].reshape(-1, 3), picture[:, :8].reshape(-1, 3)])

    assert border.min() > 200
    assert np.ptp(border, axis=0).max() < 30


def test_no_garment_no_picture():
    with pytest.raises(GenerationError) as refusal:
        design("закат над Алматы")

    assert refusal.value.code == "prompt_no_garment"
