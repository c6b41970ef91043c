from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from catalog.models import MAX_PRICE
from orders.models import DeliveryMethod


class DeliveryMethodForm(forms.ModelForm):
    """A way in which the shop delivers."""

    price = forms.DecimalField(
        label=gettext_lazy("Price, ₸"),
        min_value=0,
        max_value=MAX_PRICE,
        max_digits=12,
        decimal_places=2,
        initial=0,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )
    free_from = forms.DecimalField(
        label=gettext_lazy("Free from, ₸"),
        help_text=gettext_lazy("For the kind that is free from an amount on."),
        min_value=0.01,
        max_value=MAX_PRICE,
        max_digits=12,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )

    class Meta:
        model = DeliveryMethod
        fields = ["name", "kind", "price", "free_from", "is_active"]

    def clean(self) -> dict[str, Any]:
        """An amount that is left from another kind is forgotten."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("kind") != DeliveryMethod.Kind.FREE_FROM:
            told["free_from"] = None
        return told
