"""Which installation this database is, and what it still owes to the store of files."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Installation(models.Model):
    """This installation, in the one row of its table; the store of files is stamped with its id.

    A backup brings the id along, so that what is restored knows its store again.
    """

    number = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    installation_id = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number=1), name="installation_once"),
        ]

    def __str__(self) -> str:
        return str(self.installation_id)

    @classmethod
    def current(cls) -> Installation:
        """The row, made now if nobody has asked for it before."""
        return cls.objects.get_or_create(number=1)[0]


class FileRemoval(models.Model):
    """A file that is to go because its document was deleted: a transactional outbox.

    Written in the transaction of the deletion, it outlives a killed process and a store that is
    away for days. It names nothing but the id.
    """

    document_id = models.UUIDField(primary_key=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return str(self.document_id)
