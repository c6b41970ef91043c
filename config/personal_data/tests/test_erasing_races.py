"""Erasing while the person still does something: either that is first, or it leaves nothing."""

import threading
import time
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from accounts import consents
from accounts.models import AuthSession, User
from accounts.profile import update_profile
from accounts.providers.provider import Identity
from accounts.sign_in import Device, sign_in
from billing.payments import starting
from billing.tests.test_ledger import at_once
from config.personal_data import erasure, withdrawal
from config.personal_data.tests.conftest import files
from conftest import agreed, funded
from generations import pipeline
from generations.models import Generation
from generations.requests import request_design, request_try_on
from orders.checkout import buy_from_balance
from orders.models import Order
from wardrobe import keeping

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 12


def people(count):
    for number in range(count):
        yield agreed(
            User.objects.create(google_id=f"g{number}", email=f"p{number}@example.kz", name="Name")
        )


def either(user, act):
    """Erase and act at the same moment; what became of each."""
    outcomes = {}

    def run(number):
        try:
            outcomes[number] = act() if number else erasure.erase(user)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcomes[number] = error

    at_once(2, run)
    return outcomes[0], outcomes[1]


def left_of(user):
    """Rows that may not be there once the person is erased."""
    user.refresh_from_db()
    assert user.erased_at is not None
    assert user.name == ""
    return {
        "sessions": user.sessions.filter(revoked_at=None).count(),
        "addresses": user.sessions.exclude(ip=None).count(),
        "consents": user.consents.filter(withdrawn_at=None).count(),
        "wardrobe": user.wardrobe.count(),
        "generations": user.generations.filter(erased_at=None).count(),
        "payments": user.payments.open().count(),
    }


ACTS = {
    "signing in": lambda user, picture: sign_in(
        Identity("google", user.google_id, user.email, "Name", ""),
        "user",
        Device("web", "10.0.0.1", "X"),
    ),
    "agreeing": lambda user, picture: consents.give(
        user, consents.PHOTOS, "2026-11", ip="10.0.0.1"
    ),
    "keeping": lambda user, picture: keeping.keep(user, "uploaded", name="Hat", pictures=[picture]),
    "renaming": lambda user, picture: update_profile(user, name="Another"),
    "paying in": lambda user, picture: starting.start_topup(user, Decimal(5)),
}


@pytest.mark.parametrize("name", ACTS)
def test_whoever_acts_while_being_erased_leaves_nothing(name, picture):
    erased = 0
    for user in people(ROUNDS):
        out, _acted = either(user, lambda user=user: ACTS[name](user, picture))
        if isinstance(out, erasure.OpenBusiness):  # a payment was begun first
            continue
        assert out is None, out
        erased += 1
        assert left_of(user) == dict.fromkeys(left_of(user), 0)
        assert files(f"users/{user.pk}/") == []
    assert name == "paying in" or erased == ROUNDS


def test_buying_while_being_erased(dress_on_sale):
    for user in people(ROUNDS):
        funded(user, dress_on_sale.price)

        out, _bought = either(user, lambda user=user: buy_from_balance(user, dress_on_sale))

        assert isinstance(out, erasure.OpenBusiness)  # by the money, or by the order
        assert Order.objects.filter(user=user).count() == 1


def test_asking_for_pictures_while_being_erased(dress_on_sale, picture):
    for user in people(ROUNDS):
        User.objects.filter(pk=user.pk).update(free_try_ons_left=1)

        def ask(user=user):
            return request_try_on(user, dress_on_sale, picture)

        out, asked = either(user, ask)

        if out is None:
            assert not isinstance(asked, Generation)
            assert files(f"generations/{user.pk}/") == []
            assert left_of(user)["generations"] == 0
        else:
            assert isinstance(out, erasure.OpenBusiness)
            assert isinstance(asked, Generation)


def test_a_picture_finished_while_being_erased():
    """The worker writes file, row and wardrobe; whoever is first, nothing is left in the end."""
    for user in people(3):
        User.objects.filter(pk=user.pk).update(free_generations_left=1)
        generation = request_design(user, "a red dress", save_to_wardrobe=True)
        worker = threading.Thread(target=work, args=(generation.pk,))
        worker.start()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                erasure.erase(user)
                break
            except erasure.OpenBusiness:
                time.sleep(0.001)
        worker.join()

        generation.refresh_from_db()
        assert (generation.status, generation.prompt, generation.result) == ("succeeded", "", "")
        assert left_of(user) == dict.fromkeys(left_of(user), 0)
        assert files() == []


def work(pk):
    pipeline.run(pk)
    connections.close_all()


def test_asking_for_a_try_on_while_withdrawing(dress_on_sale, picture):
    for user in people(ROUNDS):
        User.objects.filter(pk=user.pk).update(free_try_ons_left=1)

        def act(number, user=user):
            if number:
                return request_try_on(user, dress_on_sale, picture)
            return withdrawal.withdraw(user, consents.PHOTOS)

        outcomes = at_once(2, act)

        assert "NoneType" in outcomes
        assert files(f"generations/{user.pk}/") == []
        assert not user.generations.unfinished().exists()


def test_without_the_guard_a_late_sign_in_would_be_left(timur):
    """The negative control: the same order of events, with the database's rule taken away."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE auth_sessions DISABLE TRIGGER refuse_erased_user_id")
    try:
        erasure.erase(timur)
        AuthSession.objects.create(user=timur, platform="web", ip="10.0.0.1")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE auth_sessions ENABLE TRIGGER refuse_erased_user_id")

    assert left_of(timur)["sessions"] == left_of(timur)["addresses"] == 1


def test_a_late_act_is_told_that_the_account_is_gone(timur, as_timur):
    """It was let in before the erasure, and wrote after it."""
    held, done = threading.Event(), threading.Event()

    def erase():
        with transaction.atomic():
            erasure.erase(timur)
            held.set()
            done.wait(1)
        connections.close_all()

    eraser = threading.Thread(target=erase)
    eraser.start()
    held.wait(10)
    response = as_timur.put("/api/v1/users/me", {"name": "Another"})
    done.set()
    eraser.join()

    assert (response.status_code, response.json()["code"]) == (401, "invalid_token")
    assert left_of(timur)["sessions"] == 0
