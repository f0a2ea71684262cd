"""Model engine: every chunk of a document asked about, every answer paid for once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from documents.failures import FailureCode, failure
from documents.pipeline.analysis import not_analyzed
from documents.pipeline.analysis.chunks import Chunk, divide
from documents.pipeline.analysis.evidence import injection, memo, quotes
from documents.pipeline.analysis.model import (
    context,
    dating,
    merge,
    offers,
    prices,
    prompts,
    ranking,
    second_look,
)
from documents.pipeline.analysis.model.capabilities import EXAMPLE_FITS, CapabilityMemory
from documents.pipeline.analysis.model.chunk_reader import ChunkReader
from documents.pipeline.analysis.model.losses import Losses
from documents.pipeline.analysis.model.purchases import Purchases
from documents.pipeline.analysis.model.scheduler import Run, Scheduler
from documents.pipeline.analysis.model.verifier import ChunkFindings
from documents.pipeline.analysis.not_analyzed import NotAnalyzed
from documents.pipeline.analysis.schema import (
    AnalysisFailed,
    Findings,
    KeyPoint,
    Ledger,
    ModelServer,
    SourcePage,
)

Numbered = tuple[int, list[ChunkFindings]]


class OpenAIEngine:
    """Analyzes documents with whatever model speaks the OpenAI protocol."""

    name = "openai"
    prompt_version = prompts.PROMPT_VERSION

    def __init__(self, server: ModelServer) -> None:
        self.server = server
        self.model = server.model
        # A model without a listed price is one's own, and mostly small.
        is_small = prices.listed_price(server.model) is None
        has_room = (server.context_tokens or EXAMPLE_FITS) >= EXAMPLE_FITS
        self.capabilities = CapabilityMemory(wants_example=is_small and has_room)

    def learned(self) -> dict[str, Any]:
        """What its server has shown so far, as JSON."""
        return self.capabilities.learned()

    def recall(self, learned: Mapping[str, Any]) -> None:
        """Take over what `learned` told in another process."""
        self.capabilities.recall(learned)

    @memo.of_document()
    def analyze(
        self,
        pages: Sequence[SourcePage],
        *,
        language: str | None,
        ledger: Ledger,
        on_progress: Callable[[int, int], None],
    ) -> Findings:
        offers.learn(self.server, self.capabilities)
        text = "".join(page.text for page in pages)
        limit = context.chunk_tokens(self.server, self.capabilities, text)
        chunks = divide(pages, limit)
        # Before the first call: reading until the money is gone would always leave out the end.
        chosen = prices.within_budget(chunks, self.server)
        if chunks and not chosen:
            raise AnalysisFailed(failure(FailureCode.BUDGET_EXCEEDED))
        purchases = Purchases(self.server, ledger)
        runs = _DocumentRuns(purchases, self.capabilities, on_progress, len(chosen))
        flagged = injection.find(pages)
        grounding = quotes.index(pages, flagged)
        losses = Losses()
        reader = ChunkReader(purchases, self.capabilities, grounding, language, losses)
        parts = runs.of_chunks(reader, chunks, chosen)
        losses.check()
        in_order = [part for number in sorted(parts) for part in parts[number]]
        findings = merge.merge(dating.with_due_dates(in_order, pages, grounding))
        if len(in_order) > 1:
            sentences = runs.of_summary(reader, findings, chunk=len(chosen) + 1)
            findings.summary_sentences = sentences
            findings.summary = " ".join(sentence.text for sentence in sentences)
        if second_look.is_wanted(self.server):
            findings = runs.of_second_look(findings, chunk=len(chosen) + 2)
        return replace(
            ranking.with_most_important(findings),
            flagged=flagged,
            pages_not_analyzed=not_analyzed.entries([*losses.pages, *_over_budget(chunks, parts)]),
            pages_unverified=_unseen(parts),
            prompts_cut=purchases.prompts_cut,
            calls=purchases.calls,
            input_tokens=purchases.input_tokens,
            output_tokens=purchases.output_tokens,
            cost_usd=purchases.cost_usd,
        )


class _DocumentRuns:
    """The runs about one document, with the progress they make."""

    def __init__(
        self,
        purchases: Purchases,
        capabilities: CapabilityMemory,
        on_progress: Callable[[int, int], None],
        total: int,
    ) -> None:
        self._purchases = purchases
        self._scheduler = Scheduler(purchases, capabilities, self._tell)
        self._on_progress = on_progress
        self._done = 0
        self._total = total

    def of_chunks(
        self, reader: ChunkReader, chunks: Sequence[Chunk], chosen: Sequence[int]
    ) -> dict[int, list[ChunkFindings]]:
        """What each chunk gave, by its place; chunks the budget ran out before are missing."""
        self._tell()
        parts: dict[int, list[ChunkFindings]] = {}
        # Closed here and now when telling fails: what is on its way has to be written down.
        with closing(self._scheduler.run(self._runs(reader, chunks, chosen))) as results:
            for place, findings in results:
                parts[place] = findings
                self._done += 1
                self._tell()
        return parts

    def of_summary(self, reader: ChunkReader, findings: Findings, *, chunk: int) -> list[KeyPoint]:
        [sentences] = self._scheduler.run([reader.summarize(findings, chunk=chunk)])
        return sentences

    def of_second_look(self, findings: Findings, *, chunk: int) -> Findings:
        look = second_look.look_again(findings, self._purchases, chunk=chunk)
        [findings] = self._scheduler.run([look])
        return findings

    def _runs(
        self, reader: ChunkReader, chunks: Sequence[Chunk], chosen: Sequence[int]
    ) -> Iterator[Run[Numbered]]:
        for number, place in enumerate(chosen, start=1):
            if self._purchases.is_out_of_budget:
                return
            yield _numbered(place, reader.read_chunk(chunks[place], number))

    def _tell(self) -> None:
        self._on_progress(self._done, self._total)


def _numbered(place: int, run: Run[list[ChunkFindings]]) -> Run[Numbered]:
    return place, (yield from run)


def _unseen(parts: dict[int, list[ChunkFindings]]) -> list[int]:
    return sorted({page for part in parts.values() for each in part for page in each.unseen_pages})


def _over_budget(
    chunks: Sequence[Chunk], parts: dict[int, list[ChunkFindings]]
) -> Iterator[tuple[int, NotAnalyzed]]:
    unread = (chunk for place, chunk in enumerate(chunks) if place not in parts)
    return ((page, NotAnalyzed.BUDGET) for chunk in unread for page in chunk.pages)
