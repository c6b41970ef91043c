"""Fills an empty platform: accounts, products with pictures, orders, generations."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path

import django
from django.conf import settings

from accounts import consents, demo_authenticator
from accounts.demo_accounts import DEMO_ACCOUNTS, DemoAccount
from accounts.mfa import factors
from accounts.models import User
from accounts.providers.provider import Identity
from accounts.registration import user_of
from billing import ledger
from billing.models import Transaction
from catalog import moderation
from catalog.models import Category, Product
from catalog.products import create_product
from config import garment_photos
from config.demo_catalogue import PRODUCTS, DemoProduct
from core import images
from generations import pipeline
from generations.requests import request_design
from orders import fulfilment
from orders.checkout import buy_from_balance
from orders.models.kinds import Actor
from orders.transitions import Event
from shops import approval
from shops.models import Shop
from wardrobe import keeping

WELCOME_MONEY = Decimal(300_000)
LEFT_WAITING = 3  # products that an administrator may decide about
DRAWERS = 2
DESIGNS = ("голубое платье с орнаментом", "ақ жейде", "a striped sweater")
Pictured = tuple[DemoProduct, bytes]


def is_needed() -> bool:
    """Whether nothing has been sold here yet."""
    return not Product.objects.exists()


def give_admin_a_second_factor() -> None:
    """The one whose codes the demo's Google shows; only where that Google signs people in."""
    [account] = _cast("admin")
    admin = User.objects.filter(google_id=account.sub, role=User.Role.ADMIN).first()
    if settings.GOOGLE_BASE_URL and admin and not factors.is_enrolled(admin):
        factors.enrol_app(admin, demo_authenticator.SECRET)


def fill(photos: Path | None = None) -> None:
    """Create the demo with drawn pictures, or with the garment photos of a folder."""
    admin = _accounts("admin")[0]
    admin.role = User.Role.ADMIN
    admin.save(update_fields=["role"])
    shops = [_shop(account) for account in _cast("shop")]
    pictured = _photographed(photos) if photos else _drawn()
    products = [_product(shop, *some) for shop, some in zip(cycle(shops), pictured, strict=False)]
    on_sale = products[:-LEFT_WAITING]
    for product in on_sale:
        moderation.approve(product, by=admin)
    _everyday_life(_accounts("user"), on_sale)


def _cast(role: str) -> list[DemoAccount]:
    return [account for account in DEMO_ACCOUNTS if account.role == role]


def _accounts(role: str) -> list[User]:
    return [user_of(_identity(account)) for account in _cast(role)]


def _identity(account: DemoAccount) -> Identity:
    return Identity("google", account.sub, account.email, account.name)


def _shop(account: DemoAccount) -> Shop:
    shop = Shop.objects.filter(google_id=account.sub).first()
    if shop is None:
        shop = approval.open_shop(
            google_id=account.sub,
            email=account.email,
            shop_name=account.shop_name,
            owner_name=account.name,
        )
    if not shop.is_approved:
        approval.approve(shop)
    return shop


def _drawn() -> Iterator[Pictured]:
    # New processes, not forks: a fork would share this one's database connection.
    context = get_context("spawn")
    with ProcessPoolExecutor(DRAWERS, mp_context=context, initializer=django.setup) as pool:
        prompts = [product.prompt for product in PRODUCTS]
        yield from zip(PRODUCTS, pool.map(pipeline.draw, prompts, range(len(prompts))), strict=True)


def _photographed(folder: Path) -> Iterator[Pictured]:
    for path in sorted(folder.glob("*.jp*g")):
        slug, name, sleeve = garment_photos.kind_of(path)
        number = path.stem.rpartition("-")[2]
        known = {"sleeve": sleeve} if sleeve else {}
        price = Decimal(9900 + 1500 * (len(path.stem) % 9))
        product = DemoProduct(slug, f"{name} № {number}", "", price, known)
        yield product, images.clean(path.read_bytes())


def _product(shop: Shop, product: DemoProduct, picture: bytes) -> Product:
    return create_product(
        shop,
        name=product.name,
        price=product.price,
        category=Category.objects.filter(slug=product.category).first(),
        characteristics=product.characteristics,
        images=[picture],
    )


def _everyday_life(users: list[User], on_sale: Iterable[Product]) -> None:
    for number, (user, product) in enumerate(zip(users, on_sale, strict=False)):
        consents.give(user, consents.PHOTOS, consents.current_version(consents.PHOTOS))
        ledger.transfer(
            f"welcome:{user.pk}",
            Transaction.Type.PROMO,
            WELCOME_MONEY,
            source=Transaction.Account.PROMO,
            target=user,
        )
        order = buy_from_balance(user, product)
        if number % 2:
            for event in (Event.ACCEPT, Event.SHIP, Event.DELIVER):
                fulfilment.act(order, event, Actor.SHOP)
            fulfilment.act(order, Event.RECEIVE, Actor.USER)
        keeping.keep_product(user, product)
    for user, prompt in zip(users, DESIGNS, strict=False):
        request_design(user, prompt, save_to_wardrobe=True)
