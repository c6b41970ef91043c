"""Pictures of products: stored in order, shown to all only after approval."""

from collections.abc import Iterable, Sequence

from core import images, storage


def upload(owner: str, files: Iterable[bytes]) -> list[str]:
    """Keep pictures of `user-5` or `shop-5` for a row that is still to come; 24 hours at most.

    Returns signed addresses to name them by.
    """
    cleaned = [images.clean(file) for file in files]
    names = [storage.write(storage.temp_picture(owner), picture) for picture in cleaned]
    return [storage.signed_url(name) for name in names]


def store(shop_id: int, product_id: int, pictures: Iterable[bytes]) -> list[str]:
    """Write clean JPEGs as the product's pictures, in this order; returns their names."""
    return [
        storage.write(storage.product_picture(shop_id, product_id, position), picture)
        for position, picture in enumerate(pictures)
    ]


def urls(names: Sequence[str], *, is_public: bool) -> list[str]:
    """Addresses of the pictures: lasting ones once public, signed ones before."""
    address = storage.public_url if is_public else storage.signed_url
    return [address(name) for name in names]
