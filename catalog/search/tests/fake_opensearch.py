"""OpenSearch as far as the platform asks it: an index of keyword fields, `_bulk` and one search.

It refuses whatever else it is asked with 400, as the real one does what it cannot read.
"""

import base64
import json
from typing import ClassVar

from core.tests.fake_server import Answer, FakeServer

FIELDS = {"product": {"type": "long"}}
for name in ("name", "kind", "shop", "description"):
    FIELDS[name] = {"type": "keyword", "doc_values": False}
ORDER = [{"_score": "desc"}, {"product": "desc"}]
OURS = "Basic " + base64.b64encode(b"leema:se:cret").decode()


class FakeOpenSearch(FakeServer):
    """`documents` is what can be found, by key; `trouble` a status that it answers instead."""

    window: ClassVar[int] = 10_000

    def __init__(self):
        super().__init__()
        self.trouble = None
        self.exists = False
        self.documents = {}
        self.versions = {}

    def settings(self):
        url = self.url.replace("http://", "http://leema:se%3Acret@")
        return {"SEARCH_BACKEND": "opensearch", "OPENSEARCH_URL": url, "OPENSEARCH_INDEX": "goods"}

    def searches(self):
        return sum(asked.path.endswith("/_search") for asked in self.asked)

    def answer(self, asked):
        if asked.headers.get("Authorization") != OURS:
            return said({"error": "Unauthorized"}, 401)
        if self.trouble:
            return said({"error": {"type": "trouble"}}, self.trouble)
        acts = {
            "HEAD /goods": lambda asked: Answer(b"", 200 if self.exists else 404),
            "DELETE /goods": self.delete,
            "PUT /goods": self.create,
            "POST /goods/_bulk": self.bulk,
            "POST /goods/_search": self.search,
        }
        return acts.get(f"{asked.method} {asked.path}", refused)(asked)

    def delete(self, asked):
        assert asked.query == {"ignore_unavailable": "true"}
        self.exists, self.documents, self.versions = False, {}, {}
        return said({"acknowledged": True})

    def create(self, asked):
        if self.exists:
            return refusal("resource_already_exists_exception")
        if asked.json != {"mappings": {"dynamic": "strict", "properties": FIELDS}}:
            return refusal("mapper_parsing_exception")
        self.exists = True
        return said({"acknowledged": True, "index": "goods"})

    def bulk(self, asked):
        assert self.exists, "a bulk has made an index without mappings"
        lines, items = iter(map(json.loads, asked.body.splitlines())), []
        for line in lines:
            [(act, about)] = line.items()
            document = next(lines) if act == "index" else None
            items.append({act: {"_id": about["_id"], "status": self.write(about, document)}})
        return said({"items": items, "errors": any(map(has_failed, items))})

    def write(self, about, document):
        key, version = str(about["_id"]), about["version"]
        assert about["version_type"] == "external_gte"
        if version < self.versions.get(key, 0):
            return 409
        self.versions[key] = version
        if document is None:
            return 200 if self.documents.pop(key, None) else 404
        if not document.keys() <= FIELDS.keys():
            return 400
        self.documents[key] = document
        return 200

    def search(self, asked):
        body = asked.json
        if not self.exists:
            return said({"error": {"type": "index_not_found_exception"}}, 404)
        try:
            words = [read(word) for word in body.pop("query")["bool"]["must"]]
        except (KeyError, ValueError):
            return refusal("parsing_exception")
        rest = {"sort": ORDER, "size": self.window, "_source": False, "track_total_hits": False}
        if body != rest:
            return refusal("parsing_exception")
        pairs = [(score(each, words), each["product"]) for each in self.documents.values()]
        hits = [{"sort": pair} for pair in sorted(pairs, reverse=True) if pair[0]]
        # `filter_path` leaves out what is empty.
        return said({"took": 1, **({"hits": {"hits": hits[: self.window]}} if hits else {})})


def said(body, status=200):
    return Answer(json.dumps(body).encode(), status)


def refused(asked):
    return refusal("illegal_argument_exception")


def refusal(kind):
    return said({"error": {"type": kind}, "status": 400}, 400)


def has_failed(item):
    [outcome] = item.values()
    return outcome["status"] >= 300


def read(word):
    """The clauses of a dis_max of weighed terms: (field, terms, weight)."""
    clauses = []
    for query in word["dis_max"]["queries"]:
        [(field, terms)] = query["constant_score"]["filter"]["terms"].items()
        if field not in FIELDS:
            raise ValueError(field)
        clauses.append((field, set(terms), query["constant_score"]["boost"]))
    return clauses


def score(document, words):
    """The sum over the words of the heaviest clause of each; 0 where one is missing."""
    best = [
        max((weight for field, terms, weight in word if terms & set(document[field])), default=0)
        for word in words
    ]
    return sum(best) if all(best) else 0
