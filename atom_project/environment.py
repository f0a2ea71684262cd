"""What differs between machines: a typed reader of the environment and of `.env`."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from dotenv import dotenv_values

from atom_project.addresses import broker, is_file, split

# What an example file says; whoever copied it has not chosen a value yet.
PLACEHOLDERS = {"your_secure_jwt_secret", "your_openai_key"}

SIZE = re.compile(r"(?P<number>\d{1,15})\s*(?P<unit>[KMGT]?)B?", re.IGNORECASE | re.ASCII)
NAME_BREAKS = re.compile(r"[,+\s]+")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_/-]*", re.ASCII)
Network = IPv4Network | IPv6Network
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
        # No note: a copy of the example file is no mistake, and `up` says what it runs without.
        return default if value in PLACEHOLDERS else value or default

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

    def integer_or_auto(self, name: str, *, at_least: int, at_most: int) -> int | None:
        """A whole number; None for `auto`, the default."""
        if self.text(name, "auto").lower() == "auto":
            return None
        return self.integer(name, at_least, at_least=at_least, at_most=at_most)

    def size(self, name: str, default: str) -> int:
        """Bytes, written as `500 MB` or `10 GB`; a number alone is bytes."""
        value = self.text(name, default)
        found = SIZE.fullmatch(value)
        if not found:
            raise wrong(name, value, "a size such as 500 MB or 10 GB")
        return int(found["number"]) * UNITS[(found["unit"] or "").upper()]

    def size_within(self, name: str, least: str, most: str) -> int:
        """The same, `least` by default."""
        size = self.size(name, least)
        smallest, largest = self.size("", least), self.size("", most)
        if not smallest <= size <= largest:
            raise wrong(name, self.text(name, least), f"a size from {least} to {most}")
        return size

    def money(self, name: str, default: str) -> Decimal:
        value = self.text(name, default)
        try:
            amount = Decimal(value)
        except InvalidOperation:
            raise wrong(name, value, "an amount in US dollars such as 1.00") from None
        if not amount.is_finite() or amount < 0:
            raise wrong(name, value, "an amount in US dollars of at least 0")
        return amount

    def prices(self, name: str) -> tuple[Decimal, Decimal, Decimal] | None:
        """Input, cached input and output as `2/0.5/8`, in USD per million tokens."""
        value = self.text(name)
        parts = [part.strip() for part in value.split("/")]
        if not value:
            return None
        try:
            amounts = [Decimal(part) for part in parts]
        except InvalidOperation:
            amounts = []
        if len(amounts) != 3 or not all(
            each.is_finite() and 0 <= each <= 10_000 for each in amounts
        ):
            raise wrong(name, value, "three prices of at most 10,000 US dollars such as 2/0.5/8")
        return (amounts[0], amounts[1], amounts[2])

    def choice(self, name: str, default: str, allowed: Iterable[str]) -> str:
        value = self.text(name, default).lower()
        if value not in allowed:
            raise wrong(name, value, "one of " + ", ".join(filter(None, allowed)))
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

    def texts(self, name: str) -> tuple[str, ...]:
        """What stands between commas; each once."""
        parts = (part.strip() for part in self.text(name).split(","))
        return tuple(dict.fromkeys(part for part in parts if part))

    def networks(self, name: str) -> tuple[Network, ...]:
        """Networks between commas, such as 10.0.0.0/8; an address alone is one, too."""
        try:
            return tuple(ip_network(text) for text in self.texts(name))
        except ValueError:
            raise wrong(name, self.text(name), "networks such as 10.0.0.0/8,fd00::/8") from None

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

    def broker_url(self, name: str, database: Mapping[str, Any]) -> str:
        """Of a broker for workers on many machines, which no SQLite file serves."""
        value = self.text(name)
        broker(value)
        if value and is_file(database):
            raise ImproperlyConfigured(
                f"{name} brings documents to Celery nodes on many machines, but a SQLite file "
                "serves one only. Set DATABASE_URL to a PostgreSQL database, or leave it out: "
                "plain workers need no broker."
            )
        if value and find_spec("celery") is None:
            raise ImproperlyConfigured(
                f"{name} is set, but Celery is not installed. Install it with "
                "`pip install --require-hashes -r requirements/celery.txt`, or leave it out."
            )
        return value


def wrong(name: str, value: str, wanted: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is {value!r}, but must be {wanted}.")
