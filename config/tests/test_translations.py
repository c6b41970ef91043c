"""Everything people read is there in Russian and in Kazakh; no GNU tools are needed to check it."""

import ast
import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.timezone import datetime
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
CATALOGUES = [
    folder / language / "LC_MESSAGES" / "django.po"
    for folder in settings.LOCALE_PATHS
    for language in ("ru", "kk")
]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{[\w.]*\}")
MARKED = re.compile(r"""(?:\bn?gettext|\b_)\(\s*u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
HOW = (
    "Run manage.py makemessages -l ru -l kk --no-location --no-wrap --no-obsolete,"
    " translate what is new, then run manage.py compilemessages."
)

every_catalogue = pytest.mark.parametrize(
    "path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT))
)


def forms(entry):
    """The texts of an entry beside what each of them translates."""
    if entry.msgid_plural:
        return [(entry.msgid_plural, text) for text in entry.msgstr_plural.values()]
    return [(entry.msgid, entry.msgstr)]


def entries(file):
    return {
        (entry.msgctxt, entry.msgid): [text for _, text in forms(entry)]
        for entry in file
        if not entry.obsolete
    }


@every_catalogue
def test_every_entry_is_translated(path):
    catalogue = polib.pofile(str(path))

    assert len(catalogue) > 0
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete] == []
    assert not catalogue.metadata_is_fuzzy


@every_catalogue
def test_placeholders_are_those_of_the_message(path):
    wrong = [
        (message, text)
        for entry in polib.pofile(str(path))
        for message, text in forms(entry)
        if {*PLACEHOLDER.findall(message)} != {*PLACEHOLDER.findall(text)}
    ]

    assert wrong == []


@every_catalogue
def test_the_compiled_file_is_the_one_of_its_source(path):
    source, compiled = polib.pofile(str(path)), polib.mofile(str(path.with_suffix(".mo")))

    assert entries(compiled) == entries(source), HOW
    assert compiled.metadata["Plural-Forms"] == source.metadata["Plural-Forms"]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_nothing_that_is_marked_is_missing(language):
    catalogue = polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))

    known = {entry.msgid for entry in catalogue}

    assert marked() - known == set(), HOW
    assert known - marked() == set(), HOW


@cache
def marked():
    return {*marked_in_code(), *marked_in_templates()}


def marked_in_code():
    for app in apps.get_app_configs():
        if Path(app.path).parent == ROOT:
            for path in Path(app.path).rglob("*.py"):
                yield from marked_in_module(ast.parse(path.read_text(encoding="utf-8")))


def marked_in_module(module):
    """What is given as a literal to gettext and its kin, under whatever name they are imported."""
    names = {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            text = node.args[0]
            assert isinstance(text, ast.Constant), f"gettext needs a literal: {ast.unparse(node)}"
            yield text.value


def marked_in_templates():
    for path in (ROOT / "templates").rglob("*.html"):
        for literal in MARKED.findall(templatize(path.read_text(encoding="utf-8"))):
            yield ast.literal_eval(literal)


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "Войти через Google"), ("kk", "Google арқылы кіру")]
)
def test_the_sign_in_page_is_in_the_language_of_the_browser(client, db, language, words):
    response = client.get(reverse("panel-sign-in"), headers={"accept-language": language})

    html = response.content.decode()
    assert f'<html lang="{language}">' in html
    assert words in html
    assert "Sign in with Google" not in html


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("ru", "По этому адресу ничего нет."),
        ("kk", "Бұл мекенжайда ештеңе жоқ."),
        ("en", "There is nothing at this address."),
    ],
)
def test_a_problem_of_the_api_is_in_the_language_of_the_client(client, db, language, detail):
    response = client.get("/api/v1/products/404", headers={"accept-language": language})

    assert response.status_code == 404
    assert response.headers["Content-Language"] == language
    assert response.json()["detail"] == detail


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("ru", "name: Это не строка. price: Требуется численное значение."),
        ("kk", "name: Мәтін дұрыс емес. price: Дұрыс сан енгізілуі керек."),
    ],
)
def test_the_words_of_the_framework_are_too(as_aigerim, language, detail):
    response = as_aigerim.post(
        "/api/v1/wardrobe",
        {"name": ["a list"], "price": "much"},
        headers={"accept-language": language},
    )

    assert response.status_code == 422
    assert response.json()["detail"] == detail


@pytest.mark.parametrize(
    ("language", "name"), [("ru", "Платья"), ("kk", "Көйлектер"), ("en", "Dresses")]
)
def test_categories_are_named_in_the_language_of_the_client(client, dresses, language, name):
    response = client.get("/api/v1/categories", headers={"accept-language": language})

    names = {category["id"]: category["name"] for category in response.json()["categories"]}
    assert names[dresses.pk] == name


@pytest.mark.parametrize(
    ("language", "title"), [("ru", "Товары на модерации"), ("kk", "Модерациядағы тауарлар")]
)
def test_the_administrators_site_is_too(desk, language, title):
    response = desk.get(reverse("admin:index"), headers={"accept-language": language})

    assert title in response.content.decode()


def test_dates_and_numbers_are_written_the_kazakh_way():
    with translation.override("kk"):
        assert date_format(datetime(2026, 11, 23), "DATE_FORMAT") == "2026 ж. 23 қараша"
        assert date_format(datetime(2026, 11, 23, 18, 5), "SHORT_DATETIME_FORMAT") == (
            "23.11.2026 18:05"
        )
        assert number_format(1234567, 2, force_grouping=True) == "1\xa0234\xa0567,00"


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_dates_are_written_day_first_in_every_language(language):
    with translation.override(language):
        assert date_format(datetime(2026, 11, 23), "SHORT_DATE_FORMAT") == "23.11.2026"
