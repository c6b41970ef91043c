"""Adding and changing the rules, which administrators alone do."""

from billing.commission.models import CommissionRule
from core import audit
from core.transactions import atomic

DETAILS = ("shop_id", "category_id", "percent", "fixed", "minimum", "maximum", "is_active")


@atomic
def save(rule: CommissionRule) -> None:
    """Add the rule, or change it, for what is sold from now on."""
    rules = CommissionRule.objects.select_for_update(of=("self",))
    before = rules.filter(pk=rule.pk).values(*DETAILS).first()
    rule.save()
    action = "commission_rule.change" if before else "commission_rule.add"
    after = {name: getattr(rule, name) for name in DETAILS}
    audit.record(action, rule, before=before, after=after)
