"""The OpenAPI description made whole: what holds for every call is said once, and here."""

from __future__ import annotations

from typing import Any

from documents.api.openapi import archives, codes, common, examples, refusals, streams

Description = dict[str, Any]


def complete(result: Description, generator: Any, request: Any, public: bool) -> Description:
    """A hook of drf-spectacular, after all operations are described."""
    common.say_who_we_are(result)
    components = result["components"]
    codes.add(components["schemas"])
    streams.add(components["schemas"])
    archives.add(components["schemas"])
    refusals.add(components)
    for path, method, operation in _operations(result):
        common.complete(operation)
        streams.point_to(operation)
        archives.point_to(operation)
        refusals.declare(operation, is_read=method == "get")
        examples.put(operation, f"{method.upper()} {path}")
    return result


def _operations(result: Description) -> list[tuple[str, str, Description]]:
    return [
        (path, method, operation)
        for path, methods in result["paths"].items()
        for method, operation in methods.items()
    ]
