"""Every address of the platform."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from accounts import urls as accounts
from billing import urls as billing
from catalog import urls as catalog
from config import health
from config.api import ConfigView, DashboardView, SchemaView
from config.personal_data import urls as personal_data
from core.csp_reports import csp_report
from core.uploads import private_file
from generations import urls as generations
from orders import urls as orders
from realtime import urls as realtime
from shops import urls as shops
from wardrobe import urls as wardrobe

v1: list[URLPattern | URLResolver] = [
    *catalog.api_urlpatterns,  # first, as they are asked for most
    *personal_data.api_urlpatterns,
    *accounts.api_urlpatterns,
    *shops.api_urlpatterns,
    *billing.api_urlpatterns,
    *wardrobe.api_urlpatterns,
    *generations.api_urlpatterns,
    *orders.api_urlpatterns,
    *realtime.api_urlpatterns,
    path("admin/dashboard", DashboardView.as_view(), name="dashboard"),
    path("config", ConfigView.as_view(), name="config"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(v1)),
    path("api/schema", SchemaView.as_view(), name="schema"),
    path(
        "api/docs",
        SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="api_docs.html"),
        name="api-docs",
    ),
    path("uploads/", include([*catalog.uploads_urlpatterns, *shops.uploads_urlpatterns])),
    path("uploads/<path:name>", private_file),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("csp-report", csp_report),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    *accounts.pages,
    *shops.pages,
    *billing.pages,
    *catalog.pages,
    *orders.pages,
    *personal_data.pages,
]

handler400 = "core.errors.bad_request"
handler403 = "core.errors.forbidden"
handler404 = "core.errors.not_found"
handler500 = "core.errors.server_error"
