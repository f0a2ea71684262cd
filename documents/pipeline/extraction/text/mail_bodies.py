"""The bodies of a message: all parts that are shown, and one of each alternative."""

from __future__ import annotations

from collections.abc import Collection
from email.message import Message
from typing import NamedTuple

from ..letters.characters import visible_characters
from . import marks
from .markup import text_of_html

# "Your program shows no HTML": a plain form so much shorter than the other stands for nothing.
_FEW_CHARACTERS, _SHARE = 300, 4


class Body(NamedTuple):
    """Its text, with `marks`; it is lost if it has letters of which none came out."""

    text: str
    is_lost: bool = False
    is_plain: bool = False


def bodies_of(message: Message, parts: Collection[Message]) -> list[Body]:
    """What is shown of these parts, in order; plain text where HTML says the same beside it."""
    return _shown(message, {id(part) for part in parts})


def is_attachment(part: Message) -> bool:
    is_text = part.get_content_type() in ("text/plain", "text/html")
    return part.get_content_disposition() == "attachment" or not is_text


def _shown(message: Message, parts: Collection[int]) -> list[Body]:
    if id(message) in parts:
        return [] if is_attachment(message) else [_body(message)]
    inside = message.get_payload()
    if not isinstance(inside, list):
        return []
    found = [_shown(part, parts) for part in inside if isinstance(part, Message)]
    if message.get_content_type() == "multipart/alternative":
        return _chosen([bodies for bodies in found if bodies])
    return [body for bodies in found for body in bodies]


def _chosen(forms: list[list[Body]]) -> list[Body]:
    """Of the forms of one text, from the plainest to the richest: the plainest that says it."""
    richest = max(forms, key=_length, default=[])
    plain = [form for form in forms if any(body.is_plain and body.text for body in form)]
    if not plain:
        return richest
    length = _length(plain[0])
    is_stub = length < _FEW_CHARACTERS and _length(richest) > _SHARE * length
    return richest if is_stub else plain[0]


def _length(form: list[Body]) -> int:
    return sum(visible_characters(body.text) for body in form)


def _body(part: Message) -> Body:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return Body("")
    charset = part.get_content_charset() or "utf-8"
    try:
        text = content.decode(charset, "strict")
    except (LookupError, UnicodeError):
        # The label is wrong or missing, as it often is: then the letters say more.
        text = _by_letters(content)
    if part.get_content_type() == "text/html":
        return Body(*text_of_html(text))
    return Body(marks.without(text).strip("\n"), is_plain=True)


def _by_letters(content: bytes) -> str:
    # Here, because `decoding` asks for mail first.
    from ..encodings.decoding import decode_body

    return decode_body(content)
