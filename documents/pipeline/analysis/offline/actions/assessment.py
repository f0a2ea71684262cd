"""What was looked for: "none found" is only said in languages whose sentences the rules read."""

from __future__ import annotations

from documents.pipeline.analysis.offline.actions.headings import HEADINGS
from documents.pipeline.analysis.offline.actions.rules import LANGUAGES

NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
}
_READ = ", ".join(NAMES[code] for code in LANGUAGES[:-1]) + f" and {NAMES[LANGUAGES[-1]]}"
LISTS_IN = frozenset(row.language for row in HEADINGS)

LISTS_ONLY = (
    f"Only task lists under a heading were looked for: the built-in rules read {_READ} sentences."
)
NOT_LOOKED_FOR = f"Not looked for: the built-in rules read {_READ} only."
UNKNOWN = (
    "The language of the text could not be told; only English sentences and task lists were"
    " looked for."
)


def note(language: str | None) -> str:
    """What the reader must know about what was not looked for; empty where all was."""
    if language is None:
        return UNKNOWN
    if language in LANGUAGES:
        return ""
    return LISTS_ONLY if language in LISTS_IN else NOT_LOOKED_FOR
