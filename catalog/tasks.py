"""What the worker runs for the catalogue."""

from catalog import listing_fees, picture_sizes, revisions
from catalog.alerts import waiting
from catalog.bulk import requesting, working
from catalog.counting import views
from catalog.search import facet_counts, search


def hide_unpaid_products() -> int:
    return listing_fees.hide_unpaid()


def learn_words() -> int:
    return search().learn()


def keep_search_up() -> int:
    return search().keep_up()


def count_facets() -> int:
    return facet_counts.keep_up()


def send_alerts() -> int:
    return waiting.tell_all()


def count_views() -> int:
    return views.add_up()


def work_on_import(import_id: int) -> None:
    working.work_on(import_id)


def resume_imports() -> int:
    return requesting.resume_lost()


def clear_imports() -> int:
    return requesting.clear_old()


def make_picture_sizes(product_id: int) -> int:
    return picture_sizes.make(product_id)


def make_missing_sizes() -> int:
    return picture_sizes.make_missing(most=200)


def clear_revisions() -> int:
    return revisions.clear()
