"""Labelled papers: who is to do what until when, how sentences sound, what texts are about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from documents.pipeline.analysis.offline import sentences
from documents.pipeline.analysis.offline.actions import action_items
from documents.pipeline.analysis.offline.kinds import classifier
from documents.pipeline.analysis.schema import ActionItem, SourcePage

HERE = Path(__file__).parent
KINDS = ("minutes", "mails", "forms")
ARTICLE = re.compile(r"(?:the|der|die|le|la|les|el|los|las|il|i|vom|l['’])\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Label:
    snippet: str
    who: str
    due_text: str
    due_date: str


@dataclass(frozen=True)
class Paper:
    name: str
    language: str
    text: str
    below: list[str]

    @property
    def labels(self) -> list[Label]:
        return [_label(line) for line in self.below]

    @property
    def pages(self) -> list[SourcePage]:
        return [SourcePage(1, self.text)]

    def found(self) -> list[ActionItem]:
        """As the engine finds them: by the kind of the paper, where it is plain."""
        kind = classifier.tell(self.pages).kind
        known = None if kind == "report" else kind
        return action_items.find(sentences.read(self.pages), self.language, known)


def papers(half: str, kind: str) -> Iterator[Paper]:
    """The papers of the half and kind; none where it has no such kind."""
    path = HERE / half / f"{kind}.txt"
    text = path.read_text("utf-8") if path.exists() else ""
    for part in re.split(r"^#### ", text, flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        name, language = title.split()
        body, _, below = rest.rpartition("====\n")
        yield Paper(name, language, body, [line for line in below.splitlines() if line.strip()])


def toned(half: str) -> list[tuple[str, str]]:
    path = HERE / half / "tone.txt"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [(tone, sentence) for tone, _, sentence in (line.partition(" | ") for line in lines)]


def matched(paper: Paper) -> tuple[list[tuple[Label, ActionItem | None]], list[ActionItem]]:
    """Each label with the item that tells it, if one does; and the items no label asks for."""
    left = paper.found()
    pairs: list[tuple[Label, ActionItem | None]] = []
    for label in paper.labels:
        at = paper.text.index(label.snippet)
        item = next((i for i in left if i.evidence[0].start <= at < i.evidence[0].end), None)
        if item:
            left.remove(item)
        pairs.append((label, item))
    return pairs, left


def is_whose(label: Label, item: ActionItem) -> bool:
    return _bare(label.who) == _bare(item.assignee or "")


def is_when(label: Label, item: ActionItem) -> bool:
    if label.due_date:
        return item.due_date == label.due_date
    mine, its = label.due_text.casefold(), (item.due_text or "").casefold()
    return not item.due_date and bool(mine) == bool(its) and (mine in its or its in mine)


def _bare(who: str) -> str:
    return ARTICLE.sub("", who, count=1).casefold()


def _label(line: str) -> Label:
    fields = [field.strip().replace("\\n", "\n") for field in line.split("|")]
    snippet, who, due, day = (*fields, "", "", "")[:4]
    return Label(snippet, who, " ".join(due.split()), day)
