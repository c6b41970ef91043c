"""What an administrator may read before the second factor is shown: what a user may."""

from conftest import signed_in


def test_events_for_administrators_are_not_theirs_yet(admin, dress):
    unproven = signed_in(admin, "web", second_factor=False)

    assert unproven.get("/api/v1/events?since=admins:0").status_code == 422
    assert signed_in(admin, "web").get("/api/v1/events?since=admins:0").status_code == 200


def test_a_product_that_is_not_public_is_not_found(admin, dress):
    unproven = signed_in(admin, "web", second_factor=False)

    assert unproven.get(f"/api/v1/products/{dress.pk}").status_code == 404
    assert signed_in(admin, "web").get(f"/api/v1/products/{dress.pk}").status_code == 200
