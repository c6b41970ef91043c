from django.urls import path

from config.personal_data import api, panel

api_urlpatterns = [
    path("users/me", api.AccountView.as_view(), name="user-me"),
    path("users/me/consents", api.ConsentListView.as_view(), name="consent-list"),
    path("users/me/consents/<slug:kind>", api.ConsentView.as_view(), name="consent"),
    path("users/me/export", api.ExportView.as_view(), name="export"),
    path("legal/photo-consent", api.PhotoConsentView.as_view(), name="photo-consent-text"),
]
pages = [path("legal/photo-consent/", panel.photo_consent, name="photo-consent")]
