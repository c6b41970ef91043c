"""A quote: what the cart would cost as orders, parcel by parcel, and what is not to be had."""

from decimal import Decimal

from orders import checkout, quotes
from orders.delivery import methods
from orders.models import Order
from orders.quotes import Wish
from orders.tests.offers import day, limited, offered

QUOTE = "/api/v1/cart/quote"


def days(start, end):
    return {"rental_start_date": str(day(start)), "rental_end_date": str(day(end))}


def test_each_shop_type_and_period_is_a_parcel(
    as_aigerim, cart, atelier, bazaar, dress_on_sale, gown
):
    cart(product_id=dress_on_sale.pk)
    cart(product_id=offered(bazaar, "Hat", 100).pk, quantity=3)
    cart(product_id=gown.pk, **days(1, 2))
    cart(product_id=gown.pk, **days(10, 10))
    cart(product_id=gown.pk)

    body = as_aigerim.post(QUOTE, {}).json()

    seen = [
        (
            parcel["shop_name"],
            parcel["order_type"],
            [(line["product_name"], line["quantity"]) for line in parcel["lines"]],
            parcel["to_pay"],
        )
        for parcel in body["parcels"]
    ]
    assert seen == [
        ("Atelier", "purchase", [("Silk dress", 1), ("Gown", 1)], 1300),
        ("Bazaar", "purchase", [("Hat", 3)], 300),
        ("Atelier", "rental", [("Gown", 1)], 300),
        ("Atelier", "rental", [("Gown", 1)], 250),
    ]
    amounts = body["items_amount"], body["delivery_amount"], body["deposit_amount"], body["to_pay"]
    assert amounts == (1750, 0, 400, 2150)
    assert body["problems"] == []


def test_the_commission_is_not_the_buyers_affair(as_aigerim, cart, dress_on_sale):
    cart(product_id=dress_on_sale.pk)

    assert "commission" not in as_aigerim.post(QUOTE, {}).content.decode()


def test_delivery_costs_what_the_chosen_method_costs(as_aigerim, atelier, dress_on_sale):
    flat = methods.add(atelier, kind="flat", name="Courier", price=Decimal(70))
    free = methods.add(
        atelier, kind="free_from", name="Post", price=Decimal(50), free_from=Decimal(800)
    )
    pickup = methods.add(atelier, kind="pickup", name="Here")

    def quote(method, quantity):
        wish = {"product_id": dress_on_sale.pk, "quantity": quantity}
        chosen = {str(atelier.pk): method.pk} if method else {}
        return as_aigerim.post(QUOTE, {"items": [wish], "delivery": chosen}).json()

    told = [
        (quote(method, count)["delivery_amount"], quote(method, count)["address_needed"])
        for method, count in [(flat, 1), (free, 1), (free, 2), (pickup, 1), (None, 1)]
    ]
    assert told == [(70, True), (50, True), (0, True), (0, False), (0, False)]
    [parcel] = quote(None, 1)["parcels"]
    assert parcel["delivery"] is None
    assert [way["name"] for way in parcel["delivery_methods"]] == ["Courier", "Post", "Here"]


def test_methods_and_addresses_of_others_are_unknown(as_aigerim, atelier, bazaar, timur):
    other = methods.add(bazaar, kind="pickup", name="Here")
    off = methods.add(atelier, kind="pickup", name="There", is_active=False)

    for method in (other, off):
        said = {"delivery": {str(atelier.pk): method.pk}}
        assert as_aigerim.post(QUOTE, said).json()["code"] == "unknown_delivery_method"
    foreign = timur.addresses.create(recipient="T", phone="77777", city="A", street="B")
    answer = as_aigerim.post(QUOTE, {"address_id": foreign.pk})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_address")
    assert as_aigerim.post(QUOTE, {"delivery": {"x": 1}}).status_code == 422


def test_what_is_not_to_be_had_is_named_and_the_rest_is_priced(as_aigerim, dress_on_sale, gown):
    limited(dress_on_sale, 1)
    items = [
        {"product_id": dress_on_sale.pk, "quantity": 2},
        {"product_id": 2**52},
        {"product_id": gown.pk},
        {"product_id": gown.pk, "quantity": 3, **days(1, 2)},
        {"product_id": gown.pk, **days(1, 30)},
    ]

    body = as_aigerim.post(QUOTE, {"items": items}).json()

    problems = [(each["product_id"], each["code"], each["available"]) for each in body["problems"]]
    assert problems == [
        (dress_on_sale.pk, "sold_out", 1),
        (2**52, "not_on_sale", 0),
        (gown.pk, "dates_taken", 2),
        (gown.pk, "bad_period", 0),
    ]
    assert [each["variant_id"] is None for each in body["problems"]] == [False, True, False, False]
    assert body["to_pay"] == 900
    assert not Order.objects.exists()


def test_wishes_share_what_is_left(aigerim, gown):
    """Pieces for rent are besides the stock, and each is promised once for a day."""
    variant = gown.variants.get()
    wishes = [
        Wish(variant.pk, 1, day(1), day(3)),
        Wish(variant.pk, 1, day(3), day(5)),
        Wish(variant.pk, 1, day(4), day(4)),
        Wish(variant.pk, 1),
        Wish(variant.pk, 1),
    ]

    quote = quotes.of(wishes, quotes.on_sale(wishes), {})

    assert [(problem.wish, problem.code) for problem in quote.problems] == [
        (wishes[2], "dates_taken"),
        (wishes[4], "sold_out"),
    ]


def test_what_a_quote_offers_can_be_placed(aigerim, gown):
    """The first piece is cleaned on the fourth day, and the second takes the sixth wish, too."""
    variant = gown.variants.get()
    spans = [(1, 3), (1, 1), (3, 4), (5, 6), (6, 6), (8, 9)]
    wishes = [Wish(variant.pk, 1, day(start), day(end)) for start, end in spans]
    quote = quotes.of(wishes, quotes.on_sale(wishes), {})
    assert quote.problems == []

    placed = checkout.place(aigerim, wishes, expected_total=quote.to_pay)

    assert placed.orders.count() == len(spans)


def test_a_quote_takes_the_same_queries_for_one_line_and_for_three(
    as_aigerim, cart, atelier, dress_on_sale, gown, queries
):
    methods.add(atelier, kind="pickup", name="Here")
    cart(product_id=gown.pk, **days(1, 2))
    one = queries(lambda: as_aigerim.post(QUOTE, {}))
    cart(product_id=dress_on_sale.pk)
    cart(product_id=gown.pk, **days(10, 12))

    # The session, the cart's lines, what is on sale, who has the pieces, and how shops deliver.
    assert queries(lambda: as_aigerim.post(QUOTE, {})) == one == 5
