"""The search index: the words of documents, and the backlog of documents to be indexed."""

from __future__ import annotations

from django.db import models

from documents.models.documents import Document


class SearchEntry(models.Model):
    """The words of one document, or of a part of a long one, as `documents.search` folds them.

    What is searched is derived from these rows by the database itself (migration 0023): triggers
    of SQLite write the FTS5 table, and PostgreSQL generates a column. So it changes in the
    transaction of the row, whoever writes or deletes that.
    """

    # `search_entry_once` begins with it: an index of its own would be written for nothing.
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="search_entries", db_index=False
    )
    part = models.PositiveIntegerField(default=1)
    # No reference, which would want an index: it goes with its document.
    owner_id = models.BigIntegerField()
    first_page = models.PositiveIntegerField(default=1, help_text="that the first line is of")
    name = models.TextField(blank=True, help_text="words of the file's name")
    findings = models.TextField(blank=True, help_text="words of summary, topics and tasks")
    text = models.TextField(blank=True, help_text="words of pages, a line for each")

    class Meta:
        verbose_name_plural = "search entries"
        constraints = [
            models.UniqueConstraint(fields=["document", "part"], name="search_entry_once"),
        ]

    def __str__(self) -> str:
        return f"part {self.part}"


class SearchBacklog(models.Model):
    """A document that is still to be indexed; until then it is searched letter by letter."""

    # Its key is the order in which they are indexed: the oldest document first.
    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "search backlog"

    def __str__(self) -> str:
        return str(self.document_id)
