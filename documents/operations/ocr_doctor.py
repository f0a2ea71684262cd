"""Health check of text recognition (OCR): which engine, which languages, and whether it starts."""

from __future__ import annotations

from django.conf import settings

from documents.operations.checks import CheckResult, good, warning
from documents.pipeline import recognition
from documents.pipeline.extraction import OcrOptions
from documents.pipeline.extraction.ocr import Recognizer, installed, languages_for, tries_out

_INSTALL = (
    "Install the package tesseract-ocr and one for each language, such as tesseract-ocr-deu; or, "
    "without root, `pip install -r requirements/ocr.txt`."
)

_ADD = (
    "A text in a language that is not among them loses its accents: install its package, such as "
    "tesseract-ocr-pol for Polish, name it in ATOM_OCR_LANGUAGES, and restart ATOM."
)


def examine() -> CheckResult:
    options = recognition.configured()
    if options is None:
        return good("Scanned pages stay unread: ATOM_OCR is off.")
    recognizer = installed()
    if recognizer is None:
        return warning("Scanned pages stay unread: no text recognition (OCR) is there.", _INSTALL)
    languages = languages_for(recognizer, options.languages)
    if missing := [name for name in options.languages if name not in languages]:
        return warning(
            f"Text recognition (OCR, {recognizer.described}) lacks {', '.join(missing)} of "
            f"ATOM_OCR_LANGUAGES; it has {', '.join(recognizer.languages)}.",
            _INSTALL,
        )
    if not tries_out(recognizer, languages):
        return warning(
            f"Text recognition (OCR, {recognizer.described}) does not work in its sandbox, so "
            "scanned pages stay unread.",
            f"See that {recognizer.program or recognizer.engine} runs by itself and is no script.",
        )
    return good(_in_use(recognizer, languages, options))


def _in_use(recognizer: Recognizer, languages: tuple[str, ...], options: OcrOptions) -> str:
    said = f"Scanned pages are read by {recognizer.described} in {', '.join(languages)}"
    others = len(recognizer.languages) - len(languages)
    more = f"; {others} more languages are installed, see ATOM_OCR_LANGUAGES" if others else ""
    limit = f", {settings.ATOM_OCR_MINUTES} minutes of work a document at most"
    return f"{said}{'' if options.languages else more}{limit}. {_ADD}"
