"""A file comes back as it was and cannot run; it leaves piece by piece, as they are taken."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.files.storage import default_storage
from django.db import connections
from django.test import AsyncClient
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import User
from atom_project.file_responses import PIECE
from documents.api.stored_file import StoredFile
from documents.models import Document

LARGE = "The quay wall is safe.\n" * 20_000

Uploader = Callable[..., Document]


def test_the_file_comes_back_as_it_was_and_cannot_run(api: APIClient, upload: Uploader) -> None:
    document = upload("отчёт.txt", "<script>alert(1)</script>")
    response = api.get(f"/documents/{document.pk}/file")
    assert response.getvalue() == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%BE")
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert response["Content-Security-Policy"] == policy
    assert response["Cache-Control"] == "no-store, private"
    assert response["Content-Length"] == "25"


@pytest.mark.parametrize("accept", ["application/pdf", "text/html", "image/*", "*/*"])
def test_the_file_comes_whatever_the_client_accepts(
    api: APIClient, upload: Uploader, accept: str
) -> None:
    response = api.get(f"/documents/{upload().pk}/file", headers={"Accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/octet-stream"


def test_a_file_that_is_gone_is_not_found(api: APIClient, upload: Uploader) -> None:
    document = upload()
    default_storage.delete(document.file.name or "")
    assert api.get(f"/documents/{document.pk}/file").status_code == 404


# In pieces.


@pytest.fixture
def sent(upload: Uploader) -> Iterator[StoredFile]:
    response = StoredFile(upload(text=LARGE))
    yield response
    response.close()


def test_a_piece_is_read_when_the_one_before_it_was_taken(sent: StoredFile) -> None:
    async def take_two() -> bytes:
        parts = aiter(sent)
        return await anext(parts) + await anext(parts)

    assert asyncio.run(take_two()) == LARGE.encode()[: 2 * PIECE]
    stored: Any = sent.file_to_stream
    assert stored.tell() == 2 * PIECE


@pytest.mark.django_db(transaction=True)
def test_a_large_file_arrives_whole_under_asgi(alice: User, upload: Uploader) -> None:
    document = upload(text=LARGE)
    headers = {"Authorization": f"Bearer {tokens.log_in(alice).access}"}

    async def ask() -> tuple[bytes, str]:
        response: Any = await AsyncClient().get(f"/documents/{document.pk}/file", headers=headers)
        try:
            return b"".join([part async for part in response]), response["Content-Length"]
        finally:
            await sync_to_async(connections.close_all)()  # Of the thread that answered.

    content, length = asyncio.run(ask())
    assert content == LARGE.encode()
    assert length == str(len(LARGE))


def test_a_large_file_arrives_whole_elsewhere(api: APIClient, upload: Uploader) -> None:
    assert api.get(f"/documents/{upload(text=LARGE).pk}/file").getvalue() == LARGE.encode()


def test_static_texts_leave_compressed_where_that_is_asked_for(client: Any, db: None) -> None:
    asked = {"Accept-Encoding": "br;q=1.0, gzip;q=0.8"}
    response = client.get("/static/css/base.css", headers=asked)
    assert gzip.decompress(response.content) == Path("static/css/base.css").read_bytes()
    assert (response["Content-Encoding"], response["Vary"]) == ("gzip", "Accept-Encoding")
    assert int(response["Content-Length"]) == len(response.content)
    again = client.get(
        "/static/css/base.css", headers={**asked, "If-Modified-Since": response["Last-Modified"]}
    )
    assert again.status_code == 304


def test_static_files_leave_in_pieces_too(client: Any, db: None) -> None:
    response = client.get("/static/css/base.css")
    expected = Path("static/css/base.css").read_bytes()

    async def take() -> bytes:
        return b"".join([part async for part in response])

    assert response["Content-Length"] == str(len(expected))
    assert asyncio.run(take()) == expected  # A warning would be an error here.
    response.close()
    unchanged = client.get(
        "/static/css/base.css", headers={"If-Modified-Since": response["Last-Modified"]}
    )
    assert (unchanged.status_code, unchanged.getvalue()) == (304, b"")
