from django import forms
from django.utils.translation import gettext_lazy


class AnswerForm(forms.Form):
    """The shop's answer to a review; empty for none."""

    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
