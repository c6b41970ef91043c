"""How else a word may be written: on the other keyboard layout, in Latin letters, in Kazakh."""

import re
import unicodedata

LONGEST_WORD = 40  # letters
MOST_WORDS = 8
LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
CYRILLIC_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"
OTHER_LAYOUT = str.maketrans(LATIN_KEYS + CYRILLIC_KEYS, CYRILLIC_KEYS + LATIN_KEYS)

SOUNDS = str.maketrans(
    dict(zip("абвгдеёзийклмнопрстуфхыэ", "abvgdeeziiklmnoprstufhie", strict=True))
    | dict(zip("әғқңөұүһі", "agknouuhi", strict=True))
    | {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia"}
    | {"ъ": "", "ь": ""}
)
SOUNDING_SIGN = re.compile(r"ь(?=[аеёиоуюяэ])")
# What people write for the same sound; each is replaced in this order.
SPELLINGS = [
    (r"shch|sch", "sh"),
    (r"oo", "u"),
    (r"ee", "i"),
    (r"kh", "h"),
    (r"ph", "f"),
    (r"dj", "dzh"),
    (r"j", "zh"),
    (r"tz", "ts"),
    (r"x", "ks"),
    (r"c(?=[eiy])", "ts"),
    (r"c(?!h)|q", "k"),
    (r"w", "v"),
    (r"y", "i"),
    (r"(.)\1+", r"\1"),
]

KAZAKH = re.compile(r"[әғқңөұүһі]")
BACK, FRONT = "аоұыуя", "әөүіеэ"
VOICED, VOICELESS = "лмнңзж", "пфкқтсшщчцхһбвгд"
ROOT = 4  # letters at least
# The plural has the kind of vowel that the root ends with, and the consonant that fits its end.
PLURAL_SOUND = rf"(?:(?<=[{BACK}{FRONT}рйи])л|(?<=[{VOICED}])д|(?<=[{VOICELESS}])т)"
PLURAL = re.compile(
    rf"{PLURAL_SOUND}(?:(?<=[{BACK}].)|(?<=[{BACK}]..)|(?<=[{BACK}]...))ар$"
    rf"|{PLURAL_SOUND}(?:(?<=[{FRONT}].)|(?<=[{FRONT}]..)|(?<=[{FRONT}]...))ер$"
)
# Possessive and case endings, the longest first; a root that sounds again is written "г", "ғ", "б".
ENDINGS = re.compile(
    "(?:ының|інің|ларын|лерін|ымыз|іміз|ның|нің|дың|дің|тың|тің|нан|нен|дан|ден|тан|тен"
    "|ына|іне|мен|бен|пен|ған|ген|да|де|та|те|ға|ге|қа|ке|ды|ді|ты|ті|ны|ні|ын|ін|сы|сі|ы|і)$"
)
SOFTENED = str.maketrans("гғб", "кқп")


def plain(text: str) -> str:
    """In small letters, composed."""
    return unicodedata.normalize("NFKC", text).lower()


def words(text: str) -> list[str]:
    """The words of a plain text, the first few of them."""
    return [word[:LONGEST_WORD] for word in re.findall(r"[^\W_]+", text)][:MOST_WORDS]


def on_other_layout(text: str) -> str:
    """The plain text as the same keys write it on the other layout: gkfnmt is платье."""
    return text.translate(OTHER_LAYOUT)


def sound(word: str) -> str:
    """What words sound like that are written alike in Cyrillic and in Latin: platie is платье."""
    word = SOUNDING_SIGN.sub("и", plain(word))
    word = _without_marks(word.translate(SOUNDS))
    for pattern, letters in SPELLINGS:
        word = re.sub(pattern, letters, word)
    return word


def root(word: str) -> str:
    """A Kazakh word without its endings: көйлектерді is көйлек. Others stay what they are.

    There is no Kazakh stemmer in PostgreSQL. Words without a letter that Kazakh alone has lose
    their plural only, and only where it obeys the harmony of sounds: шалбарлар, but not свитер.
    """
    if KAZAKH.search(word):
        word = _shortened(ENDINGS, word)
    return _shortened(PLURAL, word)


def _shortened(endings: re.Pattern[str], word: str) -> str:
    shorter = endings.sub("", word)
    if shorter == word or len(shorter) < ROOT:
        return word
    return shorter[:-1] + shorter[-1].translate(SOFTENED) if endings is ENDINGS else shorter


def _without_marks(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
