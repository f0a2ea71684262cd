"""Files come in: the multipart body, and the answer that says what became of each file."""

from __future__ import annotations

from typing import Any

from django.core.files import File
from django.http.multipartparser import MultiPartParserError
from rest_framework import serializers
from rest_framework.parsers import DataAndFiles, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.keys.model import Scope
from accounts.throttles import UploadThrottle
from atom_project.parsers import require_utf8
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem, ProblemResponse
from documents import events, quotas
from documents.api import describe_upload
from documents.api.access import OwnersView
from documents.api.representations import uploaded
from documents.models.uploads import LONGEST_EXTERNAL_ID
from documents.uploads import intake, multipart, validators
from documents.uploads.multipart import FILE_FIELDS

LONGEST_KEY = 255  # characters, as the receipts hold
READ_FIELDS = {"language", "external_id", "csrfmiddlewaretoken", *FILE_FIELDS}
MOST_WARNINGS, LONGEST_SHOWN_FIELD = 10, 100
EXTERNAL_ID_REFUSED = (
    ProblemCode.BAD_EXTERNAL_ID,
    f"`external_id` must be at most {LONGEST_EXTERNAL_ID} printable characters.",
)


class UploadForm(serializers.Serializer[Any]):
    """What the form of the browsable page asks for; the view reads the parts itself."""

    files = serializers.FileField(
        allow_empty_file=True, style={"base_template": "files.html"}, help_text="1 to 20 files."
    )
    language = serializers.CharField(
        required=False, help_text="Language of the analysis; blank means the document's own."
    )
    external_id = serializers.CharField(
        required=False, help_text="Your own name for them, by which the list can be filtered."
    )


class UploadParser(MultiPartParser):
    """Puts every file of the request, in the order sent, under `files`, none dropped."""

    def parse(
        self, stream: Any, media_type: Any = None, parser_context: Any = None
    ) -> DataAndFiles[Any, Any]:
        require_utf8(parser_context)
        request = parser_context["request"]
        meta = {**request.META, "CONTENT_TYPE": media_type}
        try:
            data, files = multipart.parse(meta, stream, request.upload_handlers)
        except MultiPartParserError as error:
            raise Problem(
                400, ProblemCode.PARSE_ERROR, f"The form could not be read: {error}"
            ) from None
        return DataAndFiles(data, files)


class UploadView(OwnersView):
    """Upload one to twenty PDF or text files. Each is judged by itself."""

    parser_classes = [UploadParser]
    throttle_classes = [UploadThrottle]
    serializer_class = UploadForm
    key_scope = Scope.UPLOAD

    @describe_upload.upload
    def post(self, request: Request) -> Response:
        files = _files(request)
        language = language_of(request.POST.get("language", ""))
        external_id = external_id_of(request.POST.get("external_id", ""))
        key = _idempotency_key(request)
        # Before anything is queued: a stream from here on tells all of it.
        cursor = events.latest_id()
        try:
            received = intake.receive(
                self.owner, files, output_language=language, external_id=external_id, key=key
            )
        except intake.KeyReused:
            raise Problem(
                422,
                ProblemCode.IDEMPOTENCY_KEY_REUSED,
                "This Idempotency-Key came with another upload before. Use a new one.",
            ) from None
        except intake.DocumentDeleted:
            raise Problem(
                410,
                ProblemCode.DOCUMENT_DELETED,
                "This upload was received, and a document of it was deleted since. To upload it "
                "again, use a new Idempotency-Key.",
            ) from None
        body = {
            "uploaded": uploaded(received, self.owner, request),
            "errors": received.errors,
            "warnings": _warnings(request),
            "stream_cursor": cursor,
        }
        return _answer(body)


def _files(request: Request) -> list[File[bytes]]:
    # Not by a serializer: DRF's FileField refuses all files for one that is empty or long-named.
    fields = request.FILES  # Parses the body.
    if strangers := sorted(name for name in fields if name not in FILE_FIELDS):
        raise Problem(
            400,
            ProblemCode.UNEXPECTED_FIELD,
            f"Send files in the field `files`; found some in {', '.join(strangers)}.",
        )
    files = fields.getlist("files")
    # A body without a length looks like an empty form, where `BodyLimit` does not refuse it.
    if not files and request.headers.get("Transfer-Encoding") and not _has_length(request):
        raise Problem(411, ProblemCode.LENGTH_REQUIRED, "Send the upload with a Content-Length.")
    if not files:
        raise Problem(400, ProblemCode.NO_FILE, "Send at least one file in the field `files`.")
    return list(files)


def _has_length(request: Request) -> bool:
    return bool(request.META.get("CONTENT_LENGTH"))


def language_of(given: str) -> str:
    try:
        return validators.output_language(given)
    except validators.UnknownLanguage:
        raise Problem(
            400,
            ProblemCode.BAD_LANGUAGE,
            "`language` must be the name of a language, such as French, or a tag such as pt-BR.",
        ) from None


def external_id_of(given: str) -> str | None:
    try:
        return validators.external_id(given)
    except validators.BadExternalId:
        raise Problem(400, *EXTERNAL_ID_REFUSED) from None


def _warnings(request: Request) -> list[dict[str, str]]:
    """Fields that say nothing here. Not refused: forms that carry more have always been taken."""
    strangers = sorted(set(request.POST) - READ_FIELDS)
    return [
        {
            "code": "unknown_field",
            "field": name[:LONGEST_SHOWN_FIELD],
            "detail": "There is no such field; what it says was left out.",
        }
        for name in strangers[:MOST_WARNINGS]
    ]


def _idempotency_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Problem(
            400,
            ProblemCode.BAD_IDEMPOTENCY_KEY,
            f"The Idempotency-Key must be at most {LONGEST_KEY} printable characters.",
        )
    return key


def _answer(body: dict[str, Any]) -> Response:
    taken, errors = body["uploaded"], body["errors"]
    headers = _when_to_come_again(errors)
    if errors and not taken:
        detail = " ".join(f"{error['filename'] or 'A file'}: {error['error']}" for error in errors)
        problem = Problem(422, ProblemCode.NOTHING_ACCEPTED, detail, title="No file was accepted")
        return ProblemResponse({**problem.as_json(), **body}, status=422, headers=headers)
    if len(taken) == 1:
        headers["Location"] = taken[0]["url"]
    return Response(body, status=207 if errors else 201, headers=headers)


def _when_to_come_again(errors: list[dict[str, Any]]) -> dict[str, str]:
    if any(error["code"] == "quota_queue" for error in errors):
        return {"Retry-After": str(quotas.RETRY_SECONDS)}
    return {}
