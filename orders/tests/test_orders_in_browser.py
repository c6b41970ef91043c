"""A purchase and a rental with a damage claim: through panel, administrators' site and API.

Against the running platform, in a real browser; a violation of the page's policy fails the test.
"""

import re
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from accounts import demo_authenticator
from accounts.demo_accounts import DEMO_ACCOUNTS
from config.tests.whole_platform import manage

CHROMIUM = Path("/usr/bin/chromium")
ADMIN = next(account for account in DEMO_ACCOUNTS if account.role == "admin")
SHOP = next(account for account in DEMO_ACCOUNTS if account.role == "shop")
BUYER = DEMO_ACCOUNTS[-1]  # who has not done anything yet
PATIENCE_MS = 20_000
MONEY = Decimal(100_000)
PER_DAY, DEPOSIT, CLAIMED, DECIDED = map(Decimal, (5000, 20_000, 8000, 3000))
# The buyer comes into money.
GIFT = f"""
from decimal import Decimal
from billing import ledger
user = User.objects.get(google_id="{BUYER.sub}")
Account, Kind = Transaction.Account, Transaction.Type
ledger.transfer("gift", Kind.PROMO, {MONEY!r}, source=Account.PROMO, target=user)
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def prepared(platform):
    done = manage("shell", "-c", GIFT, told=platform)
    assert done.returncode == 0, done.stderr
    return platform


@pytest.fixture(scope="module")
def chromium():
    expect.set_options(timeout=PATIENCE_MS)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"]) as browser,
    ):
        yield browser


@pytest.fixture
def window(chromium, prepared):
    """Opens a window for each person, and at the end holds their complaints against the pages."""
    complaints = []

    @contextmanager
    def opened(account, following):
        context = chromium.new_context(base_url=prepared["API_BASE_URL"], locale="en-US")
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"/panel/sign-in/?next={following}")
        page.get_by_role("button", name="Sign in with Google").click()
        page.get_by_role("button", name=account.email).click()
        yield page
        context.close()

    yield opened
    assert [said for said in complaints if "Content Security" in said or "Error" in said] == []


@pytest.fixture(scope="module")
def buyer(prepared):
    with api_of(prepared, BUYER, "user") as client:
        yield client


@pytest.fixture(scope="module")
def shop(prepared):
    with api_of(prepared, SHOP, "shop") as client:
        yield client


@contextmanager
def api_of(platform, account, account_type):
    """The API with a token of the account, as a phone has it."""
    base = f"{platform['API_BASE_URL']}/api/v1/"
    where = {"account_type": account_type, "platform": "web"}
    with httpx.Client(base_url=base, timeout=30) as client:
        asked = client.get("auth/google/url", params=where).json()["authorization_url"]
        chosen = httpx.post(asked, data={"sub": account.sub}).headers["Location"]
        brought = parse_qs(urlsplit(chosen).query)
        body = where | {name: brought[name][0] for name in ("code", "state")}
        signed_in = client.post("auth/google/login", json=body).json()
        client.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        yield client


def balance_of(client, whose):
    return Decimal(str(client.get(f"{whose}/me").json()["balance"]))


def product_of(shop):
    return next(one for one in shop.get("shops/me/products").json() if one["is_active"])


def show_second_factor(page):
    for code in demo_authenticator.codes():
        page.get_by_label("Code").fill(code)
        with page.expect_navigation():
            page.get_by_role("button", name="Continue").click()
        if page.get_by_role("heading", name="Is it really you?").count() == 0:
            return


def test_a_purchase_goes_from_the_app_through_the_panel_to_its_end(window, buyer, shop):
    product = product_of(shop)
    price = Decimal(str(product["price"]))
    before, earned = balance_of(buyer, "users"), pending_of(shop)
    order = buyer.post(f"products/{product['id']}/purchase", json={}).json()
    address = f"/panel/orders/{order['id']}/"

    with window(SHOP, "/panel/orders/?status=waiting") as page:
        page.get_by_role("link", name=order["order_number"], exact=True).click()
        page.get_by_role("button", name="Accept").click()
        expect(page.locator("[data-status]")).to_have_text("Being prepared")
        page.get_by_label("Tracking number").fill("KZ123456789")
        page.get_by_role("button", name="Shipped").click()
        expect(page.get_by_text("KZ123456789")).to_be_visible()
        page.get_by_role("button", name="Delivered").click()
        expect(page.locator("[data-status]")).to_have_text("Delivered")
        expect(page.locator("[data-changed]")).to_be_hidden()

        received = buyer.post(f"orders/{order['id']}/receive")

        assert received.json()["stage"] == "completed", received.text
        # The page that is open hears it.
        expect(page.locator("[data-status]")).to_have_text("Completed")
        expect(page.locator("[data-changed]")).to_be_visible()
        page.get_by_role("link", name="Show it as it is now").click()
        expect(page.get_by_text("Received")).to_be_visible()
        assert urlsplit(page.url).path == address
        page.get_by_role("link", name="Balance", exact=True).click()
        expect(page.get_by_role("link", name=order["order_number"])).to_be_visible()
    assert balance_of(buyer, "users") == before - price
    assert balance_of(shop, "shops") == 0
    assert pending_of(shop) - earned == price - price / 10


def test_a_rental_ends_with_a_claim_that_an_administrator_decides(
    window, buyer, shop, prepared, tmp_path, picture
):
    photo = tmp_path / "stain.jpg"
    photo.write_bytes(picture)
    before, earned = balance_of(buyer, "users"), pending_of(shop)
    product = product_of(shop)
    offer_for_rent(shop, product)
    order = book(buyer, product)
    assert balance_of(buyer, "users") == before - 3 * PER_DAY - DEPOSIT
    address = f"/panel/orders/{order['id']}/"

    with window(SHOP, "/panel/rentals/") as page:
        page.get_by_role("link", name=order["order_number"]).click()
        page.get_by_label("Photos").set_input_files(photo)
        page.get_by_role("button", name="Handed over").click()
        expect(page.get_by_role("heading", name="At the handover")).to_be_visible()

        assert buyer.post(f"orders/{order['id']}/send_back").status_code == 200

        page.goto(address)
        page.get_by_label("For the damage").fill(str(CLAIMED))
        page.get_by_label("Reason").fill("A stain on the sleeve")
        page.get_by_label("Photos").set_input_files(photo)
        page.get_by_role("button", name="Brought back damaged").click()
        expect(page.locator("[data-status]")).to_have_text("Damage claimed")
        shown = page.get_by_role("img", name=re.compile("At the return"))
        assert shown.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0

    with window(ADMIN, "/admin/") as page:
        show_second_factor(page)
        page.get_by_role("link", name="Orders to decide").click()
        page.get_by_role("link", name=order["order_number"]).click()
        expect(page.get_by_text("A stain on the sleeve")).to_be_visible()
        page.get_by_text("Decide the claim", exact=True).click()
        page.get_by_label("For the damage").fill(str(DECIDED))
        page.get_by_label("Reason").fill("It washes out")
        page.get_by_role("button", name="Confirm: Decide the claim").click()
        expect(page.get_by_text(f"{order['order_number']}: Claim decided.")).to_be_visible()

    assert balance_of(buyer, "users") == before - 3 * PER_DAY - DECIDED
    assert pending_of(shop) - earned == 3 * PER_DAY * Decimal("0.9") + DECIDED
    assert manage("check_ledger", told=prepared).returncode == 0


def pending_of(shop):
    return Decimal(str(shop.get("shops/me/analytics").json()["pending_revenue"]))


def offer_for_rent(shop, product):
    address = f"products/{product['id']}"
    terms = {"price_per_day": str(PER_DAY), "deposit": str(DEPOSIT)}
    offered = shop.put(f"{address}/variants", json={"variants": [{"rental_units": 1}]})
    assert offered.status_code == 200, offered.text
    assert shop.put(f"{address}/rental-terms", json=terms).status_code == 200


def book(buyer, product):
    """The order of the product for three days from today on, from the quote to the payment."""
    today = timezone.localdate()
    days = {"rental_start_date": str(today), "rental_end_date": str(today + timedelta(days=2))}
    items = [{"product_id": product["id"], **days}]
    quote = buyer.post("cart/quote", json={"items": items}).json()
    assert quote["problems"] == []
    wish = {"items": items, "payment": "balance", "expected_total": quote["to_pay"]}
    placed = buyer.post("checkout", json=wish)
    assert placed.status_code == 201, placed.text
    [order] = placed.json()["orders"]
    return order
