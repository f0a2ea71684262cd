"""Pages: the text of a document, and how well each was read."""

from __future__ import annotations

from django.db import models

from documents.models.documents import Document


class Page(models.Model):
    class Condition(models.TextChoices):
        READ = "read"
        READ_BY_OCR = "read_by_ocr"
        EMPTY = "empty"
        GARBLED = "garbled"
        HIDDEN_TEXT = "hidden_text"
        FAILED = "failed"

    # `page_once` begins with it: an index of its own would be written for nothing.
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="pages", db_index=False
    )
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    condition = models.CharField(max_length=11, choices=Condition)
    engine = models.CharField(max_length=20)
    lost_letters = models.PositiveIntegerField(default=0, help_text="U+FFFD stands for each")
    # Nullable, as SQLite would copy the table for a default.
    struck_out = models.PositiveIntegerField(
        null=True, blank=True, help_text="letters with a line through them; null: not looked for"
    )
    ocr_confidence = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="mean of its words in percent"
    )
    ocr_poor_share = models.FloatField(
        null=True, blank=True, help_text="of words, from 0 to 1, with a confidence below 60"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="page_once"),
        ]

    def __str__(self) -> str:
        return f"page {self.number}"

    @property
    def is_poorly_recognized(self) -> bool:
        """Read by OCR, and so unsure that whoever needs its words should look at the page."""
        if self.ocr_confidence is None:
            return False
        return self.ocr_confidence < 75 or (self.ocr_poor_share or 0) > 0.2
