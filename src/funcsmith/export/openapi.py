"""Functions as an OpenAPI 3.1 document: each a POST, its parameters the body, the result the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ..library.saved import Saved, dumps

_STATUSES = ["ok", "error", "timeout", "memory", "output", "forbidden", "killed", "not_run"]


def document(functions: Sequence[Saved]) -> str:
    """The document as JSON."""
    return dumps(openapi(functions), pretty=True) + "\n"


def openapi(functions: Sequence[Saved]) -> dict[str, Any]:
    """The document; a path holds the function's name percent-encoded, as it stands in a URL."""
    from .. import __version__

    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Functions of a Funcsmith library",
            "description": "Each function runs in a fence. Code that fails is an answer too: "
            "its `status` is not `ok`, and `error` says why.",
            "version": __version__,
        },
        "servers": [{"url": "http://127.0.0.1:8000", "description": "funcsmith serve"}],
        "paths": {
            f"/api/library/{quote(saved.name, safe='')}/run": {"post": _operation(saved)}
            for saved in functions
        },
        "components": {"schemas": {"Result": _RESULT, "Failure": _FAILURE}},
    }


def _operation(saved: Saved) -> dict[str, Any]:
    required = bool(saved.parameters.get("required"))
    operation: dict[str, Any] = {
        "operationId": saved.name,
        "summary": saved.summary or saved.name,
        "requestBody": {
            "required": required,
            "content": {"application/json": {"schema": {"type": "object", **saved.parameters}}},
        },
        "responses": {
            "200": {
                "description": "What the call gave.",
                "content": {"application/json": {"schema": _answer(saved)}},
            },
            "422": {
                "description": "The arguments do not fit the parameters.",
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
                },
            },
        },
    }
    if saved.description and saved.description != saved.summary:
        operation["description"] = saved.description
    if saved.aliases:
        operation["x-aliases"] = list(saved.aliases)
    return operation


def _answer(saved: Saved) -> dict[str, Any]:
    """A result whose value is what the function returns, or null where it failed."""
    value = {"anyOf": [saved.returns, {"type": "null"}]} if saved.returns else {}
    return {
        "allOf": [
            {"$ref": "#/components/schemas/Result"},
            {"type": "object", "properties": {"value": value}},
        ]
    }


_TEXT_OR_NULL = {"type": ["string", "null"]}
_RESULT: dict[str, Any] = {
    "type": "object",
    "required": ["status", "value"],
    "properties": {
        "status": {"type": "string", "enum": _STATUSES},
        "value": {"description": "Plain JSON; null where there is none."},
        "typed": {"description": "The lossless form, where `value` says less."},
        "repr": _TEXT_OR_NULL,
        "stdout": {"type": "string"},
        "error": _TEXT_OR_NULL,
        "limit": _TEXT_OR_NULL,
        "seconds": {"type": "number"},
        "isolation": {"type": ["object", "null"]},
    },
}
_FAILURE: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "hint": {"type": "string"},
            },
        },
    },
}
