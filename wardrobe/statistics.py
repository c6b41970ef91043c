"""What a wardrobe holds, and how much of it is worn."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, DecimalField, F, Max, Q, QuerySet
from django.db.models.functions import Cast, NullIf, Round
from django.utils import timezone

from accounts.models import User
from wardrobe.models import UserWardrobeItem

Source = UserWardrobeItem.Source
WORN = Q(wears__is_planned=False)


def totals(user: User) -> dict[str, Any]:
    """How many items there are, by source, never worn, and how many may still come."""
    counts = user.wardrobe.aggregate(
        total=Count("pk"),
        favorites=Count("pk", filter=Q(is_favorite=True)),
        archived=Count("pk", filter=Q(archived_at__isnull=False)),
        folders=Count("folder", filter=~Q(folder=""), distinct=True),
        **{source: Count("pk", filter=Q(source=source)) for source in Source.values},
    )
    by_source = {source: counts.pop(source) for source in Source.values}
    limit = settings.MAX_WARDROBE_ITEMS_PER_USER
    rest = {"limit": limit, "remaining": max(0, limit - counts["total"])}
    unworn = never_worn(worn(user)).count()
    return {**counts, "by_source": by_source, **rest, "never_worn": unworn}


def worn(user: User) -> QuerySet[UserWardrobeItem]:
    """What is not archived, each with `times_worn`, `last_worn_on` and `cost_per_wear`."""
    times = Count("wears", filter=WORN)
    cost = Cast(F("price"), DecimalField(max_digits=12, decimal_places=2)) / NullIf(times, 0)
    return user.wardrobe.filter(archived_at=None).annotate(
        times_worn=times,
        last_worn_on=Max("wears__day", filter=WORN),
        cost_per_wear=Round(cost, precision=2),
    )


def never_worn(items: QuerySet[UserWardrobeItem]) -> QuerySet[UserWardrobeItem]:
    return items.filter(Q(times_worn=0))


def not_worn_for(items: QuerySet[UserWardrobeItem], days: int) -> QuerySet[UserWardrobeItem]:
    """What has been kept for so many days, and was not worn in any of them."""
    since = timezone.localdate() - timedelta(days=days)
    idle = Q(last_worn_on__lt=since) | Q(last_worn_on=None)
    return items.filter(idle, created_at__lt=timezone.now() - timedelta(days=days))
