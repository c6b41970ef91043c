"""Sockets of a user and of a shop, for tests."""

from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from django.test import TransactionTestCase

from accounts import tokens
from accounts.authentication import SocketAuthentication
from accounts.models import AuthSession, User
from core.tests.communicators import WebsocketCommunicator
from realtime.publish import publish
from realtime.routing import urlpatterns
from shops.models import Shop

APPLICATION = SocketAuthentication(URLRouter(urlpatterns))


class SocketTestCase(TransactionTestCase):  # Django runs async test methods itself.
    def setUp(self):
        self.user = User.objects.create(google_id="g1", email="a@x.kz", name="A")
        self.shop = Shop.objects.create(google_id="g2", email="b@x.kz", shop_name="B")
        self.sessions = {
            "user": AuthSession.objects.create(user=self.user, platform="mobile"),
            "shop": AuthSession.objects.create(shop=self.shop, platform="web"),
        }

    def socket(self, who="user", path="/ws", query="", headers=()):
        token = tokens.issue(self.sessions[who]).access if who else "nonsense"
        address = f"{path}?token={token}{query}"
        return WebsocketCommunicator(APPLICATION, address, headers=list(headers))

    async def connected(self, *args, **kwargs):
        socket = await sync_to_async(self.socket)(*args, **kwargs)
        accepted, _ = await socket.connect()
        assert accepted
        return socket, await socket.receive_json_from()

    async def closed(self, *args, **kwargs):
        socket = await sync_to_async(self.socket)(*args, **kwargs)
        await socket.connect()
        message = await socket.receive_output()
        assert message["type"] == "websocket.close"
        return message["code"]

    async def say(self, audience, number, older=None):
        await sync_to_async(publish)([audience], "hello", {"number": number}, older=older)
