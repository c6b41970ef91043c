from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.models import model_to_dict
from django.utils.datastructures import MultiValueDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog import categories, listing_fees, revisions, size_charts
from catalog.characteristics import REQUIRABLE, SLEEVES, CharacteristicsMissing
from catalog.models import (
    MAX_BUFFER_DAYS,
    MAX_PICTURES,
    MAX_PRICE,
    MAX_RENTAL_DAYS,
    MAX_STOCK,
    MAX_UNITS,
    Category,
    Product,
    ProductVariant,
    RentalTerms,
)
from catalog.variants import MAX_VARIANTS, Offer
from core import storage
from core.errors import Refusal
from shops.forms import PICTURES, clean_picture

CHARACTERISTICS = ("colour", "size", "material", "sleeve", "composition", "brand", "country")
SLEEVE_CHOICES = [("", gettext_lazy("Not said")), *SLEEVES.items()]


def _periods() -> list[tuple[int, str]]:
    """Each with what it costs."""
    price = listing_fees.price()
    return [(months, _period(months, price * months)) for months in listing_fees.periods()]


def _period(months: int, amount: Decimal) -> str:
    shown = number_format(amount, decimal_pos=2, force_grouping=True)
    return _("%(days)d days, %(amount)s ₸") % {"days": 30 * months, "amount": shown}


def place_field(name: str) -> str:
    """The field that says where a stored picture stands; empty, it is taken away."""
    return f"place-{PurePosixPath(name).stem}"


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


def _price(label: Any, *, least: float = 0.01, **about: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=least,
        max_value=MAX_PRICE,
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
        **about,
    )


def _days(
    label: Any, *, least: int = 0, most: int = MAX_RENTAL_DAYS, **about: Any
) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, **about)


class ProductForm(forms.ModelForm):
    """A product as its shop writes it; what people ask for most has a field of its own."""

    price = _price(gettext_lazy("Price, ₸"), least=1)
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
    sleeve = forms.ChoiceField(
        label=gettext_lazy("Sleeves"), choices=SLEEVE_CHOICES, required=False
    )
    composition = forms.CharField(
        label=gettext_lazy("Composition"),
        help_text=gettext_lazy("For example: 70% wool, 30% silk."),
        max_length=120,
        required=False,
    )
    brand = forms.CharField(label=gettext_lazy("Brand"), max_length=60, required=False)
    country = forms.CharField(label=gettext_lazy("Made in"), max_length=60, required=False)
    images = PicturesField(label=gettext_lazy("Pictures"), required=False)

    class Meta:
        model = Product
        fields = [*revisions.WORDS, "price", "category"]
        labels = {
            "name": gettext_lazy("Name of the product"),
            "description": gettext_lazy("Description"),
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 5})
            for name in revisions.WORDS
            if name.startswith("description")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.characteristics
        self.known = dict(known) if isinstance(known, dict) else {}
        for name in CHARACTERISTICS:
            self.initial.setdefault(name, str(self.known.get(name, "")))

    def add_refusal(self, refusal: Refusal) -> None:
        """Say why it was refused, beside the fields that it is about."""
        if isinstance(refusal, CharacteristicsMissing):
            for name in refusal.names:
                self.add_error(name, _("Required in this category."))
        else:
            self.add_error(None, str(refusal))

    @property
    def size_charts(self) -> list[dict[str, Any]]:
        """The charts of the categories that have one, to look at."""
        charted = Category.objects.filter(is_active=True).exclude(size_chart=[])
        return [{"category": each, **size_charts.table(each.size_chart)} for each in charted]

    def changes(self) -> dict[str, Any]:
        """What the owner changed, as the domain takes it; for a new product, everything given."""
        changed = set(self.changed_data)
        written = changed.intersection([*self.Meta.fields, "images"])
        changes = {name: self.cleaned_data[name] for name in written}
        if changed & set(CHARACTERISTICS):
            changes["characteristics"] = self._characteristics()
        kept = self._kept()
        if kept is not None:
            new = changes.pop("images", [])
            if new or kept != self.instance.images:
                changes["images"] = [*map(storage.read, kept), *new]
        return changes

    def _kept(self) -> list[str] | None:
        """The pictures there are in the order that was asked for; None where nothing was said."""
        places = {name: self.data.get(place_field(name)) for name in self.instance.images}
        if set(places.values()) <= {None}:
            return None
        said = {name: int(place) for name, place in places.items() if place and place.isdecimal()}
        return sorted(said, key=said.__getitem__)

    def _characteristics(self) -> dict[str, Any]:
        told = {name: self.cleaned_data[name] for name in CHARACTERISTICS}
        return {name: value for name, value in {**self.known, **told}.items() if value != ""}


class CategoryForm(forms.ModelForm):
    """A category, as administrators keep it."""

    required_characteristics = forms.MultipleChoiceField(
        label=gettext_lazy("Required characteristics"),
        help_text=gettext_lazy("Products without them cannot be submitted."),
        choices=[*REQUIRABLE.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Category
        fields = ["required_characteristics"]  # the administrators' site names the others

    def clean_parent(self) -> Category | None:
        parent: Category | None = self.cleaned_data["parent"]
        if self.instance.pk and categories.is_above(self.instance, parent):
            raise forms.ValidationError(_("A category cannot be part of itself."), code="loop")
        return parent


class VariantForm(forms.ModelForm):
    """A size and a colour of a product."""

    price = _price(
        gettext_lazy("Own price, ₸"),
        help_text=gettext_lazy("Empty: the price of the product."),
        required=False,
    )
    stock = forms.IntegerField(
        label=gettext_lazy("In stock"),
        help_text=gettext_lazy("Empty: always enough."),
        min_value=0,
        max_value=MAX_STOCK,
        required=False,
    )
    rental_units = forms.IntegerField(
        label=gettext_lazy("Pieces for rent"), min_value=0, max_value=MAX_UNITS, initial=0
    )

    class Meta:
        model = ProductVariant
        fields = ["size", "colour", "sku", "price", "stock", "rental_units", "is_active"]

    def offer(self) -> Offer:
        """The variant as the domain takes it."""
        return Offer(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class RentalForm(forms.Form):
    """The terms of rental; without a price per day the product is not for rent."""

    price_per_day = _price(
        gettext_lazy("Price per day, ₸"),
        help_text=gettext_lazy("Empty: not for rent."),
        required=False,
    )
    deposit = _price(gettext_lazy("Deposit, ₸"), least=0, initial=0)
    late_fee_per_day = _price(gettext_lazy("Fee for a day too late, ₸"), least=0, initial=0)
    min_days = _days(gettext_lazy("Shortest rental, days"), least=1, initial=1)
    max_days = _days(gettext_lazy("Longest rental, days"), least=1, initial=14)
    buffer_days = _days(gettext_lazy("Cleaning, days"), most=MAX_BUFFER_DAYS, initial=1)

    def terms(self) -> dict[str, Any] | None:
        """The terms as the domain takes them; None for what is not for rent."""
        return self.cleaned_data if self.cleaned_data["price_per_day"] else None


VariantForms = forms.formset_factory(
    VariantForm, extra=2, max_num=MAX_VARIANTS, validate_max=True, can_delete=True
)


class OfferForms:
    """The part of a product's page about variants and rental. A post without it changes neither."""

    def __init__(self, product: Product | None, data: Any = None) -> None:
        sent = data if data and "variants-TOTAL_FORMS" in data else None
        self.variants = VariantForms(sent, initial=_initial(product), prefix="variants")
        self.rental = RentalForm(sent, initial=_terms(product), prefix="rental")
        self.is_sent = sent is not None

    def is_valid(self) -> bool:
        return not self.is_sent or all([self.variants.is_valid(), self.rental.is_valid()])

    def changes(self) -> dict[str, Any]:
        """What the owner changed, as the domain takes it."""
        changes: dict[str, Any] = {}
        if self.is_sent and self.variants.has_changed():
            changes["offers"] = self._offers()
        if self.is_sent and self.rental.has_changed():
            changes["rental_terms"] = self.rental.terms()
        return changes

    def _offers(self) -> list[Offer]:
        kept = [form for form in self.variants.forms if form not in self.variants.deleted_forms]
        filled = [form.offer() for form in kept if form.initial or form.has_changed()]
        return filled or [Offer()]


def _initial(product: Product | None) -> list[dict[str, Any]]:
    if product is None:
        return [{"is_active": True, "rental_units": 0}]
    return list(product.variants.values(*VariantForm.Meta.fields))


def _terms(product: Product | None) -> dict[str, Any]:
    terms = RentalTerms.objects.filter(product=product).first() if product else None
    return model_to_dict(terms) if terms else {}


class ListingFeeForm(forms.Form):
    """For how many times 30 days a product is paid for."""

    months = forms.TypedChoiceField(label=gettext_lazy("How long"), coerce=int, choices=_periods)
