"""Budget holds: owners who have used up their budget of today, so that their documents wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone

from documents.models.call_totals import CallTotals
from documents.models.model_calls import start_of_day

IN_WORDS = (
    "Your budget of today is used up, so your documents wait. They go on by themselves after "
    "midnight UTC, or once the operator has raised ATOM_DAILY_BUDGET_USD_PER_USER."
)


class BudgetHoldQuerySet(models.QuerySet["BudgetHold"]):
    def until(self, owner_id: int) -> datetime | None:
        """When the hold of this owner ends at the latest; None where there is no hold.

        Without a budget nobody is asked: what holds are left are about to end.
        """
        if settings.ATOM_DAILY_BUDGET_USD_PER_USER is None:
            return None
        return self.filter(pk=owner_id).values_list("until", flat=True).first()


class BudgetHold(models.Model):
    """One owner who waits for tomorrow's budget.

    Each of the owner's pending documents has `held_until` set as long as this row exists; both
    change in one transaction under the queue lock.
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="budget_hold",
    )
    until = models.DateTimeField(help_text="the end of the day whose budget is used up")
    budget = models.DecimalField(
        max_digits=20, decimal_places=6, help_text="in USD, that was found used up"
    )
    held_at = models.DateTimeField(default=timezone.now)

    objects = BudgetHoldQuerySet.as_manager()

    class Meta:
        ordering = ["held_at"]

    def __str__(self) -> str:
        return f"until {self.until:%Y-%m-%d %H:%M}"

    @property
    def is_over(self) -> bool:
        """Whether a new day has come, or the budget was raised above what was spent, or lifted."""
        budget = settings.ATOM_DAILY_BUDGET_USD_PER_USER
        if budget is None or timezone.now() >= self.until:
            return True
        # Spending only grows: without another budget there is nothing to add up.
        return budget > self.budget and spent_today(self.owner_id) < budget


def due(owner_id: int) -> BudgetHold | None:
    """The hold, not saved yet, of an owner who has used up the budget of today; None if not."""
    budget = settings.ATOM_DAILY_BUDGET_USD_PER_USER
    # Before the sum: at midnight a hold is at worst one of yesterday, which is over at once.
    until = start_of_day() + timedelta(days=1)
    if budget is None or spent_today(owner_id) < budget:
        return None
    return BudgetHold(owner_id=owner_id, until=until, budget=budget)


def spent_today(owner_id: int) -> Decimal:
    """What the owner's calls of today cost in USD, as far as prices are known."""
    return CallTotals.objects.today().filter(owner_id=owner_id).spent()
