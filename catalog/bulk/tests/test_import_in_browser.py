"""A shop owner brings 1000 products in an XLSX, of which 20 have a fault, in a real browser.

Against the running platform with its worker; a violation of the page's policy fails the test.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from accounts.demo_accounts import DEMO_ACCOUNTS
from catalog.bulk.tests.conftest import as_xlsx
from config.tests.whole_platform import connected

CHROMIUM = Path("/usr/bin/chromium")
SHOP = [account for account in DEMO_ACCOUNTS if account.role == "shop"][-1]
PATIENCE_MS = 60_000
PRODUCTS = 1000
HEADING = ["sku", "name", "description", "category", "price", "size", "colour", "stock"]
# What is wrong in a row: {column: what is written there, what is said of it}.
FAULTS = [
    ("price", "much", "Enter a number."),
    ("price", -5, "Ensure this value is greater than or equal to 0.01."),
    ("price", "", "This field is required."),
    ("price", 10**9, "Ensure this value is less than or equal to 100000000."),
    ("name", "", "This field is required."),
    ("name", "n" * 201, "Ensure this value has at most 200 characters (it has 201)."),
    ("name", '=HYPERLINK("http://evil")', "Formulas are not read: write the value itself."),
    ("category", "spacesuits", "There is no such category."),
    ("size", "S" * 21, "Ensure this value has at most 20 characters (it has 21)."),
    ("stock", -1, "Ensure this value is greater than or equal to 0."),
]
FAULTY = {40 * number + 7: FAULTS[number % len(FAULTS)] for number in range(20)}  # {row: …}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    file = tmp_path_factory.mktemp("sheets") / "autumn.xlsx"
    file.write_bytes(as_xlsx(HEADING, *map(row, range(2, PRODUCTS + 2))))
    return file


def row(number):
    told = dict(
        zip(
            HEADING,
            [f"A-{number}", f"Autumn {number}", "Wool", "dresses", 9990, "M", "red", 5],
            strict=True,
        )
    )
    if number in FAULTY:
        column, text, _ = FAULTY[number]
        told[column] = text
    return list(told.values())


@pytest.fixture
def page(platform):
    """The panel of the shop; what is said against the page's policy fails the test."""
    complaints = []
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"]) as browser,
    ):
        expect.set_options(timeout=PATIENCE_MS)
        context = browser.new_context(base_url=platform["API_BASE_URL"], locale="en-US")
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/panel/sign-in/?next=/panel/products/")
        page.get_by_role("button", name="Sign in with Google").click()
        page.get_by_role("button", name=SHOP.email).click()
        yield page
    assert [said for said in complaints if "Content Security" in said or "Error" in said] == []


@pytest.fixture
def asked(platform):
    name = platform["DATABASE_URL"].partition("?")[0].rpartition("/")[2]
    with connected(name) as connection:
        yield lambda query: connection.execute(query).fetchall()


def test_a_thousand_products_come_and_twenty_are_told_by_row_and_column(page, sheet, asked):
    page.get_by_role("link", name="Import and export").click()
    page.get_by_label("Sheet").set_input_files(sheet)
    page.get_by_role("button", name="Look at the sheet").click()

    expect(page.get_by_role("button", name="Import the products: 980")).to_be_visible()
    expect(page.get_by_role("heading", name="Errors: 20")).to_be_visible()
    assert page.locator(".numbers dd").all_inner_texts() == ["980", "0", "0", "20"]
    assert shown(page) == [[str(row), column, said] for row, (column, _, said) in FAULTY.items()]
    assert asked("SELECT count(*) FROM products WHERE name LIKE 'Autumn %'") == [(0,)]

    page.get_by_role("button", name="Import the products: 980").click()

    expect(page.get_by_text("The sheet is imported, without the products")).to_be_visible()
    assert shown(page) == [[str(row), column, said] for row, (column, _, said) in FAULTY.items()]
    assert asked(WHOLE) == [(980, 980, 980)]
    numbers = {number for (number,) in asked(NUMBERS)}
    assert numbers == {*map(str, range(2, PRODUCTS + 2))} - {*map(str, FAULTY)}
    page.get_by_role("link", name="Products", exact=True).first.click()
    expect(page.get_by_role("link", name=f"Autumn {PRODUCTS + 1}", exact=True)).to_be_visible()


def shown(page):
    return [
        [cell.strip() for cell in line.locator("th, td").all_inner_texts()]
        for line in page.locator("tbody tr").all()
    ]


WHOLE = """
SELECT count(*), count(DISTINCT variant.id), count(DISTINCT variant.sku)
  FROM products product JOIN product_variants variant ON variant.product_id = product.id
 WHERE product.name LIKE 'Autumn %' AND variant.stock = 5 AND variant.size = 'M'
   AND product.price = 9990 AND product.category_id IS NOT NULL
"""
NUMBERS = "SELECT substring(sku FROM 3) FROM product_variants WHERE sku LIKE 'A-%'"
