"""The page for older apps in a real browser, under its own content security policy."""

import json
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright

from accounts.models import AuthSession

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium"),
    pytest.mark.django_db(transaction=True),
    # The server starts before the settings of a single test name a folder that is there.
    pytest.mark.filterwarnings("ignore:No directory at"),
]
CALLBACK = "/api/v1/auth/google/callback"


@pytest.fixture
def visited(google_house, live_server):
    """What a browser shows and keeps after it came back from Google with a phone's sign-in."""
    where = {"account_type": "user", "platform": "mobile"}
    page = httpx.get(f"{live_server.url}/api/v1/auth/google/url", params=where).json()
    brought = google_house.consent(page["authorization_url"], name="<b>Айгүл</b>")
    return visit(f"{live_server.url}{CALLBACK}?{httpx.QueryParams(brought)}")


def visit(address):
    with sync_playwright() as playwright:
        options = {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}
        with playwright.chromium.launch(**options) as browser:
            page = browser.new_page()
            complaints = []
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(address)
            page.wait_for_function("localStorage.getItem('flutter_auth_complete')")
            return {
                "storage": page.evaluate("({...localStorage})"),
                "text": page.inner_text("main"),
                "address": page.evaluate("location.href"),
                "html": page.content(),
                "complaints": complaints,
            }


def test_the_app_finds_its_tokens_and_the_page_keeps_none(visited, live_server):
    storage = visited["storage"]

    assert visited["complaints"] == []
    assert "<b>Айгүл</b> · a@mail.example" in visited["text"]
    assert visited["address"] == f"{live_server.url}{CALLBACK}"
    assert storage["flutter_auth_token"] not in visited["html"]
    assert json.loads(storage["flutter_auth_user"])["email"] == "a@mail.example"
    bearer = {"Authorization": f"Bearer {storage['flutter_auth_token']}"}
    me = httpx.get(f"{live_server.url}/api/v1/users/me", headers=bearer)
    assert me.json()["name"] == "<b>Айгүл</b>"
    assert AuthSession.objects.get().user_id == me.json()["id"]
