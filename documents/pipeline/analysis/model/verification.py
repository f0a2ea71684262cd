"""Verification: of what a model claims, only what the document's own words stand behind."""

from __future__ import annotations

import re

from documents.pipeline.analysis.chunks import Chunk
from documents.pipeline.analysis.evidence.quotes import Grounding
from documents.pipeline.analysis.model import answers
from documents.pipeline.analysis.model.summaries import verify_summary
from documents.pipeline.analysis.model.task_details import verify_items
from documents.pipeline.analysis.model.verifier import ChunkFindings, Verifier, as_point
from documents.pipeline.analysis.schema import NOT_ASSESSED, KeyPoint, Sentiment, Topic

_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")


def verify(answer: answers.ChunkAnswer, chunk: Chunk, grounding: Grounding) -> ChunkFindings:
    """Keep what a verbatim quote stands behind; set the rest aside as unverified."""
    language = _LANGUAGE.match(answer.language.lower())
    findings = ChunkFindings(weight=chunk.tokens, language=language[0] if language else None)
    verifier = Verifier(grounding, findings.unverified)
    verified_points = _verify_points(answer, verifier, findings)
    verify_summary(answer, verified_points, findings, verifier)
    for topic in answer.topics:
        if evidence := verifier.evidence_for("topic", topic.label, topic.evidence):
            findings.topics.append(Topic(topic.label, evidence))
    findings.sentiment = _verify_sentiment(answer.sentiment, verifier)
    findings.actionable_items += verify_items(answer, verifier, grounding)
    return findings


def _verify_points(
    answer: answers.ChunkAnswer, verifier: Verifier, findings: ChunkFindings
) -> dict[int, KeyPoint]:
    """The points that hold, by their numbers from 1."""
    verified = {}
    for number, point in enumerate(answer.key_points, start=1):
        evidence = verifier.evidence_for("key_point", point.text, point.evidence)
        if evidence and (judgement := verifier.judge("key_point", point.text, evidence)):
            verified[number] = as_point(point.text, evidence, judgement)
    findings.key_points += verified.values()
    return verified


def _verify_sentiment(claim: answers.SentimentClaim, verifier: Verifier) -> Sentiment:
    if claim.label == "neutral" and not claim.evidence:
        # The absence of a tone cannot be quoted; what is said about it could be, and is not.
        return Sentiment("neutral", claim.score, "", [])
    text = f"{claim.label}: {claim.rationale}" if claim.rationale else claim.label
    evidence = verifier.evidence_for("sentiment", text, claim.evidence)
    if not evidence:
        return NOT_ASSESSED
    return Sentiment(claim.label, claim.score, claim.rationale, evidence)
