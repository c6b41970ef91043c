"""Both lifecycles over HTTP: every listed step is taken, every other one refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import resolve
from django.utils import timezone
from rest_framework.test import APIRequestFactory, force_authenticate

from accounts.models import AuthSession
from billing import ledger
from conftest import funded
from core.principal import Principal, Role
from orders import checkout, fulfilment, transitions
from orders.meaning import CALL_OFF
from orders.models.kinds import Actor, Type
from orders.tests.lifecycles import Clock, Lifecycle, for_rent, placed, swept, undone
from orders.transitions import TABLES, Event

SECOND = timedelta(seconds=1)
PEOPLE = (Actor.USER, Actor.SHOP, Actor.ADMIN)
ADDRESSES = {Actor.USER: "orders", Actor.SHOP: "shops/me/orders", Actor.ADMIN: "admin/orders"}
# Steps that people may take at some hours only.
TIMED = {
    Type.PURCHASE: {Event.DISPUTE, Event.REQUEST_RETURN_LATE},
    Type.RENTAL: {
        Event.DECLINE,
        Event.CANCEL_EARLY,
        Event.CANCEL_LATE,
        Event.CONFIRM_HANDOVER,
        Event.PROBLEM,
        Event.EXTEND,
        Event.LOST,
    },
}
pytestmark = pytest.mark.usefixtures("unlimited")


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def clients(as_aigerim, as_atelier, as_admin):
    return {Actor.USER: as_aigerim, Actor.SHOP: as_atelier, Actor.ADMIN: as_admin}


@pytest.fixture(params=list(Type), ids=str)
def lifecycle(request, aigerim, dress_on_sale, clients, clock, picture):
    order = placed(request.param, funded(aigerim, Decimal(1000)), for_rent(dress_on_sale))
    return Lifecycle(order, clock, picture)


@pytest.fixture
def post(clients):
    def post_it(order, event, actor, body):
        form = "multipart" if body else None
        return clients[actor].post(address(order, event, actor), body, format=form)

    return post_it


@pytest.fixture
def ask(aigerim, atelier, admin):
    """The same from behind the middleware and the tokens, for thousands of questions."""
    accounts = {Actor.USER: aigerim, Actor.SHOP: atelier, Actor.ADMIN: admin}

    def ask_it(order, event, actor):
        asked = address(order, event, actor)
        request, view = APIRequestFactory().post(asked), resolve(asked)
        account = accounts[actor]
        principal = Principal(Role(actor), account.pk, "web", "", timezone.now())
        force_authenticate(request, account, principal)
        return view.func(request, **view.kwargs).data

    return ask_it


def address(order, event, actor):
    return f"/api/v1/{ADDRESSES[actor]}/{order.pk}/{event}"


def test_every_listed_step_is_taken_by_everyone_who_may(lifecycle, post):
    taken, complaints = [], {}
    for start in lifecycle.stages():
        for step, actor in lifecycle.steps_from(start):
            with undone():
                order = lifecycle.ripe(start, step, actor)
                take(lifecycle, post, order, step, actor)
                last = order.events.last()
                told = (last.event, last.from_stage, last.to_stage, last.actor)
                if told != (step.event, step.source, step.target, actor) or ledger.breaches():
                    complaints[step.source, step.event, actor] = (told, ledger.breaches())
            taken.append((step.source, step.event, actor))

    assert complaints == {}
    listed = [(step.source, step.event, actor) for step in lifecycle.table for actor in step.actors]
    assert sorted(taken) == sorted(listed)


def take(lifecycle, post, order, step, actor):
    if actor is Actor.GATEWAY:
        checkout.pay_from_balance(order.checkout, actor=actor)
    elif actor is Actor.TIMER:
        swept(order, step.event)
    else:
        seen_now()
        response = post(order, step.event, actor, lifecycle.body(order, step))
        assert response.status_code == 200, (step, actor, response.json())
        assert response.json()["stage"] == step.target


def seen_now():
    """Let every session be in use, with a second factor shown a moment ago."""
    now = timezone.now()
    AuthSession.objects.update(last_seen_at=now, mfa_at=now)


def test_every_other_step_is_refused_and_changes_nothing(lifecycle, ask):
    wrong, asked = {}, 0
    for order in lifecycle.stages():
        for actor in PEOPLE:
            allowed = [step.event for step in transitions.allowed(order, actor)]
            for event in unlisted(lifecycle, order, actor):
                with connection.execute_wrapper(reading_only):
                    told = ask(order, event, actor)
                asked += 1
                answer = (told.get("status"), told.get("code"), told.get("allowed"))
                if answer != (409, "transition_not_allowed", allowed):
                    wrong[order.stage, event, actor] = answer

    assert wrong == {}
    assert asked > 1400


def reading_only(execute, sql, params, many, context):
    assert sql.startswith("SELECT"), sql
    return execute(sql, params, many, context)


def test_a_step_that_is_taken_is_more_than_reading(lifecycle, ask):
    """The negative control."""
    with pytest.raises(AssertionError), connection.execute_wrapper(reading_only):
        ask(lifecycle.order, Event.CANCEL, Actor.USER)


def unlisted(lifecycle, order, actor):
    """The steps that the table does not give the actor; `cancel` is another word for some."""
    listed = {step.event for step, who in lifecycle.steps_from(order) if who is actor}
    if listed & {*CALL_OFF}:
        listed.add(Event.CANCEL)
    return [event for event in Event if event not in listed]


def test_nobody_takes_a_step_outside_its_time(lifecycle):
    wrong, timed = {}, set()
    for order in lifecycle.stages():
        for step, actor in lifecycle.steps_from(order):
            for moment, is_open in edges(order, step.actors[actor]) if actor in PEOPLE else []:
                lifecycle.clock.turn(moment)
                timed.add(step.event)
                found = [each.event for each in transitions.allowed(order, actor)]
                if (step.event in found) != is_open:
                    wrong[step.event, actor, moment] = found

    assert wrong == {}
    assert timed == TIMED[lifecycle.order.order_type]


def edges(order, window):
    """The last moment before a window and the first in it, the last in it and the first after."""
    if opens_at := window.opens_at(order):
        yield from ((opens_at - SECOND, False), (opens_at, True))
    if closes_at := window.closes_at(order):
        yield from ((closes_at - SECOND, True), (closes_at, False))


def test_no_time_limit_is_taken_a_second_too_early_or_too_late(lifecycle):
    taken, wrong = 0, {}
    for start in lifecycle.stages():
        for step, actor in lifecycle.steps_from(start):
            if actor is not Actor.TIMER:
                continue
            with undone():
                order = lifecycle.ripe(start, step, actor)
                when = lifecycle.clock.now
                early, in_time = swept_at(lifecycle, order, when - SECOND, when)
                if step.event in early or step.event not in in_time:
                    wrong[step.source, step.event] = (early, in_time)
            taken += 1

    assert wrong == {}
    assert taken == sum(Actor.TIMER in step.actors for step in TABLES[start.order_type])


def swept_at(lifecycle, order, *moments):
    """What the time limits have done by each moment."""
    for moment in moments:
        lifecycle.clock.turn(moment)
        while fulfilment.take_due_steps():
            pass
        steps = order.events.filter(actor=Actor.TIMER)
        yield {*steps.exclude(pk__in=earlier(order)).values_list("event", flat=True)}


def earlier(order):
    """The steps that had been taken when the stage was entered."""
    return order.events.filter(created_at__lt=order.stage_since).values("pk")


def test_what_may_not_be_returned_stays(lifecycle):
    asked = set()
    for order in lifecycle.stages():
        order.returnable = False
        asked |= {step.event for step in transitions.allowed(order, Actor.USER)}

    assert asked & {Event.REQUEST_RETURN, Event.REQUEST_RETURN_LATE} == set()
