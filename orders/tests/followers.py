"""Does in the domain what a walk of the model does, and compares them after each step."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F, Sum
from django.utils import timezone

from billing import ledger
from billing.models import Transaction
from catalog.models import Product, ProductVariant, RentalTerms
from catalog.products import create_product
from orders import checkout, fulfilment
from orders.models import Order, RentalBooking
from orders.models.kinds import Actor
from orders.quotes import Wish
from orders.saying import Said
from orders.tests import model

Account = Transaction.Account
START = int(datetime(2027, 3, 10, 9, 30, tzinfo=UTC).timestamp())
EPOCH = date(1970, 1, 1)
PLENTY = 10_000  # pieces
OUTSIDE = {"promo", "payout", "gateway"}


class Clock:
    def __init__(self):
        self.seconds = START

    def __call__(self):
        return datetime.fromtimestamp(self.seconds, UTC)


class Cast:
    """A buyer, a shop with a product for each order, and a clock that stands."""

    def __init__(self, clock, buyer, shop):
        self.clock, self.buyer, self.shop, self.products = clock, buyer, shop, []
        for _ in range(3):
            self.add_product()

    def product(self, number):
        if number == len(self.products):
            self.add_product()
        return self.products[number]

    def add_product(self):
        product = create_product(self.shop, name="Dress", price=Decimal(1))
        Product.objects.filter(pk=product.pk).update(moderation_status="approved", is_active=True)
        product.variants.update(stock=PLENTY, rental_units=20)
        RentalTerms.objects.create(product=product, price_per_day=1)
        self.products.append(product)


@pytest.fixture
def cast(timur, atelier, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return Cast(clock, timur, atelier)


class Follower:
    def __init__(self, cast):
        self.cast, self.orders, self.log, self.moved = cast, [], [], 0
        self.world = None

    def began(self, world):
        self.world = world
        self.move_money(Account.PROMO, self.cast.buyer, world["buyer"])

    def placed(self, order):
        self.time_passed()
        product = self.cast.product(len(self.orders))
        Product.objects.filter(pk=product.pk).update(price=tenge(order["each"]))
        wish = {"variant_id": product.variants.get().pk, "quantity": order["pieces"]}
        if order["kind"] == "rental":
            RentalTerms.objects.filter(product=product).update(
                price_per_day=tenge(order["per_day"]),
                deposit=tenge(order["deposit"] // order["pieces"]),
                late_fee_per_day=tenge(order["late_fee_per_day"] // order["pieces"]),
            )
            wish |= {"start": day(order["first"]), "end": day(order["last"])}
        placed = checkout.place(self.cast.buyer, [Wish(**wish)]).orders.get()
        Order.objects.filter(pk=placed.pk).update(
            delivery_amount=tenge(order["delivery"]),
            total_amount=F("items_amount") + tenge(order["delivery"]),
            commission_amount=tenge(order["commission"]),
            returnable=order["returnable"],
        )
        self.orders.append(placed)
        self.compare("place", order["kind"])

    def did(self, place, step, who, said, outcome):
        self.time_passed()
        try:
            self.try_step(place, step, who, said)
            came_out = model.DONE
        except fulfilment.TransitionNotAllowed:
            came_out = model.NOT_ALLOWED
        except ledger.InsufficientFunds:
            came_out = model.NO_MONEY
        assert came_out == outcome, (place, step, who)
        self.compare(place, step, who, said, outcome)

    def try_step(self, place, step, who, said):
        fulfilment.act(self.orders[place], step, Actor(who), self.words(said))

    def swept(self, taken):
        self.time_passed()
        assert fulfilment.take_due_steps() == taken
        self.compare("sweep", taken)

    def paid_out(self, amount):
        self.move_money(self.cast.shop, Account.PAYOUT, amount)
        self.compare("payout", amount)

    def check_the_end(self, world):
        self.check_the_books()
        sums = self.sums()
        assert (sums["escrow"], sums["deposit"], sums["shop_pending"]) == (0, 0, 0)

    def check_the_books(self):
        """As at a commit."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert ledger.breaches() == []

    def time_passed(self):
        self.cast.clock.seconds = self.world["now"]

    def words(self, said):
        told = {"reason": "So", "photos": [b"jpeg"], "amount": Decimal(0), "share": Decimal("0.5")}
        if "amount" in said:
            told["amount"] = tenge(said["amount"])
        if "share" in said:
            told["share"] = Decimal(said["share"]) / 10_000
        if "until" in said:
            told["until"] = day(said["until"])
        return Said(**told)

    def move_money(self, source, target, amount):
        self.moved += 1
        ledger.transfer(
            f"walk:{self.moved}",
            Transaction.Type.ADJUSTMENT,
            tenge(amount),
            source=source,
            target=target,
        )

    def wanted(self):
        return model.sums(self.world)

    def sums(self):
        rows = Transaction.objects.values_list("user", "shop", "system_account")
        found = Counter()
        for user, shop, account, amount in rows.annotate(Sum("amount")):
            name = "buyer" if user else "shop" if shop else account
            found["outside" if name in OUTSIDE else name] += tiyn(amount)
        return found

    def found(self):
        names = ("stage", "next_due_at", "items_amount", "late_fee_amount", "claim_amount")
        rows = Order.objects.order_by("pk").values_list(*names, "rental_end_date")
        return [
            (stage, due and int(due.timestamp()), *map(tiyn, amounts), last and (last - EPOCH).days)
            for stage, due, *amounts, last in rows
        ]

    def goods(self):
        return [self.goods_of(order) for order in self.orders]

    def goods_of(self, order):
        if order.order_type == "rental":
            rows = RentalBooking.objects.filter(order=order)
            return sorted(rows.values_list("status", flat=True))
        return ProductVariant.objects.values_list("stock", "reserved").get(order_items__order=order)

    def compare(self, *what):
        self.log.append(what)
        orders = self.world["orders"]
        agree("sums", self.sums(), Counter(self.wanted()))
        agree("orders", self.found(), [expected(order) for order in orders])
        agree("goods", self.goods(), [goods_of(order) for order in orders])


def agree(about, found, wanted):
    assert found == wanted, f"{about} are {found} and should be {wanted}"


def expected(order):
    amounts = (order["items"], order["late_fee"], order["claim"])
    return (order["stage"], model.next_due(order), *amounts, order["last"])


def goods_of(order):
    if order["kind"] == "rental":
        return [order["goods"]] * order["pieces"]
    pieces = order["pieces"]
    return {
        "reserved": (PLENTY, pieces),
        "out": (PLENTY - pieces, 0),
        "free": (PLENTY, 0),
    }[order["goods"]]


def day(number):
    return EPOCH + timedelta(days=number)


def tenge(amount):
    return Decimal(amount) / 100


def tiyn(amount):
    return int(amount * 100)
