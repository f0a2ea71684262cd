"""What the calls for operators take and answer, for the OpenAPI description."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema

from documents.api import describe

STATE = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"type": "string"},
        "code": {"type": "string"},
        "checks": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}

health = extend_schema(
    operation_id="healthz",
    tags=["operation"],
    auth=[],
    responses={
        200: OpenApiResponse(STATE, "The process answers."),
        503: OpenApiResponse(STATE, "The SQLite file was replaced; this process has to go."),
    },
)

readiness = extend_schema(
    operation_id="readyz",
    tags=["operation"],
    responses={
        200: OpenApiResponse(STATE, "Uploads are taken and worked on."),
        503: OpenApiResponse(STATE, "Something is missing: `code` says what, staff see all."),
    },
)

metrics = extend_schema(
    operation_id="metrics",
    tags=["operation"],
    responses=describe.answers(
        {(200, "text/plain"): OpenApiResponse(OpenApiTypes.STR, "In the format of Prometheus.")},
        {403: "For staff who may view operations, or whoever has ATOM_METRICS_TOKEN."},
    ),
)
