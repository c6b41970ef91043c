from django.urls import path

from wardrobe import api

api_urlpatterns = [
    path("wardrobe", api.WardrobeListView.as_view(), name="wardrobe-list"),
    path("wardrobe/upload-images", api.WardrobePicturesView.as_view(), name="wardrobe-pictures"),
    path("wardrobe/stats", api.WardrobeStatsView.as_view(), name="wardrobe-stats"),
    path("wardrobe/folders", api.WardrobeFoldersView.as_view(), name="wardrobe-folders"),
    path("wardrobe/move", api.WardrobeMoveView.as_view(), name="wardrobe-move"),
    path("wardrobe/<int:pk>", api.WardrobeItemView.as_view(), name="wardrobe-item"),
    path("wardrobe/from-shop/<int:pk>", api.WardrobeFromShopView.as_view()),
]
