"""What happens by the clock; the worker runs it."""

from django_q.models import Schedule

EVERY_MINUTES = {
    "generations.tasks.sweep_generations": 1,
    "orders.tasks.take_due_steps": 1,
    "orders.tasks.settle_due_payments": 1,
    "billing.tasks.check_ledger": 5,
    "catalog.tasks.hide_unpaid_products": 24 * 60,
    "catalog.tasks.send_alerts": 1,
    "catalog.tasks.learn_words": 5,
    "catalog.tasks.keep_search_up": 1,
    "catalog.tasks.count_facets": 1,
    "catalog.tasks.count_views": 1,
    "catalog.tasks.resume_imports": 1,
    "catalog.tasks.clear_imports": 60,
    "catalog.tasks.make_missing_sizes": 60,
    "catalog.tasks.clear_revisions": 5,
    "billing.tasks.forget_forgeries": 24 * 60,
    "accounts.tasks.clear_old_sessions": 60,
    "accounts.tasks.clear_expired_keys": 60,
    "generations.tasks.clear_engine_calls": 60,
    "wardrobe.tasks.clear_archives": 60,
    "config.tasks.clear_temp": 60,
    "config.tasks.clear_events": 60,
    "config.tasks.clear_idempotency_keys": 60,
    "config.personal_data.tasks.finish_deletions": 1,
    "config.personal_data.tasks.delete_due_photos": 10,
    "config.personal_data.tasks.clear_exports": 60,
    "config.personal_data.tasks.delete_orphans": 24 * 60,
    "config.tasks.verify_audit": 24 * 60,
}
# The others have the worker's minute; these may take longer, but less than Q_CLUSTER's "retry".
TIMEOUT_SECONDS = {
    "config.tasks.verify_audit": 200,
    "catalog.tasks.learn_words": 200,
    "catalog.tasks.keep_search_up": 200,
    "catalog.tasks.count_facets": 200,
    "catalog.tasks.make_missing_sizes": 200,
}


def ensure() -> None:
    """Make the schedules those of this version."""
    for func, minutes in EVERY_MINUTES.items():
        Schedule.objects.update_or_create(
            name=func,
            defaults={
                "func": func,
                "schedule_type": Schedule.MINUTES,
                "minutes": minutes,
                "kwargs": _options(func),
            },
        )
    Schedule.objects.exclude(name__in=EVERY_MINUTES).delete()


def _options(func: str) -> str | None:
    """How django-q wants it written down."""
    seconds = TIMEOUT_SECONDS.get(func)
    return str({"q_options": {"timeout": seconds}}) if seconds else None
