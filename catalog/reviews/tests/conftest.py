import pytest

from catalog.reviews.tests.buyers import bought


@pytest.fixture
def buyer(aigerim, dress_on_sale):
    """Aigerim, who has the dress."""
    return bought(aigerim, dress_on_sale)


@pytest.fixture
def reviewed(buyer, as_aigerim, dress_on_sale):
    """Write Aigerim's review of the dress; gives the answer."""

    def write(**said):
        address = f"/api/v1/products/{dress_on_sale.pk}/reviews"
        return as_aigerim.post(address, {"rating": 5, **said})

    return write
