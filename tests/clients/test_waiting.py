"""`Atom.wait` of `clients/atom.py`, where events were missed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.test_watch import client


class Server(client.Atom):  # type: ignore[misc]  # Loaded from its file.
    """Events were missed; of the documents the first is gone, and the second was read."""

    def __init__(self, code: str = "not_found") -> None:
        self.code = code

    def events(self, cursor: int) -> Any:
        yield {"event": "reset"}
        yield {"event": "status", "document_id": "second", "status": "completed"}

    def document(self, document_id: Any) -> Any:
        if document_id == "first":
            raise client.AtomError("There is no such document.", self.code, 404, False)
        return {"id": document_id, "document_id": document_id, "status": "analyzing"}


def test_a_document_that_is_gone_after_a_reset_was_deleted() -> None:
    first, second = Server().wait({"first", "second"}, 1)
    assert first == {"event": "deleted", "document_id": "first"}
    assert second["status"] == "completed"


def test_another_refusal_after_a_reset_is_told() -> None:
    with pytest.raises(client.AtomError):
        list(Server("token_expired").wait({"first", "second"}, 1))
