"""People who have had a product."""

from accounts.models import User
from conftest import funded
from orders.checkout import buy_from_balance
from orders.tests.steps import completed


def bought(user, product):
    """The person, to whom the product has come."""
    completed(buy_from_balance(funded(user, product.price), product))
    return user


def buyers(count, product):
    for number in range(count):
        person = User.objects.create(
            google_id=f"b{number}", email=f"b{number}@example.kz", name=f"Buyer {number}"
        )
        yield bought(person, product)
