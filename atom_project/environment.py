"""What differs between machines: a typed reader of the environment and of `.env`."""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from dotenv import dotenv_values

# What an example file says; whoever copied it has not chosen a value yet.
PLACEHOLDERS = {"your_secure_jwt_secret", "your_openai_key"}

SIZE = re.compile(r"(?P<number>\d{1,15})\s*(?P<unit>[KMGT]?)B?", re.IGNORECASE | re.ASCII)
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
            parts = _split(name, value)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise wrong(name, value, "a URL that starts with http:// or https://")
        return value

    def redis_url(self, name: str) -> str:
        value = self.text(name)
        if value and _split(name, value).scheme not in {"redis", "rediss", "unix"}:
            raise ImproperlyConfigured(
                f"{name} must start with redis://, rediss:// or unix://, for example "
                "redis://127.0.0.1:6379/0."
            )
        return value


def wrong(name: str, value: str, wanted: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is {value!r}, but must be {wanted}.")


def _split(name: str, url: str) -> SplitResult:
    """The parts of a URL. What is wrong with it is told without it: it may hold a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # Read only now, and refused only now.
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} is no valid address: the port must be a number up to 65535, and special "
            "characters in names and passwords must be percent-encoded."
        ) from None
    return parts


def database(url: str) -> dict[str, Any]:
    """Django's settings for `sqlite:///path` or `postgres://user:password@host:port/name`."""
    if url.startswith("sqlite:"):
        return _sqlite_of(url)
    parts = _split("DATABASE_URL", url)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(parts)
    raise ImproperlyConfigured(
        "DATABASE_URL must start with sqlite:/// or postgres://, for example "
        "postgres://atom:secret@127.0.0.1:5432/atom."
    )


def _sqlite_of(url: str) -> dict[str, Any]:
    parts = _split("DATABASE_URL", url)
    path = unquote(parts.path.removeprefix("/"))
    if parts.netloc or parts.query or parts.fragment or not path:
        raise ImproperlyConfigured(
            "DATABASE_URL names no file. A path from the root has four slashes, and #, ? and % in "
            "it are written %23, %3F and %25: sqlite:////srv/atom/atom.sqlite3."
        )
    return _sqlite(path)


def sqlite_in(folder: Path) -> dict[str, Any]:
    """Django's settings for ATOM's own database file in this folder, which is made if need be."""
    _make(folder)
    return _sqlite(str(folder / "atom.sqlite3"))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{folder} cannot be made: {error.strerror}. Set ATOM_DATA_DIR to a folder that the "
            "user running ATOM may write to."
        ) from error


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # One writer at a time, told at BEGIN, instead of a deadlock in mid-transaction.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was acknowledged survives a power cut, not only a killed process.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
        # A file, because tests start processes that must see the same database.
        "TEST": {"NAME": f"{path}.test"},
    }


def _postgresql(parts: SplitResult) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {"connect_timeout": 5, **dict(parse_qsl(parts.query))},
    }


def object_store(url: str) -> dict[str, Any]:
    """Django's settings of a storage for `s3://key:secret@host:port/bucket?region=…`.

    Without a host it is Amazon's; without a key the usual variables, files and roles of
    Amazon's tools are asked. `scheme=http` is for stores in one's own network.
    """
    parts = _split("ATOM_MEDIA_URL", url)
    bucket = parts.path.strip("/")
    asked = dict(parse_qsl(parts.query))
    scheme = asked.pop("scheme", "https")
    region = asked.pop("region", "us-east-1")
    if parts.scheme != "s3" or not bucket or "/" in bucket or scheme not in {"http", "https"}:
        raise ImproperlyConfigured(
            "ATOM_MEDIA_URL must look like s3://key:secret@host:port/bucket?region=eu-central-1, "
            "with &scheme=http where the store speaks no TLS."
        )
    if asked:
        raise ImproperlyConfigured(f"ATOM_MEDIA_URL knows no {', '.join(sorted(asked))}.")
    host = parts.netloc.rpartition("@")[2]
    return {
        "BACKEND": "documents.object_store.ObjectStore",
        "OPTIONS": {
            "bucket_name": bucket,
            "access_key": unquote(parts.username) if parts.username else None,
            "secret_key": unquote(parts.password) if parts.password else None,
            "endpoint_url": f"{scheme}://{host}" if host else None,
            "region_name": region,
        },
    }


def generated_secrets(path: Path, names: Iterable[str]) -> dict[str, str]:
    """Secrets nobody gave: made once, kept in a file only its owner can read.

    Processes that start together agree on one file: `os.link` lets the first one win.
    """
    _make(path.parent)
    try:
        if not path.exists():
            _write_once(path, {name: secrets.token_urlsafe(64) for name in names})
        is_exposed = path.stat().st_mode & 0o077
        content = path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path} cannot be read or written: {error.strerror}. Let the user running ATOM do "
            "so, or set ATOM_DATA_DIR to another folder."
        ) from error
    if is_exposed:
        raise ImproperlyConfigured(
            f"{path} can be read by other users of this machine. Run `chmod 600 {path}`."
        )
    return _kept(path, content, names)


def _kept(path: Path, content: str, names: Iterable[str]) -> dict[str, str]:
    try:
        kept = json.loads(content)
        return {name: str(kept[name]) for name in names}
    except (ValueError, KeyError, TypeError):
        raise ImproperlyConfigured(
            f"{path} is damaged. Put it back from a backup, or delete it: a new one will be made, "
            "and everybody has to sign in again."
        ) from None


def _write_once(path: Path, content: dict[str, str]) -> None:
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".secrets-")
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass  # Another process was first; its secrets count.
    finally:
        os.unlink(draft)
