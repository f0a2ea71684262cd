"""Which problem each exception means: a table, and the exception handler of the API."""

from __future__ import annotations

import errno
import logging
import math
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import psycopg
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from atom_project.problem_codes import ProblemCode
from atom_project.problems import RETRY_SECONDS, Problem, ProblemResponse

logger = logging.getLogger(__name__)

# Read-only counts as full: what helps is up to the operator, not to the passing of time.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
STORAGE_ERRORS = {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ESTALE, errno.ENODEV, errno.ENXIO}
# A folder that is somebody else's, or a file in its place.
STORAGE_REFUSALS = (PermissionError, NotADirectoryError, FileExistsError)
READ_ONLY = psycopg.errors.ReadOnlySqlTransaction
DAMAGED = (psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted)
# SQLite's sentences (sqlite3ErrStr of SQLITE_READONLY, SQLITE_CORRUPT, SQLITE_NOTADB).
SQLITE_READ_ONLY = "attempt to write a readonly database"
SQLITE_DAMAGED = ("malformed", "file is not a database")
BAD_REQUESTS = (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError)


def problem_response(exc: Exception, context: Mapping[str, Any]) -> Response:
    """The exception handler of the API: every refusal and every accident leaves as a problem."""
    problem = problem_of(exc, where=type(context.get("view")).__name__)
    return ProblemResponse(
        problem.as_json(), status=problem.status_code, headers=problem.headers, exception=True
    )


def problem_of(exc: Exception, *, where: str = "") -> Problem:
    """The problem that an exception means. What nobody foresaw is logged with its reference."""
    make = next((make for fits, make in TABLE if fits(exc)), _unforeseen)
    problem = make(exc, where)
    if auth_header := getattr(exc, "auth_header", None):
        problem.headers["WWW-Authenticate"] = auth_header
    return problem


# What the rows of the table are made of.

Fits = Callable[[Exception], bool]
Make = Callable[[Any, str], Problem]


def _is(*kinds: type[Exception]) -> Fits:
    return lambda exc: isinstance(exc, kinds)


def _always(status: int, code: ProblemCode, detail: str) -> Make:
    return lambda exc, where: Problem(status, code, detail)


def _itself(exc: Problem, where: str) -> Problem:
    return exc


def _of_the_framework(exc: APIException, where: str) -> Problem:
    wait = getattr(exc, "wait", None)
    return Problem(
        exc.status_code,
        _known(exc.get_codes()) or _known(exc.default_code) or ProblemCode.ERROR,
        _first_sentence(exc.detail),
        headers={"Retry-After": str(math.ceil(wait))} if wait else {},
    )


def _known(code: Any) -> ProblemCode | None:
    with suppress(ValueError):
        return ProblemCode(code)
    return None


def _of_validation(exc: ValidationError, where: str) -> Problem:
    fields = exc.detail if isinstance(exc.detail, dict) else {"non_field_errors": exc.detail}
    return Problem(exc.status_code, ProblemCode.INVALID, _first_sentence(exc.detail), errors=fields)


def _first_sentence(detail: Any) -> str:
    """The first message of a validation error, led by the field it is about."""
    if isinstance(detail, dict) and detail:
        field, inner = next(iter(detail.items()))
        sentence = _first_sentence(inner)
        return sentence if field == "non_field_errors" else f"{field}: {sentence}"
    if isinstance(detail, list) and detail:
        return _first_sentence(next((entry for entry in detail if entry), detail[0]))
    return str(detail)


def is_full_disk(exc: Exception) -> bool:
    if isinstance(exc, OSError):
        return exc.errno in FULL
    if isinstance(exc, OperationalError):
        is_postgresql = isinstance(exc.__cause__, psycopg.errors.DiskFull)
        return is_postgresql or "disk is full" in str(exc)  # The latter is SQLite's sentence.
    return False


def _is_storage_error(exc: Exception) -> bool:
    if isinstance(exc, STORAGE_REFUSALS):
        return True
    return isinstance(exc, OSError) and exc.errno in STORAGE_ERRORS


def is_read_only(exc: Exception) -> bool:
    if not isinstance(exc, DatabaseError):
        return False
    return isinstance(exc.__cause__, READ_ONLY) or SQLITE_READ_ONLY in str(exc)


def is_damaged(exc: Exception) -> bool:
    if not isinstance(exc, DatabaseError):
        return False
    said = str(exc)
    return isinstance(exc.__cause__, DAMAGED) or any(words in said for words in SQLITE_DAMAGED)


def _storage_full(exc: Exception, where: str) -> Problem:
    logger.error("No room left for %s: %s", where, exc)
    return Problem(
        507,
        ProblemCode.STORAGE_FULL,
        "The server has no room left. Nothing was stored. Tell the operator.",
    )


def _storage_unavailable(exc: Exception, where: str) -> Problem:
    logger.error("The disk or the system did not serve %s: %s", where, exc)
    return Problem(
        503,
        ProblemCode.STORAGE_UNAVAILABLE,
        "The server could not reach its files. Try again in a moment.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def _database_unavailable(exc: Exception, where: str) -> Problem:
    logger.error("The database did not serve %s: %s", where, exc)
    return Problem(
        503,
        ProblemCode.DATABASE_UNAVAILABLE,
        "The database is busy or away. Try again in a moment.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def _database_read_only(exc: Exception, where: str) -> Problem:
    logger.error("The database takes no changes from %s: %s", where, exc)
    return Problem(
        503,
        ProblemCode.DATABASE_READ_ONLY,
        "The database takes no changes at the moment. Nothing was stored. Try again in a moment, "
        "and tell the operator if that does not help.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def _database_damaged(exc: Exception, where: str) -> Problem:
    logger.critical("The database is damaged, met in %s: %s", where, exc)
    return Problem(
        503,
        ProblemCode.DATABASE_DAMAGED,
        "The database is damaged. Nothing was stored. Tell the operator to run the doctor.",
    )


def _unforeseen(exc: Exception, where: str) -> Problem:
    reference = secrets.token_hex(6)
    logger.error("Unforeseen in %s, reference %s", where, reference, exc_info=exc)
    return Problem(500, ProblemCode.INTERNAL_ERROR, UNFORESEEN_WORDS, reference=reference)


UNFORESEEN_WORDS = (
    "Something unexpected went wrong on our side. "
    "If it happens again, give the reference to the operator."
)

# The first row that fits counts.
TABLE: tuple[tuple[Fits, Make], ...] = (
    (_is(Problem), _itself),
    (_is(ValidationError), _of_validation),
    (_is(APIException), _of_the_framework),
    (_is(Http404), _always(404, ProblemCode.NOT_FOUND, "There is nothing at this address.")),
    (_is(PermissionDenied), _always(403, ProblemCode.PERMISSION_DENIED, "You may not do this.")),
    # Before the row of the database: SQLite tells a full disk by an OperationalError.
    (is_full_disk, _storage_full),
    (_is_storage_error, _storage_unavailable),
    (is_damaged, _database_damaged),
    (is_read_only, _database_read_only),
    (_is(OperationalError, InterfaceError), _database_unavailable),
    # The last of these rows would fit the others too, which have closer words. Left to itself,
    # DRF lets such exceptions through, and Django answers with HTML.
    (
        _is(RequestDataTooBig),
        _always(413, ProblemCode.REQUEST_TOO_LARGE, "The request is larger than allowed."),
    ),
    (
        _is(TooManyFilesSent),
        _always(400, ProblemCode.TOO_MANY_FILES, "The request holds more files than allowed."),
    ),
    (
        _is(TooManyFieldsSent),
        _always(400, ProblemCode.TOO_MANY_FIELDS, "The request holds more fields than allowed."),
    ),
    (
        _is(UnreadablePostError),
        _always(400, ProblemCode.INCOMPLETE_REQUEST, "The request ended before it was complete."),
    ),
    (
        _is(*BAD_REQUESTS),
        _always(400, ProblemCode.BAD_REQUEST, "The request could not be understood."),
    ),
)
