"""What the worker runs for the catalogue."""

from catalog import listing_fees


def hide_unpaid_products() -> int:
    return listing_fees.hide_unpaid()
