"""A form with files is read so that every file is judged, whatever its name."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict, multipartparser
from django.utils.datastructures import MultiValueDict

LONGEST_HEADERS = 8_192  # bytes; the parser refuses more than 1,024 of a part
FILE_FIELDS = ("files", "file", "files[]")


def lose_no_file(request: HttpRequest) -> None:
    """Read the form of this request as below, once somebody asks for a part of it."""

    def parse_file_upload(meta: Any, stream: Any) -> tuple[Any, Any]:
        return parse(meta, stream, request.upload_handlers)

    request.parse_file_upload = parse_file_upload  # type: ignore[assignment]


def parse(meta: Any, stream: Any, handlers: Any) -> tuple[Any, Any]:
    """The texts and the files of a form; all files, in the order sent, are under `files`."""
    parts = _Parts(meta, stream, handlers, "utf-8")
    data, strangers = parts.parse()
    return data, MultiValueDict({**dict(strangers.lists()), "files": parts.files_sent()})


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
    """A stream that counts the part delimiters that pass, and sees whether the last one came.

    Headers in an old encoding (`curl` on some machines names files so) leave it in UTF-8, as the
    parser would skip the whole part otherwise.
    """

    def __init__(self, stream: Any, boundary: bytes) -> None:
        self._stream = stream
        self._delimiter = b"--" + boundary
        self._headers = re.compile(re.escape(self._delimiter) + rb"\r\n(?:[^\r\n]+\r\n)+\r\n")
        self._end = b""
        self.count = 0
        self.closed = False

    def read(self, size: int) -> bytes:
        data: bytes = self._stream.read(size)
        # Within limits: a file of nothing but dashes breaks off wherever it is cut.
        while (
            len(data) < size + LONGEST_HEADERS
            and self._breaks_off(data)
            and (more := self._stream.read(size))
        ):
            data += more
        # One byte less than a delimiter: what was split is found, what was counted is not.
        window = self._end[-len(self._delimiter) + 1 :] + data
        self.count += window.count(self._delimiter)
        tail = self._end + data
        self.closed = self.closed or self._delimiter + b"--" in tail
        self._end = tail[-len(self._delimiter) - 1 :]
        return self._headers.sub(_in_utf_8, data)

    def _breaks_off(self, data: bytes) -> bool:
        """Whether the data ends within the headers of a part, or within what announces them."""
        start = data.rfind(self._delimiter)
        if start >= 0 and len(data) - start < LONGEST_HEADERS and b"\r\n\r\n" not in data[start:]:
            return True
        lengths = range(1, len(self._delimiter))
        return any(data.endswith(self._delimiter[:length]) for length in lengths)


def _in_utf_8(headers: re.Match[bytes]) -> bytes:
    """As they are where that is UTF-8, else read as Latin letters, the likeliest guess."""
    try:
        headers[0].decode()
    except UnicodeDecodeError:
        # Beyond what Windows knows there are only control characters, which no name shows.
        return headers[0].decode("cp1252", "replace").encode()
    return headers[0]
