"""A setting of the platform: its name, what it may be, and what it is now."""

import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.errors import Refusal
from core.models import PlatformSetting

NumberT = TypeVar("NumberT", Decimal, int)
# A whole number, or one with two decimals, that no column of ours is too small for.
WRITTEN = {int: re.compile(r"[0-9]{1,9}"), Decimal: re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")}


class InvalidSetting(Refusal):
    code = "invalid_setting"
    status = 422


@dataclass(frozen=True, kw_only=True)
class Setting(Generic[NumberT]):
    """One setting. Texts go over the wire and into the database, numbers into the domain.

    Until an administrator says otherwise it is what the deployment says: `default`.
    """

    key: str
    title: Any
    unit: Any
    kind: type[NumberT]
    least: NumberT
    most: NumberT
    default: Callable[[], NumberT]

    @property
    def description(self) -> str:
        """The title with the unit and the bounds, in the reader's language."""
        text = _("%(title)s (%(unit)s, from %(least)s to %(most)s)")
        return text % {"unit": self.unit, **self._words}

    def value(self) -> NumberT:
        """What it is now; a change is known in every process within 5 seconds."""
        return self.parsed(self.text())

    def text(self) -> str:
        return known.texts().get(self.key, str(self.default()))

    def parsed(self, text: str) -> NumberT:
        """The number that the text says; InvalidSetting for what this setting cannot be."""
        if WRITTEN[self.kind].fullmatch(text):
            number = self.kind(text)
            if self.least <= number <= self.most:
                return number
        raise InvalidSetting(self._rule)

    @property
    def _rule(self) -> str:
        if self.kind is int:
            rule = _("“%(title)s” is a whole number from %(least)s to %(most)s.")
        else:
            rule = _("“%(title)s” goes from %(least)s to %(most)s, with two decimals at most.")
        return rule % self._words

    @property
    def _words(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "least": number_format(self.least, force_grouping=True),
            "most": number_format(self.most, force_grouping=True),
        }


class Known:
    """What this process knows of the settings that somebody has changed."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._texts: dict[str, str] = {}
        self._read_at = -math.inf

    def texts(self) -> dict[str, str]:
        now = time.monotonic()
        if now - self._read_at >= settings.PLATFORM_SETTINGS_CACHED_SECONDS:
            self._texts = dict(PlatformSetting.objects.values_list("key", "value"))
            self._read_at = now
        return self._texts


known = Known()
