"""Forgetting a person: what the accounts hold about them. The rows stay, and say nothing."""

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import sessions
from accounts.models import User

LIBRARY = "allauth"  # its tables only say how a person comes in


def erase(user: User) -> None:
    """End every session, and take out of every row what tells who the person is."""
    sessions.end_all(user)
    user.sessions.update(ip=None, user_agent="")
    user.consents.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    user.consents.update(ip=None, user_agent="")
    user.exports.all().delete()
    user.request_keys.all().delete()
    _delete_sign_ins(user)
    _delete_panel_sessions(user)
    _empty(user)
    about = LogEntry.objects.filter(content_type__model="user", object_id=str(user.pk))
    about.update(object_repr=str(user), change_message="")


def _delete_sign_ins(user: User) -> None:
    for relation in user._meta.related_objects:
        owner = apps.get_app_config(relation.related_model._meta.app_label).name
        if owner.startswith(LIBRARY):
            rows = relation.related_model._default_manager
            rows.filter(**{relation.field.name: user}).delete()


def _delete_panel_sessions(user: User) -> None:
    """Django's sessions do not say in a column whose they are."""
    own = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(pk__in=own).delete()


def _empty(user: User) -> None:
    user.erased_at = timezone.now()
    user.is_active, user.role = False, User.Role.USER
    user.google_id = user.apple_id = None
    user.email = f"erased-{user.pk}@erased.invalid"
    user.name = user.avatar = user.password = ""
    user.last_login = None
    user.free_generations_left = user.free_try_ons_left = 0
    # Never the whole row: the database refuses a balance that the ledger has not moved.
    user.save(
        update_fields=[
            "erased_at",
            "is_active",
            "role",
            "google_id",
            "apple_id",
            "email",
            "name",
            "avatar",
            "password",
            "last_login",
            "free_generations_left",
            "free_try_ons_left",
            "updated_at",
        ]
    )
