"""Running totals say what a full count says, after whatever was done, in whatever order."""

from __future__ import annotations

import random
from collections import Counter as Tally
from collections import defaultdict
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from documents.models import (
    TRASHED,
    CallTotals,
    Document,
    ModelCall,
    OwnerTotals,
    Status,
    budget_holds,
    call_totals,
    owner_totals,
    totals,
)
from documents.models.model_calls import start_of_day
from documents.operations import erasure, statistics, totals_doctor
from documents.operations.checks import Verdict

Rows = dict[tuple[Any, ...], dict[str, int]]

ACTS = 120
STATUSES = [*Status.values, TRASHED]
STATES = ModelCall.State.values
MODELS = ("small", "large")


class Taken(Exception):
    """Everything is taken back."""


class Acts:
    """Things that happen to documents and calls, chosen by chance; also to many at once."""

    def __init__(self, owners: list[User], seed: int) -> None:
        self.owners = owners
        self.chance = random.Random(seed)
        self.number = 0

    def do_one(self) -> None:
        acts = (
            *(self.add_documents, self.change_documents, self.remove_documents),
            *(self.add_calls, self.change_calls, self.remove_calls),
        )
        self.chance.choice(acts)()

    def add_documents(self) -> None:
        Document.objects.bulk_create(self._document() for _ in range(self.chance.randint(1, 5)))

    def _document(self) -> Document:
        self.number += 1
        return Document(
            owner=self.chance.choice(self.owners),
            size=self.chance.randint(0, 1000),
            stored_bytes=self.chance.choice([None, 5_000]),
            status=self.chance.choice(STATUSES),
            queue_number=self.number,
        )

    def change_documents(self) -> None:
        changes: tuple[dict[str, Any], ...] = (
            {"status": self.chance.choice(STATUSES)},
            {
                "owner": self.chance.choice(self.owners),
                "stored_bytes": self.chance.choice([None, 7]),
            },
            {"size": F("size") + 1, "progress": None},
            {"held_until": self.chance.choice([None, timezone.now()])},
            {"language": "en"},
        )
        self._some(Document.with_trashed.all()).update(**self.chance.choice(changes))

    def remove_documents(self) -> None:
        self._some(Document.with_trashed.all()).delete()

    def add_calls(self) -> None:
        ModelCall.objects.bulk_create(
            ModelCall(
                owner=self.chance.choice([*self.owners, None]),
                document=self.chance.choice([*Document.with_trashed.all(), None]),
                attempt=1,
                chunk=1,
                model=self.chance.choice(MODELS),
                state=self.chance.choice(STATES),
                cost_usd=self.chance.choice(
                    [None, Decimal(0), Decimal("0.000001"), Decimal("0.1")]
                ),
                sent_at=timezone.now() - timedelta(hours=self.chance.randint(0, 60)),
            )
            for _ in range(self.chance.randint(1, 5))
        )

    def change_calls(self) -> None:
        changes: tuple[dict[str, Any], ...] = (
            {"state": self.chance.choice(STATES)},
            {"state": "answered", "cost_usd": self.chance.choice([None, Decimal("0.2")])},
            {"owner": None, "document": None, "answer": ""},
            {"model": self.chance.choice(MODELS), "sent_at": timezone.now() - timedelta(days=1)},
            {"answer": "all is well"},
        )
        self._some(ModelCall.objects.all()).update(**self.chance.choice(changes))

    def remove_calls(self) -> None:
        self._some(ModelCall.objects.all()).delete()

    def _some(self, rows: Any) -> Any:
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        chosen = self.chance.sample(keys, min(len(keys), self.chance.choice([0, 1, 1, 4, 20])))
        return rows.filter(pk__in=chosen)


def told(model: type[OwnerTotals] | type[CallTotals], *keys: str) -> Rows:
    """By their keys, without those that say nothing."""
    rows: Rows = {}
    for row in model.objects.values():
        row.pop("id", None)
        key = tuple(row.pop(key) for key in keys)
        if any(row.values()):
            rows[key] = row
    return rows


def told_of_all() -> list[Rows]:
    return [told(OwnerTotals, "owner_id"), told(CallTotals, "day", "owner_id", "model")]


def counted() -> list[Rows]:
    """All there is, row by row."""
    documents: dict[tuple[Any, ...], Tally[str]] = defaultdict(Tally)
    for one in Document.with_trashed.all():
        bytes_ = one.size if one.stored_bytes is None else one.stored_bytes
        tally = documents[one.owner_id,]
        tally.update(documents=1, bytes=bytes_)
        if one.status in ("pending", "failed", "trashed"):
            tally[one.status] += 1
        tally["ready"] += one.status == "pending" and one.held_until is None
        tally["trashed_bytes"] += one.size if one.is_trashed else 0
    calls: dict[tuple[Any, ...], Tally[str]] = defaultdict(Tally)
    for call in ModelCall.objects.all():
        tally = calls[call.sent_at.astimezone(UTC).date(), call.owner_id or 0, call.model]
        tally[call.state] += 1
        tally["unpriced"] += call.state == "answered" and call.cost_usd is None
        tally["micro_usd"] += int((call.cost_usd or 0) * 1_000_000)
    columns = owner_totals.TOTALS.sums, call_totals.totals("sqlite").sums
    return [
        {key: {name: tally[name] for name in sums} for key, tally in rows.items()}
        for rows, sums in zip((documents, calls), columns, strict=True)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_totals_say_what_a_full_count_says(
    alice: User, bob: User, seed: int
) -> None:
    acts, most = Acts([alice, bob], seed), 0
    for _ in range(ACTS):
        acts.do_one()
        assert told_of_all() == counted()
        assert not list(totals.differing())
        most = max(most, min(map(len, counted())))
    assert most >= 2, "hardly anything was there to be counted"


@pytest.mark.parametrize("seed", range(4, 6))
def test_what_is_taken_back_changes_no_total(alice: User, bob: User, seed: int) -> None:
    acts = Acts([alice, bob], seed)
    for _ in range(20):
        before = told_of_all()
        with pytest.raises(Taken), transaction.atomic():
            for _ in range(5):
                acts.do_one()
            raise Taken
        assert told_of_all() == before == counted()
        acts.do_one()


def test_the_doctor_finds_differences_and_recount_mends_them(alice: User, bob: User) -> None:
    acts = Acts([alice, bob], 7)
    acts.add_documents()
    acts.add_calls()
    OwnerTotals.objects.filter(documents__gt=0).update(pending=F("pending") + 1)
    CallTotals.objects.all().delete()
    assert dict(totals.differing()).keys() == {"documents_ownertotals", "documents_calltotals"}
    found = list(totals_doctor.examine())
    assert {finding.verdict for finding in found} == {Verdict.BROKEN}
    assert all("recount" in finding.remedy for finding in found)
    call_command("recount", verbosity=0)
    assert [finding.verdict for finding in totals_doctor.examine()] == [Verdict.GOOD]
    assert told_of_all() == counted()


def test_an_erased_person_is_in_no_total_and_what_was_spent_stays(alice: User, bob: User) -> None:
    acts = Acts([alice, bob], 8)
    for _ in range(10):
        acts.add_calls()
    spent = CallTotals.objects.all().spent()
    erasure.erase(alice)
    assert not CallTotals.objects.filter(owner_id=alice.pk).exists()
    assert CallTotals.objects.all().spent() == spent > 0
    assert told_of_all() == counted()


def call(owner: User | None, **facts: Any) -> ModelCall:
    known: dict[str, Any] = {"attempt": 1, "chunk": 1, "model": "m", "state": "answered"}
    return ModelCall.objects.create(owner=owner, **known | facts)


def test_days_are_those_of_utc_and_of_each_person(alice: User, bob: User, settings: Any) -> None:
    midnight = start_of_day()
    call(alice, cost_usd=Decimal("0.25"), sent_at=midnight)
    call(alice, cost_usd=Decimal("0.5"), sent_at=midnight - timedelta(microseconds=1))
    call(bob, cost_usd=Decimal("0.000001"), sent_at=midnight + timedelta(hours=23, minutes=59))
    call(None, state="failed")
    assert budget_holds.spent_today(alice.pk) == Decimal("0.25")
    assert CallTotals.objects.today().spent() == Decimal("0.250001")
    assert CallTotals.objects.today().spenders(1) == [("alice", Decimal("0.25"))]


def test_metrics_read_totals_only(alice: User) -> None:
    CallTotals.objects.create(
        day=start_of_day().date(),
        owner_id=alice.pk,
        model="m",
        answered=1_000_000,
        unpriced=3,
        micro_usd=2_500_000,
    )
    OwnerTotals.objects.create(owner=alice, documents=9, pending=2, trashed=3, trashed_bytes=5)
    found = statistics.read()
    assert (found.calls, found.unpriced) == ({("m", "answered"): 1_000_000}, 3)
    assert found.spent == Decimal("2.5")
    assert (found.waiting, found.documents["completed"]) == (2, 4)
    assert (found.trash.documents, found.trash.bytes) == (3, 5)
