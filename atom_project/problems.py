"""How the service says no: RFC 9457 problems for programs, a page for people."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from atom_project.problem_texts import what_to_do

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5


# As RFC 9110 has them, and Python from 3.13 on: a title is the same on every Python.
_RENAMED = {
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}


def phrase(status: int) -> str:
    """What a status is called."""
    return _RENAMED.get(status) or HTTPStatus(status).phrase


class Problem(APIException):
    """A refusal with a stable machine code. Further members appear beside the standard ones."""

    def __init__(
        self,
        status: int,
        code: StrEnum,
        detail: str,
        *,
        title: str = "",
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail, str(code))
        self.status_code = status
        self.code = str(code)
        self.title = title or phrase(status)
        self.headers = dict(headers or {})
        self.members = members

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": self.title,
            "detail": str(self.detail),
            "status": self.status_code,
            **what_to_do(self.code),
            **self.members,
        }


class ProblemResponse(Response):
    """A problem as JSON; under the browsable API the same inside its page."""

    @property
    def rendered_content(self) -> Any:
        if getattr(self.accepted_renderer, "format", None) == "json":
            self.content_type = MEDIA_TYPE
        return super().rendered_content


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem in the form the caller understands, outside the API's own views."""
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
