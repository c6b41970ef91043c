"""Speaks ASGI to an application; the same of channels.testing can't be had without daphne."""

import json
from urllib.parse import unquote, urlsplit

from asgiref.testing import ApplicationCommunicator


class HttpCommunicator(ApplicationCommunicator):
    def __init__(self, application, method, address, *, body=b"", headers=()):
        scope = {"type": "http", "http_version": "1.1", "method": method}
        super().__init__(application, {**scope, **_asked(address, headers)})
        self.body = body

    async def get_response(self, timeout=1):  # noqa: ASYNC109 - asgiref's name
        """Send the request; give what the answer starts with, and its whole body."""
        await self.send_input({"type": "http.request", "body": self.body})
        response = await self.receive_output(timeout)
        pieces, more = [], True
        while more:
            message = await self.receive_output(timeout)
            pieces.append(message.get("body", b""))
            more = message.get("more_body", False)
        return {**response, "body": b"".join(pieces)}


class WebsocketCommunicator(ApplicationCommunicator):
    def __init__(self, application, address, *, headers=()):
        scope = {"type": "websocket", "subprotocols": []}
        super().__init__(application, {**scope, **_asked(address, headers)})

    async def connect(self):
        """Whether the socket was accepted, and the code with which it was not."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output()
        return answer["type"] == "websocket.accept", answer.get("code")

    async def send_to(self, **data):
        await self.send_input({"type": "websocket.receive", **data})

    async def send_json_to(self, data):
        await self.send_to(text=json.dumps(data))

    async def receive_json_from(self, timeout=1):  # noqa: ASYNC109 - as above
        message = await self.receive_output(timeout)
        assert message["type"] == "websocket.send", message
        return json.loads(message["text"])

    async def disconnect(self):
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()


def _asked(address, headers):
    parts = urlsplit(address)
    query = parts.query.encode()
    return {"path": unquote(parts.path), "query_string": query, "headers": list(headers)}
