"""How the service says no: RFC 9457 problems for programs, a page for people."""

from __future__ import annotations

import codecs
import errno
import logging
import math
import secrets
import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import psycopg
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.response import Response

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5


class Problem(APIException):
    """A refusal with a stable machine code. Further members appear beside the standard ones."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        title: str = "",
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.code = code
        self.title = title or HTTPStatus(status).phrase
        self.headers = dict(headers or {})
        self.members = members

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": self.title,
            "detail": str(self.detail),
            "status": self.status_code,
            **self.members,
        }


class ProblemResponse(Response):
    """A problem as JSON; under the browsable API the same inside its page."""

    @property
    def rendered_content(self) -> Any:
        if getattr(self.accepted_renderer, "format", None) == "json":
            self.content_type = MEDIA_TYPE
        return super().rendered_content


def problem_response(exc: Exception, context: Mapping[str, Any]) -> Response:
    """The exception handler of the API: every refusal and every accident leaves as a problem."""
    problem = problem_of(exc, where=type(context.get("view")).__name__)
    return ProblemResponse(
        problem.as_json(), status=problem.status_code, headers=problem.headers, exception=True
    )


def problem_of(exc: Exception, *, where: str = "") -> Problem:
    """The problem that an exception means. What nobody foresaw is logged with its reference."""
    if isinstance(exc, Problem):
        problem = exc
    elif isinstance(exc, APIException):
        problem = _of_the_framework(exc)
    elif isinstance(exc, Http404):
        problem = Problem(404, "not_found", "There is nothing at this address.")
    elif isinstance(exc, PermissionDenied):
        problem = Problem(403, "permission_denied", "You may not do this.")
    elif is_full_disk(exc):
        problem = _storage_full(exc, where)
    elif isinstance(exc, OSError) and exc.errno in STORAGE_ERRORS:
        problem = _storage_unavailable(exc, where)
    elif isinstance(exc, (OperationalError, InterfaceError)):
        problem = _database_unavailable(exc, where)
    elif isinstance(exc, BAD_REQUESTS):
        problem = _of_a_bad_request(exc)
    else:
        problem = _unforeseen(exc, where)
    if auth_header := getattr(exc, "auth_header", None):
        problem.headers["WWW-Authenticate"] = auth_header
    return problem


# Read-only counts as full: what helps is up to the operator, not to the passing of time.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
STORAGE_ERRORS = {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ESTALE}
BAD_REQUESTS = (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError)


def _of_the_framework(exc: APIException) -> Problem:
    wait = getattr(exc, "wait", None)
    headers = {"Retry-After": str(math.ceil(wait))} if wait else {}
    if isinstance(exc, ValidationError):
        return Problem(
            exc.status_code, "invalid", _first_sentence(exc.detail), errors=_by_field(exc.detail)
        )
    code = exc.get_codes()
    return Problem(
        exc.status_code,
        code if isinstance(code, str) else exc.default_code,
        _first_sentence(exc.detail),
        headers=headers,
    )


def _by_field(detail: Any) -> Any:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}


def _first_sentence(detail: Any) -> str:
    """The first message of a validation error, led by the field it is about."""
    if isinstance(detail, dict) and detail:
        field, inner = next(iter(detail.items()))
        sentence = _first_sentence(inner)
        return sentence if field == "non_field_errors" else f"{field}: {sentence}"
    if isinstance(detail, list) and detail:
        return _first_sentence(next((entry for entry in detail if entry), detail[0]))
    return str(detail)


def _of_a_bad_request(exc: Exception) -> Problem:
    if isinstance(exc, RequestDataTooBig):
        return Problem(413, "request_too_large", "The request is larger than allowed.")
    if isinstance(exc, TooManyFilesSent):
        return Problem(400, "too_many_files", "The request holds more files than allowed.")
    if isinstance(exc, TooManyFieldsSent):
        return Problem(400, "too_many_fields", "The request holds more fields than allowed.")
    if isinstance(exc, UnreadablePostError):
        return Problem(400, "incomplete_request", "The request ended before it was complete.")
    return Problem(400, "bad_request", "The request could not be understood.")


def _database_unavailable(exc: Exception, where: str) -> Problem:
    logger.error("The database did not serve %s: %s", where, exc)
    return Problem(
        503,
        "database_unavailable",
        "The database is busy or away. Try again in a moment.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def is_full_disk(exc: Exception) -> bool:
    if isinstance(exc, OSError):
        return exc.errno in FULL
    if isinstance(exc, OperationalError):
        is_postgresql = isinstance(exc.__cause__, psycopg.errors.DiskFull)
        return is_postgresql or "disk is full" in str(exc)  # The latter is SQLite's sentence.
    return False


def _storage_full(exc: Exception, where: str) -> Problem:
    logger.error("No room left for %s: %s", where, exc)
    return Problem(
        507,
        "storage_full",
        "The server has no room left. Nothing was stored. Tell the operator.",
    )


def _storage_unavailable(exc: Exception, where: str) -> Problem:
    logger.error("The disk or the system did not serve %s: %s", where, exc)
    return Problem(
        503,
        "storage_unavailable",
        "The server could not reach its files. Try again in a moment.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def _unforeseen(exc: Exception, where: str) -> Problem:
    reference = secrets.token_hex(6)
    logger.error("Unforeseen in %s, reference %s", where, reference, exc_info=exc)
    return Problem(500, "internal_error", UNFORESEEN_WORDS, reference=reference)


UNFORESEEN_WORDS = (
    "Something unexpected went wrong on our side. "
    "If it happens again, give the reference to the operator."
)


# Parsers that turn every trick into a 400.


class SafeJSONParser(JSONParser):
    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        require_utf8(parser_context)
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise Problem(400, "parse_error", "The JSON is nested too deeply.") from None


class SafeFormParser(FormParser):
    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        require_utf8(parser_context)
        return super().parse(stream, media_type, parser_context)


def require_utf8(parser_context: Mapping[str, Any] | None) -> None:
    """Refuse other charsets: some decode in quadratic time, some unpack far more than was sent."""
    charset = (parser_context or {}).get("encoding") or "utf-8"
    try:
        is_utf8 = codecs.lookup(charset).name in {"utf-8", "ascii"}
    except (LookupError, ValueError):
        is_utf8 = False
    if not is_utf8:
        raise Problem(400, "parse_error", "The request must be encoded in UTF-8.")


# What happens outside the API's own views.

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class KnownMethods(MiddlewareMixin):
    """TRACE and unheard-of methods are refused; views that are classes do that themselves."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.method in METHODS or hasattr(view, "view_class"):
            return None
        refusal = Problem(
            405,
            "method_not_allowed",
            "This method is not used here.",
            headers={"Allow": "GET, HEAD, POST"},
        )
        return answer(request, refusal)


class NoNulInAdmin(MiddlewareMixin):
    """The admin's filters would hand a NUL on to the database; PostgreSQL takes it for our bug."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        asked = request.path_info + unquote(request.META.get("QUERY_STRING", ""))
        is_admin = request.resolver_match and "admin" in request.resolver_match.app_names
        return answer(request, problem_of(BadRequest())) if is_admin and "\0" in asked else None


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, problem_of(_as_bad_request(exception)))


def _as_bad_request(exception: Exception) -> Exception:
    return exception if isinstance(exception, BAD_REQUESTS) else BadRequest()


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, problem_of(PermissionDenied()))


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, problem_of(Http404()))


def handler500(request: HttpRequest) -> HttpResponse:
    cause = sys.exc_info()[1]
    unknown = RuntimeError("the server error handler was called without an exception")
    return answer(request, problem_of(cause if isinstance(cause, Exception) else unknown))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(
        request,
        Problem(
            403,
            "csrf_failed",
            "The form had expired or came from another site. Go back, reload the page "
            "and send it again.",
        ),
    )


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem in the form the caller understands."""
    if wants_page(request):
        response = _page(request, problem)
    else:
        response = JsonResponse(
            problem.as_json(), status=problem.status_code, content_type=MEDIA_TYPE
        )
    for name, value in problem.headers.items():
        response[name] = value
    return response


def wants_page(request: HttpRequest) -> bool:
    """Browsers ask for HTML by name; whoever takes anything, or sends a token, is a program."""
    if request.headers.get("Authorization", "").lower().startswith("bearer"):
        return False
    preferred = request.get_preferred_type(["application/json", MEDIA_TYPE, "text/html"])
    return preferred == "text/html"


def _page(request: HttpRequest, problem: Problem) -> HttpResponse:
    context = {"problem": problem, "reference": problem.members.get("reference")}
    try:
        return render(request, "error.html", context, status=problem.status_code)
    except Exception:
        # The page asks who is signed in, which a missing database cannot answer.
        logger.exception("The error page could not be rendered")
        return HttpResponse(
            f"{problem.title}: {problem.detail}",
            status=problem.status_code,
            content_type="text/plain; charset=utf-8",
        )
