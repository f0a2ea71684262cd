"""Which passwords are taken: long enough (Django's validator), and not among the first guesses."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts import password_guessing

# Four million guesses: ten thousand common passwords of twelve characters, and all alike.
FEWEST_BITS = 22.0
SERVICE = ("atom", "document", "documents")
NAMES = ("username", "first_name", "last_name", "email")
WORDS = re.compile(r"[^\W_]{3,}")


class GuessingValidator:
    """Refuses what is made of common words, names, years, rows of keys and repetitions only.

    Names of the person and of the service count as the first guess (ASVS 5.0, 6.2.4, 6.2.11).
    """

    def validate(self, password: str, user: Any = None) -> None:
        if password_guessing.bits(password, known_words(user)) < FEWEST_BITS:
            raise ValidationError(
                "This password is too common: names, frequent words, years, rows of keys and "
                "repetitions are guessed first. Take three words that have nothing to do with "
                "each other.",
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return (
            "Your password can't be made of a frequent word or a name with a year, a row of keys "
            "or a repetition."
        )


def known_words(user: Any) -> set[str]:
    """Words of whoever chooses, and of the service and its address, in small letters."""
    names = [str(getattr(user, name, "") or "") for name in NAMES]
    host = urlsplit(settings.ATOM_PUBLIC_URL).hostname or ""
    return {*SERVICE, *WORDS.findall(" ".join([host, *names]).lower())}
