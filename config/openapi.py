"""What drf-spectacular cannot know about the OpenAPI document: how every operation can refuse."""

from collections.abc import Iterator
from copy import deepcopy
from http import HTTPStatus
from typing import Any

from core import idempotency
from core.errors import MEDIA_TYPE

MULTIPART = "multipart/form-data"
TEXT = {"type": "string"}
FIELD_ERROR = {
    "type": "object",
    "properties": {"pointer": TEXT, "code": TEXT, "detail": TEXT},
    "required": ["pointer", "code", "detail"],
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is for programs, `detail` for people, in their language.",
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "code": TEXT,
        "detail": TEXT,
        "instance": TEXT,
        "request_id": TEXT,
        "errors": {"type": "array", "items": FIELD_ERROR},
    },
    "required": ["type", "title", "status", "code", "detail", "instance", "request_id"],
}
WRITES = {"post", "put", "patch", "delete"}
Operation = dict[str, Any]


def declare_problems(result: dict[str, Any], **_about: Any) -> dict[str, Any]:
    """Give every operation the problems it can answer; a view names those of its own rules."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for method, operation in _operations(result):
        own = {int(status) for status in operation["responses"] if status >= "400"}
        refused = {str(status): _problem(status) for status in own | _refusals(method, operation)}
        operation["responses"] = dict(sorted({**operation["responses"], **refused}.items()))
    return result


def files_come_in_forms(result: dict[str, Any], **_about: Any) -> dict[str, Any]:
    """Offer the fields that are files in multipart bodies alone, and no field that is not named."""
    schemas = result["components"]["schemas"]
    for _method, operation in _operations(result):
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            if not name:
                continue
            schemas[name]["additionalProperties"] = False
            if not any(map(_is_file, schemas[name]["properties"].values())):
                continue
            if kind == MULTIPART:
                operation["responses"]["507"] = {}
            else:
                schemas[f"{name}WithoutFiles"] = _without_files(schemas[name])
                content["schema"] = {"$ref": f"#/components/schemas/{name}WithoutFiles"}
    return result


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path in result["paths"].values():
        yield from path.items()


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _refusals(method: str, operation: Operation) -> set[int]:
    parameters = {parameter["in"] for parameter in operation.get("parameters", [])}
    rules = {
        401: _asks_who(operation) or method in WRITES,
        403: {} not in operation.get("security", [{}]) or method in WRITES,
        404: "path" in parameters,
        409: method in WRITES,
        413: "requestBody" in operation,
        415: method in WRITES,
        422: "query" in parameters or "requestBody" in operation or _takes_key(operation),
    }
    return {400, 406, 429, 503} | {status for status, applies in rules.items() if applies}


def _asks_who(operation: Operation) -> bool:
    return any(scheme != {} for scheme in operation.get("security", []))


def _takes_key(operation: Operation) -> bool:
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    return idempotency.HEADER in names


def _is_file(schema: dict[str, Any]) -> bool:
    return "binary" in {schema.get("format"), schema.get("items", {}).get("format")}


def _without_files(schema: dict[str, Any]) -> dict[str, Any]:
    rest = deepcopy(schema)
    rest["properties"] = {
        name: about for name, about in schema["properties"].items() if not _is_file(about)
    }
    rest["required"] = [name for name in schema.get("required", []) if name in rest["properties"]]
    if not rest["required"]:
        del rest["required"]
    return rest
