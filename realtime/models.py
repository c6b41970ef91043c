from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EventCounter(models.Model):
    """The newest sequence number of an audience; its row lock puts commits in that order."""

    audience = models.CharField(max_length=40, primary_key=True)
    seq = models.BigIntegerField()

    class Meta:
        db_table = "event_counters"
        verbose_name = _("counter of events")
        verbose_name_plural = _("counters of events")

    def __str__(self) -> str:
        return f"{self.audience}:{self.seq}"


class Event(models.Model):
    """Something that happened, as one audience hears it. Written in the business transaction."""

    audience = models.CharField(max_length=40)
    seq = models.BigIntegerField(null=True, editable=False)  # given at the commit
    type = models.CharField(max_length=60)
    data = models.JSONField()
    older = models.JSONField(null=True)  # {"event", "data"}: the same in the older vocabulary
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "events"
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(fields=["audience", "seq"], name="event_once_per_audience"),
            models.CheckConstraint(condition=Q(seq__gt=0), name="event_seq_positive"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(seq=None), name="event_unnumbered"),
        ]

    def __str__(self) -> str:
        return self.wire_id

    @property
    def wire_id(self) -> str:
        return f"{self.audience}:{self.seq}"

    def frames(self, *, compatible: bool) -> list[dict]:
        """What goes over the socket: the event, and for older clients the same in their words."""
        frames = [{"type": self.type, "data": self.data, "id": self.wire_id}]
        if compatible and self.older:
            frames.append({**self.older, "timestamp": self.created_at.isoformat()})
        return frames
