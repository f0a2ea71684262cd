"""Summaries of the built-in engine beside first sentences, another checkout and LexRank: ROUGE.

    python -m bench.quality.summaries [--beside CHECKOUT] [--lexrank PYTHON] [-v] [FILE ...]

Without files: meetings, bills and news under `tests/analysis/summaries`, each with a summary
that was written before any engine had read it. A file holds papers as those do: `#### name
language`, the text, a line of four equals signs, the reference. "lead-3" are the first three
sentences, "lead" and "LexRank" get as many words as the engine took. PYTHON is an interpreter that
has sumy.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from bench.quality import rouge
from documents.pipeline.analysis.offline import sentences
from documents.pipeline.analysis.offline.engine import OfflineEngine
from documents.pipeline.analysis.offline.sentences import HEADING, TABLE
from documents.pipeline.analysis.schema import SourcePage

HERE = Path(__file__).parents[2] / "tests/analysis/summaries"
PAGE = 4_000

# Run by other interpreters: papers as JSON come in, their summaries go out.
OTHER_CHECKOUT = """
import json, sys
sys.path.insert(0, sys.argv[1])
from documents.pipeline.analysis.offline.engine import OfflineEngine
from documents.pipeline.analysis.schema import SourcePage
def read(pages):
    pages = [SourcePage(n, text) for n, text in enumerate(pages, 1)]
    return OfflineEngine().analyze(
        pages, language=None, ledger=None, on_progress=lambda *_: None
    ).summary
print(json.dumps([read(pages) for pages in json.load(sys.stdin)]))
"""
LEXRANK = """
import json, sys
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.summarizers.lex_rank import LexRankSummarizer
class Words:
    def to_words(self, text):
        return text.lower().split()
def read(paper):
    found = [Sentence(each, Words()) for each in paper["sentences"][:400]]
    if len(found) < 2:
        return " ".join(paper["sentences"])
    summarizer = LexRankSummarizer()
    summarizer.stop_words = paper["stop_words"]
    def fill(ranked):
        kept, words = [], 0
        for each in ranked:
            if kept and words + len(str(each.sentence).split()) / 2 > paper["room"]:
                break
            kept.append(each)
            words += len(str(each.sentence).split())
        return kept
    model = ObjectDocumentModel([Paragraph(found)])
    return " ".join(map(str, summarizer(model, fill)))
print(json.dumps([read(paper) for paper in json.load(sys.stdin)]))
"""


@dataclass(frozen=True)
class Paper:
    name: str
    language: str
    text: str
    reference: str

    @property
    def pages(self) -> list[SourcePage]:
        starts = range(0, len(self.text), PAGE)
        return [SourcePage(n, self.text[at : at + PAGE]) for n, at in enumerate(starts, start=1)]

    @property
    def sentences(self) -> list[str]:
        """What a reader would take for the sentences of its text, in order."""
        read = sentences.read(self.pages, self.language)
        prose = (n for n in range(len(read)) if not read.kind(n) & (HEADING | TABLE))
        return [read.text(n) for n in prose]


def papers(path: Path) -> list[Paper]:
    found = []
    for part in re.split(r"^#### ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        name, language = title.split()
        text, _, reference = rest.rpartition("====\n")
        found.append(Paper(name, language, text, reference.strip()))
    return found


def summarized(paper: Paper) -> str:
    findings = OfflineEngine().analyze(
        paper.pages,
        language=None,
        ledger=None,  # type: ignore[arg-type]
        on_progress=lambda *_: None,
    )
    return findings.summary


def lead(paper: Paper, room: int) -> str:
    """First sentences, as long as a summary that has so many words."""
    taken: list[str] = []
    for sentence in paper.sentences:
        if taken and sum(map(_length, taken)) + _length(sentence) / 2 > room:
            break
        taken.append(sentence)
    return " ".join(taken)


def _length(text: str) -> int:
    return len(rouge.WORD.findall(text))


def _run(python: str, code: str, papers: Iterable[object], *arguments: str) -> list[str]:
    told = json.dumps(list(papers))
    command = [python, "-c", code, *arguments]
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=True)
    return list(map(str, json.loads(done.stdout)))


def contenders(read: list[Paper]) -> dict[str, list[str]]:
    ours = [summarized(paper) for paper in read]
    rooms = list(map(_length, ours))
    found = {
        "ours": ours,
        "lead-3": [" ".join(paper.sentences[:3]) for paper in read],
        "lead": [lead(paper, room) for paper, room in zip(read, rooms, strict=True)],
    }
    if beside := _option("--beside"):
        pages = ([page.text for page in paper.pages] for paper in read)
        found["beside"] = _run(sys.executable, OTHER_CHECKOUT, pages, beside)
    if python := _option("--lexrank"):
        asked = (
            {"sentences": paper.sentences, "room": room, "stop_words": []}
            for paper, room in zip(read, rooms, strict=True)
        )
        found["LexRank"] = _run(python, LEXRANK, asked)
    return found


def _option(name: str) -> str | None:
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else None


def _print_scores(name: str, read: list[Paper]) -> None:
    print(f"\n{name}: {len(read)} papers")
    for who, told in contenders(read).items():
        each = [rouge.scores(s, p.reference) for s, p in zip(told, read, strict=True)]
        ones, twos = mean(one for one, _ in each), mean(two for _, two in each)
        print(f"  {who:8} {ones:5.1f} / {twos:5.1f}   {mean(map(_length, told)):4.0f} words")
        if "-v" in sys.argv and who == "ours":
            for paper, summary, (one, two) in zip(read, told, each, strict=True):
                print(f"    {paper.name} {one:.0f} / {two:.0f}: {summary}")


def main() -> None:
    files = [Path(word) for word in sys.argv[1:] if word.endswith(".txt")]
    for path in files or sorted(HERE.glob("*.txt")):
        _print_scores(path.stem, papers(path))


if __name__ == "__main__":
    main()
