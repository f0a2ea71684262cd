"""The findings of several chunks as the findings of one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from documents.pipeline.analysis import folding
from documents.pipeline.analysis.proof import ChunkFindings
from documents.pipeline.analysis.schema import (
    NOT_ASSESSED,
    ActionItem,
    Evidence,
    Findings,
    KeyPoint,
    Sentiment,
    Tone,
    Topic,
)

_MOST_TOPICS = 20
_MOST_TONE_QUOTES = 6
_NOTABLE = 0.2  # the share of a document from which a tone colors the whole
_RANKS = ("high", "medium", "low", "unspecified")

Supported = TypeVar("Supported", KeyPoint, Topic, ActionItem)


def merge(parts: Sequence[ChunkFindings]) -> Findings:
    """Put the parts together in the order of the document, each thing once."""
    return Findings(
        summary=" ".join(_once(sentence for part in parts for sentence in part.summary)),
        key_points=_united((p for part in parts for p in part.key_points), lambda p: p.text),
        topics=_topics(parts),
        sentiment=_sentiment(parts),
        actionable_items=_action_items(parts),
        unverified=[claim for part in parts for claim in part.unverified],
        language=_language(parts),
    )


def _once(sentences: Iterable[str]) -> list[str]:
    first: dict[str, str] = {}
    for sentence in sentences:
        first.setdefault(folding.fold(sentence), sentence)
    return list(first.values())


def _united(things: Iterable[Supported], name: Callable[[Supported], str]) -> list[Supported]:
    """Things of the same name become one, with the evidence of all."""
    united: dict[str, Supported] = {}
    for thing in things:
        key = folding.fold(name(thing)) or name(thing)
        known = united.get(key)
        united[key] = _with_evidence(known, thing.evidence) if known else thing
    return list(united.values())


def _with_evidence(known: Supported, evidence: list[Evidence]) -> Supported:
    return replace(known, evidence=list(dict.fromkeys([*known.evidence, *evidence])))


def _topics(parts: Sequence[ChunkFindings]) -> list[Topic]:
    """The topics of most chunks first; among equals the one that came first."""
    count = Counter(folding.fold(topic.label) for part in parts for topic in part.topics)
    topics = _united((topic for part in parts for topic in part.topics), lambda t: t.label)
    topics.sort(key=lambda topic: -count[folding.fold(topic.label)])
    return topics[:_MOST_TOPICS]


def _action_items(parts: Sequence[ChunkFindings]) -> list[ActionItem]:
    """The same task said twice is one, and keeps the most that was said about it."""
    united: dict[str, ActionItem] = {}
    for item in (item for part in parts for item in part.actionable_items):
        key = folding.fold(item.task) or item.task
        known = united.get(key)
        united[key] = _both(known, item) if known else item
    return list(united.values())


def _both(first: ActionItem, second: ActionItem) -> ActionItem:
    # A date belongs to the words it was read from, so the two are taken together.
    due = first if first.due_text else second
    return replace(
        _with_evidence(first, second.evidence),
        assignee=first.assignee or second.assignee,
        due_text=due.due_text,
        due_date=due.due_date,
        priority=min(first.priority, second.priority, key=_RANKS.index),
    )


def _sentiment(parts: Sequence[ChunkFindings]) -> Sentiment:
    """The tone of the larger share; mixed where both sides have a notable one."""
    assessed = [part for part in parts if part.sentiment.label != "not_assessed"]
    if not assessed:
        return NOT_ASSESSED
    if len(assessed) == 1:
        return assessed[0].sentiment
    label = _prevailing(assessed)
    telling = [p.sentiment for p in assessed if _tells(p.sentiment.label, label)]
    scored = [p for p in assessed if p.sentiment.score is not None]
    total = sum(part.weight for part in scored)
    score = sum((part.sentiment.score or 0.0) * part.weight for part in scored)
    return Sentiment(
        label,
        round(score / total, 2) if total else None,
        " ".join(_once(tone.rationale for tone in telling if tone.rationale)[:2]),
        list(dict.fromkeys(e for tone in telling for e in tone.evidence))[:_MOST_TONE_QUOTES],
    )


def _prevailing(parts: Sequence[ChunkFindings]) -> Tone:
    shares: Counter[Tone] = Counter()
    for part in parts:
        shares[part.sentiment.label] += part.weight
    notable = _NOTABLE * shares.total()
    half = shares.pop("mixed", 0) / 2
    if shares["positive"] + half >= notable and shares["negative"] + half >= notable:
        return "mixed"
    return max(shares, key=lambda label: shares[label])


def _tells(of_chunk: Tone, of_document: Tone) -> bool:
    return of_chunk == of_document or (of_document == "mixed" and of_chunk != "neutral")


def _language(parts: Sequence[ChunkFindings]) -> str | None:
    shares: Counter[str] = Counter()
    for part in parts:
        if part.language:
            shares[part.language] += part.weight
    return shares.most_common(1)[0][0] if shares else None
