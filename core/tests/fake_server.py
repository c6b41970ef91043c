"""A small HTTP server that stands for another company's, made from its published protocol."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

GARBAGE = b"<html><body>502 Bad Gateway"


class Mood(Enum):
    NORMAL = "answers"
    SILENT = "takes the request and says nothing"
    TRICKLING = "says a byte now and then"
    GARBAGE = "answers with a page for people"
    EMPTY = "answers with an empty object or document"
    BROKEN = "answers 500"


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self):
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))

    @property
    def json(self):
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    body: bytes
    status: int = 200
    content_type: str = "application/json"


class FakeServer:
    """It keeps what it was asked; `mood` is how it is today. A subclass says what it answers."""

    empty: ClassVar[bytes] = b"{}"

    def __init__(self):
        self.mood = Mood.NORMAL
        self.asked = []
        self.closing = threading.Event()
        handler = type("Handler", (_Handler,), {"fake": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda request, address: None  # a client that hung up
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.closing.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def settings(self):
        """The settings of a deployment that uses this server."""
        raise NotImplementedError

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError


class _Handler(BaseHTTPRequestHandler):
    fake: FakeServer

    def do_GET(self):
        self.take()

    def do_POST(self):
        self.take()

    def do_PUT(self):
        self.take()

    def do_DELETE(self):
        self.take()

    def do_HEAD(self):
        self.take()

    def take(self):
        asked = self.read()
        self.fake.asked.append(asked)
        if self.fake.mood is Mood.SILENT:
            self.fake.closing.wait(5)
        elif self.fake.mood is Mood.TRICKLING:
            self.trickle()
        else:
            self.give(self.answer(asked))

    def read(self):
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        return Asked(self.command, address.path, query, self.headers, body)

    def answer(self, asked):
        match self.fake.mood:
            case Mood.GARBAGE:
                return Answer(GARBAGE, content_type="text/html")
            case Mood.EMPTY:
                return Answer(self.fake.empty)
            case Mood.BROKEN:
                return Answer(b"", 500)
        return self.fake.answer(asked)

    def give(self, answer):
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def trickle(self):
        self.send_response(200)
        self.send_header("Content-Length", "250")
        self.end_headers()
        for _ in range(250):  # 5 s in all
            if self.fake.closing.wait(0.02):
                return
            self.wfile.write(b" ")
            self.wfile.flush()

    def log_message(self, *_arguments):
        pass
