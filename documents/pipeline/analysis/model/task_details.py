"""Tasks: whose they are and until when, where the words around their quotes say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date

from documents.pipeline.analysis.evidence import dates, due_dates, months, not_before, numbers
from documents.pipeline.analysis.evidence.dates import Date
from documents.pipeline.analysis.evidence.quotes import Grounding
from documents.pipeline.analysis.evidence.support.judge import Judgement
from documents.pipeline.analysis.model import answers
from documents.pipeline.analysis.model.dating import is_day_first
from documents.pipeline.analysis.model.verifier import Verifier
from documents.pipeline.analysis.schema import ActionItem, Evidence


def verify_items(
    answer: answers.ChunkAnswer, verifier: Verifier, grounding: Grounding, language: str | None
) -> Iterator[ActionItem]:
    for claim in answer.action_items:
        evidence = verifier.evidence_for("action_item", claim.task, claim.evidence)
        if evidence and (judgement := verifier.judge("action_item", claim.task, evidence)):
            yield _action_item(claim, evidence, judgement, grounding, language)


def _action_item(
    claim: answers.ActionClaim,
    evidence: list[Evidence],
    judgement: Judgement,
    grounding: Grounding,
    language: str | None,
) -> ActionItem:
    """A name or a date that stands elsewhere belongs to something else and is left out."""
    assignee, due_text = (
        text if text and grounding.mentions(text, evidence) else None
        for text in (claim.assignee, claim.due_text)
    )
    if due_text and _is_no_deadline(due_text, evidence, language):
        due_text = None
    item = ActionItem(
        task=claim.task,
        assignee=assignee,
        due_text=due_text,
        due_date=_plain_date(claim.due_date, due_text, language) if due_text else None,
        priority=claim.priority,
        evidence=evidence,
        importance=claim.importance,
        **asdict(judgement),
    )
    return replace(item, unquoted_numbers=numbers.unquoted(item.in_words(), evidence))


def _is_no_deadline(due_text: str, evidence: list[Evidence], language: str | None) -> bool:
    """Whether the quotes say "not before" in front of these words, which leave it out."""
    return any(
        not_before.is_no_deadline(each.quote[: at.start()], due_text, language)
        for each in evidence
        for at in re.finditer(re.escape(due_text), each.quote, re.IGNORECASE)
    )


def _plain_date(claimed: str | None, due_text: str, language: str | None) -> str | None:
    """The date, if the document's own words give its day, its month and its year."""
    if not due_dates.may_be_due(due_text):
        return None
    spelled = dates.find(due_text)
    if len(spelled) == 1:
        # One date needs nobody to read it out, and one of two readings none to choose.
        written = due_dates.written_out(due_text, is_day_first=is_day_first(language))
        return written.isoformat() if written else None
    try:
        due = date.fromisoformat(claimed or "")
    except ValueError:
        return None
    if spelled:
        wanted = Date(due.year, due.month, due.day, 0, 0)
        is_said = any((d.year or 0) > 99 and d.agrees_with(wanted) for d in spelled)
    else:
        is_said = _names_each_part(due_text, due)
    return due.isoformat() if is_said else None


def _names_each_part(due_text: str, due: date) -> bool:
    """Whether a spelling that is not known has all of the day: "25 października 2026"."""
    figures = [int(figure) for figure in re.findall(r"\d{1,4}", due_text)]
    words = re.findall(r"[^\W\d_]+", due_text.lower())
    named = {months.NUMBERS[word] for word in words if word in months.NUMBERS}
    if not named:
        return figures == [due.year, due.month, due.day]
    return named == {due.month} and sorted(figures) == sorted([due.day, due.year])
