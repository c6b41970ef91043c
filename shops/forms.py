import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import images
from shops.models import Shop
from shops.serializers import WHATSAPP

PICTURES = "image/jpeg,image/png,image/webp"


def clean_picture(file: UploadedFile) -> bytes:
    """The file as a clean JPEG; what is wrong with it becomes an error of the form."""
    try:
        return images.clean(file.read())
    except images.PictureRefused as refusal:
        # The name tells the owner which of ten pictures is meant.
        raise forms.ValidationError(f"{file.name}: {refusal}", code=refusal.code) from refusal


class PictureField(forms.FileField):
    """One picture: bytes of a clean JPEG, or None."""

    widget = forms.FileInput(attrs={"accept": PICTURES, "data-preview": ""})

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        file = super().clean(data) if data else None
        return clean_picture(file) if file else None


class OpenShopForm(forms.ModelForm):
    class Meta:
        model = Shop
        fields = ["shop_name"]
        labels = {"shop_name": gettext_lazy("Name of the shop")}


class ProfileForm(forms.ModelForm):
    avatar = PictureField(
        label=gettext_lazy("New picture of the shop"),
        help_text=gettext_lazy("JPEG, PNG or WebP, up to 10 MB."),
        required=False,
        allow_empty_file=True,  # core.images says in its own words what is wrong with it
    )

    class Meta:
        model = Shop
        fields = [
            "shop_name",
            "owner_name",
            "description",
            "phone",
            "whatsapp_number",
            "address",
        ]
        labels = {
            "shop_name": gettext_lazy("Name of the shop"),
            "owner_name": gettext_lazy("Owner"),
            "description": gettext_lazy("About the shop"),
            "phone": gettext_lazy("Phone"),
            "whatsapp_number": gettext_lazy("WhatsApp number"),
            "address": gettext_lazy("Address"),
        }
        help_texts = {"whatsapp_number": gettext_lazy("With the country code: +7 701 234 56 78.")}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "whatsapp_number": forms.TextInput(attrs={"type": "tel"}),
            "address": forms.TextInput(attrs={"autocomplete": "street-address"}),
        }

    def clean_whatsapp_number(self) -> str:
        number = re.sub(r"[\s()-]", "", self.cleaned_data["whatsapp_number"])
        if number and not WHATSAPP.fullmatch(number):
            raise forms.ValidationError(_("Write + and 7 to 15 digits."))
        return number
