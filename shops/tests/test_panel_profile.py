from django.core.files.uploadedfile import SimpleUploadedFile

from core import storage
from shops import approval
from shops.tests.owners import browser_of_shop

PROFILE = "/panel/profile/"


def test_the_owner_changes_the_profile(atelier):
    sent = {
        "shop_name": "Atelier Madina",
        "description": "Silk and wool",
        "whatsapp_number": "+7 (701) 234-56-78",
    }

    response = browser_of_shop(atelier).post(PROFILE, sent)

    assert response["Location"] == PROFILE
    atelier.refresh_from_db()
    assert atelier.shop_name == "Atelier Madina"
    assert atelier.description == "Silk and wool"
    assert atelier.whatsapp_number == "+77012345678"
    assert atelier.is_approved


def test_a_number_that_is_none_is_an_error_and_nothing_typed_is_lost(atelier):
    sent = {"shop_name": "Changed", "whatsapp_number": "call me"}

    response = browser_of_shop(atelier).post(PROFILE, sent)

    assert response.context["form"].errors == {"whatsapp_number": ["Write + and 7 to 15 digits."]}
    assert 'value="Changed"' in response.content.decode()
    atelier.refresh_from_db()
    assert atelier.shop_name == "Atelier"


def test_the_owner_changes_the_picture(atelier, picture):
    file = SimpleUploadedFile("me.png", picture)

    browser = browser_of_shop(atelier)
    browser.post(PROFILE, {"shop_name": "Atelier", "avatar": file})

    atelier.refresh_from_db()
    assert atelier.avatar == f"shops/{atelier.pk}/avatar.jpg"
    assert storage.read(atelier.avatar).startswith(b"\xff\xd8")
    shown = browser.get(PROFILE).context["avatar"]
    assert browser.get(shown.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_text_file_and_an_empty_file_are_no_pictures(atelier):
    refusals = {"note.txt": b"hello", "empty.jpg": b""}
    browser = browser_of_shop(atelier)

    errors = [
        browser.post(PROFILE, {"shop_name": "Changed", "avatar": SimpleUploadedFile(name, content)})
        .context["form"]
        .errors["avatar"]
        for name, content in refusals.items()
    ]

    assert errors == [
        ["note.txt: Send a picture as JPEG, PNG or WebP."],
        ["empty.jpg: The file is empty."],
    ]
    atelier.refresh_from_db()
    assert (atelier.shop_name, atelier.avatar) == ("Atelier", "")


def test_a_rejected_shop_reads_the_reason_and_goes_back_into_the_queue(atelier):
    atelier.is_approved = False
    atelier.save()
    approval.reject(atelier, "The address is missing.")
    browser = browser_of_shop(atelier)
    assert (
        "Your shop was not approved: The address is missing."
        in browser.get(PROFILE).content.decode()
    )

    browser.post(PROFILE, {"shop_name": "Atelier", "address": "Abai 10"})

    atelier.refresh_from_db()
    assert atelier.status == "pending"
