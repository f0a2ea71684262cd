"""Tasks: whose they are and until when, where the words around their quotes say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date

from documents.pipeline.analysis.evidence import dates, normalization, numbers
from documents.pipeline.analysis.evidence.dates import Date
from documents.pipeline.analysis.evidence.quotes import Grounding
from documents.pipeline.analysis.evidence.support.judge import Judgement
from documents.pipeline.analysis.model import answers
from documents.pipeline.analysis.model.verifier import Verifier
from documents.pipeline.analysis.schema import ActionItem, Evidence


def verify_items(
    answer: answers.ChunkAnswer, verifier: Verifier, grounding: Grounding
) -> Iterator[ActionItem]:
    for claim in answer.action_items:
        evidence = verifier.evidence_for("action_item", claim.task, claim.evidence)
        if evidence and (judgement := verifier.judge("action_item", claim.task, evidence)):
            yield _action_item(claim, evidence, judgement, grounding)


def _action_item(
    claim: answers.ActionClaim,
    evidence: list[Evidence],
    judgement: Judgement,
    grounding: Grounding,
) -> ActionItem:
    """A name or a date that stands elsewhere belongs to something else and is left out."""
    assignee, due_text = (
        text if text and grounding.mentions(text, evidence) else None
        for text in (claim.assignee, claim.due_text)
    )
    item = ActionItem(
        task=claim.task,
        assignee=assignee,
        due_text=due_text,
        due_date=_plain_date(claim.due_date, due_text),
        priority=claim.priority,
        evidence=evidence,
        **asdict(judgement),
    )
    return replace(item, unquoted_numbers=numbers.unquoted(item.in_words(), evidence))


def _plain_date(claimed: str | None, due_text: str | None) -> str | None:
    """The date, if the document's own words give its day and its year."""
    try:
        due = date.fromisoformat(claimed or "")
    except ValueError:
        return None
    if spelled := dates.find(due_text or ""):
        wanted = Date(due.year, due.month, due.day, 0, 0)
        return due.isoformat() if any(d.year and d.agrees_with(wanted) for d in spelled) else None
    written = re.findall(r"\d+", " ".join(normalization.numbers(due_text or "")))
    figures = {int(figure) for figure in written}
    has_year = bool(figures & {due.year, due.year % 100})
    return due.isoformat() if due.day in figures and has_year else None
