"""Verification: of what a model claims, only what the document's own words stand behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from documents.pipeline.analysis import language_codes
from documents.pipeline.analysis.chunks import Chunk
from documents.pipeline.analysis.evidence.quotes import Grounding
from documents.pipeline.analysis.model import answers, dating
from documents.pipeline.analysis.model.summaries import verify_summary
from documents.pipeline.analysis.model.task_details import verify_items
from documents.pipeline.analysis.model.verifier import ChunkFindings, Verifier, as_point
from documents.pipeline.analysis.schema import NOT_ASSESSED, KeyPoint, Sentiment, Topic


def verify(answer: answers.ChunkAnswer, chunk: Chunk, grounding: Grounding) -> ChunkFindings:
    """Keep what a verbatim quote stands behind; set the rest aside as unverified."""
    language = language_codes.known(answer.language)
    findings = ChunkFindings(weight=chunk.tokens, language=language)
    verifier = Verifier(grounding, findings.unverified)
    verified_points = _verify_points(answer, verifier, findings)
    verify_summary(answer, verified_points, findings, verifier)
    findings.topics += _verify_topics(answer, verifier, grounding)
    if (kind := answer.kind) and (
        shown := verifier.evidence_for("kind", kind.label, kind.evidence)
    ):
        findings.kind = Topic(kind.label, shown)
    findings.document_date = dating.document_date(
        answer.document_date, grounding, findings.language
    )
    findings.sentiment = _verify_sentiment(answer.sentiment, verifier, grounding)
    findings.actionable_items += verify_items(answer, verifier, grounding, findings.language)
    return findings


def _verify_points(
    answer: answers.ChunkAnswer, verifier: Verifier, findings: ChunkFindings
) -> dict[int, KeyPoint]:
    """The points that hold, by their numbers from 1."""
    verified = {}
    for number, point in enumerate(answer.key_points, start=1):
        evidence = verifier.evidence_for("key_point", point.text, point.evidence)
        if evidence and (judgement := verifier.judge("key_point", point.text, evidence)):
            verified[number] = as_point(point.text, evidence, judgement, point.importance)
    findings.key_points += verified.values()
    return verified


def _verify_topics(
    answer: answers.ChunkAnswer, verifier: Verifier, grounding: Grounding
) -> Iterator[Topic]:
    """Topics under labels the document has words of: a label has no room for a mark."""
    beside = " ".join(point.text for point in answer.key_points)
    for topic in answer.topics:
        evidence = verifier.evidence_for("topic", topic.label, topic.evidence)
        if evidence and grounding.names(topic.label, beside=beside):
            yield Topic(topic.label, evidence)
        elif evidence:
            places = [asdict(each) for each in evidence]
            verifier.set_aside("topic", topic.label, reason="not_named", evidence=places)


def _verify_sentiment(
    claim: answers.SentimentClaim, verifier: Verifier, grounding: Grounding
) -> Sentiment:
    if claim.label == "neutral" and not claim.evidence:
        # The absence of a tone cannot be quoted; what is said about it could be, and is not.
        return Sentiment("neutral", claim.score, "", [])
    text = f"{claim.label}: {claim.rationale}" if claim.rationale else claim.label
    evidence = verifier.evidence_for("sentiment", text, claim.evidence)
    if not evidence:
        return NOT_ASSESSED
    if not grounding.bears_tone(claim.label, evidence):
        places = [asdict(each) for each in evidence]
        verifier.set_aside("sentiment", text, reason="no_such_tone", evidence=places)
        return NOT_ASSESSED
    # The quotes tell the tone; what else is said of it has to follow from them.
    follows = grounding.judge(claim.rationale, evidence).support in ("supported", "not_assessed")
    return Sentiment(claim.label, claim.score, claim.rationale if follows else "", evidence)
