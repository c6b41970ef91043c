from typing import NamedTuple, Protocol

from catalog.models import Product, ProductQuerySet


class Found(NamedTuple):
    pk: int
    relevance: int


class SearchBackend(Protocol):
    """Whatever finds products by words.

    It only ever narrows the products that it is given, so none is found that its caller may not
    see. Typing errors, the wrong keyboard layout and Latin letters are its business.
    """

    def matching(self, products: ProductQuerySet, text: str) -> ProductQuerySet:
        """Those of the products that have all the words of the text."""

    def best(self, products: ProductQuerySet, text: str) -> ProductQuerySet:
        """The first five hundred of them at most, each with its `relevance`, an integer.

        More relevant products have the higher one; among those that are as relevant, new and
        popular ones have.
        """

    def first(self, text: str, most: int) -> list[Found]:
        """The first so many of the best of all that shoppers may see, without further ado."""

    def like(self, products: ProductQuerySet, product: Product) -> ProductQuerySet:
        """The others of a product's category, more relevant for each word and colour in common."""

    def completions(self, beginning: str) -> list[str]:
        """What somebody who has typed this may be about to ask for, the likeliest first."""

    def learn(self) -> int:
        """Take notice of how products are called now; returns how many words are known."""

    def keep_up(self, *, anew: bool = False) -> int:
        """Take in the products that have changed, or all of them; returns how many it took."""
