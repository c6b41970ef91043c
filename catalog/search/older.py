"""How the older clients ask for the same list."""

from django.http import QueryDict

NAMES = {
    "query": "q",
    "shop_id": "shop",
    "category_id": "category",
    "min_price": "price_min",
    "max_price": "price_max",
}
SORTS = {
    ("created_at", "desc"): "newest",
    ("price", "asc"): "price",
    ("price", "desc"): "-price",
    ("purchases_count", "desc"): "popular",
    ("views_count", "desc"): "popular",
}


def translated(asked: QueryDict) -> QueryDict:
    """The question in the words of the list, with a total; what it does not know is left out.

    Everybody sees what is on sale, whatever `is_active` and `moderation_status` say.
    """
    said = asked.copy()
    for older, name in NAMES.items():
        if value := said.get(older):
            said[name] = value
    order = said.get("sort_by", ""), said.get("sort_order") or "desc"
    if order in SORTS:
        said["sort"] = SORTS[order]
    said["with_total"] = "1"
    return said
