"""Each of the hostile and odd files that people send is stored clean or refused with its code."""

from io import BytesIO

import pytest
from PIL import Image

from core import images
from core.tests.odd_pictures import ACCEPTED, FILE_NAMES, REFUSED, SCRIPT, SECRET

METADATA = {"exif", "xmp", "comment", "icc_profile", "Comment"}


def test_there_are_57_of_them():
    assert len(ACCEPTED) + len(REFUSED) + len(FILE_NAMES) == 57


@pytest.mark.parametrize("name", ACCEPTED)
def test_it_is_taken_and_nothing_but_the_picture_is_stored(name):
    make, size = ACCEPTED[name]

    content = images.clean(make())

    stored = Image.open(BytesIO(content))
    assert (stored.format, stored.mode, stored.size) == ("JPEG", "RGB", size)
    assert not METADATA & stored.info.keys()
    assert content.endswith(b"\xff\xd9")
    assert SECRET not in content
    assert SCRIPT not in content


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_status_and_code(name):
    make, status, code = REFUSED[name]

    with pytest.raises(images.PictureRefused) as refusal:
        images.clean(make())

    assert (refusal.value.status, refusal.value.code) == (status, code)
    assert str(refusal.value)
