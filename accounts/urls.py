from django.urls import path

from accounts import api, panel, panel_sign_in
from accounts.callbacks import api as callbacks
from accounts.devices import api as devices
from accounts.devices import panel as devices_panel
from accounts.login import api as login
from accounts.mfa import urls as mfa
from accounts.signatures import api as signatures
from core.guards import IsShop, IsUser

api_urlpatterns = [
    path("auth/google/login", login.GoogleLoginView.as_view(), name="google-login"),
    path("auth/google/url", login.GoogleUrlView.as_view(), name="google-url"),
    path("auth/google/callback", callbacks.GoogleCallbackView.as_view(), name="google-callback"),
    path("auth/apple/login", login.AppleLoginView.as_view(), name="apple-login"),
    path("auth/apple/url", login.AppleUrlView.as_view(), name="apple-url"),
    path("auth/apple/callback", callbacks.AppleCallbackView.as_view(), name="apple-callback"),
    path("auth/user/get-or-create-shop", login.OwnShopView.as_view(), name="own-shop"),
    path("auth/refresh", api.RefreshView.as_view(), name="refresh"),
    path("auth/logout", api.LogoutView.as_view(), name="logout"),
    path("users/me/balance", api.OwnBalanceView.as_view(), name="user-balance"),
    path(
        "users/me/sessions",
        devices.SessionListView.as_view(permission_classes=[IsUser]),
        name="user-sessions",
    ),
    path(
        "users/me/sessions/<uuid:pk>",
        devices.SessionView.as_view(permission_classes=[IsUser]),
        name="user-session",
    ),
    path(
        "shops/me/sessions",
        devices.SessionListView.as_view(permission_classes=[IsShop]),
        name="shop-sessions",
    ),
    path(
        "shops/me/sessions/<uuid:pk>",
        devices.SessionView.as_view(permission_classes=[IsShop]),
        name="shop-session",
    ),
    path("users/me/keys", signatures.UserKeyListView.as_view(), name="user-key-list"),
    path("users/me/keys/<int:pk>", signatures.UserKeyView.as_view(), name="user-key"),
    path("shops/me/keys", signatures.ShopKeyListView.as_view(), name="shop-key-list"),
    path("shops/me/keys/<int:pk>", signatures.ShopKeyView.as_view(), name="shop-key"),
    path("admin/users", api.AdminUserListView.as_view(), name="admin-user-list"),
    *mfa.api_urlpatterns,
]
pages = [
    path("panel/sign-in/", panel.sign_in, name="panel-sign-in"),
    path("panel/sign-out/", panel.sign_out, name="panel-sign-out"),
    path("panel/sessions/", devices_panel.sessions, name="panel-sessions"),
    path("panel/sessions/end-all/", devices_panel.end_all, name="panel-sessions-end-all"),
    path("panel/sessions/<uuid:pk>/end/", devices_panel.end, name="panel-session-end"),
    path("accounts/google/login/", panel_sign_in.google_login, name="google_login"),
    path("accounts/google/login/callback/", panel_sign_in.google_callback, name="google_callback"),
    # Where allauth sends a browser by these names.
    path("accounts/login/", panel.sign_in, name="account_login"),
    path("accounts/inactive/", panel.account_blocked, name="account_inactive"),
    path("accounts/cancelled/", panel.sign_in, name="socialaccount_login_cancelled"),
    path("accounts/error/", panel.sign_in_failed, name="socialaccount_login_error"),
    path("accounts/connections/", panel.sign_in_failed, name="socialaccount_connections"),
    path("accounts/signup/", panel.sign_in_failed, name="socialaccount_signup"),
    *mfa.pages,
]
