"""A real browser: an administrator reaches nothing before the second factor, then everything."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from accounts.mfa.tests.phone import code, wrong_code
from accounts.mfa.tests.test_administrators import GUARDED, LISTS
from config.tests.whole_platform import manage

CHROMIUM = Path("/usr/bin/chromium")
SECOND_FACTOR = "/accounts/second-factor/"
VIRTUAL_KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def chromium():
    expect.set_options(timeout=20_000)  # a busy machine is slow
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox"], headless=True
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, platform):
    """A window on the platform; security keys work under a name, not under a bare address."""
    port = urlsplit(platform["API_BASE_URL"]).port
    context = chromium.new_context(base_url=f"http://localhost:{port}", locale="en-US")
    window = context.new_page()
    complaints = []
    window.on("console", lambda message: complaints.append(message.text))
    window.on("pageerror", lambda error: complaints.append(str(error)))
    yield window
    context.close()
    assert [said for said in complaints if "Content Security" in said or "Error" in said] == []


@pytest.fixture
def administrator(page, platform, request):
    """Somebody who has just become an administrator; gives the e-mail address."""
    email = f"{request.node.name.replace('_', '-')[:40]}@mail.example"
    sign_in(page, email)
    assert manage("make_admin", email, told=platform).returncode == 0
    return email


def sign_in(page, email, following="/admin/"):
    page.context.clear_cookies()
    page.goto(f"/panel/sign-in/?next={following}")
    page.get_by_role("button", name="Sign in with Google").click()
    page.get_by_label("Full name").fill("Dana")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Continue").click()


def test_an_administrator_reaches_nothing_but_setting_it_up_and_then_the_site(page, administrator):
    sign_in(page, administrator)
    for address in GUARDED[::10]:  # all of them: accounts/mfa/tests/test_administrators.py
        page.goto(address, wait_until="commit")
        assert urlsplit(page.url).path == SECOND_FACTOR, address

    page.get_by_role("link", name="Set the app up").click()
    secret = page.locator("#secret").inner_text()
    box = page.locator(".qr").bounding_box()
    assert min(box["width"], box["height"]) > 150
    page.get_by_label("The code that the app shows now").fill(code(secret))
    page.get_by_role("button", name="Turn on").click()

    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    codes = page.locator("#codes li").all_inner_texts()
    assert len({*codes}) == 10
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download").click()
    assert Path(kept.value.path()).read_text().split() == codes
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    for address in LISTS[:5]:
        page.goto(address)
        assert urlsplit(page.url).path == address

    sign_in(page, administrator)
    expect(page.get_by_role("heading", name="Is it really you?")).to_be_visible()
    page.get_by_label("Code").fill(wrong_code(secret))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("This is not right.")).to_be_visible()
    page.get_by_label("Code").fill(code(secret, later=1))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()

    sign_in(page, administrator)
    page.get_by_label("Code").fill(codes[3])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_a_security_key_is_set_up_signs_in_and_is_taken_away(page, administrator):
    key = page.context.new_cdp_session(page)
    key.send("WebAuthn.enable")
    key.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL_KEY})
    sign_in(page, administrator)

    page.get_by_role("link", name="Add a key").click()
    page.get_by_label("Name of the key").fill("Blue key")
    page.get_by_role("button", name="Add the key").click()
    expect(page.locator("#codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()

    sign_in(page, administrator)
    page.get_by_role("button", name="Use a security key").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()

    page.goto(SECOND_FACTOR)
    page.get_by_role("link", name="Rename “Blue key”").click()
    page.get_by_label("Name of the key").fill("Red key")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("Last used on"))).to_be_visible()
    page.get_by_role("link", name="Remove “Red key”").click()
    page.get_by_role("button", name="Remove").click()
    page.goto("/admin/")
    assert urlsplit(page.url).path == SECOND_FACTOR
    expect(page.get_by_text("Administrators need a second factor.")).to_be_visible()


def test_without_the_key_at_hand_the_page_says_so(page, administrator):
    sign_in(page, administrator)
    page.get_by_role("link", name="Add a key").click()
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(Error()); }")

    page.get_by_role("button", name="Add the key").click()

    expect(page.get_by_text("The key did not answer. Try again.")).to_be_visible()
