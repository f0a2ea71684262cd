"""Django's error handlers: what goes wrong outside the API's views is a problem as well."""

from __future__ import annotations

import sys

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from atom_project.exception_table import BAD_REQUESTS, problem_of
from atom_project.problems import answer


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    known = exception if isinstance(exception, BAD_REQUESTS) else BadRequest()
    return answer(request, problem_of(known))


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, problem_of(PermissionDenied()))


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, problem_of(Http404()))


def never_there(request: HttpRequest) -> HttpResponse:
    """In place of a view that nothing here uses."""
    return answer(request, problem_of(Http404()))


def handler500(request: HttpRequest) -> HttpResponse:
    cause = sys.exc_info()[1]
    unknown = RuntimeError("the server error handler was called without an exception")
    return answer(request, problem_of(cause if isinstance(cause, Exception) else unknown))
