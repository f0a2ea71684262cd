"""Text recognition (OCR) as the settings want it."""

from __future__ import annotations

from django.conf import settings

from documents.pipeline.extraction import OcrOptions


def configured() -> OcrOptions | None:
    """What is wanted of it; None where it is switched off."""
    if settings.ATOM_OCR == "off":
        return None
    return OcrOptions(
        languages=settings.ATOM_OCR_LANGUAGES, seconds=60.0 * settings.ATOM_OCR_MINUTES
    )
