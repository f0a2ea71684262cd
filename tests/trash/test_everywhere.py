"""To everybody and at every address, a document in the trash is as good as deleted."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from documents.models import Document
from documents.trash import moves
from tests.api.conftest import QUOTE, TASK, finish
from tests.security.addresses import Address
from tests.security.test_every_address import (
    ALL,
    ENDLESS,
    OF_OBJECTS,
    UNSAFE,
    _without,
    answer,
    nobodys,
    state,
    values,
)

ROOT = Path(__file__).parents[2]
WORDS = ("quay wall.txt", QUOTE, TASK["task"], "The quay wall needs a survey")

# Who asks for documents of the trash, too, and why. Whoever is new here has thought of it.
WITH_TRASHED = {
    "documents/events.py": "moves them into the trash and out of it",
    "documents/operations/backup.py": "their files are saved",
    "documents/operations/erasure.py": "they go with their owner",
    "documents/operations/housekeeping.py": "they take room and get old",
    "documents/operations/in_use.py": "they are data that a restoration would replace",
    "documents/operations/move.py": "their files stay where they are",
    "documents/operations/planner_statistics.py": "they are in the indexes",
    "documents/operations/restore.py": "what a backup calls deleted",
    "documents/operations/snapshot.py": "their files are saved",
    "documents/operations/store_doctor.py": "their files must be there",
    "documents/originals/census.py": "their files belong to somebody",
    "documents/originals/ownership.py": "their files belong to this database",
    "documents/pipeline/ledger.py": "keeps answers that were paid for",
    "documents/quotas.py": "they count",
    "documents/removal.py": "deletes them for good",
    "documents/trash/moves.py": "the trash",
    "documents/trash/purge.py": "the trash",
    "documents/uploads/intake.py": "their bytes have a row",
}
# Who comes to documents past their manager: by SQL of its own, or by a join from something else.
PAST_THE_MANAGER = {
    "documents/estimates/queue_rows.py": "asks for what waits, runs or has been finished",
    "documents/live/event_rows.py": "leaves them out",
    "documents/models/analyses.py": "leaves them out",
    "documents/models/owner_totals.py": "counts them apart, as they take room",
    "documents/queue.py": "their numbers are taken",
    "documents/waiting/line_sql.py": "counts what waits",
    "documents/waiting/turns.py": "asks for the turns of what waits or runs",
    "documents/models/hot_sql.py": "claims what waits, and moves the row it is given",
    "documents/operations/erasure.py": "they go with their owner",
    "documents/search/backlog.py": "leaves them out",
    "documents/pipeline/reuse.py": "takes over from completed ones only, which these are not",
}


@pytest.fixture
def trashed(upload: Callable[..., Document], alice: User) -> Document:
    document = finish(upload("quay wall.txt"))
    moves.put(document.pk)
    return document


# Keys, webhooks and unfinished uploads are their owner's, whatever lies in the trash.
OTHERS = {"account", "uploads", "webhooks"}
OF_DOCUMENTS = [each for each in OF_OBJECTS if each.room not in OTHERS]


@pytest.mark.parametrize("address", OF_DOCUMENTS, ids=lambda address: address.route)
def test_its_owner_gets_what_an_id_gets_that_nobody_has(
    address: Address, browser: Client, trashed: Document
) -> None:
    gone, nobody = values(address, trashed), nobodys(address)
    before = state()
    for method in ("get", *UNSAFE):
        refusal = answer(browser, method, address.filled(**gone))
        unknown = answer(browser, method, address.filled(**nobody))
        assert _without(refusal, gone) == _without(unknown, nobody), method
    assert state() == before


@pytest.mark.parametrize("person", ["alice", "staff"])
def test_no_list_and_no_page_says_a_word_of_it(
    person: str, request: pytest.FixtureRequest, trashed: Document
) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(person))
    for address in ALL:
        # The schema has examples, whose words are those of the tests' documents.
        if address.parameters or address.route in {*ENDLESS, "d/trash", "schema"}:
            continue
        for query in ("", "?search=quay", "?q=quay"):
            shown = client.get(address.filled() + query)
            said = b"" if shown.streaming else shown.content
            assert not [word for word in WORDS if word.encode() in said], address.route


def test_who_sees_the_trash_is_known() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "documents").rglob("*.py")
        if "with_trashed" in path.read_text() and path.parent.name != "models"
    }
    assert found == WITH_TRASHED.keys()


def test_who_comes_to_documents_past_their_manager_is_known() -> None:
    ways = re.compile(r"documents_document\b(?!_)|(?<![a-z])document__(?:owner|status)(?=[=\"])")
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "documents").rglob("*.py")
        if path.parent.name not in {"migrations", "trash"} and _ways(ways, path.read_text())
    }
    assert found == PAST_THE_MANAGER.keys()


def _ways(pattern: re.Pattern[str], code: str) -> list[Any]:
    # Not a name of an address of the admin.
    return [found for found in pattern.finditer(code) if code[found.start() - 1] != ":"]
