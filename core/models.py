import json
from typing import Any

from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _


def _said(field: str, name: Any) -> models.GeneratedField:
    return models.GeneratedField(
        verbose_name=name,
        expression=KeyTextTransform(field, Cast("record", models.JSONField())),
        output_field=models.TextField(),
        db_persist=True,
    )


class AuditEntry(models.Model):
    """One action that somebody answers for. Written by core.audit, never changed or deleted.

    `record` is what the hash covers, canonical JSON; the columns for searching are generated from
    it by the database, so that they cannot say anything else. `seq` and `hash` chain the entries
    in the order of their commits: see the migration.
    """

    record = models.TextField(editable=False)
    seq = models.BigIntegerField(_("number"), null=True, unique=True, editable=False)
    hash = models.CharField(max_length=64, editable=False)
    at = _said("at", _("time"))
    actor = _said("actor", _("who"))
    action = _said("action", _("action"))
    subject = _said("subject", _("object"))
    request_id = _said("request_id", _("request"))
    ip = _said("ip", _("address"))

    class Meta:
        db_table = "audit_log"
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = [
            models.Index(fields=["id"], condition=models.Q(seq=None), name="audit_unsealed"),
            # With the time behind it, an index also gives the newest entries of a period.
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["actor", "at"], name="audit_actor"),
            models.Index(fields=["action", "at"], name="audit_action"),
            models.Index(fields=["subject", "at"], name="audit_subject"),
            models.Index(fields=["ip", "at"], name="audit_ip"),
            models.Index(fields=["request_id"], name="audit_request"),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.action} {self.subject}"

    @property
    def said(self) -> dict[str, Any]:
        """The record as it was written: who, from where, what, and `before` and `after`."""
        said: dict[str, Any] = json.loads(self.record)
        return said


class IdempotencyKey(models.Model):
    """What was answered to a request that its client gave a key: see core.idempotency."""

    principal = models.CharField(max_length=40)
    method = models.CharField(max_length=7)
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    location = models.CharField(max_length=200, blank=True)
    answer = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "idempotency_keys"
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "key", "method", "route"], name="idempotency_key_once"
            ),
            models.CheckConstraint(
                condition=models.Q(status__gte=200, status__lt=300),
                name="idempotency_key_of_a_deed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.route} of {self.principal}"


class PlatformSetting(models.Model):
    """A setting that an administrator has changed; what it may be: core.platform_settings."""

    key = models.CharField(_("name"), max_length=50, primary_key=True)
    value = models.CharField(_("value"), max_length=50)
    description = models.CharField(_("description"), max_length=300, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        db_table = "platform_settings"
        verbose_name = _("platform setting")
        verbose_name_plural = _("platform settings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__regex=r"^[0-9]+(\.[0-9]+)?$"),
                name="platform_setting_is_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
