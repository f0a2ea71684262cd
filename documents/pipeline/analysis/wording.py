"""Kinds of paper and names of facts, in the words that readers see."""

from __future__ import annotations

from documents.pipeline.analysis.schema import DocumentKind, FactName

KINDS: dict[DocumentKind, str] = {
    "minutes": "minutes",
    "letter": "letter or e-mail",
    "contract": "contract or notice",
    "invoice": "invoice, receipt or form",
    "report": "report or article",
    "manual": "manual or reference",
    "list": "list or table",
    "other": "other",
}
# In the order in which a summary tells them.
FACTS: dict[FactName, str] = {
    "seller": "Seller",
    "number": "Number",
    "sender": "Sender",
    "parties": "Parties",
    "subject": "Subject",
    "date": "Date",
    "total": "Total",
    "due": "Due",
    "asked": "Asked",
    "until": "Until",
    "term": "Term",
    "notice": "Notice period",
    "sums": "Sums",
}
