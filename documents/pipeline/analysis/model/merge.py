"""Merge with deduplication: the findings of several chunks as those of one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from rapidfuzz import fuzz, process

from documents.pipeline.analysis.evidence import normalization, numbers
from documents.pipeline.analysis.model import dating, kinds, ranking
from documents.pipeline.analysis.model.verifier import ChunkFindings
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
_ALIKE = 88  # of 100, for two tasks to be one said in slightly other words
_ALIKE_IN_PLACE = 60  # where both quote the same words
_BY_SUPPORT = ("supported", "not_assessed", "partly", "contradicted")
_RANKS = ("high", "medium", "low", "unspecified")

Named = TypeVar("Named", KeyPoint, Topic)
Supported = TypeVar("Supported", KeyPoint, Topic, ActionItem)
Claimed = TypeVar("Claimed", KeyPoint, ActionItem)


def merge(parts: Sequence[ChunkFindings]) -> Findings:
    """Put the parts together, each thing once: points and tasks by rank, the rest in order."""
    sentences = _united(
        (each for part in parts for each in part.summary), lambda s: s.text, _with_better_support
    )
    kind = next((part.kind for part in parts if part.kind), None)
    return Findings(
        summary=" ".join(sentence.text for sentence in sentences),
        summary_sentences=sentences,
        key_points=_key_points(parts),
        topics=_topics(parts),
        sentiment=_sentiment(parts),
        actionable_items=_action_items(parts),
        unverified=[claim for part in parts for claim in part.unverified],
        kind=kind,
        document_kind=kinds.plain_kind(kind.label) if kind else None,
        document_date=dating.of_all(parts),
        language=_language(parts),
    )


def _once(sentences: Iterable[str]) -> list[str]:
    first: dict[str, str] = {}
    for sentence in sentences:
        first.setdefault(normalization.fold(sentence), sentence)
    return list(first.values())


def _key_points(parts: Sequence[ChunkFindings]) -> list[KeyPoint]:
    """Each point once: where chunks overlap, both report the same words."""
    united: list[KeyPoint] = []
    names: list[str] = []
    for point in _united(
        ranking.ranked(part.key_points for part in parts), lambda p: p.text, _with_better_support
    ):
        name = " ".join(normalization.words(point.text)) or point.text
        same = (place for _, place in _alike(name, names, _ALIKE) if _repeats(point, united[place]))
        if (place := next(same, None)) is None:
            united.append(point)
            names.append(name)
        else:
            united[place] = _with_better_support(united[place], point)
    return [replace(p, unquoted_numbers=numbers.unquoted(p.text, p.evidence)) for p in united]


def _repeats(point: KeyPoint, other: KeyPoint) -> bool:
    return _share_a_quote(point, other) and _say_the_same(point.text, other.text)


def _united(
    things: Iterable[Named], name: Callable[[Named], str], both: Callable[[Named, Named], Named]
) -> list[Named]:
    """Things of the same name become one, with the evidence of all."""
    united: dict[str, Named] = {}
    for thing in things:
        key = normalization.fold(name(thing)) or name(thing)
        known = united.get(key)
        united[key] = both(known, thing) if known else thing
    return list(united.values())


def _topic_of_both(known: Topic, other: Topic) -> Topic:
    return replace(known, evidence=_evidence_of(known, other))


def _with_better_support(known: Claimed, other: Claimed) -> Claimed:
    """With the evidence of both; what one's quotes bear, the other's need not."""
    best = min(known, other, key=lambda claim: _BY_SUPPORT.index(claim.support))
    return replace(
        known,
        evidence=_evidence_of(known, other),
        support=best.support,
        unsupported_words=best.unsupported_words,
        omitted_words=best.omitted_words,
        is_asked_for=best.is_asked_for,
    )


def _evidence_of(first: Supported, second: Supported) -> list[Evidence]:
    """The best-ranked mention's own quotes stay first."""
    return list(dict.fromkeys([*first.evidence, *second.evidence]))


def _topics(parts: Sequence[ChunkFindings]) -> list[Topic]:
    """The topics of most chunks first; among equals the one that came first."""
    count = Counter(normalization.fold(topic.label) for part in parts for topic in part.topics)
    topics = _united(
        (topic for part in parts for topic in part.topics), lambda t: t.label, _topic_of_both
    )
    topics.sort(key=lambda topic: -count[normalization.fold(topic.label)])
    return topics[:_MOST_TOPICS]


def _action_items(parts: Sequence[ChunkFindings]) -> list[ActionItem]:
    """The same task said twice is one, and keeps the most that was said about it."""
    united: list[ActionItem] = []
    names: list[str] = []
    for item in ranking.ranked(part.actionable_items for part in parts):
        name = " ".join(normalization.words(item.task)) or item.task
        place = _place_of_same(item, name, united, names)
        if place is None:
            united.append(item)
            names.append(name)
        else:
            united[place] = _both(united[place], item)
    return united


def _place_of_same(
    item: ActionItem, name: str, among: Sequence[ActionItem], names: Sequence[str]
) -> int | None:
    for score, place in _alike(name, names, _ALIKE_IN_PLACE):
        needed = _ALIKE_IN_PLACE if _share_a_quote(item, among[place]) else _ALIKE
        if score >= needed and _agree(item, among[place]):
            return place
    return None


def _alike(name: str, names: Sequence[str], least: int) -> list[tuple[float, int]]:
    """The most alike of the names, with where they stand."""
    found = process.extract(name, names, scorer=fuzz.token_sort_ratio, score_cutoff=least, limit=10)
    return [(score, place) for _, score, place in found]


def _share_a_quote(one: Supported, other: Supported) -> bool:
    return any(
        mine.page == theirs.page and mine.start < theirs.end and theirs.start < mine.end
        for mine in one.evidence
        for theirs in other.evidence
    )


def _agree(one: ActionItem, other: ActionItem) -> bool:
    """Nothing that was said of one is said otherwise of the other."""
    # Days are compared where both are known, for one may be said in several ways.
    both_dated = one.due_date and other.due_date
    dues = (one.due_date, other.due_date) if both_dated else (one.due_text, other.due_text)
    return _say_the_same(one.task, other.task) and all(
        not mine or not theirs or normalization.fold(mine) == normalization.fold(theirs)
        for mine, theirs in ((one.assignee, other.assignee), dues)
    )


def _say_the_same(one: str, other: str) -> bool:
    negations, others = (
        normalization.negations(normalization.words(text)) for text in (one, other)
    )
    return (
        normalization.signed_numbers(one) == normalization.signed_numbers(other)
        and negations == others
    )


def _both(first: ActionItem, second: ActionItem) -> ActionItem:
    # A date belongs to the words it was read from, so the two are taken together.
    due = max(first, second, key=lambda item: (bool(item.due_date), bool(item.due_text)))
    both = replace(
        _with_better_support(first, second),
        assignee=first.assignee or second.assignee,
        due_text=due.due_text,
        due_date=due.due_date,
        due_from=due.due_from,
        priority=min(first.priority, second.priority, key=_RANKS.index),
    )
    return replace(both, unquoted_numbers=numbers.unquoted(both.in_words(), both.evidence))


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
