from django.urls import path
from django.views.generic import RedirectView

from orders import api, callbacks, panel
from orders.administration import api as administration
from orders.buying import api as buying
from orders.delivery import api as delivery
from orders.delivery import panel as delivery_panel
from orders.shopping import api as shopping
from orders.steps import api as steps

api_urlpatterns = [
    path("products/<int:pk>/availability", buying.AvailabilityView.as_view()),
    path("products/<int:pk>/purchase", buying.PurchaseView.as_view(), name="purchase"),
    path("cart", shopping.CartView.as_view(), name="cart"),
    path("cart/items", shopping.CartItemListView.as_view(), name="cart-item-list"),
    path("cart/items/<int:pk>", shopping.CartItemView.as_view(), name="cart-item"),
    path("cart/quote", buying.QuoteView.as_view(), name="cart-quote"),
    path("checkout", buying.CheckoutView.as_view(), name="checkout"),
    path("checkouts/<int:pk>", buying.CheckoutDetailView.as_view(), name="checkout-detail"),
    path("users/me/addresses", delivery.AddressListView.as_view(), name="address-list"),
    path("users/me/addresses/<int:pk>", delivery.AddressView.as_view(), name="address-detail"),
    path("shops/<int:pk>/delivery-methods", delivery.ShopDeliveryMethodListView.as_view()),
    path("shops/me/delivery-methods", delivery.OwnDeliveryMethodListView.as_view()),
    path("shops/me/delivery-methods/<int:pk>", delivery.OwnDeliveryMethodView.as_view()),
    path("users/me/orders", api.OwnOrderListView.as_view(), name="order-list"),
    path("orders", api.OrderListView.as_view(), name="older-order-list"),
    path("orders/create-from-cart", buying.CartOrderView.as_view(), name="cart-order"),
    path("orders/<int:pk>", api.OwnOrderView.as_view(), name="order-detail"),
    path("orders/<int:pk>/refund", steps.OwnOrderRefundView.as_view(), name="order-refund"),
    path("orders/<int:pk>/<slug:action>", steps.OwnOrderActionView.as_view(), name="order-action"),
    path("shops/me/orders", api.ShopOrderListView.as_view(), name="shop-order-list"),
    path("shops/me/orders/<int:pk>", api.ShopOrderView.as_view(), name="shop-order-detail"),
    path(
        "payments/<slug:provider>/callback",
        callbacks.PaymentCallbackView.as_view(),
        name="payment-callback",
    ),
    path("payments/capture/<str:order_id>", callbacks.PaymentCaptureView.as_view()),
    path("payments/paypal/webhook", callbacks.PayPalWebhookView.as_view()),
    path("payments/paypal/success", callbacks.PayPalReturnView.as_view(), name="paypal-success"),
    path("payments/paypal/cancel", callbacks.PayPalReturnView.as_view()),
    path("shops/me/orders/<int:pk>/<slug:action>", steps.ShopOrderActionView.as_view()),
    path("shops/me/analytics", api.ShopAnalyticsView.as_view(), name="shop-analytics"),
    path("admin/orders", administration.AdminOrderListView.as_view(), name="admin-order-list"),
    path("admin/orders/<int:pk>", administration.AdminOrderView.as_view()),
    path("admin/orders/<int:pk>/refund", steps.AdminOrderRefundView.as_view()),
    path("admin/orders/<int:pk>/<slug:action>", steps.AdminOrderActionView.as_view()),
    path("admin/refunds", administration.RefundListView.as_view(), name="refund-list"),
    path("admin/refunds/<int:pk>/process", administration.RefundProcessView.as_view()),
]
pages = [
    path("pay/sandbox/<str:key>", callbacks.sandbox_pay, name="sandbox-pay"),
    path("panel", RedirectView.as_view(pattern_name="panel-home")),
    path("panel/", panel.overview, name="panel-home"),
    path("panel/delivery/", delivery_panel.method_list, name="panel-delivery"),
    path("panel/delivery/<int:pk>/edit/", delivery_panel.edit_method, name="panel-delivery-edit"),
    path(
        "panel/delivery/<int:pk>/delete/",
        delivery_panel.delete_method,
        name="panel-delivery-delete",
    ),
    path("panel/orders/", panel.order_list, name="panel-orders"),
    path("panel/orders/<int:pk>/", panel.order_page, name="panel-order"),
    path("panel/orders/<int:pk>/<slug:action>/", panel.act_on_order, name="panel-order-action"),
    path("panel/rentals/", panel.rental_pieces, name="panel-rentals"),
    path("panel/balance/", panel.balance, name="panel-balance"),
]
