from django.urls import path

from shops import api, panel, uploads

api_urlpatterns = [
    path("shops", api.ShopListView.as_view(), name="shop-list"),
    path("shops/me", api.OwnShopView.as_view(), name="shop-me"),
    path("shops/upload-avatar", api.ShopAvatarView.as_view(), name="shop-avatar"),
    path("shops/<int:pk>", api.ShopDetailView.as_view(), name="shop-detail"),
    path("admin/shops", api.AdminShopListView.as_view(), name="admin-shop-list"),
    path("admin/shops/<int:pk>/approve", api.ShopApproveView.as_view(), name="shop-approve"),
    path("admin/shops/<int:pk>/reject", api.ShopRejectView.as_view(), name="shop-reject"),
]
uploads_urlpatterns = [path("shops/<int:pk>/avatar.jpg", uploads.avatar)]
pages = [
    path("panel/open-shop/", panel.open_shop, name="panel-open-shop"),
    path("panel/profile/", panel.profile, name="panel-profile"),
]
