"""What a key may do, at every address of the API there is."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.keys import api_keys
from accounts.keys.model import Scope
from accounts.models import User
from documents.models import Document
from tests.api.conftest import finish
from tests.keys.conftest import Client, client
from tests.security.addresses import Address, addresses
from tests.security.test_every_address import ENDLESS, UNSAFE, nobodys, state, values

pytestmark = pytest.mark.django_db

# Views of the API that ask who somebody is.
OF_API = [
    each
    for each in addresses()
    if getattr(getattr(each.view, "cls", None), "authentication_classes", None)
    and each.route not in {*ENDLESS, "docs", "schema", "metrics", "readyz"}
]
OF_DOCUMENTS = [each for each in OF_API if each.parameters]


def looks_by(address: Address) -> str | None:
    """The scope that looking needs: who hands in pieces asks where to go on. None: any."""
    return getattr(address.view.cls, "key_scope_to_look", Scope.READ)


@pytest.fixture
def read(upload: Any) -> Document:
    return finish(upload("quay wall.txt"))


def test_there_are_addresses_to_look_at() -> None:
    assert {"documents", "upload", "documents/{id}", "action-items/bulk"} <= {
        each.route for each in OF_API
    }


@pytest.mark.parametrize("address", OF_API, ids=lambda address: address.route)
def test_who_may_only_read_changes_nothing_anywhere(
    address: Address, keyed: Client, read: Document
) -> None:
    path, reader, before = address.filled(**values(address, read)), keyed("read"), state()
    if looks_by(address) == Scope.READ:
        assert reader.get(path).status_code not in {401, 403}
    for method in UNSAFE:
        refusal = reader.generic(method.upper(), path)
        assert (refusal.status_code, refusal.json()["code"]) == (403, "insufficient_scope"), method
        assert 'scope="' in refusal["WWW-Authenticate"]
    assert state() == before


@pytest.mark.parametrize("address", OF_API, ids=lambda address: address.route)
def test_who_may_only_upload_reads_nothing_anywhere(
    address: Address, keyed: Client, read: Document
) -> None:
    path, uploader, before = address.filled(**values(address, read)), keyed("upload"), state()
    for method in ("get", *UNSAFE):
        status = uploader.generic(method.upper(), path).status_code
        scope = looks_by(address) if method == "get" else getattr(address.view.cls, "key_scope", "")
        assert (status == 403) is (scope not in (Scope.UPLOAD, None)), (method, status)
    assert state() == before


@pytest.mark.parametrize("scope", ["read", "all"])
@pytest.mark.parametrize("address", OF_DOCUMENTS, ids=lambda address: address.route)
def test_documents_of_others_are_documents_that_do_not_exist(
    address: Address, scope: str, bob: User, read: Document
) -> None:
    stranger = client(api_keys.make(bob, "script", [scope])[1])
    hers, nothing = address.filled(**values(address, read)), address.filled(**nobodys(address))
    before = state()
    looking = ("get",) if scope in {"all", looks_by(address)} else ()
    for method in (*looking, *(UNSAFE if scope == "all" else ())):
        theirs = stranger.generic(method.upper(), hers)
        nobody = stranger.generic(method.upper(), nothing)
        assert theirs.status_code in {404, 405}, method
        assert theirs.status_code == nobody.status_code, method
    assert state() == before


def test_each_scope_does_what_it_is_for(keyed: Client, read: Document) -> None:
    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("a.txt", b"The quay wall is safe.")

    assert keyed("upload").post("/upload", {"files": file()}).status_code == 201
    both = keyed("read", "upload")
    made = both.post("/upload", {"files": file()}).json()["uploaded"][0]["id"]
    assert both.get(f"/documents/{made}").status_code == 200
    assert both.delete(f"/documents/{made}").status_code == 403
    assert keyed("all").delete(f"/documents/{made}").status_code == 204
    assert keyed("all").post(f"/documents/{read.pk}/retry").status_code == 202


def test_staff_who_read_by_key_see_no_documents_of_others(staff: User, read: Document) -> None:
    reader = client(api_keys.make(staff, "script", ["all"])[1])
    assert reader.get("/documents").json()["results"] == []
    assert reader.get(f"/documents/{read.pk}").status_code == 404
    assert reader.get(f"/documents/{uuid.uuid4()}").status_code == 404
