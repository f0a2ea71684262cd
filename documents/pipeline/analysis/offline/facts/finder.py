"""Which rules of facts are asked: by the kind of the paper."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from documents.pipeline.analysis.offline.facts import contracts, invoices, letters, text
from documents.pipeline.analysis.offline.kinds import lines
from documents.pipeline.analysis.offline.sentences import Sentences
from documents.pipeline.analysis.schema import DocumentKind, Fact, SourcePage

# A form with so many blanks waits for its facts.
BLANKS, BLANK_SHARE = 3, 0.2


def find(
    kind: DocumentKind | None,
    pages: Sequence[SourcePage],
    sentences: Sentences,
    language: str | None,
) -> list[Fact]:
    """The facts of a paper of form, in the order in which its summary tells them."""
    if kind not in ("invoice", "letter", "contract"):
        return []
    paper = text.read(pages, sentences, language)
    look = lines.count(line.text for line in paper.lines[:60])
    if look.blanks >= BLANKS and look.share(look.blanks) >= BLANK_SHARE:
        return []
    if kind == "invoice":
        return list(invoices.find(paper))
    if kind == "letter":
        # A reminder, or a receipt by mail, has a total; the other sums only lead up to it.
        total = list(invoices.asked(paper))
        sums = total or islice(contracts.sums(paper), contracts.MOST_SUMS)
        return [*letters.find(paper), *sums]
    agreed = list(contracts.find(paper))
    if any(fact.name == "parties" for fact in agreed):
        return agreed
    # A notice: one side says something to the other.
    return [*letters.find(paper), *(fact for fact in agreed if fact.name in ("notice", "sums"))]
