"""Languages by their English names, where a page or a receipt speaks of them."""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language_info

from documents.pipeline.analysis import language_codes


def in_words(code: str) -> str:
    """The English name of a language, or its code where Django has no name for it."""
    if code == "zh":
        return "Chinese"  # Django names its scripts only.
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code


@cache
def named() -> list[tuple[str, str]]:
    """Code and name of each language that has a name, in the order of the names."""
    pairs = [(code, in_words(code)) for code in language_codes.CODES]
    return sorted((pair for pair in pairs if pair[0] != pair[1]), key=lambda pair: pair[1])
