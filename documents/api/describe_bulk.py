"""What the calls for many at once take and answer, for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema

from documents.api.describe import answers

PROBLEMS = {
    400: "The action, an id or the engine is not understood; `detail` says which.",
    429: "Too many calls; `Retry-After` says when to try again.",
}


def _results(of_id: dict[str, Any]) -> dict[str, Any]:
    verdict = {
        "type": "object",
        "required": ["id", "done", "code", "detail"],
        "properties": {
            "id": of_id,
            "done": {"type": "boolean"},
            "code": {"type": ["string", "null"], "description": "As of the call for this one."},
            "detail": {"type": ["string", "null"]},
        },
    }
    return {
        "type": "object",
        "required": ["results"],
        "properties": {"results": {"type": "array", "items": verdict}},
    }


def _answers(of_id: dict[str, Any]) -> Any:
    shape = _results(of_id)
    return answers(
        {
            200: OpenApiResponse(shape, "All were done, in the order they were named."),
            207: OpenApiResponse(shape, "Some were not done; `code` says why, for each."),
        },
        PROBLEMS,
    )


documents = extend_schema(
    operation_id="bulk_documents",
    tags=["documents"],
    responses=_answers({"type": "string", "format": "uuid"}),
    examples=[
        OpenApiExample(
            "Two to the end of the line",
            request_only=True,
            value={
                "action": "retry",
                "ids": [
                    "6f8e7c1e-4d0b-4a6e-9a57-0f1f0a2b3c4d",
                    "9c5b94b1-35ad-49bb-b118-8e8fc24abf80",
                ],
            },
        )
    ],
)

ticks = extend_schema(
    operation_id="bulk_tick_action_items",
    tags=["findings"],
    responses=_answers({"type": "integer"}),
    examples=[
        OpenApiExample("Three are done", request_only=True, value={"ids": [7, 8, 9], "done": True})
    ],
)
