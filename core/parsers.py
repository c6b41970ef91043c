"""Reading bodies: what no rule of the domain could make sense of is refused before it."""

from typing import Any

from django.core.exceptions import TooManyFilesSent
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError, UnsupportedMediaType

from core import strict_json
from core.plain_text import MAX_BYTES, BodyTooLarge, Unreadable, check_fields


class MalformedForm(Unreadable):
    code = "malformed_form"


class TooManyFiles(Unreadable):
    code = "too_many_files"


class UnsupportedCharset(UnsupportedMediaType):
    default_code = "unsupported_charset"

    def __init__(self) -> None:
        super().__init__("", _("Bodies are UTF-8."))


class StrictJSONParser(parsers.BaseParser):
    """JSON in UTF-8, at most 256 KiB, by the rules of core.strict_json."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        _check_charset(parser_context)
        return strict_json.parsed(strict_json.decoded(_bounded(stream)))


class StrictFormParser(parsers.BaseParser):
    """A form in UTF-8 of at most 100 fields of plain text, 256 KiB together."""

    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> QueryDict:
        _check_charset(parser_context)
        form = QueryDict(strict_json.decoded(_bounded(stream)))
        check_fields(form)
        return form


class StrictMultiPartParser(parsers.MultiPartParser):
    """The same with files, `DATA_UPLOAD_MAX_NUMBER_FILES` at most."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        _check_charset(parser_context)
        try:
            parsed = super().parse(stream, media_type, parser_context)
        except TooManyFilesSent as error:
            raise TooManyFiles(_("There are too many files.")) from error
        except ParseError as error:
            raise MalformedForm(_("The form cannot be read.")) from error
        check_fields(parsed.data)
        return parsed


def _check_charset(parser_context: Any) -> None:
    charset = parser_context["request"].content_params.get("charset", "utf-8")
    if charset.lower() not in {"utf-8", "utf8"}:
        raise UnsupportedCharset


def _bounded(stream: Any) -> bytes:
    body: bytes = stream.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise BodyTooLarge
    return body
