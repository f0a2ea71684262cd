"""Mail messages saved as text (RFC 5322, MIME): who wrote to whom, and the body as it was shown.

Quoted earlier mail keeps its `>`. What is attached is counted, not read.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

from . import marks
from .mail_bodies import bodies_of, is_attachment

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_FIELD = re.compile(rb"([A-Za-z][A-Za-z-]{0,40}):[ \t]?[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")
# The line before the first field that mail folders (mbox) have.
_ENVELOPE = re.compile(rb"From [^\r\n]{3,200}\d{4}[^\r\n]{0,10}\r?\n")
_FIELDS_AT_MOST = 200
_HEADER_BYTES = 65_536
_LONGEST_FIELD = 2_000
# Only programs write these; a letter may well begin with "From:", "To:" and "Subject:".
_WRITTEN_BY_PROGRAMS = {
    b"mime-version", b"message-id", b"received", b"return-path", b"dkim-signature",
    b"content-transfer-encoding",
}  # fmt: skip
_PARTS_AT_MOST = 200
_DEPTH_AT_MOST = 10
_MULTIPARTS_AT_MOST = 50
_NEXT_MESSAGE = re.compile(rb"\r?\n\r?\n(?=From [^\r\n]{3,200}\d{4}[^\r\n]{0,10}\r?\n[A-Za-z-]+:)")


@dataclass(frozen=True)
class Mail:
    """What a mail program would show, with `marks`, and what it holds besides."""

    text: str
    unread: list[dict[str, Any]]


def read_mail(data: bytes) -> Mail | None:
    """The messages in the file, or None where it is no mail, or none that can be taken apart."""
    if not is_mail(data) or not all(map(_is_bounded, _pieces(data))):
        return None
    texts, attachments, lost, is_cut = [], 0, 0, False
    for message in _messages(data):
        parts = list(_parts(message, 0))
        is_cut |= len(parts) >= _PARTS_AT_MOST
        bodies = bodies_of(message, parts)
        attachments += sum(is_attachment(part) for part in parts)
        lost += sum(body.is_lost for body in bodies)
        shown = [body.text for body in bodies if body.text]
        texts.append("\n\n".join([_heading(message), *shown]))
    unread: list[dict[str, Any]] = []
    if attachments:
        unread.append({"reason": "attachments", "count": attachments})
    if lost:
        unread.append({"reason": "message_bodies", "count": lost})
    if is_cut:
        unread.append({"reason": "too_many_parts"})
    return Mail("\n\f".join(texts), unread)


def is_mail(data: bytes) -> bool:
    """Whether it begins with the header of a message, down to the empty line."""
    names, place = set(), 0
    if envelope := _ENVELOPE.match(data):
        place = envelope.end()
    for _ in range(_FIELDS_AT_MOST):
        field = _FIELD.match(data, place, _HEADER_BYTES)
        if field is None:
            break
        names.add(field[1].lower())
        place = field.end()
    ends = data[place : place + 2].lstrip(b"\r")[:1] == b"\n"
    is_addressed = b"from" in names and names & {b"to", b"date", b"subject"}
    return bool(ends and is_addressed and names & _WRITTEN_BY_PROGRAMS)


def _pieces(data: bytes) -> list[bytes]:
    # Only a folder of messages begins with an envelope line; elsewhere it is part of a body.
    return _NEXT_MESSAGE.split(data) if _ENVELOPE.match(data) else [data]


def _is_bounded(piece: bytes) -> bool:
    """Parts inside parts cost the parser a look at every line for each depth."""
    return piece.lower().count(b"multipart/") <= _MULTIPARTS_AT_MOST


def _messages(data: bytes) -> Iterator[Message]:
    for piece in _pieces(data):
        # With its old policy: the new one parses addresses in quadratic time.
        yield email.message_from_bytes(_ENVELOPE.sub(b"", piece, count=1))


def _parts(message: Message, depth: int) -> Iterator[Message]:
    """The leaves, in order; not those of messages that are attached as a whole."""
    count = 0
    inside = message.get_payload()
    if not isinstance(inside, list) or message.get_content_maintype() == "message":
        yield message
        return
    for part in inside:
        if depth >= _DEPTH_AT_MOST or not isinstance(part, Message):
            continue
        for leaf in _parts(part, depth + 1):
            yield leaf
            count += 1
            if count >= _PARTS_AT_MOST:
                return


def _heading(message: Message) -> str:
    found = ((name, message.get(name)) for name in _SHOWN)
    lines = (f"{name}: {_decoded(str(value))}" for name, value in found if value)
    return marks.without("\n".join(lines))


def _decoded(value: str) -> str:
    # As it stands where the charset is unknown, or the encoded words are broken.
    with suppress(LookupError, UnicodeError, ValueError, MessageError):
        value = str(make_header(decode_header(value[:_LONGEST_FIELD])))
    return " ".join(value[:_LONGEST_FIELD].split())
