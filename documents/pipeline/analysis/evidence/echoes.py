"""Echoes: claims of a model that obeyed a prompt injection, told by what only it says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from documents.pipeline.analysis.evidence import normalization, verbatim
from documents.pipeline.analysis.evidence.close import is_close_to
from documents.pipeline.analysis.evidence.document_index import DocumentIndex
from documents.pipeline.analysis.schema import Flagged

_TAG = re.compile(r"<[^<>]*>")


class EchoCheck:
    """Holds claims against the flagged passages of one document."""

    def __init__(self, index: DocumentIndex, flagged: Sequence[Flagged]) -> None:
        self._index = index
        self._flagged = flagged

    def is_echo(self, claim: str) -> bool:
        """Whether a claim says what, of the whole document, only a flagged passage says."""
        if not self._flagged:
            return False
        plain = _TAG.sub(" ", claim)
        longer = [word for word in normalization.words(plain) if len(word) > 3]
        planted = [word for word in longer if word in self._planted_words]
        if planted and 2 * len(planted) >= len(longer):
            return True
        folded = normalization.fold(plain)
        return (
            len(folded) >= verbatim.SHORTEST_FRAGMENT
            and self._repeats_a_passage(folded)
            and not verbatim.says(self._index, plain, (0, len(self._index.text)))
        )

    def _repeats_a_passage(self, folded: str) -> bool:
        text = self._index.text
        return any(is_close_to(folded, text[start:end]) for start, end in self._index.flagged)

    @cached_property
    def _planted_words(self) -> frozenset[str]:
        """The words of flagged passages that stand nowhere else."""
        passages_on: defaultdict[int, list[Flagged]] = defaultdict(list)
        for passage in self._flagged:
            passages_on[passage.page].append(passage)
        inside: set[str] = set()
        outside: set[str] = set()
        for page in self._index.pages:
            begin = 0
            for passage in passages_on[page.number]:
                outside.update(normalization.words(page.text[begin : passage.start]))
                inside.update(normalization.words(page.text[passage.start : passage.end]))
                begin = passage.end
            outside.update(normalization.words(page.text[begin:]))
        return frozenset(inside - outside)
