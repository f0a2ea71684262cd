"""Middleware that refuses what no view expects: odd methods, and NUL in the admin's filters."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from atom_project.exception_table import problem_of
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem, answer

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
            ProblemCode.METHOD_NOT_ALLOWED,
            "This method is not used here.",
            headers={"Allow": "GET, HEAD, POST"},
        )
        return answer(request, refusal)


class ProblemsOfPages(MiddlewareMixin):
    """A problem that a page raises is its answer, and no accident."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer(request, exception) if isinstance(exception, Problem) else None


class NoNulInAdmin(MiddlewareMixin):
    """The admin's filters would hand a NUL on to the database; PostgreSQL takes it for our bug."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        asked = request.path_info + unquote(request.META.get("QUERY_STRING", ""))
        is_admin = request.resolver_match and "admin" in request.resolver_match.app_names
        return answer(request, problem_of(BadRequest())) if is_admin and "\0" in asked else None
