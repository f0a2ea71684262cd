"""Tasks as iCalendar (RFC 5545): a to-do for each, and a day in the calendar for each with a date.

Google's, Outlook's and Apple's calendars show events and pass over to-dos (VTODO); Thunderbird,
Evolution and Nextcloud show both. So each dated task is there as both unless one kind is asked for.
An event marks its day and blocks no time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date
from uuid import UUID

from documents.models import ActionItem

Line = tuple[str, str]  # A name with its parameters, and a value as it is written.
Address = Callable[[ActionItem], str]

TODOS, EVENTS = KINDS = ("todos", "events")
LONGEST_LINE = 75  # octets, the line end not counted (RFC 5545, 3.1)
LONGEST_TEXT = 500  # characters
PRIORITIES = {"high": "1", "medium": "5", "low": "9"}
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def written(
    items: Iterable[ActionItem],
    *,
    installation: UUID,
    address: Address,
    kinds: Iterable[str] = KINDS,
) -> str:
    """The calendar, in lines as the format has them; `address` leads to the page of a task."""
    lines = [*_head(), *_components(items, installation, address, set(kinds)), ("END", "VCALENDAR")]
    return "".join(f"{_folded(f'{name}:{value}')}\r\n" for name, value in lines)


def _head() -> Iterator[Line]:
    yield "BEGIN", "VCALENDAR"
    yield "VERSION", "2.0"
    yield "PRODID", "-//ATOM//To do//EN"
    yield "CALSCALE", "GREGORIAN"
    yield "X-WR-CALNAME", "To do (ATOM)"
    # How often to look again: by RFC 7986, and as Outlook asks.
    yield "REFRESH-INTERVAL;VALUE=DURATION", "PT1H"
    yield "X-PUBLISHED-TTL", "PT1H"


def _components(
    items: Iterable[ActionItem], installation: UUID, address: Address, kinds: set[str]
) -> Iterator[Line]:
    for item in items:
        # It lasts through all analyses of the document, or each would bring the task once more.
        uid = f"{item.lasting_id}@{installation}"
        if TODOS in kinds:
            yield from _todo(item, f"task-{uid}", address)
        if EVENTS in kinds and item.due_date:
            yield from _event(item, item.due_date, f"due-{uid}", address)


def _todo(item: ActionItem, uid: str, address: Address) -> Iterator[Line]:
    yield "BEGIN", "VTODO"
    yield from _common(item, uid, address)
    if item.due_date:
        yield "DUE;VALUE=DATE", f"{item.due_date:%Y%m%d}"
    yield "STATUS", "COMPLETED" if item.done else "NEEDS-ACTION"
    if item.done:
        yield "PERCENT-COMPLETE", "100"
    yield "END", "VTODO"


def _event(item: ActionItem, day: date, uid: str, address: Address) -> Iterator[Line]:
    yield "BEGIN", "VEVENT"
    yield from _common(item, uid, address)
    yield "DTSTART;VALUE=DATE", f"{day:%Y%m%d}"
    # No DTEND: a day without an end is that day (3.6.1), and 31 December 9999 has no morrow.
    yield "TRANSP", "TRANSPARENT"
    yield "END", "VEVENT"


def _common(item: ActionItem, uid: str, address: Address) -> Iterator[Line]:
    yield "UID", uid
    yield "DTSTAMP", f"{item.analysis.created_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "SUMMARY", _text(" ".join(item.task.split()) or "Task")
    yield "DESCRIPTION", _text("\n".join(_description(item)))
    yield "URL", address(item)
    if priority := PRIORITIES.get(item.priority):
        yield "PRIORITY", priority


def _description(item: ActionItem) -> Iterator[str]:
    """Words of the document: whoever is asked may be nobody with an address, so no ATTENDEE."""
    if item.assignee:
        yield f"Asked of: {item.assignee}"
    if item.due_text:
        counted = f" (counted from {item.due_from})" if item.due_from else ""
        yield f"Due: {item.due_text}{counted}"
    # Before what may be cut off.
    if item.doubt:
        yield f"Doubt: {item.doubt}"
    yield f"Document: {item.analysis.document.filename}"
    for place in item.evidence[:1]:
        yield f"Page {place['page']}: “{' '.join(place['quote'].split())}”"


def _text(words: str) -> str:
    """A value of type TEXT (3.3.11); of control characters it may have none but line ends."""
    shown = _CONTROLS.sub(" ", words.replace("\r\n", "\n"))
    if len(shown) > LONGEST_TEXT:
        shown = f"{shown[: LONGEST_TEXT - 1]}…"
    escaped = re.sub(r"([\\;,])", r"\\\1", shown)
    return escaped.replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line cut at 75 octets, never within a character; a space goes before the rest."""
    parts, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LONGEST_LINE:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += octets
    return "\r\n".join(parts)
