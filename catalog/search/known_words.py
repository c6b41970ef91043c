"""The words by which visible products are known, and what people mean by those they type.

Their table is small, whatever the catalogue holds: a typing error is looked for here, never in the
texts of products. `learn` writes it anew every few minutes; what a product is called is found at
once all the same, only not yet by a word with an error in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from catalog.models import KnownWord, Product
from catalog.search import spelling

COMPLETIONS = 10

IN_USE = """
SELECT word, (tsvector_to_array(to_tsvector('russian', word)))[1], ndoc
  FROM ts_stat($stat$
    SELECT to_tsvector('simple', unaccent(concat_ws(' ',
             product.name, product.name_kk, product.name_en,
             category.name_ru, category.name_kk, category.name_en, shop.shop_name,
             (SELECT string_agg(colour, ' ') FROM product_variants
               WHERE product_id = product.id AND is_active))))
      FROM products product JOIN shops shop ON shop.id = product.shop_id
      LEFT JOIN product_categories category ON category.id = product.category_id
     WHERE product.id IN ({visible})
  $stat$)
 WHERE word ~ '^[[:alpha:]]+$' AND length(word) BETWEEN 2 AND {longest}
"""

MEANT = """
SELECT asked.lexeme,
       (SELECT max(products_count) FROM known_words WHERE stem = ANY (
          coalesce(known.stems, alike.stems, longer.stems, near.stems))),
       known.stems, alike.stems, longer.stems, near.stems
  FROM (
    SELECT (tsvector_to_array(to_tsvector('russian', unaccent(word))))[1] COLLATE "default",
           unaccent(word) COLLATE "C", root, sound, place
      FROM unnest(%s::text[], %s::text[], %s::text[])
           WITH ORDINALITY AS typed (word, root, sound, place)
  ) AS asked (lexeme, word, root, sound, place)
 CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT stem) FROM known_words
     WHERE stem = asked.lexeme OR root = asked.root
  ) AS known (stems)
 CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT stem) FROM known_words
     WHERE known.stems IS NULL AND sound = asked.sound
  ) AS alike (stems)
 CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT stem) FROM (
      SELECT stem FROM known_words
       WHERE known.stems IS NULL AND alike.stems IS NULL AND length(asked.word) >= 3
         AND word >= asked.word AND word < asked.word || chr(1114111)
       ORDER BY products_count DESC LIMIT 20) AS beginning
  ) AS longer (stems)
 CROSS JOIN LATERAL (
    SELECT array_agg(stem) FROM (
      SELECT stem FROM known_words
       WHERE known.stems IS NULL AND alike.stems IS NULL AND longer.stems IS NULL
         AND length(asked.sound) >= 4
         AND (sound = ANY (ARRAY(
                SELECT overlay(asked.sound PLACING reverse(substr(asked.sound, at, 2))
                               FROM at FOR 2)
                  FROM generate_series(1, length(asked.sound) - 1) AS at))
              OR sound %% asked.sound
                 AND levenshtein_less_equal(sound, asked.sound, 2)
                     <= CASE WHEN length(asked.sound) < 6 THEN 1 ELSE 2 END)
       ORDER BY levenshtein_less_equal(sound, asked.sound, 2), products_count DESC
       LIMIT 1) AS nearest
  ) AS near (stems)
 ORDER BY asked.place
"""

COMPLETED = """
SELECT word FROM (
  SELECT DISTINCT ON (stem) known_words.word, products_count FROM known_words,
         unnest(%s::text[], %s::text[]) AS asked (word, sound)
   WHERE (known_words.word >= unaccent(asked.word) COLLATE "C"
          AND known_words.word < unaccent(asked.word) COLLATE "C" || chr(1114111))
      OR known_words.sound LIKE asked.sound
   ORDER BY stem, products_count DESC, known_words.word
) AS each_once ORDER BY products_count DESC, word LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one typed word stands for: any of these stems; none for a word that says nothing.

    At least so many products have it: when they were last counted, and in their descriptions more.
    """

    stems: Sequence[str]
    is_certain: bool
    products_count: int = 0


@transaction.atomic
def learn() -> int:
    """Write the table anew; returns how many words there are."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE known_words IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(_in_use())
        fresh = {word: _known(word, stem, count) for word, stem, count in cursor.fetchall() if stem}
    before = dict(KnownWord.objects.values_list("word", "products_count"))
    KnownWord.objects.filter(word__in=before.keys() - fresh.keys()).delete()
    changed = [row for word, row in fresh.items() if before.get(word) != row.products_count]
    KnownWord.objects.bulk_create(
        changed,
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["stem", "root", "sound", "products_count"],
    )
    return len(fresh)


def meanings(text: str) -> list[Meaning]:
    """What each word of a text stands for. One query.

    A text that makes sense only on the other keyboard layout is read as if it were typed there.
    """
    text = spelling.plain(text)
    typed, switched = spelling.words(text), spelling.words(spelling.on_other_layout(text))
    found = _looked_up([*typed, *switched])
    as_typed, as_switched = found[: len(typed)], found[len(typed) :]
    wrong_layout = not _makes_sense(as_typed) and _makes_sense(as_switched)
    return as_switched if wrong_layout else as_typed


def completions(text: str) -> list[str]:
    """The text with its last word completed, the words of most products first. One query."""
    text = spelling.plain(text)
    before, last = _last_word(text)
    readings = list(filter(str.isalnum, [last, spelling.on_other_layout(last)]))
    sounds = [spelling.sound(reading) + "%" for reading in readings]
    with connection.cursor() as cursor:
        cursor.execute(COMPLETED, [readings, sounds, COMPLETIONS])
        return [before + word for (word,) in cursor.fetchall()]


def _in_use() -> str:
    visible, values = Product.objects.visible().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        selected = cursor.mogrify(visible, values)
    return IN_USE.format(visible=selected, longest=spelling.LONGEST_WORD)


def _known(word: str, stem: str, count: int) -> KnownWord:
    root, sound = spelling.root(word), spelling.sound(word)
    return KnownWord(word=word, stem=stem, root=root, sound=sound, products_count=count)


def _looked_up(words: list[str]) -> list[Meaning]:
    roots, sounds = [*map(spelling.root, words)], [*map(spelling.sound, words)]
    with connection.cursor() as cursor:
        cursor.execute(MEANT, [words, roots, sounds])
        return [_meaning(*row) for row in cursor.fetchall()]


def _meaning(lexeme: str | None, count: int | None, *found: list[str] | None) -> Meaning:
    if lexeme is None:
        return Meaning((), is_certain=False)
    *certain, near = found
    sure = next(filter(None, certain), None)
    return Meaning(sure or near or [lexeme], sure is not None, count or 0)


def _makes_sense(words: list[Meaning]) -> bool:
    return bool(words) and all(word.is_certain for word in words if word.stems)


def _last_word(text: str) -> tuple[str, str]:
    before, space, last = text.rpartition(" ")
    return before + space, last[: spelling.LONGEST_WORD]
