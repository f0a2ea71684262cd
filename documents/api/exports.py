"""An analysis to take away: everything for programs, a report to read, a list to work off.

Claims that no quote stands behind stay at home.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from documents.models import Analysis, Document
from documents.pipeline import left_out
from documents.results import verified_json

# Spreadsheets take a cell for a formula that begins so (full-width signs included).
FORMULA = re.compile(r'[\s"]*[=+\-@＝＋－＠]')
# Where the comma is no separator, as in most of Europe, a cell begins behind one of these.
SEPARATORS = re.compile(r"([;|\t\r\n])")
MARKUP = re.compile(r"([\\`*_\[\]<>#|~&!])")
# Where GitHub's Markdown would make a link of plain text (GFM 6.9): the place to break it.
AUTOLINKS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
ZERO_WIDTH_SPACE = "\u200b"
LIST_MARKUP = re.compile(r"^(\d+)([.)])|^([-+])")
TASK_COLUMNS = [
    "id",
    "task",
    "assignee",
    "due_text",
    "due_date",
    "priority",
    "done",
    "page",
    "quote",
    "numbers_in_no_quote",
    "read_by_ocr",
    "support",
    "words_in_no_quote",
]


def saved_as(filename: str, content_type: str) -> dict[str, str]:
    """Headers of bytes to save, which no browser may run or show as part of this site."""
    return {
        "Content-Type": content_type,
        "Content-Disposition": content_disposition_header(True, filename) or "attachment",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


def export(document: Document, analysis: Analysis, form: str) -> HttpResponse:
    """The analysis in one of `FORMS`."""
    write, ending, content_type = FORMS[form]
    content = write(document, verified_json(analysis))
    name = f"{PurePosixPath(document.filename).stem}-analysis{ending}"
    return HttpResponse(content.encode(), headers=saved_as(name, content_type))


def as_json(document: Document, result: dict[str, Any]) -> str:
    about = {
        "id": str(document.pk),
        "filename": document.filename,
        "sha256": document.sha256,
        "page_count": document.page_count,
    }
    return json.dumps({"document": about, **result}, ensure_ascii=False, indent=2) + "\n"


def as_csv(document: Document, result: dict[str, Any]) -> str:
    """The action items, one a row. The byte order mark tells Excel that this is UTF-8."""
    table = io.StringIO()
    rows = csv.writer(table, quoting=csv.QUOTE_ALL)
    rows.writerow(TASK_COLUMNS)
    for item in result["findings"]["actionable_items"]:
        evidence = item["evidence"][0] if item["evidence"] else {}
        cells = {**item, "page": evidence.get("page"), "quote": evidence.get("quote")}
        cells["done"] = "yes" if item["done"] else "no"
        cells["read_by_ocr"] = "yes" if evidence.get("page") in _ocr_pages(result) else "no"
        cells["numbers_in_no_quote"] = " ".join(item.get("unquoted_numbers", []))
        cells["words_in_no_quote"] = " ".join(item.get("unsupported_words", []))
        rows.writerow(_cell(cells.get(column)) for column in TASK_COLUMNS)
    return "\ufeff" + table.getvalue()


def _ocr_pages(result: dict[str, Any]) -> list[int]:
    """Pages whose quotes were read from a picture; older analyses know of none."""
    return [*(result["coverage"].get("ocr") or {}).get("pages", [])]


def _cell(value: Any) -> str:
    """The value as text, in whatever way a spreadsheet separates cells."""
    text = "" if value is None else str(value)
    parts = SEPARATORS.split(text)
    # Behind an apostrophe, a spreadsheet takes everything for text.
    safe = "".join(f"'{part}" if FORMULA.match(part) else part for part in parts)
    return f"'{safe}" if text[:1] in {"\t", "\r", "\n"} else safe


def as_markdown(document: Document, result: dict[str, Any]) -> str:
    findings = result["findings"]
    sections = [
        (f"# {_plain(document.filename)}", [_plain(result["summary"])]),
        ("## Key points", _claims((point["text"], point) for point in findings["key_points"])),
        ("## Action items", _tasks(findings["actionable_items"])),
        ("## Topics", _claims((topic["label"], topic) for topic in findings["topics"])),
        ("## Tone", _tone(findings["sentiment"])),
        ("## Passages that speak to a model", _flagged(findings.get("flagged", []))),
        ("## What was read", _coverage(result["coverage"])),
        ("## How it was made", _provenance(result["provenance"])),
    ]
    return "\n\n".join(
        "\n\n".join([title, "\n".join(lines)])
        for title, lines in ((title, list(lines)) for title, lines in sections)
        if lines
    ) + ("\n")


def _plain(text: str) -> str:
    """One line of text that no Markdown reader takes for markup or for a link."""
    # White space first: a line break would end the list item or the quote it stands in.
    line = AUTOLINKS.sub(ZERO_WIDTH_SPACE, MARKUP.sub(r"\\\1", " ".join(text.split())))
    return LIST_MARKUP.sub(lambda found: f"{found[1] or ''}\\{found[2] or found[3]}", line)


def _quotes(evidence: Iterable[dict[str, Any]]) -> Iterator[str]:
    for place in evidence:
        label = "" if place["match"] == "verbatim" else ", close match"
        yield f"  > “{_plain(place['quote'])}” (page {place['page']}{label})"


def _claims(claims: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    for text, claim in claims:
        yield f"- {_plain(text)}{_doubt(claim)}"
        yield from _quotes(claim["evidence"])


def _doubt(claim: dict[str, Any]) -> str:
    added = dict.fromkeys([*claim.get("unquoted_numbers", []), *claim.get("unsupported_words", [])])
    omitted = claim.get("omitted_words")
    doubts = [f"in none of its quotes: {_plain(', '.join(added))}"] if added else []
    doubts += [f"its quotes also say: {_plain(', '.join(omitted))}"] if omitted else []
    return f" ({'; '.join(doubts)})" if doubts else ""


def _tasks(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    for item in items:
        details = [item["assignee"], item["due_text"] or item["due_date"]]
        if item["priority"] != "unspecified":
            details.append(f"{item['priority']} priority")
        known = ", ".join(_plain(detail) for detail in details if detail)
        tick = "x" if item["done"] else " "
        yield f"- [{tick}] {_plain(item['task'])}" + (f" ({known})" if known else "") + _doubt(item)
        yield from _quotes(item["evidence"])


def _tone(sentiment: dict[str, Any]) -> Iterator[str]:
    words = sentiment["label"].replace("_", " ").capitalize()
    why = _plain(sentiment["rationale"] or "")
    yield f"- {words}: {why}" if why else f"- {words}"
    yield from _quotes(sentiment["evidence"])


def _flagged(passages: Iterable[dict[str, Any]]) -> Iterator[str]:
    for passage in passages:
        yield f"- Page {passage['page']}, never used as evidence: “{_plain(passage['quote'])}”"


def _coverage(coverage: dict[str, Any]) -> Iterator[str]:
    yield f"{coverage['pages_read']} of {coverage['pages_total']} pages were read."
    for entry in coverage["not_read"]:
        if part := left_out.told(entry):
            yield f"- {_plain(part[0].upper() + part[1:])}."
        else:
            reason = _plain(str(entry["reason"]).replace("_", " "))
            yield f"- Not read: {_unread_pages(entry)} ({reason})"
    if ocr := coverage.get("ocr"):
        yield (
            f"- Read by text recognition (OCR), confidence {ocr['confidence']} %: "
            f"{_listed(ocr['pages'])}. Letters and numbers may be wrong there."
        )
        if ocr["poor"]:
            yield f"- Poorly recognized: {_listed(ocr['poor'])}."
    for page in coverage.get("hidden_text", []):
        yield f"- Text that nobody sees stands on page {page}; no claim rests on it."


def _listed(pages: list[int]) -> str:
    return f"page{'s' if len(pages) > 1 else ''} {', '.join(map(str, pages))}"


def _unread_pages(entry: dict[str, Any]) -> str:
    if "page" in entry:
        return f"page {entry['page']}"
    if "from_page" not in entry:
        return "part of it"
    if "to_page" not in entry:
        return f"page {entry['from_page']} and after"
    return f"pages {entry['from_page']} to {entry['to_page']}"


def _provenance(provenance: dict[str, Any]) -> Iterator[str]:
    if provenance["engine"] == "offline":
        yield "Built-in extractive engine, no AI model."
        return
    yield f"Engine: {_plain(provenance['engine'])}, model: {_plain(provenance['model'])}."
    cost = provenance.get("cost_usd")
    yield f"Cost: {_plain(cost)} USD." if cost else "Cost: unknown."


# name: (how it is written, ending of the file, media type)
FORMS = {
    "json": (as_json, ".json", "application/json"),
    "md": (as_markdown, ".md", "text/markdown; charset=utf-8"),
    "csv": (as_csv, ".csv", "text/csv; charset=utf-8"),
}
