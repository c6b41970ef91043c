"""docs/orders.md is what the tables of the lifecycles say."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from orders import documents
from orders.transitions import TABLES

DOCUMENT = settings.BASE_DIR / "docs" / "orders.md"


def test_the_document_is_up_to_date():
    call_command("order_document", "--check")


def test_an_outdated_document_is_noticed(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "orders.md").write_text(documents.written() + "x")

    with pytest.raises(CommandError, match="out of date"):
        call_command("order_document", "--check")

    call_command("order_document")
    call_command("order_document", "--check")


def test_every_step_has_its_row_and_its_arrow():
    written = DOCUMENT.read_text()

    for step in (step for table in TABLES.values() for step in table):
        assert f"| `{step.source}` | `{step.event}` (" in written
        if step.source != step.target:
            arrows = [line for line in written.splitlines() if line.startswith("    ")]
            arrow = f"    {step.source} --> {step.target}: "
            assert [a for a in arrows if a.startswith(arrow) and step.event in a]


def test_times_are_said_in_words():
    written = DOCUMENT.read_text()

    assert "buyer until 48 hours before the first day begins" in written
    assert "time limit from 15 minutes after the order" in written
    assert "buyer; time limit from 3 days after the delivery" in written
