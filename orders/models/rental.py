from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import MAX_UNITS, ProductVariant
from orders.models.order import Order

MAX_PERIOD_DAYS = 120


class RentalBooking(models.Model):
    """One piece promised to one order for some days, the days for cleaning among them.

    `period` is half open, as PostgreSQL keeps it: its upper end is the first free day. What came
    back early is free after its cleaning.
    """

    class Status(models.TextChoices):
        HELD = "held", _("Held until paid")
        BOOKED = "booked", _("Booked")
        OUT = "out", _("With the customer")
        RETURNED = "returned", _("Returned")
        CANCELLED = "cancelled", _("Cancelled")

    variant = models.ForeignKey(
        ProductVariant, models.RESTRICT, related_name="bookings", verbose_name=_("variant")
    )
    unit = models.PositiveSmallIntegerField(_("piece"))
    order = models.ForeignKey(
        Order, models.RESTRICT, related_name="bookings", verbose_name=_("order")
    )
    period = DateRangeField(_("days"))
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.HELD)

    class Meta:
        db_table = "rental_bookings"
        verbose_name = _("rental booking")
        verbose_name_plural = _("rental bookings")
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__gte=1, unit__lte=MAX_UNITS), name="booking_unit_sane"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["held", "booked", "out", "returned", "cancelled"]),
                name="booking_status_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    period__isempty=False, period__lower_inf=False, period__upper_inf=False
                ),
                name="booking_period_sane",
            ),
            ExclusionConstraint(
                name="booking_never_twice",
                expressions=[
                    ("variant", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=~Q(status="cancelled"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} № {self.unit}: {self.period}"


class ConditionPhoto(models.Model):
    """How a rented thing looked when it was handed over, or brought back; `name` is the file's."""

    class Moment(models.TextChoices):
        BEFORE = "before", _("At the handover")
        AFTER = "after", _("At the return")

    order = models.ForeignKey(Order, models.CASCADE, related_name="photos", verbose_name=_("order"))
    moment = models.CharField(_("moment"), max_length=6, choices=Moment)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(_("taken"), auto_now_add=True)

    class Meta:
        db_table = "condition_photos"
        verbose_name = _("photo of the condition")
        verbose_name_plural = _("photos of the condition")

    def __str__(self) -> str:
        return self.name
