"""One contract for every engine: a picture, or one error of ours, whatever the provider does."""

import io

import pytest
from PIL import Image

from core.tests.fake_server import Mood
from generations.engines import remote
from generations.engines.base import GenerationError
from generations.tests.engines.conftest import FAKES
from generations.tests.engines.fakes import jpeg

TROUBLES = [
    pytest.param(name, code, trouble, id=f"{name}-{code}-{number}")
    for name, (_engine, fake) in FAKES.items()
    for code, troubles in fake.troubles.items()
    for number, trouble in enumerate(troubles)
]
PASSING = {"provider_busy", "provider_rate_limit"}
GARBAGE = {
    "a page": b"<html><body>Sorry</body></html>",
    "half a picture": jpeg()[:400],
    "one pixel": jpeg(size=(1, 1)),
    "a strip": jpeg(size=(2000, 80)),
    "nothing": b"",
    "text": b"a picture, honestly",
    "another format": b"GIF89a" + bytes(200),
}


def failure(call):
    with pytest.raises(GenerationError) as caught:
        call()
    return caught.value


def test_a_picture_comes_back_clean(finished, provider):
    picture = finished()

    image = Image.open(io.BytesIO(picture.jpeg))
    assert (image.format, image.size) == ("JPEG", (640, 800))
    assert image.getpixel((300, 300))[1] == pytest.approx(140, abs=3)
    assert picture.model
    assert provider.begun() == 1


@pytest.mark.parametrize(("name", "code", "trouble"), TROUBLES)
def test_each_trouble_has_its_code(name, code, trouble, provider, finished):
    provider.trouble = trouble

    error = failure(finished)

    assert error.code == code
    assert error.retryable or code not in PASSING
    assert not error.retryable or provider.begun() == 0  # nothing is paid twice


def test_a_wrong_key_is_said_so(provider, finished, settings, name):
    provider.answer = lambda asked: (
        provider.unauthorized() if not name.startswith("g") else provider.refusal(401, "", "")
    )

    error = failure(finished)

    assert (error.code, error.retryable) == ("provider_auth", False)


@pytest.mark.parametrize("garbage", list(GARBAGE))
def test_what_is_no_picture_is_refused(provider, finished, garbage):
    provider.picture = GARBAGE[garbage]

    assert failure(finished).code == "provider_bad_response"


@pytest.mark.parametrize("mood", [Mood.GARBAGE, Mood.EMPTY])
def test_an_answer_in_no_language_is_refused(provider, finished, mood):
    provider.mood = mood

    assert failure(finished).code == "provider_bad_response"


def test_a_broken_provider_is_unavailable(provider, finished):
    provider.mood = Mood.BROKEN

    assert failure(finished).code == "provider_unavailable"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.TRICKLING])
def test_one_that_keeps_silent_is_given_up(provider, finished, mood, name):
    provider.mood = mood

    error = failure(finished)

    assert error.code == "provider_timeout"
    assert error.retryable == (name == "cog")  # it may be making the picture, and cog alone knows


def test_one_that_is_not_there_was_not_asked(provider, finished):
    provider.server.shutdown()
    provider.server.server_close()

    error = failure(finished)

    assert (error.code, error.retryable) == ("provider_unavailable", True)


def test_too_much_is_not_read(provider, finished, monkeypatch):
    monkeypatch.setattr(remote, "MAX_BYTES", 1000)

    assert failure(finished).code in {"provider_bad_response", "provider_timeout"}
