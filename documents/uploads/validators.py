"""Which files are acceptable: by name, size and content, each judged by itself."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files import File

from documents.failures import Failure, FailureCode, failure
from documents.models.uploads import LONGEST_EXTERNAL_ID
from documents.pipeline.extraction import image_headers
from documents.pipeline.extraction.encodings import decoding
from documents.quotas import shown as shown_size
from documents.uploads import file_types
from documents.uploads.file_types import PDF, PICTURES, TEXTS

LONGEST_LANGUAGE = 35  # characters; the longest tag registered in practice (RFC 5646, 4.4.1)
LONGEST_STORED_NAME = 100  # bytes, far below the 255 of common file systems
LONGEST_SHOWN_NAME = 500  # characters
_LAST_BYTES = 64 * 1024  # of a large PDF, where its table of objects is named
PDF_HEADER_WITHIN = 1024  # bytes; readers accept junk before the header up to here
_TOO_MANY_DOTS = "The picture has more dots than can be read (45 million)."
RESERVED_NAMES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


# They turn the direction of what follows: `annexe<RLO>fdp.exe` would be read as `annexeexe.pdf`.
DIRECTION_MARKS = {
    "\u061c",
    "\u200e",
    "\u200f",
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
}


# Letters and symbols by their category, but drawn as nothing: fillers of Hangul, empty Braille.
BLANKS = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}
UNNAMED = "unnamed"


class UnknownLanguage(Exception):
    """What was given can be neither a language tag nor the name of a language."""


class BadExternalId(Exception):
    """What was given is too long to be kept, or holds characters that nobody can see."""


class Refused(Exception):
    """The file is not acceptable; `failure` says why and what to do."""

    def __init__(self, filename: str, why: Failure) -> None:
        super().__init__(why.code)
        self.filename = filename
        self.failure = why


@dataclass(frozen=True)
class AcceptableFile:
    filename: str  # to show
    safe_name: str  # to store under
    content_type: str
    size: int  # bytes
    sha256: str
    content: File[bytes]


def why_refused(code: FailureCode) -> Failure:
    """The failure with this code, with the limits of this installation in its words."""
    limits = {
        FailureCode.TOO_LARGE: f"The file is larger than {shown_size(settings.MAX_FILE_SIZE)}.",
        FailureCode.TOO_MANY_FILES: (
            f"More than {settings.MAX_FILES_PER_UPLOAD} files were sent at once."
        ),
        FailureCode.UNSUPPORTED_TYPE: _supported_types(),
    }
    return failure(code, detail=limits.get(code))


def _supported_types() -> str | None:
    """None where only the usual ones are: the general sentence says it."""
    return f"Only {file_types.in_words()} can be read." if settings.ATOM_EXTRA_TYPES else None


def judge(upload: File[bytes], *, sha256: str = "") -> AcceptableFile:
    """Accept one uploaded file or raise `Refused`.

    With `sha256` it is one that came in pieces, and may be larger; it is never in memory whole.
    """
    filename, content_type = judge_announced(
        upload.name or "", upload.size, is_resumable=bool(sha256)
    )
    # Read only now: what is too large was refused by its size alone.
    upload.seek(0)
    data = upload.read(settings.MAX_FILE_SIZE)
    digest = sha256 or hashlib.sha256(data).hexdigest()
    if upload.size > len(data):
        upload.seek(max(len(data), upload.size - _LAST_BYTES))
        data += upload.read()
    _judge_content(filename, content_type, data)
    return AcceptableFile(filename, safe_name(filename), content_type, upload.size, digest, upload)


def judge_announced(name: str, size: int, *, is_resumable: bool = False) -> tuple[str, str]:
    """The name to show and the media type, as far as name and size tell; may raise `Refused`."""
    filename = shown_name(name)
    if not PurePosixPath(filename).stem.strip(". "):
        raise Refused(filename, failure(FailureCode.BAD_NAME))
    content_type = file_types.of(filename)
    if content_type is None:
        raise Refused(filename, why_refused(FailureCode.UNSUPPORTED_TYPE))
    if size == 0:
        raise Refused(filename, failure(FailureCode.EMPTY))
    if size > largest(content_type, is_resumable=is_resumable):
        raise Refused(filename, too_large(content_type, is_resumable=is_resumable))
    return filename, content_type


def largest(content_type: str, *, is_resumable: bool) -> int:
    """Bytes a file may have. Only a PDF is read in pieces: all else is in memory while it is."""
    is_large = is_resumable and content_type == PDF
    return int(settings.ATOM_MAX_FILE_SIZE if is_large else settings.MAX_FILE_SIZE)


def too_large(content_type: str, *, is_resumable: bool) -> Failure:
    limit = shown_size(largest(content_type, is_resumable=is_resumable))
    if settings.ATOM_MAX_FILE_SIZE == settings.MAX_FILE_SIZE or not is_resumable:
        return why_refused(FailureCode.TOO_LARGE)
    if content_type == PDF:
        return failure(FailureCode.TOO_LARGE, detail=f"The file is larger than {limit}.")
    return failure(
        FailureCode.TOO_LARGE, detail=f"Only a PDF may be larger than {limit}, and this is none."
    )


def _judge_content(filename: str, content_type: str, data: bytes) -> None:
    is_pdf = looks_like_pdf(data)
    if content_type == PDF and not (is_pdf or has_late_header(data)):
        raise Refused(filename, failure(FailureCode.CONTENT_MISMATCH))
    if content_type in TEXTS and is_pdf:
        raise Refused(filename, failure(FailureCode.CONTENT_MISMATCH))
    if content_type in TEXTS and not decoding.looks_like_text(data):
        raise Refused(filename, failure(FailureCode.NOT_TEXT))
    if content_type in PICTURES:
        _judge_picture(filename, content_type, data)


def _judge_picture(filename: str, content_type: str, data: bytes) -> None:
    if image_headers.kind_of(data) != content_type:
        raise Refused(filename, failure(FailureCode.CONTENT_MISMATCH))
    sizes = image_headers.sizes(data)
    if not sizes:
        raise Refused(filename, failure(FailureCode.DAMAGED))
    if not all(size.is_decodable for size in sizes):
        raise Refused(filename, failure(FailureCode.TOO_LARGE, detail=_TOO_MANY_DOTS))


def looks_like_pdf(data: bytes) -> bool:
    """Whether the header stands in the first 1,024 bytes (PDF 1.7, annex H.3.4.1)."""
    # Looked for at the very beginning only, one readable PDF in a hundred would be refused.
    return 0 <= data.find(b"%PDF-", 0, PDF_HEADER_WITHIN + 5) <= PDF_HEADER_WITHIN


def has_late_header(data: bytes) -> bool:
    """Whether a whole PDF stands behind something longer, such as the headers of a mail."""
    start = data.find(b"%PDF-1.")
    return start >= 0 and b"endobj" in data[start:] and b"startxref" in data[start:]


def shown_name(given: str) -> str:
    """The name as given, without folders and characters that steer a terminal or a page."""
    base = given.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(character for character in base if not _steers(character))
    name = unicodedata.normalize("NFC", visible)[-LONGEST_SHOWN_NAME:].strip()
    path = PurePosixPath(name)
    # Nobody could read such a name, nor press on it.
    is_blank = path.stem.strip(". ") and not any(map(_is_seen, path.stem))
    return f"{UNNAMED}{path.suffix}" if is_blank else name


def _is_seen(character: str) -> bool:
    """Whether it leaves a trace of its own; dots and marks alone name nothing."""
    category = unicodedata.category(character)
    is_drawn = category[0] in "LNPS" or category == "Co"
    return is_drawn and character not in BLANKS | {"."}


def _steers(character: str) -> bool:
    return character in DIRECTION_MARKS or unicodedata.category(character) in {"Cc", "Cs"}


def safe_name(filename: str) -> str:
    """A name every file system takes: letters, digits, `-`, `_` and one dot before the ending."""
    path = PurePosixPath(filename)
    plain = unicodedata.normalize("NFKC", path.stem)
    stem = re.sub(r"[^\w-]+", "_", plain).strip("_") or "document"
    if RESERVED_NAMES.match(stem):
        stem = f"_{stem}"
    ending = path.suffix.lower()
    room = LONGEST_STORED_NAME - len(ending)
    return stem.encode()[:room].decode(errors="ignore") + ending


def output_language(given: str) -> str:
    """A language to answer in: a tag such as `pt-BR`, or a name such as `Brazilian Portuguese`.

    Blank means the document's own. Raises `UnknownLanguage`; what passes is letters, digits
    after the first word, and single spaces or hyphens, for it becomes part of the prompt.
    """
    words = " ".join(given.split())
    first, *rest = re.split(r"[ -]", words)
    letters = all(_is_letter(character) for character in first)
    others = all(word and all(map(_is_letter_or_digit, word)) for word in rest)
    if words and not (first and letters and others and len(words) <= LONGEST_LANGUAGE):
        raise UnknownLanguage(given)
    return words


def external_id(given: str) -> str | None:
    """The owner's own name for a document; None for blank. Raises `BadExternalId`."""
    name = given.strip()
    if len(name) > LONGEST_EXTERNAL_ID or not name.isprintable():
        raise BadExternalId(given)
    return name or None


def _is_letter(character: str) -> bool:
    # Marks belong to letters in many scripts: हिन्दी has four of them.
    return unicodedata.category(character)[0] in "LM"


def _is_letter_or_digit(character: str) -> bool:
    return _is_letter(character) or character in "0123456789"
