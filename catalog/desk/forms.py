from typing import Any

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Reason


class WhyForm(forms.Form):
    """Why something is not let into the catalogue: a reason that is ready, own words, or both."""

    reason_code = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=Reason.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("The shop reads it word for word, below the reason."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        is_named = said.get("reason_code") not in {None, "", Reason.OTHER}
        if not is_named and not said.get("reason") and not self.errors:
            raise forms.ValidationError(_("Choose a reason or write one."))
        return said

    def said(self) -> dict[str, str]:
        """The reason as the domain takes it."""
        said = self.cleaned_data
        return {"reason": said["reason_code"] or Reason.OTHER, "notes": said["reason"]}


class ReasonActionForm(ActionForm):
    """What is done with the selected, and why, if they are rejected."""

    reason_code = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", "—"), *[choice for choice in Reason.choices if choice[0] != Reason.OTHER]],
        required=False,
    )
