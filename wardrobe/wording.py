"""What a person reads about the things of a wardrobe."""

from django.utils.translation import gettext as _


def why_not_removed(code: str) -> str:
    """Why a background could not be removed, in the caller's language."""
    sentences = {
        "image_unreadable": _("The picture could not be read."),
        "image_too_small": _("The picture is too small."),
        "no_garment": _("No garment was found in the picture."),
        "garment_not_isolated": _("The garment could not be told from its background."),
        "garment_on_model": _("The picture shows a person; a garment alone is needed."),
    }
    return sentences.get(code, _("The background could not be removed. Try again."))
