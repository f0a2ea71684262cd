"""Why a document was refused or failed, in words its owner can act on."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Failure:
    """A stable machine code, what happened, what to do next, and whether a retry may help."""

    code: str
    detail: str
    advice: str
    retryable: bool = False
    reference: str | None = None

    def as_json(self) -> dict[str, str | bool | None]:
        return asdict(self)


# code: (what happened, what to do next, whether trying the same document again may help)
_TEXTS: dict[str, tuple[str, str, bool]] = {
    # Refused at upload: nothing is stored.
    "too_large": (
        "The file is larger than 10 MB.",
        "Split it or save it smaller, then upload it again.",
        False,
    ),
    "empty": ("The file is empty.", "Check the file on your side and upload it again.", False),
    "unsupported_type": (
        "Only PDF (.pdf) and plain text (.txt) files can be read.",
        "Save or export the document as PDF and upload that.",
        False,
    ),
    "content_mismatch": (
        "The content of the file does not match its extension.",
        "Give the file the extension of what it really is, or export it again as PDF.",
        False,
    ),
    "not_text": (
        "The file is named .txt but does not contain readable text.",
        "Save it as plain text (UTF-8) and upload it again.",
        False,
    ),
    "bad_name": (
        "The file has no usable name.",
        "Rename the file, keeping the .pdf or .txt ending, and upload it again.",
        False,
    ),
    "too_many_files": (
        "More than 20 files were sent at once.",
        "Send the rest in another upload.",
        False,
    ),
    # Refused at upload because of what its owner has already.
    "quota_queue": (
        "As many of your documents are waiting as may wait at once.",
        "Upload it again when some of them have been read.",
        True,
    ),
    "quota_bytes": (
        "Your documents together have as many bytes as they may.",
        "Delete documents you no longer need, then upload it again.",
        True,
    ),
    # The file cannot be read: trying again would end the same way.
    "encrypted": (
        "The PDF is protected by a password.",
        "Save a copy without the password and upload that copy.",
        False,
    ),
    "damaged": (
        "The file is damaged and cannot be opened.",
        "Open it in a PDF viewer, save or print it to a new PDF and upload that.",
        False,
    ),
    "no_text": (
        "The pages contain no text, only pictures.",
        "It looks like a scan: run text recognition (OCR) on it and upload the result.",
        False,
    ),
    "garbled": (
        "The text in the PDF is unreadable: its fonts do not say which letters they show.",
        "Print the document to a new PDF, or run text recognition (OCR) on it, and upload that.",
        False,
    ),
    "timed_out": (
        "Reading the file took too long and was stopped.",
        "Print it to a new PDF or split it into smaller files, then upload those.",
        False,
    ),
    "crashed": (
        "Reading the file needed more memory than allowed or broke the reader.",
        "Print it to a new PDF or split it into smaller files, then upload those.",
        False,
    ),
    # The model server.
    "model_unavailable": (
        "The model server could not be reached or did not answer in time.",
        "Try again later; if it keeps failing, check the model server.",
        True,
    ),
    "model_rejected": (
        "The model server rejected the request.",
        "Ask the operator to check ATOM_MODEL and OPENAI_BASE_URL, then try again.",
        True,
    ),
    "model_refused": (
        "The model declined to analyze this document.",
        "Try again with another model or with the built-in engine.",
        True,
    ),
    "invalid_answer": (
        "The model server gave an answer that could not be used.",
        "Try again; if it keeps failing, choose another model (ATOM_MODEL).",
        True,
    ),
    "key_rejected": (
        "The model server rejected the API key.",
        "Ask the operator to check OPENAI_API_KEY, then try again.",
        True,
    ),
    "quota_exhausted": (
        "The account at the model server has no quota left.",
        "Ask the operator to top up the account, then try again.",
        True,
    ),
    "model_not_found": (
        "The model server does not know the configured model.",
        "It may have been retired: ask the operator to set ATOM_MODEL to a current one, "
        "then try again.",
        True,
    ),
    "budget_exceeded": (
        "The analysis would cost more than the budget allows.",
        "Ask the operator to raise the budget, or try again tomorrow.",
        True,
    ),
    # The line itself.
    "worker_lost": (
        "The work on this document broke off three times, with its worker or the database.",
        "The document may be what stops it: print it to a new PDF, or try again.",
        True,
    ),
    "cancelled": ("The work was canceled.", "Try again whenever you like.", True),
    "internal_error": (
        "Something unexpected went wrong on our side.",
        "Try again; if it happens again, give the reference to the operator.",
        True,
    ),
}


def failure(code: str, *, detail: str | None = None, reference: str | None = None) -> Failure:
    """The failure with this code; `detail` replaces the general sentence by a closer one."""
    general, advice, retryable = _TEXTS[code]
    return Failure(code, detail or general, advice, retryable, reference)


def codes() -> list[str]:
    """Every code there is, in the order a document could meet them."""
    return list(_TEXTS)
