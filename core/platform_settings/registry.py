"""Every setting of the platform. 0 switches off what is a fee."""

from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.platform_settings.setting import Setting

PRICE_MAX = Decimal(1_000_000)
FREE_MAX = 1000
FREE_OF_CHARGE = Decimal(0)
TENGE = "₸"
TIMES, DAYS, MONTHS = _("times"), _("days"), _("months of 30 days")

USER_GENERATION_PRICE = Setting(
    key="user_generation_price",
    title=_("Price of a generation"),
    unit=TENGE,
    kind=Decimal,
    least=FREE_OF_CHARGE,
    most=PRICE_MAX,
    default=lambda: settings.GENERATION_PRICE,
)
USER_TRY_ON_PRICE = Setting(
    key="user_try_on_price",
    title=_("Price of a try-on"),
    unit=TENGE,
    kind=Decimal,
    least=FREE_OF_CHARGE,
    most=PRICE_MAX,
    default=lambda: settings.TRY_ON_PRICE,
)
USER_FREE_GENERATIONS = Setting(
    key="user_free_generations",
    title=_("Free generations of a new user"),
    unit=TIMES,
    kind=int,
    least=0,
    most=FREE_MAX,
    default=lambda: settings.FREE_GENERATIONS,
)
USER_FREE_TRY_ONS = Setting(
    key="user_free_try_ons",
    title=_("Free try-ons of a new user"),
    unit=TIMES,
    kind=int,
    least=0,
    most=FREE_MAX,
    default=lambda: settings.FREE_TRY_ONS,
)
SHOP_COMMISSION_RATE = Setting(
    key="shop_commission_rate",
    title=_("Commission, where no rule says otherwise"),
    unit="%",
    kind=Decimal,
    least=Decimal(0),
    most=Decimal(100),
    default=lambda: Decimal("10.0"),
)
SHOP_PRODUCT_RENT_PRICE = Setting(
    key="shop_product_rent_price",
    title=_("Price of showing a product for 30 days"),
    unit=TENGE,
    kind=Decimal,
    least=FREE_OF_CHARGE,
    most=PRICE_MAX,
    default=lambda: FREE_OF_CHARGE,
)
SHOP_MIN_RENT_MONTHS = Setting(
    key="shop_min_rent_months",
    title=_("Shortest time that showing a product is paid for"),
    unit=MONTHS,
    kind=int,
    least=1,
    most=12,
    default=lambda: 1,
)
SHOP_APPROVAL_FEE = Setting(
    key="shop_approval_fee",
    title=_("Fee for the approval of a product"),
    unit=TENGE,
    kind=Decimal,
    least=FREE_OF_CHARGE,
    most=PRICE_MAX,
    default=lambda: FREE_OF_CHARGE,
)
SHOP_PAYOUT_MIN = Setting(
    key="shop_payout_min",
    title=_("Smallest payout"),
    unit=TENGE,
    kind=Decimal,
    least=Decimal(5000),  # the database takes no smaller one
    most=PRICE_MAX,
    default=lambda: Decimal(5000),
)
REFUND_PERIOD_DAYS = Setting(
    key="refund_period_days",
    title=_("Time to send goods back"),
    unit=DAYS,
    kind=int,
    least=14,  # what the law gives
    most=90,
    default=lambda: 14,
)
ALL: dict[str, Setting[Decimal] | Setting[int]] = {
    setting.key: setting
    for setting in (
        USER_GENERATION_PRICE,
        USER_TRY_ON_PRICE,
        USER_FREE_GENERATIONS,
        USER_FREE_TRY_ONS,
        SHOP_COMMISSION_RATE,
        SHOP_PRODUCT_RENT_PRICE,
        SHOP_MIN_RENT_MONTHS,
        SHOP_APPROVAL_FEE,
        SHOP_PAYOUT_MIN,
        REFUND_PERIOD_DAYS,
    )
}
