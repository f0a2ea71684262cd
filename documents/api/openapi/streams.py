"""The events of the stream and the exported result as schemas, so that clients can be typed."""

from __future__ import annotations

from typing import Any

NULL = {"type": "null"}
STRING = {"type": "string"}
STRING_OR_NULL = {"type": ["string", "null"]}
GONE = STRING_OR_NULL  # Always null, for which alone some generators have no type.
MOMENT = {"type": "string", "format": "date-time"}
UUID = {"type": "string", "format": "uuid"}
NUMBER = {"type": "integer", "minimum": 0}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, NULL]}


def _event(name: str, required: dict[str, Any], optional: dict[str, Any]) -> dict[str, Any]:
    known = {"event": {"const": name}, "id": NUMBER, "timestamp": MOMENT, **required}
    return {"type": "object", "required": [*known], "properties": {**known, **optional}}


_ABOUT = {"document_id": UUID, "replayed": {"type": "boolean"}}
_MOVED = {
    **_ABOUT,
    "filename": STRING,
    "external_id": STRING_OR_NULL,
    "status": _ref("StatusEnum"),
    "attempt": NUMBER,
    "reason": {"anyOf": [_ref("StatusReason"), STRING, NULL]},
    "queue_position": _or_null({"type": "integer", "minimum": 1}),
}
_OF_A_STATUS = {"estimate": _or_null(_ref("Estimate")), "waiting_reason": STRING}
_ENDED = {
    "result": {"anyOf": [_ref("Result"), _ref("PartialResult"), NULL]},
    "warning": _or_null(_ref("Warning")),
    "failure": _or_null(_ref("Failure")),
}
_COUNTED = {
    "step": {"anyOf": [_ref("ProgressStep"), STRING]},
    "done": NUMBER,
    "total": NUMBER,
}

EVENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "status": ("StreamStatus", _event("status", _MOVED, _OF_A_STATUS | _ENDED)),
    "progress": ("StreamProgress", _event("progress", _MOVED | _COUNTED, _OF_A_STATUS)),
    "changed": ("StreamChanged", _event("changed", _MOVED, _OF_A_STATUS | _ENDED)),
    "deleted": (
        "StreamDeleted",
        _event("deleted", {**_ABOUT, "filename": GONE, "external_id": GONE}, {}),
    ),
    "stream-open": ("StreamOpen", _event("stream-open", {}, {})),
    "heartbeat": ("StreamHeartbeat", _event("heartbeat", {}, {})),
    "stream-reset": (
        "StreamReset",
        _event("stream-reset", {"reason": {"anyOf": [_ref("ResetReason"), STRING]}}, {}),
    ),
}

PARTIAL_RESULT = {
    "type": "object",
    "description": "Of a result over 64 KB: its gist, and where the rest is.",
    "required": ["summary", "topics", "sentiment", "warning", "partial", "url"],
    "properties": {
        "summary": STRING,
        "topics": {"type": "array", "items": STRING},
        "sentiment": _ref("ToneEnum"),
        "warning": _or_null(_ref("Warning")),
        "partial": {"const": True},
        "url": {"type": "string", "format": "uri-reference"},
    },
}


ABOUT_DOCUMENTS = ("status", "progress", "changed", "deleted")

EVENT_PAGE = {
    "type": "object",
    "required": ["events", "next", "reset", "reason"],
    "properties": {
        "events": {
            "type": "array",
            "items": {"anyOf": [_ref(EVENTS[kind][0]) for kind in ABOUT_DOCUMENTS]},
        },
        "next": {**NUMBER, "description": "The cursor to go on from, as `after`."},
        "reset": {"type": "boolean", "description": "Something may have been missed."},
        "reason": {
            "description": "Why `reset` is true.",
            "anyOf": [_ref("ResetReason"), STRING, NULL],
        },
    },
}


def add(schemas: dict[str, Any]) -> None:
    schemas |= {"PartialResult": PARTIAL_RESULT, **dict(EVENTS.values()), **_exported(schemas)}
    schemas["EventPage"] = EVENT_PAGE


def point_to(operation: dict[str, Any]) -> None:
    """OpenAPI 3.1 has no words for the events of a stream: the data of each, beside its name."""
    answer = operation["responses"].get("200", {}).get("content", {})
    if operation["operationId"] == "stream_events":
        schema = answer["text/event-stream"]["schema"]
        schema["x-event-data"] = {kind: _ref(name) for kind, (name, _) in EVENTS.items()}
    if operation["operationId"] == "export_analysis":
        answer["application/json"]["schema"] = _ref("ExportedAnalysis")


def _exported(schemas: dict[str, Any]) -> dict[str, Any]:
    """A result with what it is about, and without what no quote stands behind."""
    result, findings = schemas["Result"], schemas["Findings"]
    about = {
        "type": "object",
        "required": ["id", "filename", "external_id", "sha256", "page_count"],
        "properties": {
            "id": UUID,
            "filename": STRING,
            "external_id": STRING_OR_NULL,
            "sha256": STRING,
            "page_count": _or_null(NUMBER),
        },
    }
    own = {"document": about, "findings": _ref("ExportedFindings")}
    return {
        "ExportedFindings": {**findings, **_without(findings, "unverified")},
        "ExportedAnalysis": {
            "type": "object",
            "required": ["document", *result["required"]],
            "properties": {
                **own,
                **{k: v for k, v in result["properties"].items() if k not in own},
            },
        },
    }


def _without(schema: dict[str, Any], name: str) -> dict[str, Any]:
    return {
        "required": [each for each in schema["required"] if each != name],
        "properties": {key: value for key, value in schema["properties"].items() if key != name},
    }
