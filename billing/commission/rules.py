"""Which commission counts, and how much it is.

A shop's own rule beats the one of the product's category, which beats the default rule; where no
rule is in force, it is the percentage of the platform setting `shop_commission_rate`. A category's
rule is for that category alone, not for those below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db.models import Q

from billing.commission.models import CommissionRule
from core.platform_settings import registry

TIYN = Decimal("0.01")
Target = tuple[int | None, int | None]  # shop, category; of a rule at least one is None


class Line(NamedTuple):
    """What is sold together: `amount` KZT for all `quantity` pieces."""

    amount: Decimal
    shop_id: int
    category_id: int | None
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """A percentage and a fixed amount, within bounds; all but the percentage for each piece."""

    percent: Decimal
    fixed: Decimal = Decimal(0)
    minimum: Decimal = Decimal(0)
    maximum: Decimal | None = None

    def charge(self, amount: Decimal, quantity: int = 1) -> Decimal:
        """The commission, a half rounded up to 0.01 ₸, and never more than the amount."""
        wanted = amount * self.percent / 100 + self.fixed * quantity
        bounded = max(wanted, self.minimum * quantity)
        if self.maximum is not None:
            bounded = min(bounded, self.maximum * quantity)
        return min(bounded.quantize(TIYN, ROUND_HALF_UP), amount)


def of(amount: Decimal, *, shop_id: int, category_id: int | None, quantity: int = 1) -> Decimal:
    """The commission on one line, in KZT, by the rules of this moment."""
    [commission] = of_lines([Line(amount, shop_id, category_id, quantity)])
    return commission


def of_lines(lines: Sequence[Line]) -> list[Decimal]:
    """The commission on each line, in one query for all."""
    rules = _in_force({line.shop_id for line in lines}, {line.category_id for line in lines})
    return [
        _terms(rules, line.shop_id, line.category_id).charge(line.amount, line.quantity)
        for line in lines
    ]


def terms_of(shop_id: int) -> Terms:
    """What the shop pays where no category says otherwise."""
    return _terms(_in_force({shop_id}, set()), shop_id, None)


def _in_force(shops: set[int], categories: set[int | None]) -> dict[Target, Terms]:
    fitting = Q(shop__in=shops) | Q(category__in=categories - {None}) | Q(shop=None, category=None)
    return {
        (rule.shop_id, rule.category_id): Terms(
            rule.percent, rule.fixed, rule.minimum, rule.maximum
        )
        for rule in CommissionRule.objects.in_force().filter(fitting)
    }


def _terms(rules: dict[Target, Terms], shop_id: int, category_id: int | None) -> Terms:
    for target in ((shop_id, None), (None, category_id), (None, None)):
        if target in rules:
            return rules[target]
    return Terms(registry.SHOP_COMMISSION_RATE.value())
