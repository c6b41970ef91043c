"""A person may be a user and a shop: what ends or blocks the person ends the shop too."""

import pytest

from accounts import sessions, sign_in, tokens
from accounts.access import change_access
from accounts.models import AuthSession
from accounts.providers.provider import Identity
from conftest import signed_in
from shops.models import Shop


@pytest.fixture
def shop_of_aigerim(aigerim):
    told = {"google_id": aigerim.google_id, "email": aigerim.email}
    return Shop.objects.create(shop_name="Aigerim's", **told)


def test_ending_all_ends_the_shops_sessions(aigerim, shop_of_aigerim, as_bazaar):
    as_shop = signed_in(shop_of_aigerim)

    sessions.end_all(aigerim)

    assert as_shop.get("/api/v1/shops/me").status_code == 401
    assert as_bazaar.get("/api/v1/shops/me").status_code == 200


def test_a_blocked_person_does_not_come_back_as_their_shop(aigerim, shop_of_aigerim):
    change_access(aigerim, role="user", is_active=False)
    person = Identity("google", aigerim.google_id, aigerim.email)

    with pytest.raises(sign_in.AccountBlocked):
        sign_in.sign_in(person, "shop", sign_in.Device("web"))

    assert not AuthSession.objects.filter(shop=shop_of_aigerim).exists()


def test_tokens_of_before_the_second_factor_gain_nothing(admin, anyone):
    session = AuthSession.objects.create(user=admin, platform="web")
    before = tokens.issue(session)

    after = tokens.with_second_factor(str(session.pk))

    anyone.credentials(HTTP_AUTHORIZATION=f"Bearer {before.access}")
    assert anyone.get("/api/v1/admin/users").status_code == 401
    with pytest.raises(tokens.InvalidToken):
        tokens.rotate(before.refresh)
    anyone.credentials(HTTP_AUTHORIZATION=f"Bearer {after.access}")
    assert anyone.get("/api/v1/admin/users").status_code == 200
    raised = AuthSession.objects.get(revoked_at=None)
    assert raised.created_at == session.created_at
