from django.urls import path

from catalog import api, panel, uploads
from catalog.alerts import api as alerts
from catalog.bulk import urls as bulk
from catalog.favourites import api as favourites
from catalog.inquiries import api as inquiries
from catalog.movements import api as movements
from catalog.movements import panel as movements_panel
from catalog.reports import api as reports
from catalog.reviews import api as reviews
from catalog.reviews import panel as reviews_panel
from catalog.search import api as search

api_urlpatterns = [
    path("products", api.ProductListView.as_view(), name="product-list"),
    path("products/upload-images", api.ProductPicturesView.as_view(), name="product-pictures"),
    path("products/search", api.ProductSearchView.as_view(), name="product-search"),
    path("products/facets", search.ProductFacetsView.as_view(), name="product-facets"),
    path("products/search-by-image", search.SearchByPictureView.as_view()),
    path("products/suggest", search.ProductSuggestView.as_view(), name="product-suggest"),
    path("products/<int:pk>", api.ProductDetailView.as_view(), name="product-detail"),
    path("products/<int:pk>/hide", api.ProductHideView.as_view()),
    path("products/<int:pk>/show", api.ProductShowView.as_view()),
    path("products/<int:pk>/similar", search.SimilarProductsView.as_view()),
    path("products/<int:pk>/variants", api.ProductVariantsView.as_view()),
    path("products/<int:pk>/rental-terms", api.ProductRentalTermsView.as_view()),
    path("products/<int:pk>/report", reports.ProductReportView.as_view(), name="product-report"),
    path("products/<int:pk>/reviews", reviews.ProductReviewsView.as_view(), name="review-list"),
    path("products/<int:pk>/reviews/stats", reviews.ReviewStatsView.as_view()),
    path("users/me/reviews", reviews.OwnReviewListView.as_view(), name="own-review-list"),
    path("users/me/reviews/<int:pk>", reviews.OwnReviewView.as_view(), name="own-review"),
    path("shops/me/reviews", reviews.ShopReviewListView.as_view(), name="shop-review-list"),
    path("shops/me/reviews/<int:pk>/answer", reviews.ReviewAnswerView.as_view()),
    path(
        "shops/<int:pk>/products/<int:product_id>/whatsapp-inquiry",
        inquiries.WhatsAppInquiryView.as_view(),
        name="whatsapp-inquiry",
    ),
    path("users/me/alerts", alerts.AlertListView.as_view(), name="alert-list"),
    path("users/me/alerts/<int:pk>", alerts.AlertView.as_view(), name="alert"),
    path("users/me/favorites", favourites.FavouriteListView.as_view(), name="favourite-list"),
    path("users/me/favorites/<int:pk>", favourites.FavouriteView.as_view(), name="favourite"),
    path("shops/me/products", api.OwnProductListView.as_view(), name="shop-product-list"),
    path("shops/me/products/<int:pk>/movements", movements.StockMovementListView.as_view()),
    *bulk.api_urlpatterns,
    path("payments/shop/rent-product", api.ListingFeeView.as_view(), name="listing-fee"),
    path("categories", api.CategoryListView.as_view(), name="category-list"),
    path("categories/<int:pk>", api.CategoryDetailView.as_view(), name="category-detail"),
    path("admin/products/moderation", api.ModerationQueueView.as_view(), name="moderation-queue"),
    path("admin/products/<int:pk>/approve", api.ProductApproveView.as_view()),
    path("admin/products/<int:pk>/reject", api.ProductRejectView.as_view()),
    path("admin/products/<int:pk>/take-down", api.ProductTakeDownView.as_view()),
    path("admin/products/<int:pk>/undo", api.ProductUndoView.as_view()),
    # The older clients' addresses of the same three.
    path("admin/moderation/queue", api.ModerationQueueView.as_view()),
    path("admin/moderation/<int:pk>/approve", api.ProductApproveView.as_view()),
    path("admin/moderation/<int:pk>/reject", api.ProductRejectView.as_view()),
]
uploads_urlpatterns = [
    path(
        "shops/<int:shop_id>/products/<int:product_id>/image_<int:number>.jpg",
        uploads.product_picture,
    ),
    path(
        "shops/<int:shop_id>/products/<int:product_id>/image_<int:number>.w<int:width>.webp",
        uploads.product_picture,
    ),
]
pages = [
    path("", panel.home, name="home"),
    path("panel/products/", panel.product_list, name="panel-products"),
    *bulk.pages,
    path("panel/products/new/", panel.new_product, name="panel-product-new"),
    path("panel/products/<int:pk>/edit/", panel.edit_product, name="panel-product-edit"),
    path("panel/products/<int:pk>/hide/", panel.hide_or_show, {"act": "hide"}, "panel-hide"),
    path("panel/products/<int:pk>/show/", panel.hide_or_show, {"act": "show"}, "panel-show"),
    path("panel/products/<int:pk>/showing/", panel.show_longer, name="panel-product-showing"),
    path(
        "panel/products/<int:pk>/movements/",
        movements_panel.movement_list,
        name="panel-product-movements",
    ),
    path("panel/reviews/", reviews_panel.review_list, name="panel-reviews"),
    path("panel/reviews/<int:pk>/answer/", reviews_panel.answer_review, name="panel-review-answer"),
    path("panel/products/<int:pk>/delete/", panel.delete_product, name="panel-product-delete"),
]
