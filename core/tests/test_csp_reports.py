"""What a page's policy has stopped becomes one line of the log; whatever else comes, no more."""

import json
import logging

import pytest
from django.test import Client

BROKEN = {
    "document-uri": "https://api.leema.kz/panel/?next=secret#part",
    "effective-directive": "script-src-elem",
    "blocked-uri": "https://user:password@evil.example/x.js?q=secret",
    "line-number": 12,
    "original-policy": "default-src 'none'",
}
OLDER = ("application/csp-report", {"csp-report": BROKEN})
NEWER = (
    "application/reports+json",
    [
        {
            "type": "csp-violation",
            "body": {
                "documentURL": "https://api.leema.kz/admin/",
                "blockedURL": "inline",
                "effectiveDirective": "style-src-attr",
            },
        }
    ],
)


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.WARNING, "core.csp_reports")
    return lambda: [each.getMessage() for each in caplog.records if "csp" in each.name]


def report(body, kind="application/csp-report"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    # As a browser sends it: from another site, without any token.
    client = Client(enforce_csrf_checks=True, headers={"sec-fetch-site": "cross-site"})
    return client.generic("POST", "/csp-report", raw, content_type=kind, CONTENT_TYPE=kind)


def test_an_older_browser_s_report_is_one_line_without_secrets(lines):
    kind, body = OLDER

    response = report(body, kind)

    assert (response.status_code, response.content) == (204, b"")
    [line] = lines()
    assert line == (
        "A page broke its policy: document-uri=https://api.leema.kz/panel/"
        " blocked-uri=https://evil.example/x.js effective-directive=script-src-elem line-number=12"
    )


def test_a_newer_browser_s_reports_are_a_line_each(lines):
    kind, body = NEWER

    assert report(body * 2, kind).status_code == 204
    line = (
        "A page broke its policy: documentURL=https://api.leema.kz/admin/ blockedURL=inline"
        " effectiveDirective=style-src-attr"
    )
    assert lines() == [line, line]


def test_no_report_forges_a_line_or_fills_the_log(lines):
    forged = {
        "document-uri": "x\n2026 ERROR root all is lost\u2028\x1b[31m",
        "line-number": "9" * 300,
    }

    report([{"body": forged}] * 20, "application/reports+json")

    assert len(lines()) == 5
    for line in lines():
        assert line.isprintable()
        assert "ERROR root" not in line
        assert len(line) < 600


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 10_000, 400),
        (b"null", 400),
        (b'"text"', 400),
        (b"[1]", 400),
        (b'{"csp-report": 5}', 400),
        (b"{}", 400),
        (b"[]", 204),
        (b'{"csp-report": {"document-uri": {"a": []}, "blocked-uri": "http://[", "x": 1}}', 204),
        (b'{"csp-report": {"document-uri": NaN}}', 204),
        (b" " * (16 * 1024 + 1), 413),
    ],
)
def test_whatever_comes_is_no_fault_of_ours(body, status, lines):
    assert report(body).status_code == status


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", ""])
def test_other_kinds_of_bodies_are_refused(kind):
    assert report({}, kind).status_code == 415


def test_only_reports_are_taken(client):
    assert client.get("/csp-report").status_code == 405
