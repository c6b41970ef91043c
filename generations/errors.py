"""Why a generation failed, in words for the person who asked for it."""

from django.utils.translation import gettext as _


def text(code: str) -> str:
    """The sentence for an error code, in the caller's language."""
    sentences = {
        "image_unreadable": _("The picture could not be read."),
        "image_too_small": _("The picture is too small."),
        "no_person": _("Nobody was found in the photo. Stand facing the camera."),
        "multiple_persons": _("There are several people in the photo. Be there alone."),
        "person_too_small": _("The person in the photo is too small. Come closer."),
        "pose_not_frontal": _("Stand facing the camera."),
        "pose_unclear": _("The pose is not clear. Stand straight, arms a little apart."),
        "lower_body_not_visible": _("The legs have to be visible to try this on."),
        "no_garment": _("No garment was found in the product's picture."),
        "garment_not_isolated": _("The garment could not be told from its background."),
        "garment_on_model": _("The product's picture shows a person; a garment alone is needed."),
        "category_unsupported": _("This kind of product cannot be tried on yet."),
        "prompt_no_garment": _("Name a garment, for example: a blue linen dress."),
        "prompt_too_long": _("The description is too long."),
        "canceled": _("This was stopped. Your money is back."),
        "content_blocked": _("This request is not allowed."),
    }
    return sentences.get(code, _("The picture could not be made. Your money is back."))
