from django.urls import path
from django.views.generic import RedirectView

from orders import api, panel

api_urlpatterns = [
    path("products/<int:pk>/purchase", api.PurchaseView.as_view(), name="purchase"),
    path("users/me/orders", api.OwnOrderListView.as_view(), name="order-list"),
    path("orders/<int:pk>", api.OwnOrderView.as_view(), name="order-detail"),
    path("orders/<int:pk>/<slug:action>", api.OwnOrderActionView.as_view(), name="order-action"),
    path("shops/me/orders", api.ShopOrderListView.as_view(), name="shop-order-list"),
    path("shops/me/orders/<int:pk>", api.ShopOrderView.as_view(), name="shop-order-detail"),
    path("shops/me/orders/<int:pk>/<slug:action>", api.ShopOrderActionView.as_view()),
    path("shops/me/analytics", api.ShopAnalyticsView.as_view(), name="shop-analytics"),
]
pages = [
    path("panel", RedirectView.as_view(pattern_name="panel-home")),
    path("panel/", panel.overview, name="panel-home"),
    path("panel/orders/", panel.order_list, name="panel-orders"),
    path("panel/orders/<int:pk>/<slug:action>/", panel.act_on_order, name="panel-order-action"),
]
