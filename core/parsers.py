"""Reading bodies: what no rule of the domain could make sense of is refused before it."""

import json
import math
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError, UnsupportedMediaType

MAX_DEPTH = 20


class StrictJSONParser(parsers.JSONParser):
    """JSON without lone surrogates and infinite numbers, 20 levels deep; else ParseError."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            body = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        if not is_sane(body):
            raise ParseError(_("The JSON holds something that cannot be stored."))
        return body


class Utf8FormParser(parsers.FormParser):
    """Forms in UTF-8; other encodings are 415."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        encoding = (parser_context or {}).get("encoding", "utf-8")
        if encoding.lower() not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType(media_type)
        return super().parse(stream, media_type, parser_context)


def nested_json(text: str) -> Any:
    """JSON that came as text inside a form; ValueError for anything StrictJSONParser refuses."""
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not is_sane(value):
        raise ValueError("not storable")
    return value


def is_sane(value: Any, depth: int = 0) -> bool:
    """Whether a parsed value can be stored and sent again."""
    if isinstance(value, dict | list):
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        return depth < MAX_DEPTH and all(is_sane(some, depth + 1) for some in inner)
    if isinstance(value, str):
        return not any("\ud800" <= letter <= "\udfff" for letter in value)
    return not isinstance(value, float) or math.isfinite(value)
