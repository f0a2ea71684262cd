"""Every refusal is a problem with a stable code; no accident shows its insides."""

from __future__ import annotations

import errno
import json
import logging
from typing import Any

import pytest
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.test import Client, RequestFactory
from django.urls import path
from psycopg.errors import IndexCorrupted, ReadOnlySqlTransaction
from rest_framework import exceptions
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from accounts.models import User
from atom_project import error_handlers, urls
from atom_project.parsers import SafeFormParser, SafeJSONParser
from atom_project.problems import MEDIA_TYPE, Problem

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Accident(APIView):
    """Raises what a test says, or gives back what it was sent."""

    permission_classes = [AllowAny]
    parser_classes = [SafeJSONParser, SafeFormParser]
    cause: Exception | None = None

    def post(self, request: Any) -> Response:
        data = request.data
        if self.cause:
            raise self.cause
        return Response(data)


def page(request: HttpRequest) -> Any:
    if Accident.cause:
        raise Accident.cause
    return request.POST


page.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("accident", Accident.as_view()), path("page", page), *urls.urlpatterns]
handler400, handler403 = error_handlers.handler400, error_handlers.handler403
handler404, handler500 = error_handlers.handler404, error_handlers.handler500


@pytest.fixture(autouse=True)
def _addresses(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(Accident, "cause", None)


def post(cause: Exception | None = None, data: Any = None, **extra: Any) -> Any:
    Accident.cause = cause
    return APIClient(raise_request_exception=False).post(
        "/accident", data or {}, format="json", **extra
    )


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


CAUSES: list[tuple[Exception, int, str]] = [
    (Problem(409, "is_running", "It is running."), 409, "is_running"),
    (exceptions.NotAuthenticated(), 401, "not_authenticated"),
    (exceptions.AuthenticationFailed("No.", "token_expired"), 401, "token_expired"),
    (exceptions.PermissionDenied(), 403, "permission_denied"),
    (exceptions.NotFound(), 404, "not_found"),
    (exceptions.ParseError(), 400, "parse_error"),
    (exceptions.UnsupportedMediaType("a/b"), 415, "unsupported_media_type"),
    (exceptions.Throttled(12.2), 429, "throttled"),
    (exceptions.APIException(), 500, "error"),
    (Http404("a secret"), 404, "not_found"),
    (PermissionDenied("a secret"), 403, "permission_denied"),
    (TooManyFilesSent("a secret"), 400, "too_many_files"),
    (TooManyFieldsSent("a secret"), 400, "too_many_fields"),
    (RequestDataTooBig("a secret"), 413, "request_too_large"),
    (SuspiciousOperation("a secret"), 400, "bad_request"),
    (BadRequest("a secret"), 400, "bad_request"),
    (MultiPartParserError("a secret"), 400, "bad_request"),
    (UnreadablePostError("a secret"), 400, "incomplete_request"),
    (OperationalError("database is locked: a secret"), 503, "database_unavailable"),
    (InterfaceError("a secret"), 503, "database_unavailable"),
    (OperationalError("attempt to write a readonly database"), 503, "database_read_only"),
    (caused(InternalError(), ReadOnlySqlTransaction()), 503, "database_read_only"),
    (DatabaseError("database disk image is malformed"), 503, "database_damaged"),
    (DatabaseError("file is not a database"), 503, "database_damaged"),
    (caused(InternalError(), IndexCorrupted()), 503, "database_damaged"),
    (PermissionError(errno.EACCES, "a secret"), 503, "storage_unavailable"),
    (NotADirectoryError(errno.ENOTDIR, "a secret"), 503, "storage_unavailable"),
    (FileExistsError("a secret is not a directory"), 503, "storage_unavailable"),
    (RuntimeError("a secret"), 500, "internal_error"),
    (RecursionError("a secret"), 500, "internal_error"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("cause", "status", "code"), CAUSES, ids=lambda value: str(value)[:40])
def test_whatever_happens_leaves_as_a_problem(cause: Exception, status: int, code: str) -> None:
    response = post(cause)
    problem = response.json()
    assert response.status_code == status
    assert response["Content-Type"] == MEDIA_TYPE
    assert (problem["code"], problem["status"]) == (code, status)
    assert problem["title"]
    assert problem["detail"]
    assert "secret" not in response.content.decode()


def test_a_problem_carries_its_further_members_and_headers() -> None:
    response = post(
        Problem(422, "none_good", "No.", title="Nothing", headers={"X-A": "b"}, uploaded=[])
    )
    assert response.json() == {
        "code": "none_good",
        "title": "Nothing",
        "detail": "No.",
        "status": 422,
        "uploaded": [],
    }
    assert response["X-A"] == "b"


def test_a_validation_error_says_what_is_wrong_with_which_field() -> None:
    response = post(exceptions.ValidationError({"name": ["Too long."], "size": ["Too small."]}))
    problem = response.json()
    assert problem["code"] == "invalid"
    assert problem["detail"] == "name: Too long."
    assert problem["errors"] == {"name": ["Too long."], "size": ["Too small."]}


def test_a_validation_error_about_nothing_in_particular_is_kept_apart() -> None:
    problem = post(exceptions.ValidationError("Nonsense.")).json()
    assert problem["detail"] == "Nonsense."
    assert problem["errors"] == {"non_field_errors": ["Nonsense."]}


@pytest.mark.parametrize(
    ("cause", "seconds"), [(exceptions.Throttled(12.2), "13"), (OperationalError("locked"), "5")]
)
def test_what_passes_says_when_to_try_again(cause: Exception, seconds: str) -> None:
    assert post(cause)["Retry-After"] == seconds


def test_what_nobody_foresaw_is_logged_under_the_reference_it_shows(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        reference = post(ZeroDivisionError("a secret")).json()["reference"]
    (record,) = [
        record for record in caplog.records if record.name == "atom_project.exception_table"
    ]
    assert reference in record.getMessage()
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError


def test_the_browsable_page_shows_the_problem_as_html(db: None) -> None:
    response = post(Problem(409, "is_running", "It is running."), HTTP_ACCEPT=BROWSER)
    assert response.status_code == 409
    assert response["Content-Type"].startswith("text/html")
    assert "is_running" in response.content.decode()


# Bodies.


def send(body: bytes, content_type: str = "application/json") -> Any:
    client = APIClient(raise_request_exception=False)
    return client.post("/accident", body, content_type=content_type)


def test_plain_json_is_read() -> None:
    assert send(b'{"a": ["\xc3\xa9"]}').json() == {"a": ["é"]}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b"[" * 200_000 + b"]" * 200_000,
        b'{"a":' * 100_000,
        b"{",
        b"\xff\xfe",
        b"NaN",
        b"1" * 10_000,
        b"\x00",
    ],
    ids=["open", "nested", "objects", "cut", "latin", "nan", "digits", "nul"],
)
def test_json_that_cannot_be_read_is_a_400(body: bytes) -> None:
    response = send(body)
    assert response.status_code == 400
    assert response.json()["code"] == "parse_error"


@pytest.mark.parametrize("charset", ["bz2_codec", "utf-7", "punycode", "utf-16"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_only_utf8_is_read(kind: str, charset: str) -> None:
    response = send(b"{}", f"{kind}; charset={charset}")
    assert response.status_code == 400
    assert response.json()["code"] in {"parse_error", "bad_request"}


def test_utf8_may_be_said() -> None:
    assert send(b'{"a": 1}', "application/json; charset=UTF-8").json() == {"a": 1}


def test_json_larger_than_allowed_is_a_413(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = send(b'"' + b"a" * 200 + b'"')
    assert response.status_code == 413
    assert response.json()["code"] == "request_too_large"


def test_a_login_with_deeply_nested_json_is_a_400() -> None:
    client = APIClient(raise_request_exception=False)
    body = b"[" * 200_000
    assert client.post("/auth/login", body, content_type="application/json").status_code == 400


# Outside the API's views.


def ask(cause: Exception | None, **headers: str) -> Any:
    Accident.cause = cause
    return Client(raise_request_exception=False).get("/page", headers=headers)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (Http404(), 404),
        (PermissionDenied(), 403),
        (SuspiciousOperation(), 400),
        (RequestDataTooBig(), 413),
        (RuntimeError("a secret"), 500),
        (OperationalError("a secret"), 503),
    ],
    ids=str,
)
def test_a_page_says_no_in_the_language_of_whoever_asks(cause: Exception, status: int) -> None:
    for headers in ({}, {"accept": "application/json"}, {"authorization": "Bearer x"}):
        response = ask(cause, **headers)
        assert response.status_code == status
        assert response["Content-Type"] == MEDIA_TYPE
        assert json.loads(response.content)["status"] == status
    response = ask(cause, accept=BROWSER)
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")
    assert "secret" not in response.content.decode()


def test_an_unknown_address_is_a_problem_for_programs() -> None:
    response = Client().get("/nowhere")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_page_that_cannot_be_shown_still_says_what_is_wrong(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    class Away:
        @property
        def is_authenticated(self) -> bool:
            raise OperationalError("gone")

    request: Any = rf.get("/", headers={"accept": BROWSER})
    request.user = Away()
    response = error_handlers.handler404(request, Http404())
    assert response.status_code == 404
    assert response.content.decode() == "Not Found: There is nothing at this address."


@pytest.mark.django_db
def test_a_forged_form_is_refused_in_plain_words(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    response = client.post("/d/sample", {}, headers={"accept": BROWSER})
    assert response.status_code == 403
    assert "reload the page" in response.content.decode()
    assert client.post("/login", {"username": "a"}).json()["code"] == "csrf_failed"
