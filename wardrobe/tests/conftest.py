from importlib import import_module

import pytest
from django.apps import apps

from catalog.models import Category


@pytest.fixture
def categories(db):
    """Those that every platform starts with, whatever an earlier test has emptied."""
    Category.objects.all().delete()
    import_module("catalog.migrations.0002_categories").add(apps, None)
