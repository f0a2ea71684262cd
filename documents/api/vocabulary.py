"""Words that programs compare beside problem and failure codes: one table for docs and schema."""

from __future__ import annotations

from documents.events import CIRCUIT_OPEN, RESTORED
from documents.failures import FailureCode, failure
from documents.pipeline.analysis.not_analyzed import NotAnalyzed
from documents.pipeline.analysis.outcomes import OutcomeWarning
from documents.pipeline.extraction.ocr import UnreadScan
from documents.webhooks.codes import FAILURES

Words = dict[str, str]

# Why a status changed where that is not the usual course; a failed document has its failure code.
STATUS_REASONS: Words = {
    "retry": "Its owner sent it to the end of the line again.",
    "released": "A worker that stops gave it back, at its old place.",
    "worker_lost": "Its worker died or was cut off; it is back at its old place, or, the third "
    "time in a row, failed.",
    CIRCUIT_OPEN: "The line was paused meanwhile; it is back at its old place.",
    RESTORED: "It was taken out of the trash.",
    "reused": "An identical file was analyzed before: its result was taken over.",
}

PROGRESS_STEPS: Words = {
    "extracting": "Pages are read.",
    "analyzing": "Parts are analyzed.",
}

RESET_REASONS: Words = {
    "too_old": "Events after this id were pruned.",
    "unknown": "The id is above every event: the log is another, such as of a restored backup.",
}

DELIVERY_CODES: Words = {str(code): said for code, said in FAILURES.items()}

# Of single pages, or of parts of a document that are none.
UNREAD_REASONS: Words = {
    "scan": "A picture without text.",
    "blank": "An empty sheet.",
    "drawing": "Drawings without text.",
    "empty": "No text; results from before November 2026 know no closer.",
    "garbled": "Its letters are unreadable.",
    "failed": "It could not be read.",
    "page_limit": "Over the limit of pages.",
    "character_limit": "Over the limit of text.",
    "page_too_long": "Read only in part.",
    "mostly_hidden": "More of it is seen by nobody than was read.",
    "timed_out": "It took too long.",
    "crashed": "It needed too much memory, or broke the reader.",
    "budget": "Left out to stay in the budget.",
    "no_usable_answer": "The model gave none about it, twice.",
    "model_declined": "The model declined.",
    "only_thoughts": "The model thought and gave no answer.",
    "too_long_for_model": "The model reads too little at once.",
    "ocr_missing": "A picture, and no text recognition (OCR) was there.",
    "ocr_limit": "A picture that there was no time to read.",
    "ocr_timed_out": "A picture that took too long to read.",
    "ocr_failed": "A picture that could not be read.",
    "ocr_language": "Read without knowing the language it looks like: accents may be missing.",
    "attachments": "Files inside the file.",
    "comments": "Comments on a page.",
    "dynamic_form": "Fields of a dynamic form (XFA).",
    "other_documents": "Further documents in the same file.",
    "damaged_parts": "Parts were destroyed: text may be missing.",
    "message_bodies": "Bodies of a mail message with letters, none of which came out.",
    "too_many_parts": "Parts of a mail message over the limit.",
}

UNVERIFIED_REASONS: Words = {
    "contradicted": "Its quotes say the contrary.",
    "partly_supported": "Its quotes say only a part of it, and a summary cannot mark that.",
    "not_named": "The document has no word of the topic.",
    "no_such_tone": "Its quote has no word of the tone.",
    "second_look": "A second look of the model found it contradicted.",
}

WARNINGS: Words = {
    OutcomeWarning.NOTHING_SUPPORTED: "Nothing that was said is borne out by the document's words.",
    OutcomeWarning.NOTHING_FOUND: "The analysis found no statement in it.",
}

# Kept whole by a test: each of these enumerations has all its words in the table.
UNREAD_KINDS = (UnreadScan, NotAnalyzed)


def refused_at_upload() -> tuple[FailureCode, ...]:
    """The codes that `errors` of an upload may have."""
    codes = list(FailureCode)
    return tuple(codes[: codes.index(FailureCode.QUOTA_TEXT)])


def of_documents() -> tuple[FailureCode, ...]:
    """The codes of failed documents."""
    return tuple(code for code in FailureCode if code not in refused_at_upload())


def failure_words(code: FailureCode) -> tuple[str, str, bool]:
    why = failure(code)
    return why.detail, why.advice, why.retryable
