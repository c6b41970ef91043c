"""The checklist of a shop, for the page of a shop in the administrators' site."""

from django import template

from billing.bank import checklist
from billing.bank.checklist import Point
from shops.models import Shop

register = template.Library()


@register.simple_tag
def shop_checklist(shop: Shop) -> list[Point]:
    return checklist.of(shop)
