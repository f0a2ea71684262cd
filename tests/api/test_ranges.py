"""A download goes on where it broke off, and what is there already is not sent twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils.http import http_date
from rest_framework.test import APIClient

from documents.models import Document

TEXT = "The quay wall is safe.\n" * 4_000
SIZE = len(TEXT)


@pytest.fixture
def document(upload: Callable[..., Document]) -> Document:
    return upload(text=TEXT)


@pytest.fixture
def ask(api: APIClient, document: Document) -> Iterator[Callable[..., Any]]:
    """Ask for the file; what was not read of the answers is closed in the end."""
    answers = []

    def get(**headers: str) -> Any:
        answers.append(api.get(f"/documents/{document.pk}/file", headers=headers))
        return answers[-1]

    yield get
    for answer in answers:
        answer.close()


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=50000-", 50_000, SIZE),
        ("bytes=-23", SIZE - 23, SIZE),
        (f"bytes=-{SIZE * 2}", 0, SIZE),
        (f"bytes=10-{SIZE * 2}", 10, SIZE),
        ("BYTES=40000-80000", 40_000, 80_001),
    ],
)
def test_a_range_is_sent_alone(ask: Any, wanted: str, start: int, end: int) -> None:
    answer = ask(range=wanted)
    assert answer.status_code == 206
    assert answer.getvalue().decode() == TEXT[start:end]
    assert answer["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer["Content-Length"] == str(end - start)


@pytest.mark.parametrize("odd", ["bytes=0-1,5-6", "bytes=9-3", "bytes=-", "lines=1-2", "bytes=x-"])
def test_what_is_no_single_range_brings_the_whole_file(ask: Any, odd: str) -> None:
    answer = ask(range=odd)
    assert (answer.status_code, answer["Content-Length"]) == (200, str(SIZE))
    assert answer["Accept-Ranges"] == "bytes"
    assert answer.getvalue().decode() == TEXT


@pytest.mark.parametrize("beyond", [f"bytes={SIZE}-", "bytes=-0", "bytes=999999999999-"])
def test_a_range_without_a_byte_is_refused_with_the_size(ask: Any, beyond: str) -> None:
    answer = ask(range=beyond)
    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer["Content-Range"] == f"bytes */{SIZE}"


def test_if_range_guards_against_parts_of_two_files(ask: Any, document: Document) -> None:
    tag, changed = f'"{document.sha256}"', http_date(int(document.created_at.timestamp()))
    for same in (tag, changed):
        assert ask(**{"range": "bytes=5-", "if-range": same}).status_code == 206
    for other in ('"another"', f"W/{tag}", http_date(0)):
        assert ask(**{"range": "bytes=5-", "if-range": other}).status_code == 200


def test_a_file_that_is_there_already_is_not_sent(ask: Any, document: Document) -> None:
    first = ask()
    assert first["ETag"] == f'"{document.sha256}"'
    for name, value in (("if-none-match", "ETag"), ("if-modified-since", "Last-Modified")):
        again = ask(**{name: first[value], "range": "bytes=0-9"})
        assert (again.status_code, again.content) == (304, b"")
        assert (again["ETag"], again["Cache-Control"]) == (first["ETag"], "no-store, private")
    refused = ask(**{"if-match": '"another"'})
    assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed")


def test_head_tells_of_the_whole_file(api: APIClient, document: Document) -> None:
    answer = api.head(f"/documents/{document.pk}/file", headers={"range": "bytes=0-9"})
    assert (answer.status_code, answer["Content-Length"]) == (200, str(SIZE))
    answer.close()


def test_bob_learns_nothing_by_ranges_or_tags(bobs_api: APIClient, document: Document) -> None:
    for name, value in (("range", "bytes=0-9"), ("if-none-match", f'"{document.sha256}"')):
        answer = bobs_api.get(f"/documents/{document.pk}/file", headers={name: value})
        assert answer.status_code == 404


def test_a_small_file_has_ranges_too(api: APIClient, upload: Callable[..., Document]) -> None:
    small = upload(text="The quay wall is safe.")
    answer = api.get(f"/documents/{small.pk}/file", headers={"range": "bytes=4-7"})
    assert (answer.status_code, answer.getvalue()) == (206, b"quay")
