from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Product

MAX_ATTEMPTS = 5
MAX_WORN = 4  # garments in one picture
MAX_SEED = 2**31 - 1
MAX_VARIANTS = 4


class GenerationQuerySet(models.QuerySet["Generation"]):
    def unfinished(self) -> "GenerationQuerySet":
        """What waits for a worker or is in one's hands."""
        return self.filter(status__in=[Generation.Status.QUEUED, Generation.Status.RUNNING])

    def with_photo(self) -> "GenerationQuerySet":
        """Those whose person's photo is still kept."""
        return self.exclude(original="")


class Generation(models.Model):
    """One request to an engine, and what came of it. `cost` in KZT; 0 for a free one.

    A worker owns a running row while `lease_until` is ahead and `lease_token` is its own.
    """

    class Type(models.TextChoices):
        GENERATION = "generation", _("Generated garment")
        TRY_ON = "try_on", _("Try-on")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        related_name="generations",
        verbose_name=_("user"),
    )
    product = models.ForeignKey(
        Product,
        models.SET_NULL,
        null=True,
        related_name="generations",
        verbose_name=_("product"),
    )
    type = models.CharField(_("type"), max_length=12, choices=Type)
    prompt = models.CharField(_("request"), max_length=1000, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2)
    original = models.CharField(_("photo"), max_length=200, blank=True)
    # In the order of putting on; of each its "image" (a stored name), "category", "sleeve" and
    # "product_id".
    garments = models.JSONField(_("garments"), default=list, blank=True)
    result = models.CharField(_("result"), max_length=200, blank=True, db_column="image_url")
    result_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    error_code = models.CharField(_("code of the error"), max_length=40, blank=True)
    save_to_wardrobe = models.BooleanField(_("goes to the wardrobe"), default=False)
    seed = models.PositiveIntegerField(default=0)
    # SHA-256 of all that the picture depends on: the same again is the same picture.
    inputs_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    reported_at = models.DateTimeField(_("reported as bad"), null=True, editable=False)
    complaint = models.CharField(_("complaint"), max_length=500, blank=True)
    free_on = models.DateField(_("free as a re-roll, on"), null=True, editable=False)
    provider = models.CharField(_("engine"), max_length=20, blank=True)
    model = models.CharField(_("version of the engine"), max_length=60, blank=True)
    external_id = models.CharField(max_length=100, blank=True, editable=False)  # in the making
    attempt = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    erased_at = models.DateTimeField(null=True, editable=False)  # kept for the ledger alone

    objects = GenerationQuerySet.as_manager()

    class Meta:
        db_table = "generations"
        verbose_name = _("generation")
        verbose_name_plural = _("generations")
        constraints = [
            models.CheckConstraint(
                condition=Q(cost__gte=0, cost__lte=10**8), name="generation_cost_sane"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "succeeded", "failed"]),
                name="generation_status_known",
            ),
            models.CheckConstraint(
                condition=Q(type__in=["generation", "try_on"]), name="generation_type_known"
            ),
            models.CheckConstraint(
                condition=Q(status="running", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(status="running") & Q(lease_token__isnull=True, lease_until__isnull=True)),
                name="generation_running_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(status="succeeded") | ~Q(result="") | ~Q(erased_at=None),
                name="generation_succeeded_has_result",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(prompt="", original="", result="", complaint=""),
                name="generation_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(error_code=""),
                name="generation_failed_has_code",
            ),
            models.CheckConstraint(
                condition=Q(attempt__lte=MAX_ATTEMPTS), name="generation_attempts_bounded"
            ),
            models.UniqueConstraint(fields=["user", "free_on"], name="generation_one_free_a_day"),
            models.CheckConstraint(
                condition=Q(free_on=None) | Q(cost=0), name="generation_free_costs_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"]),
            models.Index(
                fields=["lease_until"],
                condition=Q(status="running"),
                name="generation_leases",
            ),
            models.Index(
                fields=["finished_at"], condition=~Q(original=""), name="generation_photos"
            ),
            models.Index(
                fields=["result_sha256"],
                condition=~Q(result_sha256=""),
                name="generation_fingerprints",
            ),
            models.Index(
                fields=["user", "inputs_sha256"],
                condition=Q(status="succeeded") & ~Q(result=""),
                name="generation_store",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.status in {self.Status.SUCCEEDED, self.Status.FAILED}

    @property
    def wardrobe_name(self) -> str:
        """What it is called in a wardrobe unless its owner says otherwise."""
        if self.product:
            return gettext("Try-on: %(product)s") % {"product": self.product.name}
        return self.prompt[:255] or gettext("AI generated")


class PersonPhoto(models.Model):
    """A photo of themselves that a person keeps to try things on; nobody else sees it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="photos", verbose_name=_("user")
    )
    image = models.CharField(_("photo"), max_length=200)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        db_table = "person_photos"
        verbose_name = _("person's photo")
        verbose_name_plural = _("people's photos")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(image=""), name="person_photo_has_file"),
        ]

    def __str__(self) -> str:
        return f"photo {self.pk}"


class EngineCallQuerySet(models.QuerySet["EngineCall"]):
    def failed(self) -> "EngineCallQuerySet":
        """Those that failed by the engine's fault, not the person's."""
        return self.filter(error_code__startswith="provider_")

    def outdated(self) -> "EngineCallQuerySet":
        return self.filter(at__lt=timezone.now() - timedelta(days=EngineCall.KEPT_DAYS))


class EngineCall(models.Model):
    """How long an engine took, and how it failed if it did. Kept for 30 days."""

    KEPT_DAYS = 30

    generation = models.ForeignKey(
        Generation, models.CASCADE, related_name="calls", verbose_name=_("generation")
    )
    engine = models.CharField(_("engine"), max_length=20)
    at = models.DateTimeField(_("finished"), auto_now_add=True)
    seconds = models.FloatField(_("seconds"))
    error_code = models.CharField(_("code of the error"), max_length=40, blank=True)
    provider_code = models.CharField(_("the engine's own word"), max_length=100, blank=True)

    objects = EngineCallQuerySet.as_manager()

    class Meta:
        db_table = "engine_calls"
        verbose_name = _("call of an engine")
        verbose_name_plural = _("calls of engines")
        indexes = [models.Index(fields=["engine", "-at"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.engine} {self.error_code or 'ok'}"
