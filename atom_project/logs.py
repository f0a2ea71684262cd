"""One line for each thing that happens: JSON for programs, text for people at a terminal.

Whatever a name holds, it stays inside its line: line ends and escape characters are written
as codes. Of an exception the frames and the type are shown; messages may quote a document, so
they are for a debug run only.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError

# Those whose first line tells the operator what is wrong, and nothing about a document.
TELLING = (OSError, OperationalError, InterfaceError)

# What comes after it in an address is a secret: whoever has it reads somebody's to-do list.
SECRET_PLACES = re.compile(r"(/todo/feed/)[^/\s\"']+")

_subject: ContextVar[dict[str, Any]] = ContextVar("subject")


@contextmanager
def about(**facts: Any) -> Iterator[None]:
    """Put these facts into every line that is logged meanwhile, by whomever; blank ones not."""
    known = {name: fact for name, fact in facts.items() if fact not in ("", None)}
    token = _subject.set({**subject(), **known})
    try:
        yield
    finally:
        _subject.reset(token)


def subject() -> dict[str, Any]:
    """What the present lines are about."""
    return _subject.get({})


def request_id() -> str:
    """Of the request that is being answered; blank outside of one."""
    return str(subject().get("request_id", ""))


def accident(logger: logging.Logger, what: str, error: Exception) -> None:
    """Log the frames of what nobody foresaw, not its message: messages may quote a document."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    name = repr(error) if settings.DEBUG else type(error).__name__
    logger.error("%s, %s", what, name, extra={"frames": frames})


def masked(text: str) -> str:
    """The same with secret parts of addresses replaced."""
    return SECRET_PLACES.sub(r"\1[secret]", text)


class JSONLines(logging.Formatter):
    """`extra={"facts": {…}}` adds members; `extra={"frames": …}` says where it happened."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _moment(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **subject(),
            **getattr(record, "facts", {}),
        }
        if frames := _frames(record):
            line["frames"] = frames
        return masked(json.dumps(line, default=str))


class TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = {**subject(), **getattr(record, "facts", {})}
        said = [
            f"{_moment(record):%Y-%m-%d %H:%M:%S}",
            f"{record.levelname} {record.name}",
            printable(record.getMessage()),
            *(f"{name}={printable(str(fact))}" for name, fact in facts.items()),
        ]
        return masked("\n".join([" ".join(said), *_frames(record).splitlines()]))


def printable(text: str) -> str:
    """The same without anything that could end a line or command a terminal."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _frames(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    frames: list[str] = [getattr(record, "frames", "")]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames += [*traceback.format_tb(error.__traceback__), _named(error), "\n"]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "".join(frames).rstrip()


def _named(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    is_telling = settings.DEBUG or isinstance(error, TELLING)
    first_line = next(iter(str(error).splitlines()), "") if is_telling else ""
    return printable(f"{name}: {first_line}" if first_line else name)


def configuration(style: str) -> dict[str, Any]:
    """Django's LOGGING. The web server's own lines take the same way as ours."""
    formatter = JSONLines if style == "json" else TextLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "accounts": {"level": "INFO"},
            "documents": {"level": "INFO"},
            # Each request is one line where programs read; at a terminal only those that failed.
            "atom_project.requests": {"level": "INFO" if style == "json" else "WARNING"},
            "django": {"level": "WARNING", "handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},  # What was refused is in the line above.
            "uvicorn": {"handlers": [], "propagate": True},
            "uvicorn.error": {"handlers": [], "propagate": True},
            # Its lines hold the query; `request_log` writes ours instead.
            "uvicorn.access": {"handlers": [], "propagate": False},
        },
    }
