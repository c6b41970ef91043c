import secrets
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.principal import Principal, Role
from shops.models import Shop


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=email)


class User(AbstractBaseUser):
    """A person. An administrator is a person whose role says so.

    Nobody has a password: `password` is a random text that Django's cookie sessions depend on, and
    a new one ends them all. `balance` (KZT) and `ledger_seq` are moved by the ledger's trigger
    alone.
    """

    class Role(models.TextChoices):
        USER = "user", _("User")
        ADMIN = "admin", _("Administrator")

    class PhotoRetention(models.TextChoices):
        """How long the photo of a finished try-on stays."""

        AT_ONCE = "at_once", _("Deleted at once")
        MONTH = "30_days", _("Kept for 30 days")
        KEEP = "keep", _("Kept")

    google_id = models.CharField(max_length=64, unique=True, null=True, blank=True)
    apple_id = models.CharField(max_length=64, unique=True, null=True, blank=True)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("full name"), max_length=255)
    avatar = models.CharField(_("picture"), max_length=500, blank=True, db_column="avatar_url")
    balance = models.DecimalField(
        _("balance"), max_digits=14, decimal_places=2, default=0, editable=False
    )
    ledger_seq = models.BigIntegerField(default=0, editable=False)
    free_generations_left = models.PositiveIntegerField(_("free generations left"), default=0)
    free_try_ons_left = models.PositiveIntegerField(_("free try-ons left"), default=0)
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.USER)
    is_active = models.BooleanField(_("may come in"), default=True)
    photo_retention = models.CharField(
        _("photos of try-ons"),
        max_length=8,
        choices=PhotoRetention,
        default=PhotoRetention.MONTH,
    )
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)
    created_at = models.DateTimeField(_("joined"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        db_table = "users"
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # The upper bound also refuses NaN, which passes a plain ">= 0".
            models.CheckConstraint(
                condition=Q(balance__gte=0, balance__lte=10**12), name="user_balance_sane"
            ),
            models.CheckConstraint(condition=Q(role__in=["user", "admin"]), name="user_role_known"),
            models.CheckConstraint(
                condition=Q(photo_retention__in=["at_once", "30_days", "keep"]),
                name="user_photo_retention_known",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(
                    is_active=False,
                    google_id=None,
                    apple_id=None,
                    email__endswith="@erased.invalid",
                    name="",
                    avatar="",
                    role="user",
                ),
                name="user_erased_is_nobody",
            ),
            models.CheckConstraint(
                condition=Q(is_active=False)
                | Q(google_id__isnull=False)
                | Q(apple_id__isnull=False),
                name="user_signs_in_somehow",
            ),
            models.CheckConstraint(
                condition=~Q(google_id="") & ~Q(apple_id=""), name="user_identity_not_empty"
            ),
            models.UniqueConstraint(Lower("email"), name="user_email_in_any_case"),
        ]
        indexes = [
            models.Index(
                fields=["erased_at"], condition=~Q(erased_at=None), name="user_lately_erased"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        return self.is_active and self.role == self.Role.ADMIN

    @property
    def is_superuser(self) -> bool:
        return self.is_staff

    def get_short_name(self) -> str:
        return self.name

    def has_usable_password(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class Consent(models.Model):
    """That a person agreed to a version of a text; withdrawn, the row stays as the proof."""

    class Kind(models.TextChoices):
        PHOTO_PROCESSING = "photo_processing", _("Processing of photos")

    user = models.ForeignKey(User, models.RESTRICT, related_name="consents")
    kind = models.CharField(max_length=30, choices=Kind)
    version = models.CharField(max_length=30)
    given_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "consents"
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["photo_processing"]), name="consent_kind_known"
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "version"],
                condition=Q(withdrawn_at=None),
                name="consent_given_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["withdrawn_at"],
                condition=~Q(withdrawn_at=None),
                name="consent_lately_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class DataExport(models.Model):
    """A person's request for everything about them; the archive is made by the worker."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        READY = "ready", _("Ready")

    user = models.ForeignKey(User, models.CASCADE, related_name="exports")
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "data_exports"
        verbose_name = _("export of one's data")
        verbose_name_plural = _("exports of one's data")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="queued", finished_at=None)
                | Q(status="ready", finished_at__isnull=False),
                name="export_ready_is_finished",
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"])]

    def __str__(self) -> str:
        return f"export {self.pk}"


class AuthSessionQuerySet(models.QuerySet["AuthSession"]):
    def alive(self) -> "AuthSessionQuerySet":
        """Those that let in: not ended, not idle or too old, of an account that may come in."""
        now = timezone.now()
        return self.filter(
            Q(user__is_active=True) | Q(shop__is_active=True),
            revoked_at=None,
            last_seen_at__gt=now - timedelta(days=settings.SESSION_IDLE_DAYS),
            created_at__gt=now - timedelta(days=settings.SESSION_MAX_DAYS),
        )

    def long_over(self) -> "AuthSessionQuerySet":
        """Those that let nobody in any more since SESSION_KEPT_DAYS."""
        over = timezone.now() - timedelta(days=settings.SESSION_KEPT_DAYS)
        return self.filter(
            Q(revoked_at__lt=over)
            | Q(last_seen_at__lt=over - timedelta(days=settings.SESSION_IDLE_DAYS))
            | Q(created_at__lt=over - timedelta(days=settings.SESSION_MAX_DAYS))
        )


class AuthSession(models.Model):
    """One signed-in device of a user or a shop; its tokens work while it is alive."""

    class Platform(models.TextChoices):
        WEB = "web", _("Browser")
        MOBILE = "mobile", _("Mobile app")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="sessions", verbose_name=_("user")
    )
    shop = models.ForeignKey(
        Shop, models.CASCADE, null=True, related_name="sessions", verbose_name=_("shop")
    )
    platform = models.CharField(_("platform"), max_length=8, choices=Platform)
    counter = models.PositiveIntegerField(default=0)
    rotated_at = models.DateTimeField(auto_now_add=True)
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    user_agent = models.CharField(_("program"), max_length=300, blank=True)
    last_seen_at = models.DateTimeField(_("last used"), default=timezone.now)
    mfa_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(_("ended"), null=True)
    created_at = models.DateTimeField(_("signed in"), auto_now_add=True)

    objects = AuthSessionQuerySet.as_manager()

    class Meta:
        db_table = "auth_sessions"
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(shop__isnull=True),
                name="session_has_one_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.shop} ({self.platform})"

    @property
    def account(self) -> User | Shop:
        account = self.user or self.shop
        assert account is not None
        return account


class SigningKey(models.Model):
    """A key that signs tokens, or did; accounts.signing_keys decides which. Encrypted at rest."""

    kid = models.CharField(max_length=32, primary_key=True)
    secret = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "signing_keys"
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")

    def __str__(self) -> str:
        return self.kid


def new_key_id() -> str:
    return secrets.token_hex(12)


class RequestKeyQuerySet(models.QuerySet["RequestKey"]):
    def live(self) -> "RequestKeyQuerySet":
        """Keys that still sign."""
        return self.filter(revoked_at=None)

    def of(self, caller: Principal) -> "RequestKeyQuerySet":
        """Keys of the account behind a request."""
        owner = "shop" if caller.role is Role.SHOP else "user"
        return self.filter(**{owner: caller.id})


class RequestKey(models.Model):
    """A key with which a user or a shop signs requests; signatures name it by `key_id`.

    A device keeps its private key to itself. A partner shares a secret with us, at rest encrypted.
    """

    class Algorithm(models.TextChoices):
        ED25519 = "ed25519", _("Device (Ed25519)")
        HMAC_SHA256 = "hmac-sha256", _("Partner (HMAC-SHA256)")

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="request_keys")
    shop = models.ForeignKey(Shop, models.CASCADE, null=True, related_name="request_keys")
    key_id = models.CharField(max_length=32, unique=True, default=new_key_id, editable=False)
    algorithm = models.CharField(max_length=11, choices=Algorithm)
    name = models.CharField(_("name"), max_length=100)
    public_key = models.CharField(max_length=44, unique=True, null=True)  # noqa: DJ001 - NULL is not unique
    encrypted_secret = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = RequestKeyQuerySet.as_manager()

    class Meta:
        db_table = "request_keys"
        verbose_name = _("key for signing")
        verbose_name_plural = _("keys for signing")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(shop__isnull=True),
                name="request_key_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(algorithm="ed25519", public_key__isnull=False, encrypted_secret="")
                | (Q(algorithm="hmac-sha256", public_key=None) & ~Q(encrypted_secret="")),
                name="request_key_fits_its_algorithm",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.key_id})"


class UsedNonce(models.Model):
    """What makes a signature count once: its nonce, kept for as long as it could be sent again."""

    key = models.ForeignKey(RequestKey, models.CASCADE, related_name="used_nonces")
    nonce = models.CharField(max_length=128)
    used_at = models.DateTimeField()

    class Meta:
        db_table = "used_nonces"
        verbose_name = _("used nonce")
        verbose_name_plural = _("used nonces")
        constraints = [
            models.UniqueConstraint(fields=["key", "nonce"], name="nonce_used_once"),
        ]

    def __str__(self) -> str:
        return self.nonce
