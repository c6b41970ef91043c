from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

SHEETS = ".xlsx,.csv"


class SheetForm(forms.Form):
    """A sheet of products, and a ZIP of the pictures that it names."""

    file = forms.FileField(
        label=gettext_lazy("Sheet"),
        help_text=gettext_lazy("XLSX or CSV in UTF-8, up to 5 MB and 5000 rows."),
        widget=forms.FileInput(attrs={"accept": SHEETS}),
    )
    pictures = forms.FileField(
        label=gettext_lazy("Pictures"),
        help_text=gettext_lazy(
            "A ZIP with the pictures that the sheet names. Together up to 12 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        required=False,
    )

    def sent(self) -> dict[str, Any]:
        """What was sent, as the domain takes it."""
        sheet, pictures = self.cleaned_data["file"], self.cleaned_data["pictures"]
        return {
            "name": sheet.name,
            "sheet": sheet.read(),
            "pictures": pictures.read() if pictures else None,
        }
