"""Failure codes: why a document was refused or failed, in words its owner can act on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class FailureCode(StrEnum):
    """What programs may rely on; the words may change."""

    # Refused at upload: nothing is stored.
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    UNSUPPORTED_TYPE = "unsupported_type"
    CONTENT_MISMATCH = "content_mismatch"
    NOT_TEXT = "not_text"
    BAD_NAME = "bad_name"
    TOO_MANY_FILES = "too_many_files"
    # Refused at upload because of what its owner has already.
    QUOTA_QUEUE = "quota_queue"
    QUOTA_BYTES = "quota_bytes"
    QUOTA_DOCUMENTS = "quota_documents"
    # What was read of it has no room in what its owner may keep.
    QUOTA_TEXT = "quota_text"
    # The file cannot be read.
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    DYNAMIC_FORM = "dynamic_form"
    NO_TEXT = "no_text"
    GARBLED = "garbled"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    # The model server.
    MODEL_UNAVAILABLE = "model_unavailable"
    MODEL_TOO_SLOW = "model_too_slow"
    MODEL_REJECTED = "model_rejected"
    MODEL_REFUSED = "model_refused"
    INVALID_ANSWER = "invalid_answer"
    ONLY_THOUGHTS = "only_thoughts"
    KEY_REJECTED = "key_rejected"
    QUOTA_EXHAUSTED = "quota_exhausted"
    MODEL_NOT_FOUND = "model_not_found"
    BUDGET_EXCEEDED = "budget_exceeded"
    # The queue itself.
    WORKER_LOST = "worker_lost"
    CANCELLED = "cancelled"
    INTERNAL_ERROR = "internal_error"


@dataclass(frozen=True)
class Failure:
    """A stable machine code, what happened, what to do next, and whether a retry may help."""

    code: FailureCode
    detail: str
    advice: str
    retryable: bool = False
    reference: str | None = None

    @property
    def what_to_do(self) -> dict[str, Any]:
        """The members of a problem that has this code."""
        return {"advice": self.advice, "retryable": self.retryable}

    def as_json(self) -> dict[str, str | bool | None]:
        return asdict(self)


# code: (what happened, what to do next, whether trying the same document again may help)
_TEXTS: dict[FailureCode, tuple[str, str, bool]] = {
    # Refused at upload: nothing is stored.
    FailureCode.TOO_LARGE: (
        "The file is larger than allowed.",
        "Split it or save it smaller, then upload it again.",
        False,
    ),
    FailureCode.EMPTY: (
        "The file is empty.",
        "Check that it is the right file, then upload it again.",
        False,
    ),
    FailureCode.UNSUPPORTED_TYPE: (
        "Only PDF (.pdf) and plain text (.txt) files can be read.",
        "Save or export the document as PDF and upload that.",
        False,
    ),
    FailureCode.CONTENT_MISMATCH: (
        "The content of the file does not match its extension.",
        "Give the file the extension of what it really is, or export it again as PDF.",
        False,
    ),
    FailureCode.NOT_TEXT: (
        "The file is named .txt but does not contain readable text.",
        "Save it as plain text (UTF-8) and upload it again.",
        False,
    ),
    FailureCode.BAD_NAME: (
        "The file has no usable name.",
        "Rename the file, keeping its ending, and upload it again.",
        False,
    ),
    FailureCode.TOO_MANY_FILES: (
        "More files than allowed were sent at once.",
        "Send the rest in another upload.",
        False,
    ),
    # Refused at upload because of what its owner has already.
    FailureCode.QUOTA_QUEUE: (
        "As many of your documents are waiting as may wait at once.",
        "Upload it again when some of them have been read.",
        True,
    ),
    FailureCode.QUOTA_BYTES: (
        "Your documents together have as many bytes as they may.",
        "Delete documents you no longer need, also from the trash, then upload it again.",
        True,
    ),
    FailureCode.QUOTA_DOCUMENTS: (
        "You have as many documents as you may have.",
        "Delete documents you no longer need, also from the trash, then upload it again.",
        True,
    ),
    FailureCode.QUOTA_TEXT: (
        "The text of this document needs more room than you have left.",
        "Delete documents you no longer need, also from the trash, then try again.",
        True,
    ),
    # The file cannot be read: trying again would end the same way.
    FailureCode.ENCRYPTED: (
        "The PDF is protected by a password.",
        "Save a copy without the password and upload that copy.",
        False,
    ),
    FailureCode.DAMAGED: (
        "The file is damaged and cannot be opened.",
        "Open it in a PDF viewer, save or print it to a new PDF and upload that.",
        False,
    ),
    FailureCode.DYNAMIC_FORM: (
        "The PDF is a dynamic form (XFA): its pages only ask to wait for another reader.",
        "Open it in Adobe Reader, print it to a new PDF and upload that.",
        False,
    ),
    FailureCode.NO_TEXT: (
        "The pages contain no text, only pictures.",
        "It looks like a scan: run text recognition (OCR) on it and upload the result.",
        False,
    ),
    FailureCode.GARBLED: (
        "The text in the PDF is unreadable: its fonts do not say which letters they show.",
        "Print the document to a new PDF, or run text recognition (OCR) on it, and upload that.",
        False,
    ),
    FailureCode.TIMED_OUT: (
        "Reading the file took too long and was stopped.",
        "Print it to a new PDF or split it into smaller files, then upload those.",
        False,
    ),
    FailureCode.CRASHED: (
        "Reading the file needed more memory than allowed or broke the reader.",
        "Print it to a new PDF or split it into smaller files, then upload those.",
        False,
    ),
    # The model server.
    FailureCode.MODEL_UNAVAILABLE: (
        "The model server could not be reached or is overloaded.",
        "Try again later; if it keeps failing, check the model server.",
        True,
    ),
    FailureCode.MODEL_TOO_SLOW: (
        "The model server did not answer within the deadline (ATOM_MODEL_DEADLINE).",
        "Ask the operator to raise ATOM_MODEL_DEADLINE, or to use a faster model or server; "
        "then try again.",
        True,
    ),
    FailureCode.MODEL_REJECTED: (
        "The model server rejected the request.",
        "Ask the operator to check ATOM_MODEL and OPENAI_BASE_URL, then try again.",
        True,
    ),
    FailureCode.MODEL_REFUSED: (
        "The model declined to analyze this document.",
        "Try again with another model or with the built-in engine.",
        True,
    ),
    FailureCode.INVALID_ANSWER: (
        "The model server gave an answer that could not be used.",
        "Try again; if it keeps failing, choose another model (ATOM_MODEL).",
        True,
    ),
    FailureCode.ONLY_THOUGHTS: (
        "The model used all the room for its answer to think, and gave no answer.",
        "Ask the operator to leave it more room (ATOM_MODEL_ANSWER) or to let it think less "
        "(ATOM_MODEL_REASONING_EFFORT), then try again.",
        True,
    ),
    FailureCode.KEY_REJECTED: (
        "The model server rejected the API key.",
        "Ask the operator to check OPENAI_API_KEY, then try again.",
        True,
    ),
    FailureCode.QUOTA_EXHAUSTED: (
        "The account at the model server has no quota left.",
        "Ask the operator to top up the account, then try again.",
        True,
    ),
    FailureCode.MODEL_NOT_FOUND: (
        "The model server does not know the configured model.",
        "It may have been retired: ask the operator to set ATOM_MODEL to a current one, "
        "then try again.",
        True,
    ),
    FailureCode.BUDGET_EXCEEDED: (
        "The analysis would cost more than the budget allows.",
        "Ask the operator to raise the budget, or try again tomorrow.",
        True,
    ),
    # The line itself.
    FailureCode.WORKER_LOST: (
        "The work on this document broke off three times, with its worker or the database.",
        "The document may be what stops it: print it to a new PDF, or try again.",
        True,
    ),
    FailureCode.CANCELLED: ("The work was canceled.", "Try again whenever you like.", True),
    FailureCode.INTERNAL_ERROR: (
        "Something unexpected went wrong on our side.",
        "Try again; if it happens again, give the reference to the operator.",
        True,
    ),
}


def failure(
    code: FailureCode,
    *,
    detail: str | None = None,
    advice: str | None = None,
    reference: str | None = None,
) -> Failure:
    """The failure with this code; `detail` and `advice` replace its sentences by closer ones."""
    happened, to_do, retryable = _TEXTS[code]
    return Failure(code, detail or happened, advice or to_do, retryable, reference)


def is_known(code: str) -> bool:
    """Whether it is a code of the present; histories may hold others."""
    return code in set(FailureCode)
