"""What a list of payouts can be narrowed by."""

from django_filters import rest_framework as filters

from billing.models import Payout


class PayoutFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    status = filters.ChoiceFilter(choices=Payout.Status.choices)

    class Meta:
        model = Payout
        fields: list[str] = []
