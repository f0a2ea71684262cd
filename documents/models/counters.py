"""Counters that only grow: what happened so far, for metrics, whichever process did it.

The history cannot be counted instead: it goes with its documents.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F


class CounterQuerySet(models.QuerySet["Counter"]):
    def add(self, name: str, label: str = "", number: int = 1) -> None:
        """Count along, in the transaction of what is counted and as the last thing in it.

        Others who count the same wait until that transaction ends.
        """
        row = self.filter(name=name, label=label)
        if not row.update(value=F("value") + number):
            self.get_or_create(name=name, label=label)
            row.update(value=F("value") + number)

    def by_label(self, name: str) -> dict[str, int]:
        return dict(self.filter(name=name).order_by("label").values_list("label", "value"))


class Counter(models.Model):
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=200, blank=True)
    value = models.BigIntegerField(default=0)

    objects = CounterQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "label"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.label}".strip()
