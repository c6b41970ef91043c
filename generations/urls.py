from django.urls import path

from generations import api

api_urlpatterns = [
    path("generations/try-on", api.TryOnView.as_view(), name="try-on"),
    path("generations/outfit", api.OutfitView.as_view(), name="outfit"),
    path("generations/generate", api.GenerateView.as_view(), name="generate"),
    path("generations/history", api.GenerationHistoryView.as_view(), name="generation-history"),
    path("generations/verify", api.GenerationVerifyView.as_view(), name="generation-verify"),
    path("generations/<int:pk>", api.GenerationDetailView.as_view(), name="generation-detail"),
    path("generations/<int:pk>/cancel", api.GenerationCancelView.as_view()),
    path("generations/<int:pk>/report", api.GenerationReportView.as_view()),
    path("generations/<int:pk>/reroll", api.GenerationRerollView.as_view()),
    path("users/me/photos", api.PersonPhotoListView.as_view(), name="person-photos"),
    path("users/me/photos/<int:pk>", api.PersonPhotoView.as_view()),
    path("users/me/history", api.OlderHistoryView.as_view()),
    path("wardrobe/<int:pk>/remove-background", api.RemoveBackgroundView.as_view()),
    path("wardrobe/from-generation/<int:pk>", api.WardrobeFromGenerationView.as_view()),
]
