"""The real server around an application of a few lines: `python small_server.py PORT`.

Constants of the server are what the environment says.
"""

import asyncio
import os
import sys
import time
from typing import Any

import django
from django.conf import settings

waiting: list[Any] = []


async def application(scope, receive, send):
    """Answer with the length of the body, after as many seconds as the path names.

    Under /said it is the length that the headers name; under /slow, how many are waiting there;
    under /trailers, how many headers were x-late. /stuck waits for a thread, /large says much.
    Sockets echo, and say very much when they are asked for "much".
    """
    if scope["type"] == "websocket":
        await talk(receive, send)
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
    if scope["path"] == "/trailers":
        length = sum(name == b"x-late" for name, _ in scope["headers"])
    if scope["path"] == "/stuck":
        await asyncio.to_thread(time.sleep, 60)
    answer = f"{length} bytes at root {scope['root_path']!r}".encode()
    if scope["path"] == "/large":
        answer *= 1_000_000
    headers = [(b"Content-Length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


async def talk(receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] != "websocket.disconnect":
        much = 100_000 if message["text"] == "much" else 1
        for _ in range(much):
            await send({"type": "websocket.send", "text": message["text"] * min(much, 100)})


if __name__ == "__main__":
    settings.configure(
        LANGUAGE_CODE="en",
        LANGUAGES=[("en", "English"), ("ru", "Russian")],
        CORS_ALLOWED_ORIGINS=["https://leema.example"],
    )
    django.setup()
    from config.serving import protocols, server

    for module in (protocols, server):
        for name in filter(str.isupper, {*vars(module)} & {*os.environ}):
            setattr(module, name, int(os.environ[name]))
    server.serve(application, host=os.environ.get("LISTEN_ON", "127.0.0.1"), port=int(sys.argv[1]))
