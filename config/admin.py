"""The administrators' site: signs in like every page, through Google."""

from django.apps import apps
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _

# The sections of the site, in the order of daily work.
SECTIONS = {
    "catalog": _("Catalogue"),
    "shops": _("Shops"),
    "orders": _("Orders"),
    "accounts": _("People"),
    "generations": _("Generations"),
    "wardrobe": _("Wardrobes"),
    "billing": _("Money"),
    "django_q": _("Background work"),
    "core": _("Settings and audit log"),
}


class LeemaAdminConfig(AdminConfig):
    default_site = "config.admin_site.LeemaAdminSite"

    def ready(self) -> None:
        super().ready()
        for label, name in SECTIONS.items():
            apps.get_app_config(label).verbose_name = name
