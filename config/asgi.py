"""The platform as an ASGI application: HTTP and the one WebSocket endpoint."""

import os
from typing import Any, cast

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)  # Fills the app registry before our imports need it.

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - as above
from channels.sessions import CookieMiddleware  # noqa: E402 - as above

from accounts.authentication import SocketAuthentication  # noqa: E402 - as above
from config.concurrency import ConcurrencyLimit  # noqa: E402 - as above
from config.http_handler import HTTPHandler  # noqa: E402 - as above
from config.quick_reads import QuickReads  # noqa: E402 - as above
from realtime import routing  # noqa: E402 - as above

application = ProtocolTypeRouter(
    {
        "http": ConcurrencyLimit(QuickReads(cast(Any, HTTPHandler()))),
        "websocket": CookieMiddleware(SocketAuthentication(URLRouter(routing.urlpatterns))),
    }
)
