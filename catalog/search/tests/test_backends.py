"""Both backends find the same; OpenSearch is one that stands beside the tests."""

import pytest
from django.core.cache import caches
from django.core.management import call_command
from opensearchpy import OpenSearchException

from catalog import search as package
from catalog.models import Product
from catalog.search import indexing, opensearch, search
from catalog.search.checks import search_can_work
from catalog.search.tests.fake_opensearch import FakeOpenSearch
from catalog.tables import WordsChange
from catalog.tasks import keep_search_up
from catalog.variants import Offer
from core.tests.fake_server import Mood

LOCMEM = "django.core.cache.backends.locmem.LocMemCache"

MOODS = [Mood.SILENT, Mood.GARBAGE, Mood.EMPTY, Mood.BROKEN]
FOUND = {
    "платье": ["Платье шёлковое", "Пальто шерстяное"],
    "ШЕЛКОВЫЕ платья": ["Платье шёлковое"],
    "outerwear": ["Пальто шерстяное"],
    "ақ көйлекті": ["Ақ көйлектер"],
    "red": ["Ақ көйлектер"],
    "палто": ["Пальто шерстяное"],
    "gfkmnj": ["Пальто шерстяное"],
    "palto": ["Пальто шерстяное"],
    "платье сапоги": [],
    "экскаватор": [],
    "'\\ & | !": [],
    "для": [],
}


@pytest.fixture
def engine(settings):
    """An OpenSearch that the platform searches with."""
    settings.CACHES = {**settings.CACHES, "process": {"BACKEND": LOCMEM, "LOCATION": "search"}}
    caches["process"].clear()
    with FakeOpenSearch() as fake:
        for name, value in fake.settings().items():
            setattr(settings, name, value)
        indexing.client.cache_clear()
        yield fake
    indexing.client.cache_clear()


@pytest.fixture(params=["postgres", "opensearch", "opensearch without an index"])
def kept_up(request):
    """What the worker does each minute, with whichever backend."""
    if request.param != "postgres":
        request.getfixturevalue("engine")
    yield int if request.param == "opensearch without an index" else keep_search_up
    if request.param == "opensearch":
        assert not caches["process"].get(opensearch.RESTING)


@pytest.fixture
def wardrobe(sells):
    sells("Платье шёлковое", description="Вечернее, с открытой спиной", price=900)
    sells("Пальто шерстяное", category="outerwear", description="К платью", price=300)
    sells("Ақ көйлектер", category="skirts", offers=[Offer(colour="red")])


@pytest.fixture
def indexed(engine, wardrobe):
    """OpenSearch knows the three products of the wardrobe."""
    keep_search_up()
    engine.asked.clear()
    return engine


def test_both_find_the_same(kept_up, wardrobe, found):
    kept_up()
    for q, names in FOUND.items():
        assert found(q) == names, q
        assert sorted(found(q, sort="price")) == sorted(names), q


def test_both_sort_narrow_count_complete_and_compare_alike(kept_up, wardrobe, found, anyone):
    kept_up()

    assert found("платье", sort="price") == ["Пальто шерстяное", "Платье шёлковое"]
    assert found("платье", price_min=500) == ["Платье шёлковое"]
    assert anyone.get("/api/v1/products/facets", {"q": "платье"}).json()["total"] == 2
    suggested = anyone.get("/api/v1/products/suggest", {"q": "паль"}).json()
    assert suggested == {"suggestions": ["пальто"]}
    dress = Product.objects.get(name="Платье шёлковое")
    assert anyone.get(f"/api/v1/products/{dress.pk}/similar").json() == {"products": []}


def test_both_know_what_changes_at_once_and_after_the_worker(kept_up, wardrobe, found, sells):
    kept_up()
    Product.objects.filter(name="Платье шёлковое").update(name="Туника льняная", description="")
    Product.objects.get(name="Пальто шерстяное").delete()
    sells("Туника", description="Туника", category="hats")
    for _ in range(2):
        assert found("платье") == ["Туника льняная"]  # by its category
        assert found("шёлковое") == []
        assert sorted(found("туника")) == ["Туника", "Туника льняная"]
        assert found("пальто") == []
        kept_up()


def test_neither_finds_what_is_hidden(kept_up, wardrobe, found):
    kept_up()
    Product.objects.filter(name="Пальто шерстяное").update(is_active=False)

    assert found("платье") == ["Платье шёлковое"]


def test_opensearch_is_asked_once_for_a_page(indexed, found):
    assert found("платье") == ["Платье шёлковое", "Пальто шерстяное"]

    assert indexed.searches() == 1


def test_each_change_is_told_once(indexed, sells):
    assert keep_search_up() == 0
    sells("Кепка", category="hats")
    Product.objects.get(name="Пальто шерстяное").delete()

    assert keep_search_up() == 2
    assert keep_search_up() == 0
    names = [document["name"] for document in indexed.documents.values()]
    assert len(names) == 3
    assert ["кепк"] in names


def test_what_changes_while_it_is_told_is_told_again(indexed, monkeypatch):
    coat = Product.objects.filter(pk=Product.objects.get(name="Пальто шерстяное").pk)
    coat.update(name="Плащ")
    told = indexing.bulk

    def interrupted(*arguments, **options):
        told(*arguments, **options)
        coat.update(name="Куртка")

    monkeypatch.setattr(indexing, "bulk", interrupted)
    keep_search_up()

    assert list(WordsChange.objects.values_list("product_id", flat=True)) == [coat.get().pk]


def test_who_comes_late_with_old_words_is_not_heard(indexed):
    coat = Product.objects.get(name="Пальто шерстяное")
    before = indexed.versions[str(coat.pk)]
    Product.objects.filter(pk=coat.pk).update(name="Плащ")
    keep_search_up()

    indexing._tell({coat.pk: before})

    assert indexed.versions[str(coat.pk)] > before


def test_postgresql_answers_while_opensearch_does_not(indexed, found, monkeypatch):
    monkeypatch.setattr(opensearch, "CALL_SECONDS", 0.2)
    for number, trouble in enumerate([401, 404, 429, 500, 503, *MOODS], start=1):
        caches["process"].clear()
        indexed.trouble = trouble if isinstance(trouble, int) else None
        indexed.mood = trouble if isinstance(trouble, Mood) else Mood.NORMAL

        assert found("платье") == ["Платье шёлковое", "Пальто шерстяное"], trouble
        assert indexed.searches() == number, trouble


def test_opensearch_is_left_in_peace_for_a_while(indexed, found):
    indexed.trouble = 503
    for _ in range(3):
        assert found("платье", sort="price") == ["Пальто шерстяное", "Платье шёлковое"]
    assert indexed.searches() == 1

    indexed.trouble = None
    caches["process"].delete(opensearch.RESTING)  # as its time does
    found("платье")
    assert indexed.searches() == 2


@pytest.mark.parametrize("trouble", [429, 503])
def test_what_could_not_be_told_is_told_later(indexed, sells, trouble):
    sells("Кепка", category="hats")
    indexed.trouble = trouble
    with pytest.raises(OpenSearchException):
        keep_search_up()
    assert WordsChange.objects.count() == 1

    indexed.trouble = None
    assert keep_search_up() == 1


def test_postgresql_finds_what_too_many_have_and_while_too_many_wait(indexed, found, monkeypatch):
    monkeypatch.setattr(opensearch, "MOST", 2)
    monkeypatch.setattr(FakeOpenSearch, "window", 2)
    assert found("платье") == ["Платье шёлковое", "Пальто шерстяное"]
    assert indexed.searches() == 1

    Product.objects.update(description="Новое")
    assert len(found("новое")) == 3
    assert indexed.searches() == 1


def test_the_index_is_made_anew(indexed, capsys):
    key = str(Product.objects.get(name="Пальто шерстяное").pk)
    indexed.documents[key] = {**indexed.documents[key], "name": ["чужое"]}

    call_command("index_products")
    assert indexed.documents[key]["name"] == ["чужое"]
    call_command("index_products", "--all")

    assert sorted(indexed.documents[key]["name"]) == ["пальт", "шерстян"]
    said = "0 products are indexed.\n3 products are indexed.\n"
    assert capsys.readouterr().out == said


def test_an_index_that_got_lost_is_made_again(indexed, found):
    indexed.exists, indexed.documents, indexed.versions = False, {}, {}
    assert found("платье") == ["Платье шёлковое", "Пальто шерстяное"]

    assert keep_search_up() == 3


def test_postgresql_needs_no_index(wardrobe, capsys):
    call_command("index_products", "--all")

    assert capsys.readouterr().out == "0 products are indexed.\n"
    assert isinstance(search(), package.postgres.PostgresSearch)


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ({}, None),
        ({"SEARCH_BACKEND": "sphinx"}, "names sphinx, which is none of postgres, opensearch."),
        ({"OPENSEARCH_URL": ""}, "OPENSEARCH_URL is to be http(s)://user:password@host:port"),
        ({"OPENSEARCH_URL": "http://leema@host"}, "OPENSEARCH_URL is to be"),
        ({"OPENSEARCH_INDEX": ""}, "needs OPENSEARCH_INDEX."),
    ],
)
def test_a_search_that_cannot_work_is_refused(settings, told, complaint):
    sound = {"SEARCH_BACKEND": "opensearch", "OPENSEARCH_URL": "https://leema:s@search:9200"}
    for name, value in {**sound, **told}.items():
        setattr(settings, name, value)

    complaints = [error.msg for error in search_can_work(None)]
    assert len(complaints) == (1 if complaint else 0)
    assert all(complaint in each for each in complaints)
