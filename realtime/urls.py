from django.urls import path

from realtime import api

api_urlpatterns = [path("events", api.EventListView.as_view(), name="event-list")]
