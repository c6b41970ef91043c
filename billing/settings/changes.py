"""Changing a platform setting: checked, answered for, and told to the administrators."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from billing import events
from core import audit
from core.errors import Refusal
from core.models import PlatformSetting
from core.platform_settings import registry
from core.platform_settings.setting import known
from core.transactions import atomic


class UnknownSetting(Refusal):
    code = "not_found"
    status = 404


@atomic
def change(key: str, text: str, *, by: User) -> None:
    """Set it to what the text says; raises UnknownSetting and InvalidSetting.

    Every process knows it within 5 seconds; what was agreed before stays as it was agreed.
    """
    setting = registry.ALL.get(key)
    if setting is None:
        raise UnknownSetting(_("There is no such setting."))
    after = str(setting.parsed(text.strip()))
    described = {"value": str(setting.default()), "description": setting.description}
    PlatformSetting.objects.get_or_create(key=key, defaults=described)
    row = PlatformSetting.objects.select_for_update().get(key=key)
    before = row.value
    row.value, row.description = after, setting.description
    row.save()
    subject = f"setting:{key}"
    audit.record("setting.change", subject, before={"value": before}, after={"value": after})
    events.settings_updated(setting, before=before, after=after, by=by)
    transaction.on_commit(known.forget)
