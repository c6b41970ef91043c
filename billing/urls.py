from django.urls import path

from billing import api
from billing.bank.api import BankDetailsView
from billing.commission.api import ShopCommissionView
from billing.payments import api as payments
from billing.payments.panel import payment_page
from billing.payouts import api as payouts
from billing.settings import api as settings
from billing.statements import panel as statements
from billing.statements.api import ShopStatementView

api_urlpatterns = [
    path("users/me/transactions", api.OwnTransactionListView.as_view(), name="transaction-list"),
    path("users/me/topup", payments.UserTopUpView.as_view(), name="user-topup"),
    path("shops/me/transactions", api.ShopTransactionListView.as_view()),
    path("shops/me/topup", payments.ShopTopUpView.as_view(), name="shop-topup"),
    path("shops/me/bank-details", BankDetailsView.as_view(), name="bank-details"),
    path("shops/me/commission", ShopCommissionView.as_view(), name="shop-commission"),
    path("shops/me/statements/<str:month>.csv", ShopStatementView.as_view(), name="statement"),
    path("shops/me/payouts", payouts.ShopPayoutListView.as_view(), name="payout-list"),
    path("shops/me/payouts/<int:pk>/cancel", payouts.ShopPayoutCancelView.as_view()),
    path("admin/adjustments", api.AdjustmentView.as_view(), name="adjustment"),
    path("admin/payouts", payouts.AdminPayoutListView.as_view(), name="admin-payout-list"),
    path("admin/payouts/<int:pk>/approve", payouts.PayoutApproveView.as_view()),
    path("admin/payouts/<int:pk>/paid", payouts.PayoutPaidView.as_view()),
    path("admin/payouts/<int:pk>/fail", payouts.PayoutFailView.as_view()),
    path("admin/settings", settings.SettingListView.as_view(), name="setting-list"),
    path("admin/settings/<slug:key>", settings.SettingView.as_view(), name="setting"),
    path("users/me/payments", payments.OwnPaymentListView.as_view(), name="payment-list"),
    path("payments/<int:pk>", payments.PaymentDetailView.as_view(), name="payment-detail"),
    path("payments/<int:pk>/cancel", payments.PaymentCancelView.as_view(), name="payment-cancel"),
    path("payments/<int:pk>/refund", payments.PaymentRefundView.as_view(), name="payment-refund"),
    path("payments/user/top-up", payments.OlderUserTopUpView.as_view()),
    path("payments/shop/top-up", payments.OlderShopTopUpView.as_view()),
]
pages = [
    path("panel/balance/<str:month>.csv", statements.statement, name="panel-statement"),
    path("pay/<str:key>", payment_page, name="payment-page"),
]
