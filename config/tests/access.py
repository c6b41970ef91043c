"""Who may call what: the one declared table. A route that it does not name fails the build.

It says what the guards must do, apart from the guards themselves, so that a guard forgotten or
widened shows as a difference. `test_access.py` walks it with sixteen principals.
"""

from enum import Enum, auto


class Only(Enum):
    """Whom a route of the API lets in."""

    ANYONE = auto()  # tokens are welcome and a bad one is 401
    OPEN = auto()  # tokens are not looked at
    SIGNED_IN = auto()
    USER = auto()  # people, administrators among them
    SHOP = auto()
    ADMIN = auto()  # on the web, with a second factor
    # The same, with a second factor that is fresh; SIGNED with a signature beside.
    USER_STEPPED_UP = auto()
    SHOP_STEPPED_UP = auto()
    ADMIN_STEPPED_UP = auto()
    SHOP_SIGNED = auto()
    ADMIN_SIGNED = auto()


class Page(Enum):
    """Whom a page lets in; pages know cookies alone."""

    ANYONE = auto()
    SIGNED_LINK = auto()  # whoever holds the link
    WAY_OUT = auto()  # leads anybody to sign in
    BLOCKED = auto()  # tells anybody that they may not come in
    PERSON = auto()
    SECOND_FACTOR = auto()  # a person's own; accounts/mfa/tests say what they ask for first
    OWNER = auto()  # of an open shop
    OWNERS_WAY_OUT = auto()
    ADMIN = auto()  # with a second factor


API = {
    "auth/google/login": {"POST": Only.OPEN},
    "auth/google/url": {"GET": Only.OPEN},
    "auth/google/callback": {"GET": Only.OPEN},
    "auth/apple/login": {"POST": Only.OPEN},
    "auth/apple/url": {"GET": Only.OPEN},
    "auth/apple/callback": {"POST": Only.OPEN},
    "auth/user/get-or-create-shop": {"POST": Only.USER},
    "auth/mfa": {"GET": Only.SIGNED_IN},
    "auth/mfa/verify": {"POST": Only.SIGNED_IN},
    "auth/refresh": {"POST": Only.OPEN},
    "auth/logout": {"POST": Only.SIGNED_IN},
    "users/me": {"GET": Only.USER, "PUT": Only.USER, "DELETE": Only.USER},
    "users/me/photos": {"GET": Only.USER, "POST": Only.USER},
    "users/me/photos/<int:pk>": {"DELETE": Only.USER},
    "users/me/addresses": {"GET": Only.USER, "POST": Only.USER},
    "users/me/addresses/<int:pk>": {"PUT": Only.USER, "DELETE": Only.USER},
    "users/me/consents": {"GET": Only.USER, "POST": Only.USER},
    "users/me/consents/<slug:kind>": {"DELETE": Only.USER},
    "users/me/export": {"GET": Only.USER, "POST": Only.USER},
    "users/me/keys": {"GET": Only.USER, "POST": Only.USER_STEPPED_UP},
    "users/me/keys/<int:pk>": {"DELETE": Only.USER_STEPPED_UP},
    "users/me/sessions": {"GET": Only.USER, "DELETE": Only.USER},
    "users/me/sessions/<uuid:pk>": {"DELETE": Only.USER},
    "users/me/balance": {"GET": Only.USER},
    "users/me/history": {"GET": Only.USER},
    "users/me/orders": {"GET": Only.USER},
    "users/me/payments": {"GET": Only.USER},
    "users/me/topup": {"POST": Only.USER},
    "users/me/transactions": {"GET": Only.USER},
    "shops": {"GET": Only.ANYONE},
    "shops/<int:pk>": {"GET": Only.ANYONE},
    "shops/<int:pk>/delivery-methods": {"GET": Only.ANYONE},
    "shops/me": {"GET": Only.SHOP, "PUT": Only.SHOP},
    "shops/me/analytics": {"GET": Only.SHOP},
    "shops/me/bank-details": {"GET": Only.SHOP, "PUT": Only.SHOP_SIGNED},
    "shops/me/commission": {"GET": Only.SHOP},
    "shops/me/statements/<str:month>.csv": {"GET": Only.SHOP},
    "shops/me/delivery-methods": {"GET": Only.SHOP, "POST": Only.SHOP},
    "shops/me/delivery-methods/<int:pk>": {"PUT": Only.SHOP, "DELETE": Only.SHOP},
    "shops/me/keys": {"GET": Only.SHOP, "POST": Only.SHOP_STEPPED_UP},
    "shops/me/keys/<int:pk>": {"DELETE": Only.SHOP_STEPPED_UP},
    "shops/me/payouts": {"GET": Only.SHOP, "POST": Only.SHOP_SIGNED},
    "shops/me/payouts/<int:pk>/cancel": {"POST": Only.SHOP},
    "shops/me/sessions": {"GET": Only.SHOP, "DELETE": Only.SHOP},
    "shops/me/sessions/<uuid:pk>": {"DELETE": Only.SHOP},
    "shops/me/orders": {"GET": Only.SHOP},
    "shops/me/orders/<int:pk>": {"GET": Only.SHOP},
    "shops/me/orders/<int:pk>/<slug:action>": {"POST": Only.SHOP},
    "shops/me/products": {"GET": Only.SHOP},
    "shops/me/topup": {"POST": Only.SHOP},
    "shops/me/transactions": {"GET": Only.SHOP},
    "shops/upload-avatar": {"POST": Only.SHOP},
    "products": {"GET": Only.ANYONE, "POST": Only.SHOP},
    "products/upload-images": {"POST": Only.SHOP},
    "products/<int:pk>": {"GET": Only.ANYONE, "PUT": Only.SHOP, "DELETE": Only.SHOP},
    "products/<int:pk>/variants": {"PUT": Only.SHOP},
    "products/<int:pk>/rental-terms": {"PUT": Only.SHOP, "DELETE": Only.SHOP},
    "products/<int:pk>/availability": {"GET": Only.ANYONE},
    "products/<int:pk>/purchase": {"POST": Only.USER},
    "cart": {"GET": Only.USER, "DELETE": Only.USER},
    "cart/items": {"POST": Only.USER},
    "cart/items/<int:pk>": {"PUT": Only.USER, "DELETE": Only.USER},
    "cart/quote": {"POST": Only.USER},
    "checkout": {"POST": Only.USER},
    "checkouts/<int:pk>": {"GET": Only.USER},
    "categories": {"GET": Only.ANYONE},
    "categories/<int:pk>": {"GET": Only.ANYONE},
    "payments/<int:pk>": {"GET": Only.SIGNED_IN},
    "payments/<int:pk>/cancel": {"POST": Only.SIGNED_IN},
    "payments/<int:pk>/refund": {"POST": Only.SIGNED_IN},
    "payments/user/top-up": {"POST": Only.USER},
    "payments/shop/top-up": {"POST": Only.SHOP},
    "payments/shop/rent-product": {"POST": Only.SHOP},
    "payments/capture/<str:order_id>": {"POST": Only.OPEN},
    "payments/paypal/success": {"GET": Only.OPEN},
    "payments/paypal/cancel": {"GET": Only.OPEN},
    "payments/paypal/webhook": {"POST": Only.OPEN},
    "payments/<slug:provider>/callback": {"GET": Only.OPEN, "POST": Only.OPEN},
    "wardrobe": {"GET": Only.USER, "POST": Only.USER},
    "wardrobe/upload-images": {"POST": Only.USER},
    "wardrobe/stats": {"GET": Only.USER},
    "wardrobe/folders": {"GET": Only.USER, "PUT": Only.USER},
    "wardrobe/move": {"POST": Only.USER},
    "wardrobe/stats/items": {"GET": Only.USER},
    "wardrobe/wears": {"GET": Only.USER, "POST": Only.USER},
    "wardrobe/wears/<int:pk>": {"DELETE": Only.USER},
    "wardrobe/outfits": {"GET": Only.USER, "POST": Only.USER},
    "wardrobe/outfits/<int:pk>": {"GET": Only.USER, "PUT": Only.USER, "DELETE": Only.USER},
    "wardrobe/outfits/<int:pk>/clone": {"POST": Only.USER},
    "wardrobe/outfits/<int:pk>/share": {"POST": Only.USER, "DELETE": Only.USER},
    "wardrobe/shared/<str:token>": {"GET": Only.OPEN},
    "wardrobe/<int:pk>": {"GET": Only.USER, "PUT": Only.USER, "DELETE": Only.USER},
    "wardrobe/suggestions": {"GET": Only.USER},
    "wardrobe/packing-list": {"GET": Only.USER},
    "wardrobe/<int:pk>/suggested": {"GET": Only.USER},
    "wardrobe/<int:pk>/remove-background": {"POST": Only.USER, "DELETE": Only.USER},
    "wardrobe/from-shop/<int:pk>": {"POST": Only.USER},
    "wardrobe/from-generation/<int:pk>": {"POST": Only.USER},
    "generations/try-on": {"POST": Only.USER},
    "generations/outfit": {"POST": Only.USER},
    "generations/generate": {"POST": Only.USER},
    "generations/history": {"GET": Only.USER},
    "generations/<int:pk>": {"GET": Only.USER, "DELETE": Only.USER},
    "generations/<int:pk>/cancel": {"POST": Only.USER},
    "generations/<int:pk>/report": {"POST": Only.USER},
    "generations/<int:pk>/reroll": {"POST": Only.USER},
    "generations/verify": {"GET": Only.OPEN},
    "legal/photo-consent": {"GET": Only.OPEN},
    "orders": {"GET": Only.USER},
    "orders/create-from-cart": {"POST": Only.USER},
    "orders/<int:pk>": {"GET": Only.USER},
    "orders/<int:pk>/refund": {"POST": Only.USER},
    "orders/<int:pk>/<slug:action>": {"POST": Only.USER},
    "events": {"GET": Only.SIGNED_IN},
    "config": {"GET": Only.OPEN},
    "admin/adjustments": {"POST": Only.ADMIN_SIGNED},
    "admin/dashboard": {"GET": Only.ADMIN},
    "admin/orders": {"GET": Only.ADMIN},
    "admin/orders/<int:pk>": {"GET": Only.ADMIN},
    "admin/orders/<int:pk>/refund": {"POST": Only.ADMIN_STEPPED_UP},
    # Those steps that move money want a fresh second factor: orders/tests say so.
    "admin/orders/<int:pk>/<slug:action>": {"POST": Only.ADMIN},
    "admin/refunds": {"GET": Only.ADMIN},
    "admin/refunds/<int:pk>/process": {"POST": Only.ADMIN_STEPPED_UP},
    "admin/payouts": {"GET": Only.ADMIN},
    "admin/payouts/<int:pk>/approve": {"POST": Only.ADMIN_STEPPED_UP},
    "admin/payouts/<int:pk>/paid": {"POST": Only.ADMIN_STEPPED_UP},
    "admin/payouts/<int:pk>/fail": {"POST": Only.ADMIN_STEPPED_UP},
    "admin/settings": {"GET": Only.ADMIN},
    "admin/settings/<slug:key>": {"PUT": Only.ADMIN_STEPPED_UP},
    "admin/users": {"GET": Only.ADMIN},
    "admin/shops": {"GET": Only.ADMIN},
    "admin/shops/<int:pk>/approve": {"POST": Only.ADMIN},
    "admin/shops/<int:pk>/reject": {"POST": Only.ADMIN},
    "admin/products/moderation": {"GET": Only.ADMIN},
    "admin/products/<int:pk>/approve": {"POST": Only.ADMIN},
    "admin/products/<int:pk>/reject": {"POST": Only.ADMIN},
    "admin/moderation/queue": {"GET": Only.ADMIN},
    "admin/moderation/<int:pk>/approve": {"POST": Only.ADMIN},
    "admin/moderation/<int:pk>/reject": {"POST": Only.ADMIN},
}

PAGES = {
    "": Page.ANYONE,
    "healthz": Page.ANYONE,
    "readyz": Page.ANYONE,
    "api/schema": Page.ANYONE,
    "api/docs": Page.ANYONE,
    "csp-report": Page.ANYONE,
    "i18n/setlang/": Page.ANYONE,
    "panel/sign-in/": Page.ANYONE,
    "panel/sign-out/": Page.WAY_OUT,
    "accounts/google/login/": Page.ANYONE,
    "accounts/google/login/callback/": Page.ANYONE,
    "accounts/login/": Page.ANYONE,
    "accounts/inactive/": Page.BLOCKED,
    "accounts/cancelled/": Page.ANYONE,
    "accounts/error/": Page.ANYONE,
    "accounts/connections/": Page.ANYONE,
    "accounts/signup/": Page.ANYONE,
    "uploads/shops/<int:shop_id>/products/<int:product_id>/image_<int:position>.jpg": Page.ANYONE,
    "uploads/shops/<int:pk>/avatar.jpg": Page.ANYONE,
    "uploads/<path:name>": Page.SIGNED_LINK,
    "pay/<str:key>": Page.SIGNED_LINK,
    "pay/sandbox/<str:key>": Page.SIGNED_LINK,
    "legal/photo-consent/": Page.ANYONE,
    "accounts/second-factor/": Page.SECOND_FACTOR,
    "accounts/second-factor/sign-in/": Page.ANYONE,
    "accounts/second-factor/show/": Page.SECOND_FACTOR,
    "accounts/second-factor/show-key/": Page.SECOND_FACTOR,
    "accounts/second-factor/app/add/": Page.SECOND_FACTOR,
    "accounts/second-factor/app/remove/": Page.SECOND_FACTOR,
    "accounts/second-factor/codes/": Page.SECOND_FACTOR,
    "accounts/second-factor/codes/new/": Page.SECOND_FACTOR,
    "accounts/second-factor/keys/": Page.SECOND_FACTOR,
    "accounts/second-factor/keys/add/": Page.SECOND_FACTOR,
    "accounts/second-factor/keys/<int:pk>/rename/": Page.SECOND_FACTOR,
    "accounts/second-factor/keys/<int:pk>/remove/": Page.SECOND_FACTOR,
    "panel": Page.ANYONE,
    "panel/": Page.OWNER,
    "panel/open-shop/": Page.PERSON,
    "panel/sessions/": Page.OWNER,
    "panel/sessions/end-all/": Page.OWNERS_WAY_OUT,
    "panel/sessions/<uuid:pk>/end/": Page.OWNER,
    "panel/profile/": Page.OWNER,
    "panel/balance/": Page.OWNER,
    "panel/balance/<str:month>.csv": Page.OWNER,
    "panel/products/": Page.OWNER,
    "panel/products/new/": Page.OWNER,
    "panel/products/<int:pk>/edit/": Page.OWNER,
    "panel/products/<int:pk>/delete/": Page.OWNER,
    "panel/products/<int:pk>/showing/": Page.OWNER,
    "panel/delivery/": Page.OWNER,
    "panel/delivery/<int:pk>/edit/": Page.OWNER,
    "panel/delivery/<int:pk>/delete/": Page.OWNER,
    "panel/orders/": Page.OWNER,
    "panel/orders/<int:pk>/": Page.OWNER,
    "panel/orders/<int:pk>/<slug:action>/": Page.OWNER,
    "panel/rentals/": Page.OWNER,
}
# Every address of the administrators' site, whichever rows Django offers there.
ADMIN_SITE = "admin/"
