"""Summaries: each sentence carries the evidence of the points it rests on, or falls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from documents.pipeline.analysis.evidence import normalization
from documents.pipeline.analysis.evidence.support.judge import Judgement
from documents.pipeline.analysis.model import answers
from documents.pipeline.analysis.model.verifier import ChunkFindings, Verifier, as_point
from documents.pipeline.analysis.schema import KeyPoint

_MOST_POINTS = 4  # in place of a summary


def verify_summary(
    answer: answers.ChunkAnswer,
    verified: dict[int, KeyPoint],
    findings: ChunkFindings,
    verifier: Verifier,
) -> None:
    """A sentence of the summary stands on its points: if one falls, so does the sentence."""
    for sentence in filter(lambda each: each.text, answer.summary):
        points = [verified[number] for number in sentence.sources if number in verified]
        is_founded = points and len(points) == len(sentence.sources)
        proven = summed_up(sentence.text, points, verifier) if is_founded else None
        if proven:
            findings.summary.append(proven)
        elif not is_founded:
            verifier.set_aside("summary", sentence.text)
    if not findings.summary:
        findings.summary = _points_beyond_doubt(findings)


def summed_up(text: str, points: Sequence[KeyPoint], verifier: Verifier) -> KeyPoint | None:
    """The sentence with the evidence of its points; None where they do not bear it.

    A summary has no room for a mark, so what is only partly supported is dropped as well.
    """
    evidence = list(dict.fromkeys(each for point in points for each in point.evidence))
    judgement = verifier.judge("summary", text, evidence)
    if judgement is None:
        return None
    sentence = as_point(text, evidence, judgement)
    if judgement.support == "partly" or sentence.unquoted_numbers or verifier.echoes_flagged(text):
        verifier.set_aside("summary", text, **_reason(judgement))
        return None
    return sentence


def _reason(judgement: Judgement) -> dict[str, Any]:
    if judgement.support != "partly":
        return {}
    return {"reason": "partly_supported", "unsupported_words": judgement.unsupported_words}


def _points_beyond_doubt(findings: ChunkFindings) -> list[KeyPoint]:
    """Points in place of a summary that fell, without what fell with it or bears a mark."""
    fell = {normalization.fold(claim["text"]) for claim in findings.unverified}
    return [
        point
        for point in findings.key_points
        if point.support != "partly"
        and not point.unquoted_numbers
        and normalization.fold(point.text) not in fell
    ][:_MOST_POINTS]
