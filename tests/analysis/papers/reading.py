"""Reads the labelled papers and sentences of a half."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SENTENCES, LANGUAGES = "sentences.txt", "languages.txt"


@dataclass(frozen=True)
class Paper:
    name: str
    text: str
    labels: dict[str, str]

    @property
    def kinds(self) -> list[str]:
        return self.labels["kind"].split("|")

    def labelled(self, fact: str) -> list[str] | None:
        """The values of a fact, none of them where none is stated; None where it is no question."""
        label = self.labels.get(fact)
        if label is None:
            return None
        return [] if label == "-" else [each.strip() for each in label.split(";")]


def papers(half: str) -> Iterator[Paper]:
    for path in sorted((HERE / half).glob("*.txt")):
        if path.name in (SENTENCES, LANGUAGES):
            continue
        head, text = path.read_text().split("\n---\n", 1)
        labels = dict(line.split(": ", 1) for line in head.splitlines())
        yield Paper(path.stem, text, labels)


def sentences(half: str) -> Iterator[tuple[str, list[str]]]:
    """A language and the sentences that a text in it should be divided into."""
    for language, text in _spoken_lines(HERE / half / SENTENCES):
        yield language, text.split(" ¦ ")


def spoken(half: str) -> Iterator[tuple[str, str]]:
    """A language and a sentence in it."""
    yield from _spoken_lines(HERE / half / LANGUAGES)


def _spoken_lines(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text().splitlines() if path.exists() else []:
        language, text = line.split(" | ")
        yield language, text
