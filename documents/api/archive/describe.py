"""What an export takes and answers, for the OpenAPI description."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from documents.api.describe import LIST_PROBLEMS, answers
from documents.api.describe_lists import FILTERS

export = extend_schema(
    operation_id="export_documents",
    tags=["findings"],
    description="Every document that the filters let through, without one all of yours, in the "
    "order of the list. `zip`: `documents/{id}/analysis.json` (as `export_analysis` has it), "
    "`text.txt` (pages parted by form feeds), with `originals` the file itself, and at the end "
    "`index.ndjson`, a line for each document with its status and the names of its `files`. "
    "`ndjson`: a line for each document as lists show it, with `analysis` and `pages`. What was "
    "not analyzed is there with its status. The answer is made while it is sent; one that breaks "
    "off ends without the end of its last chunk, and a ZIP without its directory.",
    parameters=[
        *FILTERS,
        OpenApiParameter("as", enum=["zip", "ndjson"], default="zip"),
        OpenApiParameter(
            "originals",
            enum=["true", "false", ""],
            default="false",
            description="With the uploaded files; in ZIP archives only.",
        ),
    ],
    responses=answers(
        {
            (200, "application/zip"): OpenApiTypes.BINARY,
            (200, "application/x-ndjson"): OpenApiResponse(
                OpenApiTypes.STR, "Lines, each an `ExportedDocument`."
            ),
        },
        {**LIST_PROBLEMS, 503: "The search took too long and was ended."},
    ),
)
