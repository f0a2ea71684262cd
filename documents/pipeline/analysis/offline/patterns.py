"""Regular expressions composed from word lists: an alternation is a list that can be read."""

from __future__ import annotations

import re


def one_of(listing: str) -> str:
    """An alternation of the phrases that commas divide, tried in the order of the list.

    Where one phrase begins another, the longer one stands first. An apostrophe stands for
    the curved one too.
    """
    return either(*map(_literal, phrases(listing)))


def phrases(listing: str) -> list[str]:
    """The phrases that commas divide; lines may be broken anywhere."""
    return [" ".join(phrase.split()) for phrase in listing.split(",")]


def _literal(phrase: str) -> str:
    return re.escape(phrase).replace(r"\ ", " ").replace("'", "['’]")


def either(*patterns: str) -> str:
    return f"(?:{'|'.join(patterns)})"


def any_space(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Compile the pattern; a space in it stands for any white space, line breaks included."""
    return re.compile(pattern.replace(" ", r"\s+"), flags)
