"""Every table that refers to a person: what becomes of its rows, and that none comes later."""

from django.db import connection

# What happens to the rows of a person who is erased.
FATE = {
    "account_emailaddress.user_id": "deleted",
    "auth_sessions.user_id": "stripped",
    "carts.user_id": "deleted",
    "checkouts.user_id": "kept",
    "consents.user_id": "stripped",
    "data_exports.user_id": "deleted",
    "delivery_addresses.user_id": "deleted",
    "django_admin_log.user_id": "kept: what an administrator did",
    "favorites.user_id": "deleted",
    "generations.user_id": "emptied",
    "mfa_authenticator.user_id": "deleted",
    "moderation_decisions.decided_by_id": "kept: what an administrator did",
    "orders.user_id": "kept, without the address",
    "outfit_items.user_id": "deleted",
    "outfits.user_id": "deleted",
    "payments.user_id": "kept",
    "payouts.approved_by_id": "kept: what an administrator did",
    "payouts.seconded_by_id": "kept: what an administrator did",
    "person_photos.user_id": "deleted",
    "product_alerts.user_id": "deleted",
    "product_reports.decided_by_id": "kept: what an administrator did",
    "product_reports.user_id": "deleted",
    "products.leased_by_id": "kept: it is over after ten minutes",
    "products.moderated_by_id": "kept: what an administrator did",
    "request_keys.user_id": "deleted",
    "reviews.user_id": "deleted",
    "socialaccount_socialaccount.user_id": "deleted",
    "transactions.user_id": "kept",
    "user_wardrobe_items.user_id": "deleted",
    "wardrobe_archives.user_id": "deleted",
    "wardrobe_collection_items.user_id": "deleted",
    "wardrobe_collections.user_id": "deleted",
    "wardrobe_wears.user_id": "deleted",
}
REFERENCES = """
SELECT c.conrelid::regclass || '.' || a.attname,
       EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
               WHERE t.tgrelid = c.conrelid AND p.proname = 'refuse_erased_person')
  FROM pg_constraint c
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
  WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass
"""


def references():
    with connection.cursor() as cursor:
        cursor.execute(REFERENCES)
        return dict(cursor.fetchall())


def test_every_table_has_a_fate(db):
    """A new table: decide, let config.personal_data.erasure do it, and write it down here."""
    assert set(references()) == set(FATE)


def test_every_table_is_guarded(db):
    """A new table: its migration calls `SELECT guard_erased_people()`."""
    assert [name for name, is_guarded in references().items() if not is_guarded] == []


def test_a_forgotten_table_is_noticed(db):
    """The negative control."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE letters (to_id bigint REFERENCES users (id), body text)")

    assert references()["letters.to_id"] is False

    with connection.cursor() as cursor:
        cursor.execute("SELECT guard_erased_people()")
    assert references()["letters.to_id"] is True
