"""Model engine: every chunk of a document asked about, every answer paid for once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from documents.failures import FailureCode, failure
from documents.pipeline.analysis.chunks import Chunk, divide
from documents.pipeline.analysis.evidence import injection, quotes
from documents.pipeline.analysis.model import merge, prices, prompts
from documents.pipeline.analysis.model.capabilities import CapabilityMemory
from documents.pipeline.analysis.model.chunk_reader import ChunkReader
from documents.pipeline.analysis.model.purchases import Purchases
from documents.pipeline.analysis.model.scheduler import Run, Scheduler
from documents.pipeline.analysis.model.verifier import ChunkFindings
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
        self.capabilities = CapabilityMemory()

    def analyze(
        self,
        pages: Sequence[SourcePage],
        *,
        language: str | None,
        ledger: Ledger,
        on_progress: Callable[[int, int], None],
    ) -> Findings:
        chunks = divide(pages, self.server.chunk_tokens)
        # Before the first call: reading until the money is gone would always leave out the end.
        chosen = prices.within_budget(chunks, self.server)
        if chunks and not chosen:
            raise AnalysisFailed(failure(FailureCode.BUDGET_EXCEEDED))
        purchases = Purchases(self.server, ledger)
        runs = _DocumentRuns(purchases, self.capabilities, on_progress, len(chosen))
        flagged = injection.find(pages)
        grounding = quotes.index(pages, flagged)
        reader = ChunkReader(purchases, self.capabilities, grounding, language)
        parts = runs.of_chunks(reader, chunks, chosen)
        findings = merge.merge([part for number in sorted(parts) for part in parts[number]])
        if sum(map(len, parts.values())) > 1:
            sentences = runs.of_summary(reader, findings, chunk=len(chosen) + 1)
            findings.summary_sentences = sentences
            findings.summary = " ".join(sentence.text for sentence in sentences)
        return replace(
            findings,
            flagged=flagged,
            pages_not_analyzed=_not_analyzed(chunks, parts),
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


def _not_analyzed(
    chunks: Sequence[Chunk], parts: dict[int, list[ChunkFindings]]
) -> list[dict[str, Any]]:
    unread = (chunk for place, chunk in enumerate(chunks) if place not in parts)
    pages = dict.fromkeys(page for chunk in unread for page in chunk.pages)
    return [{"page": page, "reason": "budget"} for page in pages]
