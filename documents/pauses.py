"""When the line stands still: the account at the model server pays for nothing more.

Only workers with that account are held; the built-in engine has none. Documents stay where
they are, and one a minute tries whether the account pays again.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from documents import clock, wakeup
from documents.models import Document, LinePause, ModelCall
from documents.spending import start_of_day

TRY_INTERVAL = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(days=1)
# Failures that every other document would meet as well.
STOPPING = (LinePause.Reason.KEY_REJECTED, LinePause.Reason.QUOTA_EXHAUSTED)


def must_wait(account: str) -> bool:
    """Whether workers of this account leave the line alone at the moment. Takes no lock."""
    if not account:
        return False
    pause = LinePause.objects.filter(pk=account).first()
    if _is_budget_used_up():
        if pause is None:
            _pause_until_tomorrow(account)
        return True
    if pause is None:
        return False
    if pause.reason == LinePause.Reason.BUDGET:
        LinePause.objects.filter(pk=account, reason=pause.reason).delete()
        return False
    return not LinePause.objects.filter(pk=account, next_try_at__lte=clock.now()).exists()


def _is_budget_used_up() -> bool:
    budget = settings.ATOM_DAILY_BUDGET_USD
    return budget is not None and ModelCall.objects.sent_today().known_cost() >= budget


def _pause_until_tomorrow(account: str) -> None:
    tomorrow = start_of_day() + timedelta(days=1)
    pause = LinePause(account=account, reason=LinePause.Reason.BUDGET, next_try_at=tomorrow)
    # Slots look at the same time; the first one's row is as good as any.
    LinePause.objects.bulk_create([pause], ignore_conflicts=True)


def take_turn(account: str, document: Document) -> bool:
    """Whether this document may be claimed: the line is not paused, or it is its turn to try.

    To be asked under the queue lock, so that one document tries at a time, over all hosts.
    """
    if not account or not LinePause.objects.filter(pk=account).exists():
        return True
    due = LinePause.objects.filter(pk=account, next_try_at__lte=clock.now())
    taken = due.update(
        next_try_at=clock.now() + TRY_INTERVAL, tries=F("tries") + 1, tried_with=document.pk
    )
    return bool(taken)


def give_turn_back(account: str, document_id: UUID, attempt: int) -> None:
    """Let the next document try at once if this one ended without asking the model."""
    asked = ModelCall.objects.filter(document=OuterRef("tried_with"), attempt=attempt)
    LinePause.objects.filter(~Exists(asked), pk=account, tried_with=document_id).update(
        next_try_at=clock.now(), tried_with=None
    )


def begin_or_extend(account: str, reason: str) -> bool:
    """Pause the line for another minute; True if it was not paused before. Under the queue lock."""
    next_try_at = clock.now() + TRY_INTERVAL
    extended = LinePause.objects.filter(pk=account).update(
        reason=reason, met_at=timezone.now(), next_try_at=next_try_at
    )
    if extended:
        return False
    # Not a plain insert: a worker that finds the budget used up adds its row without a lock.
    facts = {"reason": reason, "next_try_at": next_try_at}
    return LinePause.objects.get_or_create(account=account, defaults=facts)[1]


def lift(account: str, call: int) -> None:
    """The account has paid for this call: all may go on.

    A call sent before the last refusal proves nothing about what came after.
    """
    sent_at = Subquery(ModelCall.objects.filter(pk=call).values("sent_at"))
    pause = LinePause.objects.filter(pk=account, reason__in=STOPPING, met_at__lt=sent_at)
    if pause.delete()[0]:
        wakeup.ring(wakeup.LINE)


def try_now(chosen: QuerySet[LinePause] | None = None) -> int:
    """Let one document try at once instead of at the next minute; says for how many accounts.

    The pause itself stays until an answer comes, so that no other document fails of it.
    """
    pauses = LinePause.objects.all() if chosen is None else chosen
    hurried = pauses.filter(reason__in=STOPPING).update(next_try_at=clock.now())
    if hurried:
        wakeup.ring(wakeup.LINE)
    return hurried


def forget_old() -> None:
    """Drop pauses of accounts that nobody has used for a day."""
    LinePause.objects.filter(next_try_at__lt=clock.now() - FORGOTTEN_AFTER).delete()


def of_accounts(accounts: set[str]) -> LinePause | None:
    """The pause that holds all of these accounts, or None if some can go on."""
    if not accounts or "" in accounts:
        return None
    pauses = list(LinePause.objects.filter(pk__in=accounts).order_by("next_try_at"))
    return pauses[0] if len(pauses) == len(accounts) else None
