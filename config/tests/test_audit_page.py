"""The audit log in the administrators' site: read, searched, taken along, never changed."""

import csv
import json
import re
import time
from io import StringIO

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.tests.test_every_admin_act_is_audited import OUR_APPS
from conftest import BACKEND
from core.audit_actions import ACTIONS
from core.models import AuditEntry

LIST = reverse("admin:core_auditentry_changelist")
EXPORT = reverse("admin:core_auditentry_export")

# The action stands first in the call that records it or passes it on.
RECORDED = re.compile(r'(?:audit\.record|_decide)\(\s*"([^"]+)"')


def seal():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def written(actor, action, subject, *, at="2026-03-05T20:30:00.000000+00:00", **said):
    """An entry as an administrator, a shop or a command leaves it."""
    record = {"at": at, "actor": actor, "session": "s-1", "ip": "203.0.113.9", "request_id": "r-1"}
    record |= {"action": action, "subject": subject, "before": {}, "after": {}, **said}
    entry = AuditEntry.objects.create(record=json.dumps(record))
    seal()
    entry.refresh_from_db()
    return entry


@pytest.fixture
def entries(admin, atelier):
    return [
        written(
            f"admin:{admin.pk}",
            "shop.reject",
            f"shop:{atelier.pk}",
            before={"rejection_reason": "", "is_active": True},
            after={"rejection_reason": "No address", "is_active": False},
        ),
        written("command:make_admin", "user.access", f"user:{admin.pk}", ip="", request_id=""),
        written(
            "admin:0",
            "order.cancel",
            "order:7",
            at="2026-03-04T18:59:59.999999+00:00",
            ip="2001:db8::1",
            request_id="r-2",
        ),
    ]


def shown(desk, **query):
    response = desk.get(LIST, query)
    assert response.status_code == 200
    return [entry.seq for entry in response.context["cl"].result_list]


def test_the_list_says_who_did_what_to_what_and_when(desk, entries, admin, atelier):
    page = desk.get(LIST).content.decode()

    assert shown(desk) == [2, 1, 3]
    assert "06.03.2026 01:30:00" in page  # in Almaty
    user_page = reverse("admin:accounts_user_change", args=[admin.pk])
    assert f'<a href="{user_page}">Arman (admin:{admin.pk})</a>' in page
    shop_page = reverse("admin:shops_shop_change", args=[atelier.pk])
    assert f'<a href="{shop_page}">Shop {atelier.pk}</a>' in page
    assert "Shop rejected" in page
    assert "command:make_admin" in page


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("command:make_admin", [2]),
        ("order.cancel", [3]),
        ("order:7", [3]),
        ("r-2", [3]),
        ("203.0.113.9", [1]),
        ("2001:db8::1", [3]),
        ("203.0.113.9 shop.reject", [1]),
        ("203.0.113.9 order.cancel", []),
        ("r-2 r-2 r-2 r-2 r-2 r-2", [3]),
        ("203.0", []),
        ("' OR 1=1 --", []),
        ("%", []),
    ],
)
def test_whole_words_are_searched(desk, entries, words, numbers):
    assert shown(desk, q=words) == numbers


def test_more_words_than_an_entry_has_find_nothing_and_soon(desk, entries):
    began = time.process_time()

    assert shown(desk, q=" ".join(map(str, range(2000)))) == []
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"action": "shop.reject"}, [1]),
        ({"action": "shop.reject", "q": "order:7"}, []),
        ({"from": "2026-03-05"}, [2, 1]),  # days of Almaty, five hours ahead
        ({"to": "2026-03-04"}, [3]),
        ({"from": "2026-03-06", "to": "2026-03-06"}, [2, 1]),
        ({"from": "2026-03-07"}, []),
        ({"from": "nonsense", "to": "2026-02-31"}, [2, 1, 3]),
        ({"to": "9999-12-31", "from": "0001-01-01"}, [2, 1, 3]),
    ],
)
def test_it_is_filtered_by_action_and_by_days(desk, entries, query, numbers):
    assert shown(desk, **query) == numbers


def test_the_days_keep_the_other_filters(desk, entries):
    page = desk.get(LIST, {"action": "shop.reject", "q": "203.0.113.9"}).content.decode()

    assert '<input type="hidden" name="action" value="shop.reject">' in page
    assert '<input type="hidden" name="q" value="203.0.113.9">' in page


def test_the_page_of_an_entry_shows_what_became_of_each_field(desk, entries, admin):
    page = desk.get(reverse("admin:core_auditentry_change", args=[entries[0].pk])).content.decode()

    assert entries[0].hash in page
    assert f"Arman (admin:{admin.pk})" in page
    row = '<tr><th scope="row">{}</th><td><del>{}</del></td><td><ins>{}</ins></td></tr>'
    assert row.format("Reason of the rejection", "", "No address") in page
    assert row.format("Open", "Yes", "No") in page


def test_what_is_written_in_an_entry_is_escaped(desk, atelier):
    entry = written("<b>", "<i>", "<u>", after={"<s>": "<script>"}, ip="<p>", session="<q>")
    for address in (LIST, reverse("admin:core_auditentry_change", args=[entry.pk])):
        page = desk.get(address).content.decode()
        assert all(tag not in page for tag in ("<b>", "<i>", "<u>", "<s>", "<script>", "<q>"))


def test_a_page_takes_the_same_number_of_queries_for_one_entry_and_for_a_hundred(desk, admin):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            desk.get(LIST)
        return len(captured)

    written(f"admin:{admin.pk}", "shop.approve", "shop:1")
    one = queries()
    for number in range(99):
        written(f"admin:{admin.pk}", "product.approve", f"product:{number}")

    assert queries() == one


def test_entries_are_not_added_changed_or_deleted(desk, entries):
    page = reverse("admin:core_auditentry_change", args=[entries[0].pk])

    assert desk.get(reverse("admin:core_auditentry_add")).status_code == 403
    assert desk.post(page, {"record": "{}"}).status_code == 403
    delete = reverse("admin:core_auditentry_delete", args=[entries[0].pk])
    assert desk.post(delete, {"post": "yes"}).status_code == 403
    assert "delete_selected" not in desk.get(LIST).content.decode()
    assert AuditEntry.objects.count() == 3


def test_the_history_of_a_row_is_its_part_of_the_log(desk, entries, atelier):
    response = desk.get(reverse("admin:shops_shop_history", args=[atelier.pk]), follow=True)

    assert [entry.seq for entry in response.context["cl"].result_list] == [1]


def test_the_dashboard_shows_ones_own_decisions(desk, entries):
    page = desk.get(reverse("admin:index")).content.decode()

    assert "Shop rejected" in page
    assert "Order cancelled" not in page


def exported(desk, **query):
    async def whole(response):
        return b"".join([part async for part in response]).decode()

    response = desk.post(f"{EXPORT}?{'&'.join(f'{k}={v}' for k, v in query.items())}")
    assert response.status_code == 200
    text = async_to_sync(whole)(response)
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"))))


def test_the_list_is_taken_along_as_it_is_filtered(desk, entries):
    heading, *rows = exported(desk, action="shop.reject")

    assert heading[:3] == ["Number", "Time", "Who"]
    assert [row[0] for row in rows] == ["1"]
    assert rows[0][-3] == '{"is_active": true, "rejection_reason": ""}'
    assert rows[0][-1] == entries[0].hash


def test_taking_it_along_is_an_entry_without_the_addresses_searched(desk, entries, admin):
    exported(desk, action="shop.reject", q="somebody@example.kz")
    seal()

    entry = AuditEntry.objects.order_by("seq").last()
    assert (entry.actor, entry.action) == (f"admin:{admin.pk}", "audit.export")
    assert entry.said["after"] == {"action": "shop.reject"}


def test_formulas_in_entries_reach_no_spreadsheet(desk):
    written("=1+1", "+2", "@SUM(A1)", ip="-3", after={"reason": "=HYPERLINK()"})

    [_heading, row] = exported(desk, q="=1%2B1")

    assert row[2] == "'=1+1"
    assert row[4] == "'-3"
    assert row[6:8] == ["'+2", "'@SUM(A1)"]
    assert "\"'=HYPERLINK" in row[9]


def test_more_entries_than_a_batch_are_all_in_the_file(desk, monkeypatch):
    monkeypatch.setattr("core.admin.audit_log.EXPORT_BATCH", 3)
    for number in range(10):
        written("system", "shop.approve", f"shop:{number}")

    rows = exported(desk, action="shop.approve")[1:]

    assert [row[0] for row in rows] == [str(number) for number in range(10, 0, -1)]


def test_a_link_takes_nothing_along(desk, entries):
    assert desk.get(EXPORT).status_code == 405
    assert AuditEntry.objects.count() == 3


def test_shoppers_take_nothing_along(client, aigerim, entries):
    client.force_login(aigerim, backend=BACKEND)

    assert client.post(EXPORT).status_code == 302
    assert AuditEntry.objects.count() == 3


def test_a_long_list_says_that_it_is_cut(desk, entries, monkeypatch):
    text = "These are the newest of what was found."
    assert text not in desk.get(LIST).content.decode()

    monkeypatch.setattr("core.admin.audit_log.LISTED_MAX", 3)

    assert text in desk.get(LIST).content.decode()


def test_every_action_in_the_code_has_a_name():
    code = [
        path.read_text()
        for path in settings.BASE_DIR.glob("[a-z]*/**/*.py")
        if path.relative_to(settings.BASE_DIR).parts[0] in OUR_APPS and "tests" not in path.parts
    ]
    written = {action for text in code for action in RECORDED.findall(text)}

    assert "shop.approve" in written
    assert written <= ACTIONS.keys()
