"""What the worker runs for the catalogue."""

from catalog import listing_fees, picture_sizes, revisions
from catalog.search import search


def hide_unpaid_products() -> int:
    return listing_fees.hide_unpaid()


def learn_words() -> int:
    return search.learn()


def make_picture_sizes(product_id: int) -> int:
    return picture_sizes.make(product_id)


def make_missing_sizes() -> int:
    return picture_sizes.make_missing(most=200)


def clear_revisions() -> int:
    return revisions.clear()
