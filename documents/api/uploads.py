"""Files come in: the multipart body, and the answer that says what became of each file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict, multipartparser
from django.utils.datastructures import MultiValueDict
from rest_framework import serializers
from rest_framework.parsers import DataAndFiles, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.throttles import UploadThrottle
from atom_project.problems import Problem, ProblemResponse, require_utf8
from documents import events, intake, quotas, validators
from documents.api import describe
from documents.api.access import OwnersView
from documents.api.serializers import shown

FILE_FIELDS = ("files", "file", "files[]")
LONGEST_KEY = 255  # characters, as the receipts hold


class UploadForm(serializers.Serializer[Any]):
    """What the form of the browsable page asks for; the view reads the parts itself."""

    files = serializers.FileField(
        allow_empty_file=True, style={"base_template": "files.html"}, help_text="1 to 20 files."
    )
    language = serializers.CharField(
        required=False, help_text="Language of the analysis; blank means the document's own."
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
            parts = _Parts(meta, stream, request.upload_handlers, "utf-8")
            data, strangers = parts.parse()
        except multipartparser.MultiPartParserError as error:
            raise Problem(400, "parse_error", f"The form could not be read: {error}") from None
        files = MultiValueDict({**dict(strangers.lists()), "files": parts.files_sent()})
        return DataAndFiles(data, files)


class _Parts(multipartparser.MultiPartParser):
    """Django's parser, except that it loses no file: it drops those it finds badly named."""

    _boundary: bytes
    _post: QueryDict
    _files: MultiValueDict[str, UploadedFile[bytes]]

    def __init__(self, meta: Any, stream: Any, handlers: Any, encoding: str) -> None:
        super().__init__(meta, stream, handlers, encoding)
        self._input_data = self._passed = _Delimiters(stream, self._boundary)
        self._given_name = ""
        self._in_order: list[File[bytes]] = []

    def sanitize_file_name(self, file_name: str) -> str:
        self._given_name = file_name
        # Temporary files are named after this; the given name is judged with the content.
        return "upload"

    def handle_file_complete(self, old_field_name: str, counters: list[int]) -> None:
        super().handle_file_complete(old_field_name, counters)
        file: File[bytes] = File(self._files.getlist(old_field_name)[-1], name=self._given_name)
        if old_field_name in FILE_FIELDS:
            self._in_order.append(file)

    def parse(self) -> tuple[Any, Any]:
        data, files = super().parse()
        if not self._passed.closed:
            raise multipartparser.MultiPartParserError("its end is missing.")
        return data, files

    def files_sent(self) -> list[File[bytes]]:
        """The files in order; behind them, without a name, those that came without one."""
        texts = [text for name in FILE_FIELDS for text in self._post.getlist(name)]
        nameless = [text.encode() for text in texts if text.strip()]
        # A part whose headers cannot be read is skipped by the parser, not by the count.
        seen = sum(len(values) for form in (self._post, self._files) for _, values in form.lists())
        nameless += [b""] * (self._passed.count - 1 - seen)
        return self._in_order + [File(BytesIO(content), name="") for content in nameless]


class _Delimiters:
    """A stream that counts the part delimiters that pass, and sees whether the last one came."""

    def __init__(self, stream: Any, boundary: bytes) -> None:
        self._stream = stream
        self._delimiter = b"--" + boundary
        self._end = b""
        self.count = 0
        self.closed = False

    def read(self, size: int) -> bytes:
        data: bytes = self._stream.read(size)
        # One byte less than a delimiter: what was split is found, what was counted is not.
        window = self._end[-len(self._delimiter) + 1 :] + data
        self.count += window.count(self._delimiter)
        tail = self._end + data
        self.closed = self.closed or self._delimiter + b"--" in tail
        self._end = tail[-len(self._delimiter) - 1 :]
        return data


class UploadView(OwnersView):
    """Upload one to twenty PDF or text files. Each is judged by itself."""

    parser_classes = [UploadParser]
    throttle_classes = [UploadThrottle]
    serializer_class = UploadForm

    @describe.upload
    def post(self, request: Request) -> Response:
        files = _files(request)
        language = _language(request)
        key = _idempotency_key(request)
        cursor = events.latest_id()
        try:
            received = intake.receive(request.user, files, output_language=language, key=key)
        except intake.KeyReused:
            raise Problem(
                422,
                "idempotency_key_reused",
                "This Idempotency-Key came with another upload before. Use a new one.",
            ) from None
        except intake.DocumentDeleted:
            raise Problem(
                410,
                "document_deleted",
                "This upload was received, and a document of it was deleted since. To upload it "
                "again, use a new Idempotency-Key.",
            ) from None
        body = {
            "uploaded": shown(received.documents, request),
            "errors": received.errors,
            "stream_cursor": cursor,
        }
        return _answer(body)


def _files(request: Request) -> list[File[bytes]]:
    fields = request.FILES  # Parses the body.
    if strangers := sorted(name for name in fields if name not in FILE_FIELDS):
        raise Problem(
            400,
            "unexpected_field",
            f"Send files in the field `files`; found some in {', '.join(strangers)}.",
        )
    files = fields.getlist("files")
    if not files and request.headers.get("Transfer-Encoding") and not _has_length(request):
        raise Problem(411, "length_required", "Send the upload with a Content-Length.")
    if not files:
        raise Problem(400, "no_file", "Send at least one file in the field `files`.")
    return list(files)


def _has_length(request: Request) -> bool:
    return bool(request.META.get("CONTENT_LENGTH"))


def _language(request: Request) -> str:
    given = request.POST.get("language", "")
    try:
        return validators.output_language(given)
    except validators.UnknownLanguage:
        raise Problem(
            400,
            "bad_language",
            "`language` must be the name of a language, such as French, or a tag such as pt-BR.",
        ) from None


def _idempotency_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Problem(
            400,
            "bad_idempotency_key",
            f"The Idempotency-Key must be at most {LONGEST_KEY} printable characters.",
        )
    return key


def _answer(body: dict[str, Any]) -> Response:
    uploaded, errors = body["uploaded"], body["errors"]
    headers = _when_to_come_again(errors)
    if errors and not uploaded:
        detail = " ".join(f"{error['filename'] or 'A file'}: {error['error']}" for error in errors)
        problem = Problem(422, "nothing_accepted", detail, title="No file was accepted")
        return ProblemResponse({**problem.as_json(), **body}, status=422, headers=headers)
    if len(uploaded) == 1:
        headers["Location"] = uploaded[0]["url"]
    return Response(body, status=207 if errors else 201, headers=headers)


def _when_to_come_again(errors: list[dict[str, str]]) -> dict[str, str]:
    if any(error["code"] == "quota_queue" for error in errors):
        return {"Retry-After": str(quotas.RETRY_SECONDS)}
    return {}
