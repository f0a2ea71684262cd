"""Shells: documents that are more, or something else, than their pages show (XFA, portfolios)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from documents.failures import FailureCode

from ..content import Content, LargeFile
from ..draft import Draft
from ..letters.characters import cleaned
from ..reading import UnreadableFile

Entry = dict[str, Any]

MAX_NAMES = 20
_MAX_NAME = 100
# Of the usual placeholder, 560 characters; a form that was drawn has fields or more words.
_LONGEST_PLACEHOLDER = 1_500
_HARDLY_ANY = 200
_NAMES_READER = re.compile(r"adobe|acrobat|reader|viewer|pdf|lecteur|visor|leitor", re.IGNORECASE)
_WAIT = (
    r"please wait|bitte warten|veuillez patienter|(?:por favor, ?)?esper[ae]|(?:por favor, ?)?"
    r"aguarde|attendere|even geduld|een ogenblik|vänta|vent(?: venligst)?|odota|proszę czekać"
    r"|čekejte|подождите|пожалуйста|お待ち|请稍候|請稍候|잠시"
)
_PLACEHOLDER = re.compile(
    rf"\W{{0,99}}(?:{_WAIT})|the document you are trying to (?:load|open) requires"
    r"|to view the full contents of this document,? you need",
    re.IGNORECASE,
)
_TELLTALE = "if this message is not eventually replaced"

# A PDF behind the end of another; one that lies inside of it has "stream" before it.
_LONGEST_SECOND = 1_100  # bytes
_SECOND = re.compile(rb"%%EOF[\s\x00]{0,1024}%PDF-\d\.\d")


class Shell(NamedTuple):
    """What a document holds beside its pages; `xfa` is `full`, `foreground` or empty."""

    xfa: str = ""
    files: int = 0
    names: tuple[str, ...] = ()


def of_message(sent: dict[str, Any]) -> Shell | None:
    """None where it is nothing that the child would send."""
    match sent:
        case {"xfa": str(xfa), "files": int(files), "names": list(names)} if files >= 0:
            return Shell(xfa, files, tuple(map(str, names[:MAX_NAMES])))
        case _:
            return None


def require_content(shell: Shell, drafts: Sequence[Draft]) -> None:
    """Raise `UnreadableFile` for a dynamic form that shows only "Please wait" in its place."""
    text = "\n".join(draft.raw_text for draft in drafts[:3]).strip()
    visible = sum(draft.visible for draft in drafts)
    if visible > _LONGEST_PLACEHOLDER or any(draft.has_fields for draft in drafts):
        return
    is_placeholder = _PLACEHOLDER.match(text) is not None
    if shell.xfa == "full":
        names_reader = _NAMES_READER.search(text) is not None
        is_empty = is_placeholder or visible < _HARDLY_ANY or names_reader
    else:
        # Also where the form was lost on the way: these words are nobody's document.
        is_empty = is_placeholder and (
            bool(shell.xfa) or _TELLTALE in " ".join(text.split()).lower()
        )
    if is_empty:
        raise UnreadableFile(FailureCode.DYNAMIC_FORM)


def unread(shell: Shell, drafts: Sequence[Draft], data: Content) -> list[Entry]:
    """Entries for what stands on no page: files inside, a form's own fields, a second PDF."""
    entries: list[Entry] = []
    pinned = [name for draft in drafts for name in draft.files if name not in shell.names]
    if count := shell.files + len(pinned):
        names = [*shell.names, *pinned][:MAX_NAMES]
        entries.append({"reason": "attachments", "count": count, "names": _shown(names)})
    if shell.xfa == "full":
        entries.append({"reason": "dynamic_form"})
    if others := _documents_behind(data):
        entries.append({"reason": "other_documents", "count": others})
    return entries


def _documents_behind(data: Content) -> int:
    if isinstance(data, LargeFile):
        return data.count(_SECOND, b"%%EOF", _LONGEST_SECOND)
    return len(_SECOND.findall(data))


def _shown(names: Sequence[str]) -> list[str]:
    """Names without what steers a line, and without their folders."""
    lines = (" ".join(cleaned(name).split())[:_MAX_NAME] for name in names)
    return [shown for line in lines if (shown := "".join(filter(str.isprintable, line)))]
