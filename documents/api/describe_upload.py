"""What an upload takes and answers, for the OpenAPI description."""

from __future__ import annotations

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from documents.api import upload_serializers as shown
from documents.api.describe import PROBLEM, answers
from documents.models.uploads import LONGEST_EXTERNAL_ID

LARGEST_FILE = f"{settings.MAX_FILE_SIZE:_}".replace("_", " ")

# By hand: the view reads the form itself, and `UploadForm` only draws one for people.
UPLOAD_BODY = {
    "multipart/form-data": {
        "type": "object",
        "required": ["files"],
        "properties": {
            "files": {
                "type": "array",
                "minItems": 1,
                "maxItems": settings.MAX_FILES_PER_UPLOAD,
                "items": {"type": "string", "format": "binary"},
                "description": f"PDF or plain text, at most {LARGEST_FILE} bytes each. "
                "The fields `file` and `files[]` are read as well.",
            },
            "language": {
                "type": "string",
                "maxLength": 35,
                "description": "Language of the analysis, such as `French` or `pt-BR`. "
                "Without it, the document's own.",
            },
            "external_id": {
                "type": "string",
                "maxLength": LONGEST_EXTERNAL_ID,
                "description": "Your own name for the documents of this upload, such as the "
                "number of a case. It need not be unique.",
            },
        },
    }
}

upload = extend_schema(
    operation_id="upload",
    tags=["documents"],
    request=UPLOAD_BODY,
    parameters=[
        OpenApiParameter(
            "Idempotency-Key",
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            description="Sending the same upload with the same key again within a day gives "
            "the first answer again and stores nothing; where nothing was stored for a reason "
            "that may pass (`retryable`), it is tried again. Once a document of it was deleted, "
            "the answer is 410 with the code `document_deleted`.",
        ),
        OpenApiParameter(
            "Location",
            OpenApiTypes.URI,
            OpenApiParameter.HEADER,
            response=[201, 207],
            description="Of the document, where one was uploaded.",
        ),
    ],
    responses=answers(
        {
            201: OpenApiResponse(shown.UploadAnswerSerializer, "Every file is queued."),
            207: OpenApiResponse(shown.UploadAnswerSerializer, "Some files are queued."),
        },
        {
            400: "No file, or a form that cannot be read.",
            410: "A document of the upload first sent with this Idempotency-Key was deleted.",
            411: "The upload came without a length.",
            413: "The request is too large, or larger than what your quota has room for.",
            415: "The body is no multipart form.",
            429: "Your line is full, or too much of yours is on its way; see `Retry-After`.",
            507: "The server has no room left.",
        },
    )
    | {
        (422, PROBLEM): OpenApiResponse(
            shown.NothingUploadedSerializer,
            "No file is acceptable, or the Idempotency-Key came with another upload.",
        )
    },
)
