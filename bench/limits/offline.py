"""Seconds and memory the built-in engine takes for a hundred pages and for ten megabytes.

Run as `python bench/limits/offline.py`. Each case has a process of its own: peaks do not mix.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from documents.pipeline.analysis.offline.engine import OfflineEngine
from documents.pipeline.analysis.schema import SourcePage

TEN_MEGABYTES = 10 * 1024 * 1024
COMMON = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "is",
    "that",
    "for",
    "it",
    "as",
    "was",
    "with",
    "be",
    "by",
    "on",
    "not",
    "he",
    "his",
    "but",
    "at",
    "are",
    "this",
]
NAMES = ["Maria", "Tom", "Aisha", "Peter", "Lena", "Omar", "Nora", "Samuel"]
VERBS = ["send", "check", "update", "review", "prepare", "book", "repair", "order"]


def vocabulary(chance: random.Random) -> list[str]:
    syllables = [
        "ba",
        "ce",
        "di",
        "fo",
        "gu",
        "la",
        "me",
        "ni",
        "po",
        "ru",
        "sa",
        "te",
        "vi",
        "wo",
        "za",
        "lo",
        "kin",
        "mar",
        "ten",
        "sol",
    ]
    return ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(20_000)]


def prose(characters: int, width: int = 90) -> str:
    """Sentences whose words are as unevenly frequent as those of a language, in wrapped lines."""
    chance = random.Random(7)  # noqa: S311 - the same text every time
    words = vocabulary(chance)
    lines, length, line = [], 0, ""
    while length < characters:
        sentence = _sentence(chance, words)
        for word in sentence.split():
            if len(line) + len(word) >= width:
                lines.append(line)
                length += len(line) + 1
                line = word
            else:
                line = f"{line} {word}" if line else word
        if chance.random() < 0.15:
            lines += [line, ""]
            line = ""
    return "\n".join([*lines, line])[:characters]


def _sentence(chance: random.Random, words: list[str]) -> str:
    if chance.random() < 0.02:
        task = f"{chance.choice(VERBS)} the {chance.choice(words)}"
        return f"{chance.choice(NAMES)} will {task} by {chance.randint(1, 28)} March 2027."
    count = chance.randint(6, 26)
    chosen = [
        chance.choice(COMMON)
        if chance.random() < 0.4
        else words[int(len(words) * chance.random() ** 3)]
        for _ in range(count)
    ]
    return " ".join(chosen).capitalize() + "."


def pages_of(text: str, size: int = 3_000) -> list[SourcePage]:
    starts = range(0, len(text), size)
    return [SourcePage(n, text[at : at + size]) for n, at in enumerate(starts, start=1)]


CASES: dict[str, Callable[[], list[SourcePage]]] = {
    "100 pages": lambda: pages_of(prose(300_000)),
    "10 MB in pages": lambda: pages_of(prose(TEN_MEGABYTES)),
    "10 MB on one line": lambda: [SourcePage(1, prose(TEN_MEGABYTES).replace("\n", " "))],
    "10 MB, no sentence ends": lambda: [SourcePage(1, prose(TEN_MEGABYTES).replace(".", ""))],
    "a million times one sentence": lambda: [SourcePage(1, "I agree. " * 1_000_000)],
    "a million times one request": lambda: [SourcePage(1, "I will. " * 1_300_000)],
    "10 MB of one letter": lambda: [SourcePage(1, "a" * TEN_MEGABYTES)],
    "10 MB of exclamation": lambda: [SourcePage(1, "!" * TEN_MEGABYTES)],
    "10 MB of spaces": lambda: [SourcePage(1, "x" + " " * TEN_MEGABYTES + "y")],
    "10 MB of short lines": lambda: [SourcePage(1, "- a\n" * (TEN_MEGABYTES // 4))],
    "10 MB of names": lambda: [SourcePage(1, "Ab, " * (TEN_MEGABYTES // 4))],
    "10 MB of quotes": lambda: [SourcePage(1, '" said. ' * (TEN_MEGABYTES // 8))],
    "10 MB of columns": lambda: [SourcePage(1, "a | b\t c    d\n" * (TEN_MEGABYTES // 13))],
    "10 MB of brackets": lambda: [SourcePage(1, "(a) [ ] 1. -> " * (TEN_MEGABYTES // 14))],
    "10 MB of Chinese": lambda: [
        SourcePage(1, "会议决定下个月修复码头的墙。" * (TEN_MEGABYTES // 42))
    ],
    "10 MB of please": lambda: [SourcePage(1, "please can you send it by Friday " * 320_000)],
}


def measure(case: str) -> None:
    pages = CASES[case]()
    began, computed = time.perf_counter(), time.process_time()
    OfflineEngine().analyze(pages, language=None, ledger=None, on_progress=lambda *_: None)  # type: ignore[arg-type]
    seconds = time.perf_counter() - began
    computing = time.process_time() - computed
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{case:32} {seconds:6.2f} s, {computing:6.2f} s of CPU, {peak:6.0f} MB", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1])
    else:
        for name in CASES:
            subprocess.run([sys.executable, __file__, name], check=True)
