"""An analysis to take away: everything for programs, a report to read, a list to work off.

Claims that no quote stands behind stay at home.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.http import HttpRequest, HttpResponse

from atom_project.file_responses import saved_as
from documents import results
from documents.models import Analysis, Document
from documents.models.analyses import ActionItemQuerySet
from documents.pipeline import doubts, left_out
from documents.pipeline.analysis import wording
from documents.todo import exports, spreadsheet

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
    "due_counted_from",
    # Last, so that no column has moved: tables of several documents can be put together.
    "document_id",
    "filename",
    "match",
    "words_left_out",
    "is_asked_for",
    "second_look",
]


def export(document: Document, analysis: Analysis, form: str) -> HttpResponse:
    """The analysis in one of `FORMS`."""
    write, ending, content_type = FORMS[form]
    content = write(document, results.verified_json(analysis))
    name = f"{PurePosixPath(document.filename).stem}-analysis{ending}"
    return HttpResponse(content.encode(), headers=saved_as(name, content_type))


def export_tasks(items: ActionItemQuerySet, form: str, request: HttpRequest) -> HttpResponse:
    """Tasks of many documents in one of `exports.CONTENT_TYPES`."""
    content = exports.export(items, form, address=exports.page_of(request))
    headers = saved_as(f"todo.{form}", exports.CONTENT_TYPES[form])
    return HttpResponse(content.encode(), headers=headers)


def as_json(document: Document, result: dict[str, Any]) -> str:
    return json.dumps(with_document(document, result), ensure_ascii=False, indent=2) + "\n"


def with_document(document: Document, result: dict[str, Any]) -> dict[str, Any]:
    """The result, and which document it is of."""
    about = {
        "id": str(document.pk),
        "filename": document.filename,
        "external_id": document.external_id,
        "sha256": document.sha256,
        "page_count": document.page_count,
    }
    return {"document": about, **result}


def as_csv(document: Document, result: dict[str, Any]) -> str:
    """The action items, one a row."""
    items = result["findings"]["actionable_items"]
    about = {"document_id": document.pk, "filename": document.filename}
    rows = ({**_row(item, result), **about} for item in items)
    return spreadsheet.as_csv(TASK_COLUMNS, rows)


def _row(item: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    evidence = item["evidence"][0] if item["evidence"] else {}
    return {
        **item,
        "page": evidence.get("page"),
        "quote": evidence.get("quote"),
        "done": "yes" if item["done"] else "no",
        "read_by_ocr": "yes" if evidence.get("page") in _ocr_pages(result) else "no",
        "numbers_in_no_quote": " ".join(item.get("unquoted_numbers", [])),
        "words_in_no_quote": " ".join(item.get("unsupported_words", [])),
        "due_counted_from": (item.get("due_from") or {}).get("date"),
        "match": evidence.get("match"),
        "words_left_out": " ".join(item.get("omitted_words", [])),
        "is_asked_for": "yes" if item.get("is_asked_for") else "no",
    }


def _ocr_pages(result: dict[str, Any]) -> list[int]:
    """Pages whose quotes were read from a picture; older analyses know of none."""
    return [*(result["coverage"].get("ocr") or {}).get("pages", [])]


def as_markdown(document: Document, result: dict[str, Any]) -> str:
    findings = result["findings"]
    sections = [
        (f"# {_plain(document.filename)}", [*_warning(result), *_gist(result)]),
        ("## Kind of document", _kind(findings)),
        ("## Facts", _facts(findings.get("facts", []))),
        (
            "## Summary" if results.is_one_list(result) else "## Key points",
            [*_points(findings), *_further(findings, "key_points", "point")],
        ),
        ("## Action items", [*_tasks(findings), *_further(findings, "actionable_items", "item")]),
        ("## Done before, and not found again", _ticked_before(findings.get("ticked_before", []))),
        ("## Topics", _claims((topic["label"], topic) for topic in findings["topics"])),
        ("## Tone", _tone(findings["sentiment"])),
        ("## Passages that speak to a model", _flagged(findings.get("flagged", []))),
        ("## What was read", _coverage(result["coverage"])),
        ("## How it was made", _provenance(result["provenance"])),
    ]
    return "\n\n".join(
        "\n\n".join([title, "\n".join(lines)])
        for title, lines in ((title, list(lines)) for title, lines in sections)
        if lines or title.startswith("# ")
    ) + ("\n")


def _kind(findings: dict[str, Any]) -> Iterator[str]:
    # A model has words of its own for it; older analyses know of neither.
    if named := findings.get("kind"):
        yield f"Read as: {_plain(named['label'])}{_pages_of(named['evidence'])}."
    elif kind := findings.get("document_kind"):
        yield f"Read as: {wording.KINDS[kind]}."
    if dated := findings.get("document_date"):
        yield f"Dated {dated['date']}{_pages_of(dated['evidence'])}."
    for other in findings.get("other_languages", []):
        yield f"In another language and not in the summary: {_listed(other['pages'])}."


def _facts(facts: Iterable[dict[str, Any]]) -> Iterator[str]:
    for fact in facts:
        normalized = fact["normalized"]
        plain = f" ({_plain(normalized)})" if normalized and normalized != fact["value"] else ""
        yield f"- {wording.FACTS[fact['name']]}: {_plain(fact['value'])}{plain}"
        yield from _quotes(fact["evidence"])


def _plain(text: str) -> str:
    """One line of text that no Markdown reader takes for markup or for a link."""
    # White space first: a line break would end the list item or the quote it stands in.
    line = AUTOLINKS.sub(ZERO_WIDTH_SPACE, MARKUP.sub(r"\\\1", " ".join(text.split())))
    return LIST_MARKUP.sub(lambda found: f"{found[1] or ''}\\{found[2] or found[3]}", line)


def _warning(result: dict[str, Any]) -> Iterator[str]:
    if warning := result["warning"]:
        told = _plain(f"{warning['detail']} {warning['advice']}")
        yield f"**Completed with a warning.** {told}\n"


def _summary(result: dict[str, Any]) -> Iterator[str]:
    """Each sentence with the pages it rests on; older analyses have the summary as a whole."""
    sentences = result["findings"].get("summary_sentences")
    if not sentences:
        yield _plain(result["summary"])
        return
    yield " ".join(f"{_plain(each['text'])}{_pages_of(each['evidence'])}" for each in sentences)


def _pages_of(evidence: Iterable[dict[str, Any]]) -> str:
    pages = dict.fromkeys(place["page"] for place in evidence)
    return f" ({_listed(list(pages))})" if pages else ""


def _quotes(evidence: Iterable[dict[str, Any]]) -> Iterator[str]:
    for place in evidence:
        label = "" if place["match"] == "verbatim" else ", close match"
        yield f"  > “{_plain(place['quote'])}” (page {place['page']}{label})"


def _claims(claims: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    for text, claim in claims:
        yield f"- {_plain(text)}{_doubt(claim)}"
        yield from _quotes(claim["evidence"])


def _ticked_before(tasks: Iterable[dict[str, Any]]) -> Iterator[str]:
    for task in tasks:
        yield f"- [x] {_plain(task['task'])}"


def _gist(result: dict[str, Any]) -> Iterable[str]:
    """The summary, unless the points are the same sentences: the built-in engine has one list."""
    return [] if results.is_one_list(result) else _summary(result)


def _points(findings: dict[str, Any]) -> Iterator[str]:
    return _claims((point["text"], point) for point in findings["key_points"])


def _further(findings: dict[str, Any], name: str, noun: str) -> Iterator[str]:
    """What was found and not shown; a list item, for a line below a list belongs to its last."""
    if count := findings.get("left_out", {}).get(name):
        were = " was" if count == 1 else "s were"
        shown = len(findings[name])
        yield f"- ({count} further {noun}{were} found; the most important {shown} are shown.)"


def _doubt(claim: dict[str, Any]) -> str:
    told = [_plain(each) for each in doubts.of(claim)]
    return f" ({'; '.join(told)})" if told else ""


def _tasks(findings: dict[str, Any]) -> Iterator[str]:
    # Older analyses know of no note.
    if note := findings.get("action_items_note"):
        yield f"{_plain(note)}\n"
    for item in findings["actionable_items"]:
        details = [item["assignee"], _due(item)]
        if item["priority"] != "unspecified":
            details.append(f"{item['priority']} priority")
        known = ", ".join(_plain(detail) for detail in details if detail)
        tick = "x" if item["done"] else " "
        yield f"- [{tick}] {_plain(item['task'])}" + (f" ({known})" if known else "") + _doubt(item)
        yield from _quotes(item["evidence"])


def _due(item: dict[str, Any]) -> str | None:
    due: str | None = item["due_text"] or item["due_date"]
    if not (start := item.get("due_from")):
        return due
    page = start["evidence"][0]["page"]
    return f"{due}: {item['due_date']}, counted from {start['date']} on page {page}"


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
    if pages := coverage.get("unverified"):
        yield f"- Sent to the model, but nothing shows that it saw all of it: {_listed(pages)}."
    if count := coverage.get("prompts_cut"):
        parts = "a part" if count == 1 else f"{count} parts"
        yield f"- The model server cut {parts} in silence, and was asked again in smaller ones."
    if ocr := coverage.get("ocr"):
        yield (
            f"- Read by text recognition (OCR), confidence {ocr['confidence']} %: "
            f"{_listed(ocr['pages'])}. Letters and numbers may be wrong there."
        )
        if ocr["poor"]:
            yield f"- Poorly recognized: {_listed(ocr['poor'])}."
    for page in coverage.get("hidden_text", []):
        yield f"- Text that nobody sees stands on page {page}; no claim rests on it."
    if pages := coverage.get("struck_out"):
        yield f"- Words are struck out on {_listed(pages)}; they were read with the rest."


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
