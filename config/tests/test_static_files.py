import pytest
from django.contrib.staticfiles.finders import get_finder

from config import static_files


@pytest.fixture
def source(settings, tmp_path):
    (tmp_path / "source").mkdir()
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATIC_ROOT = tmp_path / "collected"
    get_finder.cache_clear()
    yield tmp_path / "source" / "panel.css"
    get_finder.cache_clear()


@pytest.fixture
def collected(source):
    """The copy that clients get."""
    return source.parent.parent / "collected" / "panel.css"


def test_a_change_is_collected(source, collected):
    for style in ("body { margin: 0 }", "body { margin: 1rem }"):
        source.write_text(style)

        static_files.collect()

        assert collected.read_text() == style


def test_nothing_is_done_when_nothing_changed(source, collected, monkeypatch):
    source.write_text("body { margin: 0 }")
    static_files.collect()
    monkeypatch.setattr(static_files, "call_command", None)

    static_files.collect()

    assert collected.exists()
