"""What is not drawn for anybody; providers have checks of their own besides."""

from functools import cache
from pathlib import Path

from core import words
from core.errors import Refusal
from generations import errors

WORDS = Path(__file__).with_name("unsafe_words.toml")


class ContentBlocked(Refusal):
    code = "content_blocked"
    status = 422


def check(prompt: str) -> None:
    """ContentBlocked for words of pornography, hate or terror in Russian, Kazakh or English.

    A list of words is blunt: it stops who asks plainly, and never one who wants clothes.
    """
    unsafe, _ = words.found(_table(), words.plain(prompt))
    if unsafe:
        raise ContentBlocked(errors.text(ContentBlocked.code))


@cache
def _table() -> words.Table:
    return words.tables(WORDS)["unsafe"]
