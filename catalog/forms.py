from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import MAX_PICTURES, MAX_PRICE, Category, Product
from shops.forms import PICTURES, clean_picture

CHARACTERISTICS = ("colour", "size", "material", "sleeve", "composition", "country")
SLEEVES = [
    ("", gettext_lazy("Not said")),
    ("none", gettext_lazy("Sleeveless")),
    ("short", gettext_lazy("Short sleeves")),
    ("long", gettext_lazy("Long sleeves")),
]


class PicturesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        assert isinstance(files, MultiValueDict)
        return files.getlist(name)


class PicturesField(forms.FileField):
    """Several pictures: bytes of clean JPEGs in the order they were chosen."""

    widget = PicturesInput(attrs={"accept": PICTURES, "data-preview": ""})

    def clean(self, data: list[UploadedFile], initial: Any = None) -> list[bytes]:
        if len(data) > MAX_PICTURES:
            message = _("A product has at most %(most)d pictures.") % {"most": MAX_PICTURES}
            raise forms.ValidationError(message, code="too_many_pictures")
        pictures, errors = [], []
        for file in data:
            try:
                pictures.append(clean_picture(file))
            except forms.ValidationError as error:
                errors.append(error)
        if errors:
            raise forms.ValidationError(errors)
        return pictures

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class ProductForm(forms.ModelForm):
    """A product as its shop writes it; what people ask for most has a field of its own."""

    price = forms.DecimalField(
        label=gettext_lazy("Price, ₸"),
        min_value=1,
        max_value=MAX_PRICE,
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )
    category = forms.ModelChoiceField(
        Category.objects.filter(is_active=True),
        label=gettext_lazy("Category"),
        empty_label=gettext_lazy("Not said"),
        help_text=gettext_lazy("It tells the try-on where on the body the thing is worn."),
        required=False,
    )
    colour = forms.CharField(label=gettext_lazy("Colour"), max_length=60, required=False)
    size = forms.CharField(
        label=gettext_lazy("Sizes"),
        help_text=gettext_lazy("For example: S, M, L."),
        max_length=60,
        required=False,
    )
    material = forms.CharField(label=gettext_lazy("Material"), max_length=60, required=False)
    sleeve = forms.ChoiceField(label=gettext_lazy("Sleeves"), choices=SLEEVES, required=False)
    composition = forms.CharField(
        label=gettext_lazy("Composition"),
        help_text=gettext_lazy("For example: 70% wool, 30% silk."),
        max_length=120,
        required=False,
    )
    country = forms.CharField(label=gettext_lazy("Made in"), max_length=60, required=False)
    images = PicturesField(label=gettext_lazy("Pictures"), required=False)

    class Meta:
        model = Product
        fields = ["name", "description", "price", "category"]
        labels = {
            "name": gettext_lazy("Name of the product"),
            "description": gettext_lazy("Description"),
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.characteristics
        self.known = dict(known) if isinstance(known, dict) else {}
        for name in CHARACTERISTICS:
            self.initial.setdefault(name, str(self.known.get(name, "")))

    def changes(self) -> dict[str, Any]:
        """What the owner changed, as the domain takes it; for a new product, everything given."""
        changed = set(self.changed_data)
        written = changed.intersection([*self.Meta.fields, "images"])
        changes = {name: self.cleaned_data[name] for name in written}
        if changed & set(CHARACTERISTICS):
            changes["characteristics"] = self._characteristics()
        return changes

    def _characteristics(self) -> dict[str, Any]:
        told = {name: self.cleaned_data[name] for name in CHARACTERISTICS}
        return {name: value for name, value in {**self.known, **told}.items() if value != ""}
