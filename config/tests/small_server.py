"""The real server around an application of a few lines: `python small_server.py PORT`."""

import asyncio
import sys
from typing import Any

import django
from django.conf import settings

waiting: list[Any] = []


async def application(scope, receive, send):
    """Answer with the length of the body, after as many seconds as the path names.

    Under /said it is the length that the headers name; under /slow, how many are waiting there.
    """
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
        return
    length, more = 0, True
    while more:
        message = await receive()
        length, more = length + len(message["body"]), message["more_body"]
    if scope["path"].startswith("/slow/"):
        waiting.append(scope)
        await asyncio.sleep(float(scope["path"].removeprefix("/slow/")))
        waiting.remove(scope)
    if scope["path"] == "/said":
        length = int(dict(scope["headers"])[b"content-length"])
    if scope["path"] == "/slow":
        length = len(waiting)
    answer = f"{length} bytes at root {scope['root_path']!r}".encode()
    headers = [(b"Content-Length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


if __name__ == "__main__":
    settings.configure(
        LANGUAGE_CODE="en",
        LANGUAGES=[("en", "English"), ("ru", "Russian")],
        CORS_ALLOWED_ORIGINS=["https://leema.example"],
    )
    django.setup()
    from config.server import serve

    serve(application, host="127.0.0.1", port=int(sys.argv[1]))
