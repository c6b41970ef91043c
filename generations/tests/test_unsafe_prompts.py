"""Some things are not drawn: the request is refused before anything is charged or queued."""

import pytest

from generations.models import Generation

GENERATE = "/api/v1/generations/generate"


@pytest.mark.parametrize(
    "prompt",
    [
        "A NAKED girl in a hat",
        "dress with a swastika",
        "футболка со свастикой",
        "обнажённая женщина в платье",
        "порно платье",
        "майка с флагом ИГИЛ",
        "жалаңаш қыз, көйлек",
    ],
)
def test_nothing_is_drawn_charged_or_queued(as_aigerim, aigerim, prompt):
    response = as_aigerim.post(GENERATE, {"prompt": prompt, "n": 2})

    assert response.status_code == 422, response.content
    assert response.json()["code"] == "content_blocked"
    assert not Generation.objects.exists()
    aigerim.refresh_from_db()
    assert aigerim.balance == 1000


def test_it_is_said_in_the_callers_language(as_aigerim):
    response = as_aigerim.post(GENERATE, {"prompt": "порно"}, headers={"Accept-Language": "ru"})

    assert response.json()["detail"] == "Такой запрос не допускается."


@pytest.mark.parametrize(
    "prompt",
    [
        "a nude dress with bare shoulders",
        "платье с голыми плечами",
        "платье с обнажённой спиной",
        "a snazzy shirt",
        "топ телесного цвета",
        "иығы ашық көйлек",
    ],
)
def test_clothes_that_only_sound_alike_are_drawn(as_aigerim, prompt):
    assert as_aigerim.post(GENERATE, {"prompt": prompt}).status_code == 202
