from django.urls import path

from billing import api, panel

api_urlpatterns = [
    path("users/me/transactions", api.OwnTransactionListView.as_view(), name="transaction-list"),
    path("users/me/topup", api.UserTopUpView.as_view(), name="user-topup"),
    path("shops/me/transactions", api.ShopTransactionListView.as_view()),
    path("shops/me/topup", api.ShopTopUpView.as_view(), name="shop-topup"),
    path("payments/<int:pk>", api.PaymentDetailView.as_view(), name="payment-detail"),
    path(
        "payments/<slug:provider>/callback",
        api.PaymentCallbackView.as_view(),
        name="payment-callback",
    ),
]
pages = [
    path("panel/balance/", panel.balance, name="panel-balance"),
    path("pay/sandbox/<str:key>", panel.sandbox_pay, name="sandbox-pay"),
]
