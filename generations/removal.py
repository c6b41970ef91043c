"""Taking a generation out of one's history: the pictures go, the row stays for the ledger."""

from django.utils import timezone
from django.utils.translation import gettext as _

from core import storage
from core.errors import Refusal
from core.transactions import atomic
from generations.models import Generation


class StillMade(Refusal):
    code = "generation_unfinished"


class InWardrobe(Refusal):
    code = "in_wardrobe"


@atomic
def remove(generation: Generation) -> None:
    """Forget what was asked for and made; raises StillMade and InWardrobe.

    Only the fingerprint stays, so that a copy of the picture can still be verified.
    """
    row = Generation.objects.select_for_update().get(pk=generation.pk)
    if not row.is_finished:
        raise StillMade(_("It is not finished yet."))
    if row.wardrobe_items.exists():
        raise InWardrobe(_("It is in your wardrobe. Take it out there first."))
    storage.delete_after_commit(*filter(None, [row.original, row.result]))
    row.original = row.result = row.prompt = row.complaint = ""
    row.erased_at = timezone.now()
    row.save(update_fields=["original", "result", "prompt", "complaint", "erased_at"])
