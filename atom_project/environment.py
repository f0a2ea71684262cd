"""What differs between machines: a typed reader of the environment and of `.env`."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from dotenv import dotenv_values

from atom_project.addresses import split

# What an example file says; whoever copied it has not chosen a value yet.
PLACEHOLDERS = {"your_secure_jwt_secret", "your_openai_key"}

SIZE = re.compile(r"(?P<number>\d{1,15})\s*(?P<unit>[KMGT]?)B?", re.IGNORECASE | re.ASCII)
NAME_BREAKS = re.compile(r"[,+\s]+")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_/-]*", re.ASCII)
UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}


class Environment:
    """Variables of the process over those of `.env`. Blank and placeholder values mean default.

    `notes` collects what the operator should be told, without stopping the start.
    """

    def __init__(self, env_file: Path | None, process: Mapping[str, str] = os.environ) -> None:
        given = dotenv_values(env_file) if env_file and env_file.is_file() else {}
        self._values = {**given, **process}
        self.notes: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        value = (self._values.get(name) or "").strip()
        if value in PLACEHOLDERS:
            self.notes.append(
                f"{name} still holds the placeholder of the example file; it counts as blank."
            )
            return default
        return value or default

    def integer(
        self, name: str, default: int, *, at_least: int = 0, at_most: int | None = None
    ) -> int:
        value = self.text(name, str(default))
        try:
            number = int(value)
        except ValueError:
            raise wrong(name, value, "a whole number") from None
        if number < at_least:
            raise wrong(name, value, f"a whole number of at least {at_least}")
        if at_most is not None and number > at_most:
            raise wrong(name, value, f"a whole number of at most {at_most}")
        return number

    def size(self, name: str, default: str) -> int:
        """Bytes, written as `500 MB` or `10 GB`; a number alone is bytes."""
        value = self.text(name, default)
        found = SIZE.fullmatch(value)
        if not found:
            raise wrong(name, value, "a size such as 500 MB or 10 GB")
        return int(found["number"]) * UNITS[(found["unit"] or "").upper()]

    def money(self, name: str, default: str) -> Decimal:
        value = self.text(name, default)
        try:
            amount = Decimal(value)
        except InvalidOperation:
            raise wrong(name, value, "an amount in US dollars such as 1.00") from None
        if not amount.is_finite() or amount < 0:
            raise wrong(name, value, "an amount in US dollars of at least 0")
        return amount

    def choice(self, name: str, default: str, allowed: Iterable[str]) -> str:
        value = self.text(name, default).lower()
        if value not in allowed:
            raise wrong(name, value, "one of " + ", ".join(allowed))
        return value

    def names(self, name: str, allowed: Collection[str] = ()) -> tuple[str, ...]:
        """Words in a row, parted by commas, plus signs or spaces; each once."""
        words = tuple(dict.fromkeys(NAME_BREAKS.split(self.text(name).strip(", +"))))
        found = tuple(word for word in words if word)
        if not all(NAME.fullmatch(word) for word in found):
            raise wrong(name, self.text(name), "names parted by commas, such as eng,deu")
        if allowed and not set(found) <= set(allowed):
            raise wrong(name, self.text(name), "some of " + ", ".join(allowed))
        return found

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "on" if default else "off").lower()
        if value in {"1", "on", "true", "yes"}:
            return True
        if value in {"0", "off", "false", "no"}:
            return False
        raise wrong(name, value, "on or off")

    def http_url(self, name: str, default: str = "") -> str:
        value = self.text(name, default)
        if value:
            parts = split(name, value)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise wrong(name, value, "a URL that starts with http:// or https://")
        return value

    def postgres_url(self, name: str) -> str:
        value = self.text(name)
        if value and split(name, value).scheme not in {"postgres", "postgresql"}:
            raise ImproperlyConfigured(
                f"{name} must start with postgres://, for example "
                "postgres://atom:secret@127.0.0.1:5432/atom."
            )
        return value

    def redis_url(self, name: str) -> str:
        value = self.text(name)
        if value and split(name, value).scheme not in {"redis", "rediss", "unix"}:
            raise ImproperlyConfigured(
                f"{name} must start with redis://, rediss:// or unix://, for example "
                "redis://127.0.0.1:6379/0."
            )
        return value


def wrong(name: str, value: str, wanted: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is {value!r}, but must be {wanted}.")
