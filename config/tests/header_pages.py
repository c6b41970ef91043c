"""Answers for the tests of headers: Django's own, and bad ones from a small server."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

GOOD = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "Cache-Control": "no-store",
    "Set-Cookie": "__Host-session=x; Path=/; Secure; HttpOnly; SameSite=Lax",
}
PAGE = '<title>x</title><script src="/x.js"></script><form action="/here"></form><img src="data:,">'


def as_httpx(response):
    """Django's answer as a client of HTTP sees it."""
    headers = list(response.headers.items())
    headers += [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
    url = httpx.URL(f"http://testserver{response.request['PATH_INFO']}")
    request = httpx.Request("GET", url)
    return httpx.Response(
        response.status_code, headers=headers, content=response.content, request=request
    )


def answer(url="https://leema.example/", body=PAGE, status=200, **changed):
    """A good answer, but for what is changed; None takes a header away."""
    renamed = {name.replace("_", "-").lower(): value for name, value in changed.items()}
    headers = {name.lower(): value for name, value in GOOD.items()} | renamed
    kept = {name: value for name, value in headers.items() if value is not None}
    return httpx.Response(status, headers=kept, text=body, request=httpx.Request("GET", url))


@contextmanager
def serving(response):
    """A server on loopback that answers everything with this; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(response.status_code)
            for name, value in response.headers.multi_items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.content)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
