"""What the calls of resumable upload (tus) take and answer, for the OpenAPI description."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from documents.api.describe import ID, answers
from documents.uploads.resumable.metadata import ALGORITHMS

_TAG = ["resumable uploads"]
_NOT_FOUND = {404: "No upload of yours has this id."}


def _header(
    name: str, kind: OpenApiTypes, description: str, *, of_answers: list[int] | None = None
) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        kind,
        OpenApiParameter.HEADER,
        description=description,
        required=of_answers is None and name != "Upload-Checksum",
        response=of_answers or False,
    )


_VERSION = _header("Tus-Resumable", OpenApiTypes.STR, "`1.0.0`")
_EXPIRES = "When it is forgotten unless it goes on."

begin = extend_schema(
    operation_id="upload_begin",
    tags=_TAG,
    summary="Begin a resumable upload (tus 1.0)",
    request=None,
    parameters=[
        _VERSION,
        _header("Upload-Length", OpenApiTypes.INT, "Bytes of the whole file."),
        _header(
            "Upload-Metadata",
            OpenApiTypes.STR,
            "`filename`, and where wanted `language` of the analysis and `external_id`, each with "
            "its value in base64, parted by commas.",
        ),
        _header("Location", OpenApiTypes.URI, "Of the upload.", of_answers=[201]),
        _header("Upload-Expires", OpenApiTypes.STR, _EXPIRES, of_answers=[201]),
    ],
    responses=answers(
        {201: OpenApiResponse(description="Send the bytes to its `Location`.")},
        {
            400: "A header is not understood; `code` says which.",
            412: "The version of tus is another one.",
            413: "The file is larger than allowed, or than what your quota has room for.",
            422: "The file is not accepted because of its name.",
            429: "Too many of yours are unfinished, or begun in a minute.",
            507: "The server has no room left.",
        },
    ),
)

append = extend_schema(
    operation_id="upload_append",
    tags=_TAG,
    summary="Send the next bytes of a resumable upload",
    request={"application/offset+octet-stream": OpenApiTypes.BINARY},
    parameters=[
        ID,
        _VERSION,
        _header("Upload-Offset", OpenApiTypes.INT, "Where these bytes begin."),
        _header(
            "Upload-Checksum",
            OpenApiTypes.STR,
            f"{' or '.join(ALGORITHMS)}, a space, and the sum of these bytes in base64.",
        ),
        _header("Upload-Offset", OpenApiTypes.INT, "Bytes that are safe.", of_answers=[204]),
        _header(
            "Atom-Document",
            OpenApiTypes.UUID,
            "Id of the document, once all bytes are here; the same when the last is sent again.",
            of_answers=[204],
        ),
    ],
    responses=answers(
        {204: OpenApiResponse(description="Kept; with the last bytes, queued.")},
        {
            **_NOT_FOUND,
            400: "A header is not understood; `code` says which.",
            409: "The offset is another one: `offset` says where to go on.",
            410: "The upload was left alone too long.",
            412: "The version of tus is another one.",
            413: "More bytes than announced, or than what your quota has room for.",
            415: "The body is not of the media type of tus.",
            422: "The file is whole, and not accepted; asking again answers the same.",
            423: "Another request is sending this upload.",
            429: "Your line is full: everything is kept, ask again later.",
            460: "The bytes are not those of the checksum; none were kept.",
            503: "Its bytes are on another host, the store of files is away, or the server speaks "
            "no ASGI.",
            507: "The server has no room for the rest; what has come is kept.",
        },
    ),
)

discard = extend_schema(
    operation_id="upload_discard",
    tags=_TAG,
    summary="End a resumable upload and forget its bytes",
    request=None,
    parameters=[ID, _VERSION],
    responses=answers(
        {204: OpenApiResponse(description="Forgotten. A document of it stays.")},
        {
            **_NOT_FOUND,
            412: "The version of tus is another one.",
            423: "Another request is sending this upload.",
        },
    ),
)
