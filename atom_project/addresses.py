"""Addresses of databases and object stores, as Django's settings want them."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from atom_project.data_folder import make_folder

SQLITE = "atom_project.sqlite"  # ENGINE; Django's, but a file that is missing is an error


def split(name: str, url: str) -> SplitResult:
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


def is_local(host: str | None) -> bool:
    """Whether only this machine can reach the host by this name."""
    name = (host or "").strip("[]")
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def database(url: str) -> dict[str, Any]:
    """Django's settings for `sqlite:///path` or `postgres://user:password@host:port/name`."""
    if url.startswith("sqlite:"):
        return _sqlite_of(url)
    parts = split("DATABASE_URL", url)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(parts)
    raise ImproperlyConfigured(
        "DATABASE_URL must start with sqlite:/// or postgres://, for example "
        "postgres://atom:secret@127.0.0.1:5432/atom."
    )


def _sqlite_of(url: str) -> dict[str, Any]:
    parts = split("DATABASE_URL", url)
    path = unquote(parts.path.removeprefix("/"))
    if parts.netloc or parts.query or parts.fragment or not path:
        raise ImproperlyConfigured(
            "DATABASE_URL names no file. A path from the root has four slashes, and #, ? and % in "
            "it are written %23, %3F and %25: sqlite:////srv/atom/atom.sqlite3."
        )
    return _sqlite(path)


def is_file(configured: Mapping[str, Any]) -> bool:
    """Whether Django's settings of a database name a SQLite file."""
    return bool(configured["ENGINE"] == SQLITE)


def sqlite_in(folder: Path) -> dict[str, Any]:
    """Django's settings for ATOM's own database file in this folder, which is made if need be."""
    make_folder(folder)
    return _sqlite(str(folder / "atom.sqlite3"))


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": SQLITE,
        "NAME": path,
        "OPTIONS": {
            # One writer at a time, told at BEGIN, instead of a deadlock in mid-transaction.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was acknowledged survives a power cut, not only a killed process.
            # No `mmap_size`: a known case of damage by SQLite's WAL bug (before 3.51.3) had it set.
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
    parts = split("ATOM_MEDIA_URL", url)
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


class Broker(NamedTuple):
    """Where kicks go: an address as Celery wants it, and the name of the queue there."""

    url: str
    queue: str


def broker(url: str) -> Broker:
    """Of `amqp://user:password@host:port/vhost` or `redis://host:port/0`, with `?queue=` or not."""
    parts = split("ATOM_BROKER_URL", url)
    asked = dict(parse_qsl(parts.query))
    queue = asked.pop("queue", "atom")
    if url and (parts.scheme not in {"amqp", "amqps", "redis", "rediss"} or not parts.hostname):
        raise ImproperlyConfigured(
            "ATOM_BROKER_URL must start with amqp:// (RabbitMQ) or redis://, for example "
            "amqp://atom:secret@127.0.0.1:5672/atom."
        )
    return Broker(parts._replace(query=urlencode(asked)).geturl(), queue)


def database_in_words() -> str:
    """Which database this is, for operators, without its password."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"the SQLite file {facts['NAME']}"
    user = facts["USER"] or "the system's user"
    host = facts["HOST"] or "the local socket"
    port = f":{facts['PORT']}" if facts["PORT"] else ""
    return f"the PostgreSQL database {facts['NAME']} as {user} at {host}{port}"
