"""Documents in four scripts for servers with small contexts, and what of them a server has seen."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from itertools import cycle, islice
from typing import Any

from documents.pipeline.analysis import Findings, ModelServer, SourcePage
from documents.pipeline.analysis.chunks import estimate_tokens
from documents.pipeline.analysis.model.engine import OpenAIEngine
from tests.model_server import StandIn

SENTENCES = {
    "en": [
        "The harbor office of {n} reports that the northern quay wall moved by three centimeters.",
        "Repairs of section {n} are going to begin in April and last until the end of the summer.",
        "The committee asked for a second survey before it decides about the offer number {n}.",
    ],
    "ru": [
        "Управление порта сообщает, что стена причала номер {n} сдвинулась на три сантиметра.",
        "Ремонт участка {n} начнётся в апреле и продлится до конца лета, если позволит погода.",
        "Комитет попросил провести второе обследование, прежде чем принять предложение {n}.",
    ],
    "zh": [
        "港务局第{n}号报告说，北码头的墙壁在三月份移动了三厘米，需要尽快检查和修理。",
        "第{n}段的修理工作将于四月开始，预计持续到夏季结束，费用由保险公司承担。",
        "委员会要求在决定第{n}号报价之前进行第二次测量，并通知所有有关的公司。",
    ],
    "cs": [
        "Přístavní úřad číslo {n} oznámil, že se severní nábřežní zeď posunula o tři centimetry.",
        "Oprava úseku {n} začne v dubnu a potrvá až do konce léta, pokud to dovolí počasí.",
        "Výbor požádal o druhé měření, než rozhodne o nabídce číslo {n} od stavební společnosti.",
    ],
}
PAGE_TOKENS = 500


def document(language: str, tokens: int) -> list[SourcePage]:
    """Pages of about so many tokens together; no sentence stands in it twice."""
    pages: list[SourcePage] = []
    numbers, sentences = iter(range(1_000, 10**6)), cycle(SENTENCES[language])
    while sum(estimate_tokens(page.text) for page in pages) < tokens:
        text = ""
        while estimate_tokens(text) < PAGE_TOKENS:
            told = [each.format(n=next(numbers)) for each in islice(sentences, 4)]
            text += " ".join(told) + "\n\n"
        pages.append(SourcePage(len(pages) + 1, text))
    return pages


class NoLedger:
    def recall(self, request_hash: str) -> None:
        return None

    def intend(self, **facts: Any) -> int:
        return 0

    def answered(self, call: int, **facts: Any) -> None: ...

    def failed(self, call: int, **facts: Any) -> None: ...

    def unknown(self, call: int) -> None: ...


@dataclass(frozen=True)
class Run:
    findings: Findings
    pages: list[SourcePage]
    requests: int
    unseen: list[int]  # claimed read, although the server did not see all of them


def run(mode: str, context: int, language: str, tokens: int, **settings: Any) -> Run:
    pages = document(language, tokens)
    with StandIn(mode) as model:
        model.context_tokens = context
        server = ModelServer(model.base_url, "", "small-model", deadline=60.0)
        findings = OpenAIEngine(replace(server, **settings)).analyze(
            pages, language=None, ledger=NoLedger(), on_progress=lambda *_: None
        )
        seen = _seen_whole(model)
    left_out = {entry["page"] for entry in findings.pages_not_analyzed}
    claimed = [p for p in pages if p.number not in left_out | set(findings.pages_unverified)]
    unseen = [page.number for page in claimed if not _sentences(page.text) <= seen]
    return Run(findings, pages, model.requests, unseen)


def _seen_whole(model: StandIn) -> set[str]:
    """The sentences of all prompts that were answered without anything having been cut."""
    return {
        sentence
        for entry in model.journal
        if entry.get("is_whole") and "[[PAGE" in json.dumps(entry["body"]["messages"])
        for message in entry["body"]["messages"]
        for sentence in _sentences(message["content"])
    }


def _sentences(text: str) -> set[str]:
    return set(re.findall(r"[^.。\n]*\d{4}[^.。\n]*[.。]", text))
