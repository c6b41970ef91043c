"""allauth finds its pages by these names."""

from django.urls import path

from accounts.mfa import api, panel

api_urlpatterns = [
    path("auth/mfa", api.SecondFactorView.as_view(), name="second-factor"),
    path("auth/mfa/verify", api.SecondFactorVerifyView.as_view(), name="second-factor-verify"),
]
HERE = "accounts/second-factor"
pages = [
    path(f"{HERE}/", panel.overview, name="mfa_index"),
    path(f"{HERE}/sign-in/", panel.authenticate, name="mfa_authenticate"),
    path(f"{HERE}/show/", panel.reauthenticate, name="mfa_reauthenticate"),
    path(f"{HERE}/show-key/", panel.reauthenticate, name="mfa_reauthenticate_webauthn"),
    path(f"{HERE}/app/add/", panel.add_app, name="mfa_activate_totp"),
    path(f"{HERE}/app/remove/", panel.remove_app, name="mfa_deactivate_totp"),
    path(f"{HERE}/codes/", panel.show_codes, name="mfa_view_recovery_codes"),
    path(f"{HERE}/codes/new/", panel.renew_codes, name="mfa_generate_recovery_codes"),
    path(f"{HERE}/keys/", panel.overview, name="mfa_list_webauthn"),
    path(f"{HERE}/keys/add/", panel.add_key, name="mfa_add_webauthn"),
    path(f"{HERE}/keys/<int:pk>/rename/", panel.rename_key, name="mfa_edit_webauthn"),
    path(f"{HERE}/keys/<int:pk>/remove/", panel.remove_key, name="mfa_remove_webauthn"),
]
