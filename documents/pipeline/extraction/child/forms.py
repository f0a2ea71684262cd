"""Forms: what was filled in is shown by PDFium only after it was told to look for them."""

from __future__ import annotations

from typing import Any

import pypdfium2 as pdfium


def allow_forms(pdf: Any) -> None:
    """Have PDFium show what was filled in; for a document of which no page is open yet."""
    try:
        pdf.init_forms()  # Runs no scripts: the library is built without a JavaScript engine.
    except pdfium.PdfiumError:
        return  # A broken form is not a broken document.
