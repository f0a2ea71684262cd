"""What an installation wants of text recognition (OCR)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OcrOptions:
    """Languages by the names that tesseract gives them; none: those that suit what is installed.

    `seconds` are those one document may take, added up over all cores.
    """

    languages: tuple[str, ...] = ()
    seconds: float = 600.0
