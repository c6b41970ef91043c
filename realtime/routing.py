"""Addresses of the socket; `/ws/user` and its like are what older clients use."""

from django.urls import re_path

from realtime.consumers import EventConsumer, NowhereConsumer

urlpatterns = [
    re_path(r"^ws/?$", EventConsumer.as_asgi()),
    re_path(r"^ws/(?P<client_type>user|shop|admin)/?$", EventConsumer.as_asgi()),
    re_path(r"", NowhereConsumer.as_asgi()),
]
