"""Plain text: what a person can have typed, whichever way it reaches us."""

import re

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import Refusal

MAX_BYTES = 256 * 1024  # of JSON, and of the text in a form
MAX_FIELDS = 100
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # tabs and line ends are text
SURROGATE = re.compile(r"[\ud800-\udfff]")


class Unreadable(Refusal):
    """What was sent cannot be read, or holds what could not be stored and shown again."""

    code = "unreadable"
    status = 400


class ControlCharacter(Unreadable):
    code = "control_character"


class LoneSurrogate(Unreadable):
    code = "lone_surrogate"


class TooManyFields(Unreadable):
    code = "too_many_fields"


class BodyTooLarge(Unreadable):
    code = "body_too_large"
    status = 413

    def __init__(self) -> None:
        super().__init__(_("The request is too large."))


def check_text(text: str) -> None:
    """Raise Unreadable for control characters (NUL too) and for halves of surrogate pairs."""
    if found := CONTROL.search(text):
        message = _("The text holds a control character (U+%(number)s).")
        raise ControlCharacter(message % {"number": f"{ord(found.group()):04X}"})
    if SURROGATE.search(text):
        raise LoneSurrogate(_("The text holds half of a character."))


def check_fields(form: QueryDict) -> None:
    """Raise Unreadable for a form or a query string of too many fields, or of more than text."""
    fields = [(name, value) for name, values in form.lists() for value in values]
    if len(fields) > MAX_FIELDS:
        message = _("There are more than %(most)d fields.")
        raise TooManyFields(message % {"most": MAX_FIELDS})
    if sum(len(name) + len(value) for name, value in fields) > MAX_BYTES:
        raise BodyTooLarge
    for name, value in fields:
        check_text(name)
        check_text(value)
