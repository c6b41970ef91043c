from django.urls import path

from wardrobe import api
from wardrobe.archives import api as archives
from wardrobe.bulk import api as bulk
from wardrobe.collecting import api as collecting
from wardrobe.outfits import api as outfits
from wardrobe.styling import api as styling
from wardrobe.wearing import api as wearing

api_urlpatterns = [
    path("wardrobe", api.WardrobeListView.as_view(), name="wardrobe-list"),
    path("wardrobe/upload-images", api.WardrobePicturesView.as_view(), name="wardrobe-pictures"),
    path("wardrobe/bulk", bulk.BulkView.as_view(), name="wardrobe-bulk"),
    path("wardrobe/export", archives.WardrobeExportView.as_view(), name="wardrobe-export"),
    path("wardrobe/import", archives.WardrobeImportView.as_view(), name="wardrobe-import"),
    path("wardrobe/stats", api.WardrobeStatsView.as_view(), name="wardrobe-stats"),
    path("wardrobe/folders", api.WardrobeFoldersView.as_view(), name="wardrobe-folders"),
    path("wardrobe/move", api.WardrobeMoveView.as_view(), name="wardrobe-move"),
    path("wardrobe/outfits", outfits.OutfitListView.as_view(), name="outfit-list"),
    path("wardrobe/outfits/<int:pk>", outfits.OutfitView.as_view(), name="outfit"),
    path("wardrobe/outfits/<int:pk>/clone", outfits.OutfitCloneView.as_view()),
    path("wardrobe/outfits/<int:pk>/share", outfits.OutfitShareView.as_view()),
    path("wardrobe/shared/<str:token>", outfits.SharedOutfitView.as_view(), name="outfit-shared"),
    path(
        "wardrobe/shared/<str:token>/cover",
        outfits.SharedCoverView.as_view(),
        name="outfit-shared-cover",
    ),
    path("wardrobe/stats/items", wearing.WornItemsView.as_view(), name="wardrobe-worn"),
    path("wardrobe/wears", wearing.WearListView.as_view(), name="wear-list"),
    path("wardrobe/wears/<int:pk>", wearing.WearView.as_view(), name="wear"),
    path("wardrobe/<int:pk>", api.WardrobeItemView.as_view(), name="wardrobe-item"),
    path("wardrobe/collections", collecting.CollectionListView.as_view(), name="collection-list"),
    path("wardrobe/collections/<int:pk>", collecting.CollectionView.as_view(), name="collection"),
    path("wardrobe/collections/<int:pk>/put", collecting.CollectionPutView.as_view()),
    path("wardrobe/collections/<int:pk>/take-out", collecting.CollectionTakeOutView.as_view()),
    path("wardrobe/suggestions", styling.SuggestionsView.as_view()),
    path("wardrobe/packing-list", styling.PackingListView.as_view()),
    path("wardrobe/<int:pk>/suggested", api.WardrobeSuggestedView.as_view()),
    path("wardrobe/from-shop/<int:pk>", api.WardrobeFromShopView.as_view()),
]
