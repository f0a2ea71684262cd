"""The lines of an export as schemas: OpenAPI 3.1 has no words for NDJSON."""

from __future__ import annotations

from typing import Any

STRING_OR_NULL = {"type": ["string", "null"]}
FILES = {
    "type": "object",
    "description": "Names in the archive; null for what there is none of.",
    "required": ["analysis", "text", "original"],
    "properties": dict.fromkeys(("analysis", "text", "original"), STRING_OR_NULL),
}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def add(schemas: dict[str, Any]) -> None:
    analysis = schemas["ExportedAnalysis"]
    schemas["ExportedResult"] = {
        **analysis,
        "required": [name for name in analysis["required"] if name != "document"],
        "properties": {k: v for k, v in analysis["properties"].items() if k != "document"},
    }
    schemas["ExportedDocument"] = _listed_with(
        analysis={"anyOf": [_ref("ExportedResult"), {"type": "null"}]},
        pages={"type": "array", "items": _ref("Page")},
    )
    schemas["ArchivedDocument"] = _listed_with(files=FILES)


def _listed_with(**more: dict[str, Any]) -> dict[str, Any]:
    added = {"type": "object", "required": [*more], "properties": more}
    return {"allOf": [_ref("ListedDocument"), added]}


def point_to(operation: dict[str, Any]) -> None:
    if operation["operationId"] == "export_documents":
        answer = operation["responses"]["200"]["content"]
        answer["application/x-ndjson"]["schema"]["x-line"] = _ref("ExportedDocument")
        answer["application/zip"]["schema"]["x-index-line"] = _ref("ArchivedDocument")
