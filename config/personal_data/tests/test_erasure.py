"""The end of an account: refused while anything is open; then the person is gone, files and all."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuthSession, User
from accounts.providers.provider import Identity
from accounts.sign_in import Device, sign_in
from billing import ledger
from billing.models import Payment, Transaction
from billing.payments import starting
from catalog import moderation
from config.personal_data import erasure, tasks
from config.personal_data.tests.conftest import files
from conftest import agreed, funded, signed_in
from core import storage
from orders import fulfilment
from orders.checkout import buy_from_balance
from orders.models import Order, OrderEvent
from orders.models.kinds import Actor
from orders.saying import Said
from orders.tests.steps import completed
from orders.transitions import Event

ME = "/api/v1/users/me"


def refusal(client):
    response = client.delete(ME)
    assert (response.status_code, response.json()["code"]) == (409, "account_has_open_business")
    return [error["code"] for error in response.json()["errors"]]


def spend_all(user):
    ledger.transfer(
        f"test:spend:{user.pk}",
        Transaction.Type.ADJUSTMENT,
        user.balance,
        source=user,
        target=Transaction.Account.ADJUSTMENT,
    )


def test_money_keeps_it(as_aigerim, aigerim):
    response = as_aigerim.delete(ME)

    assert response.status_code == 409
    assert response.json()["detail"] == (
        "The account cannot be deleted yet. There are 1,000.00 ₸ on your balance."
    )
    aigerim.refresh_from_db()
    assert (aigerim.name, aigerim.is_active) == ("Aigerim", True)


def test_an_order_keeps_it_until_it_is_done(as_timur, timur, dress_on_sale):
    funded(timur, Decimal(400))
    order = buy_from_balance(timur, dress_on_sale)

    assert refusal(as_timur) == ["orders"]

    completed(order)
    assert as_timur.delete(ME).status_code == 200


def test_a_picture_being_made_keeps_it(as_timur, timur, work):
    timur.free_generations_left = 1
    timur.save(update_fields=["free_generations_left"])
    as_timur.post("/api/v1/generations/generate", {"prompt": "a red dress"})

    assert refusal(as_timur) == ["generations"]

    work()
    assert as_timur.delete(ME).status_code == 200


def test_a_payment_on_its_way_keeps_it_for_a_day(as_timur, timur):
    payment = starting.start_topup(timur, Decimal(500))
    assert refusal(as_timur) == ["payment"]
    yesterday = timezone.now() - timedelta(hours=25)
    Payment.objects.filter(pk=payment.pk).update(created_at=yesterday)

    assert as_timur.delete(ME).status_code == 200

    payment.refresh_from_db()
    assert payment.status == "failed"


def test_a_role_keeps_it(as_admin, admin):
    assert refusal(as_admin) == ["administrator"]


def test_everything_open_is_named_at_once(as_aigerim, aigerim, dress_on_sale):
    buy_from_balance(aigerim, dress_on_sale)
    starting.start_topup(aigerim, Decimal(500))

    assert refusal(as_aigerim) == ["balance", "orders", "payment"]


def test_the_row_stays_and_says_nothing(as_timur, timur, dress_on_sale):
    funded(timur, Decimal(400))
    order = buy_from_balance(timur, dress_on_sale)
    fulfilment.act(order, Event.CANCEL, Actor.USER)
    spend_all(timur)

    response = as_timur.delete(ME)

    assert response.json() == {"message": "Your account is deleted."}
    gone = User.objects.get(pk=timur.pk)
    assert (gone.name, gone.avatar, gone.google_id, gone.apple_id) == ("", "", None, None)
    assert gone.email == f"erased-{timur.pk}@erased.invalid"
    assert (gone.is_active, gone.free_try_ons_left) == (False, 0)
    assert gone.erased_at is not None
    assert Order.objects.get(pk=order.pk).user_id == timur.pk
    assert timur.transactions.count() == 4
    consent = timur.consents.get()
    assert (consent.ip, consent.user_agent, consent.withdrawn_at is None) == (None, "", False)


def test_what_the_person_wrote_about_an_order_goes(as_timur, timur, dress_on_sale):
    order = completed(buy_from_balance(funded(timur, Decimal(400)), dress_on_sale))
    own = Said(by=timur.pk, reason="Call me at +7 701 234 56 78")
    order = fulfilment.act(order, Event.REQUEST_RETURN_LATE, Actor.USER, own)
    shops = Said(by=order.shop_id, reason="It was worn")
    fulfilment.act(order, Event.RETURN_REJECT, Actor.SHOP, shops)

    assert as_timur.delete(ME).status_code == 200

    notes = order.events.values_list("actor", "note")
    assert ("user", own.reason) not in notes
    assert ("shop", "It was worn") in notes


def test_nothing_else_of_a_step_ever_changes(timur, dress_on_sale):
    step = buy_from_balance(funded(timur, Decimal(400)), dress_on_sale).events.last()

    for change in ({"note": "Another"}, {"note": "", "actor": "shop"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderEvent.objects.filter(pk=step.pk).update(**change)


def test_every_device_is_signed_out(as_timur, timur, client):
    phone = signed_in(timur)
    AuthSession.objects.update(ip="10.1.2.3", user_agent="Phone 1")
    client.force_login(timur, backend="allauth.account.auth_backends.AuthenticationBackend")

    as_timur.delete(ME)

    assert as_timur.get(ME).status_code == phone.get(ME).status_code == 401
    assert client.get("/panel/").status_code == 302
    kept = AuthSession.objects.filter(user=timur).values_list("ip", "user_agent", "revoked_at")
    assert [(ip, agent, end is None) for ip, agent, end in kept] == [(None, "", False)] * 2


def test_the_files_go(transactional_db, as_timur, timur, as_aigerim, ask, upload, picture, work):
    for client in (as_timur, as_aigerim):
        timur.free_try_ons_left = 1
        timur.save(update_fields=["free_try_ons_left"])
        ask(client)
        upload(client)
        sent = {"name": "Hat", "files": [SimpleUploadedFile("hat.jpg", picture)]}
        client.post("/api/v1/wardrobe/", sent, format="multipart")
        client.post(f"{ME}/export")
    work()
    assert len(files()) == 9  # four of each, and the dress

    assert as_timur.delete(ME).status_code == 200

    assert len(files()) == 5
    assert not [name for name in files() if f"/{timur.pk}/" in name or "user-" in name[:6]]
    assert timur.wardrobe.count() == timur.exports.count() == 0


def test_what_a_crash_or_a_late_request_left_goes_within_a_minute(timur, aigerim):
    erasure.erase(timur)  # no commit in this test, so the files are not touched
    names = [
        storage.write(storage.generation_original(timur.pk, 1), b"photo"),
        storage.write(storage.temp_picture(f"user-{timur.pk}"), b"late"),
        storage.write(storage.wardrobe_picture(timur.pk, 2, 0), b"hat"),
        storage.write(storage.export_archive(timur.pk, 3), b"zip"),
    ]
    of_others = storage.write(storage.generation_original(aigerim.pk, 1), b"photo")

    tasks.finish_deletions()
    tasks.finish_deletions()

    assert len(names) == 4
    assert files() == [of_others]


def test_the_same_person_may_come_again(timur, as_timur):
    as_timur.delete(ME)

    identity = Identity("google", sub="g-timur", email="timur@example.kz", name="Timur")
    again = sign_in(identity, "user", Device("mobile")).account

    assert again.pk != timur.pk
    assert again.orders.count() == again.generations.count() == 0


def test_it_happens_once(as_timur):
    assert as_timur.delete(ME).status_code == 200
    assert as_timur.delete(ME).status_code == 401


def test_a_shop_is_another_account(as_atelier):
    assert as_atelier.delete(ME).status_code == 403


def test_the_catalogue_keeps_what_an_administrator_decided(admin, dress):
    moderation.approve(dress, by=admin)
    admin.role = User.Role.USER
    admin.save(update_fields=["role"])

    erasure.erase(admin)

    dress.refresh_from_db()
    assert (dress.moderation_status, dress.moderated_by_id) == ("approved", admin.pk)


@pytest.mark.parametrize(
    "change",
    [{"is_active": True}, {"name": "Timur"}, {"google_id": "g"}, {"role": "admin"}],
)
def test_nobody_brings_the_row_back(timur, change):
    erasure.erase(timur)

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=timur.pk).update(**change)


def test_nobody_adds_a_row(timur):
    erasure.erase(timur)

    for add in (
        lambda: agreed(timur),
        lambda: AuthSession.objects.create(user=timur, platform="web"),
        lambda: starting.start_topup(timur, Decimal(5)),
        lambda: timur.wardrobe.create(name="Hat", source="uploaded"),
    ):
        with pytest.raises(IntegrityError, match="has been erased"), transaction.atomic():
            add()
