"""What one's own documents have cost at the model server."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from documents.api import describe
from documents.api.access import OwnersView
from documents.models import BudgetHold, ModelCall, budget_holds

DAYS = 30


class UsageView(OwnersView):
    """Calls, tokens and cost of the last 30 days, by day and in total, and today's budget.

    People find the same at /my-usage.
    """

    @describe.usage
    def get(self, request: Request) -> Response:
        calls = ModelCall.objects.visible_to(self.owner).recent(DAYS)
        return Response(
            {"today": self._today(), "days": calls.figures_per(), "total": calls.figures()}
        )

    def _today(self) -> dict[str, Any]:
        budget = settings.ATOM_DAILY_BUDGET_USD_PER_USER
        return {
            "spent_usd": f"{budget_holds.spent_today(self.owner.pk):.6f}",
            "budget_usd": None if budget is None else f"{budget:.6f}",
            "held_until": BudgetHold.objects.until(self.owner.pk),
        }
