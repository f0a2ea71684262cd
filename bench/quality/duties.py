"""Action items, tones and topics of labelled papers: how many are found, whose, and until when.

Run `python -m bench.quality.duties working` while rules are tuned; `held_out` is scored at the end.
Names of files, such as manuals, are read for items that are nobody's task. `-v` names what went
wrong.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections import Counter
from html import unescape
from pathlib import Path
from typing import cast

from documents.pipeline.analysis.offline import people, sentences, tone, topics
from documents.pipeline.analysis.offline.engine import OfflineEngine
from documents.pipeline.analysis.offline.language import stop_words
from documents.pipeline.analysis.schema import Ledger, SourcePage
from tests.analysis.duties.reading import (
    KINDS,
    Paper,
    is_when,
    is_whose,
    matched,
    papers,
    toned,
)

PAGE = 4_000
MARKUP = re.compile(r"<(script|style|head)\b.*?</\1>|<[^>]{0,2000}>", re.DOTALL | re.IGNORECASE)
PRE = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL | re.IGNORECASE)
BLOCK = re.compile(r"</?(?:p|div|li|h\d|tr|dt|dd|pre|br|table|ul|ol)\b[^>]{0,500}>", re.IGNORECASE)


def main() -> None:
    words = [word for word in sys.argv[1:] if not word.startswith("-")] or ["working"]
    files = [word for word in words if "/" in word]
    for half in (word for word in words if "/" not in word):
        print(f"\n{half}")
        for kind in filter(lambda kind: any(papers(half, kind)), KINDS):
            _print_kind(half, kind)
        if toned(half):
            _print_nothing(half)
            _print_tone(half)
            _print_topics(half)
    if files:
        _print_manuals([Path(name) for name in files])


def _print_kind(half: str, kind: str) -> None:
    counts: Counter[str] = Counter()
    for paper in papers(half, kind):
        _count(paper, counts)
    hits, extra, missed = counts["hit"], counts["extra"], counts["missed"]
    print(
        f"{kind:8} F1 {2 * hits / (2 * hits + extra + missed):.2f}"
        f"  found {hits}/{hits + missed} ({hits / (hits + missed):.2f})"
        f"  nonsense {extra}/{hits + extra} ({extra / max(1, hits + extra):.2f})"
        f"  whose {counts['whose']}/{hits}  when {counts['when']}/{hits}"
    )


def _count(paper: Paper, counts: Counter[str]) -> None:
    pairs, extra = matched(paper)
    counts["extra"] += len(extra)
    for surplus in extra:
        _tell(f"  extra   {paper.name}: {surplus.in_words()}")
    for label, item in pairs:
        if item is None:
            counts["missed"] += 1
            _tell(f"  missed  {paper.name}: {label}")
            continue
        counts["hit"] += 1
        for question, answer in (("whose", is_whose), ("when", is_when)):
            counts[question] += answer(label, item)
            if not answer(label, item):
                found = f"{item.assignee}, {item.due_text}, {item.due_date}"
                _tell(f"  {question:7} {paper.name}: {label} {found}")


def _print_nothing(half: str) -> None:
    found = 0
    for paper in papers(half, "nothing"):
        items = paper.found()
        found += len(items)
        for item in items:
            _tell(f"  extra   {paper.name}: {item.in_words()}")
    print(f"nothing  {found} items in {len(list(papers(half, 'nothing')))} papers")


def _print_tone(half: str) -> None:
    counts: Counter[str] = Counter()
    for expected, sentence in toned(half):
        label = tone.polarity(sentence)
        counts[label if label == expected else f"{expected} as {label}"] += 1
        if {label, expected} == {"positive", "negative"}:
            _tell(f"  opposite: {sentence}")
    print(f"tone     {dict(counts)} of {counts.total()}")


def _print_topics(half: str) -> None:
    wanted = found = bad = 0
    for paper in papers(half, "topics"):
        read = sentences.read(paper.pages)
        names = people.names_in(read)
        labels = [t.label for t in topics.find(read, stop_words(paper.language), names)]
        want, refuse = (line.partition(":")[2].split("|") for line in paper.below)
        hits = [w for w in want if any(w.strip().casefold() in x.casefold() for x in labels)]
        wrong = [w for w in refuse if w.strip() in labels]
        wanted, found, bad = wanted + len(want), found + len(hits), bad + len(wrong)
        _tell(f"  {paper.name}: {labels}, wrong {wrong}, missed {sorted(set(want) - set(hits))}")
    print(f"topics   {found}/{wanted} wanted ones named, {bad} wrong ones")


def _print_manuals(files: list[Path]) -> None:
    total = 0
    for path in files:
        findings = OfflineEngine().analyze(
            _pages(path),
            language=None,
            ledger=cast(Ledger, None),  # Nothing is paid for.
            on_progress=lambda done, steps: None,
        )
        total += len(findings.actionable_items)
        print(f"{len(findings.actionable_items):4} {findings.language} {path}")
        for item in findings.actionable_items:
            _tell(f"       {item.in_words()}")
    print(f"{total / len(files):.2f} items a file, {len(files)} files")


def _pages(path: Path) -> list[SourcePage]:
    stored = path.read_bytes()
    data = gzip.decompress(stored) if path.suffix == ".gz" else stored
    text = data.decode("utf-8", "replace")
    if "html" in path.name:
        text = unescape(MARKUP.sub("", BLOCK.sub("\n\n", _as_shown(text))))
    return [
        SourcePage(number, text[start : start + PAGE])
        for number, start in enumerate(range(0, len(text), PAGE), start=1)
    ]


def _as_shown(markup: str) -> str:
    """Lines as a browser has them: only those within `<pre>` are lines of the text."""
    parts = PRE.split(markup)
    return "".join(part if n % 2 else " ".join(part.split()) for n, part in enumerate(parts))


def _tell(line: str) -> None:
    if "-v" in sys.argv:
        print(line)


if __name__ == "__main__":
    main()
