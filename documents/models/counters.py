"""Counters that only grow: what happened so far, for metrics, whichever process did it.

The history cannot be counted instead: it goes with its documents.
"""

from __future__ import annotations

from collections import defaultdict

from django.db import models

from documents.models import hot_sql


class CounterQuerySet(models.QuerySet["Counter"]):
    def add(self, name: str, label: str = "", number: int = 1) -> None:
        """Count along, in the transaction of what is counted and as the last thing in it.

        Others who count the same wait until that transaction ends.
        """
        hot_sql.count(name, label, number)

    def by_label(self) -> defaultdict[str, dict[str, int]]:
        """The values of each name by label; none where nothing was counted."""
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for name, label, value in self.order_by("label").values_list("name", "label", "value"):
            found[name][label] = value
        return found


class Counter(models.Model):
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=200, blank=True)
    value = models.BigIntegerField(default=0)

    objects = CounterQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "label"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.label}".strip()
