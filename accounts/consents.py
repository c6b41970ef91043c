"""What a person has agreed to: given, withdrawn, and asked for before their data is used."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Consent, User
from core.errors import Refusal

PHOTOS = Consent.Kind.PHOTO_PROCESSING


class ConsentRequired(Refusal):
    """Says which version of which text has to be agreed to first."""

    code = "consent_required"
    status = 428

    def __init__(self, kind: str) -> None:
        page = f"{settings.API_BASE_URL}{reverse('photo-consent')}"
        asked = {"kind": kind, "version": current_version(kind), "page": page}
        message = _("First agree to the processing of your photos, version %(version)s: %(page)s")
        super().__init__(message % asked)
        self.extra = {"consent": asked}


class ConsentOutdated(Refusal):
    code = "consent_outdated"


class NotAgreed(Refusal):
    code = "not_found"
    status = 404


def current_version(kind: str) -> str:
    version: str = settings.CONSENT_VERSIONS[kind]
    return version


@transaction.atomic
def give(
    user: User, kind: str, version: str, *, ip: str | None = None, user_agent: str = ""
) -> Consent:
    """Record the agreement; a second time changes nothing.

    Raises ConsentOutdated for any version but the current one.
    """
    if version != current_version(kind):
        message = _("The text has changed. Agree to version %(version)s.")
        raise ConsentOutdated(message % {"version": current_version(kind)})
    _lock(user)
    consent, _is_new = Consent.objects.get_or_create(
        user=user,
        kind=kind,
        version=version,
        withdrawn_at=None,
        defaults={"ip": ip or None, "user_agent": user_agent[:300]},
    )
    return consent


@transaction.atomic
def withdraw(user: User, kind: str) -> None:
    """Take back every version agreed to; raises NotAgreed when there is none."""
    _lock(user)
    if not user.consents.filter(kind=kind, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        raise NotAgreed(_("You have not agreed to this."))


def require(user: User, kind: str = PHOTOS) -> None:
    """Raise ConsentRequired unless the current version is agreed to."""
    agreed = user.consents.filter(kind=kind, version=current_version(kind), withdrawn_at=None)
    if not agreed.exists():
        raise ConsentRequired(kind)


def hold(user: User, kind: str = PHOTOS) -> None:
    """`require`, and let nobody withdraw before the caller's transaction is over."""
    _lock(user)
    require(user, kind)


def _lock(user: User) -> None:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
