"""A second opinion by pdfminer.six on the pages where PDFium fell short."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from . import sandbox
from .content import Content
from .draft import Draft
from .transcript import SECONDS_IN_ALL, Transcript

SECONDS = 10.0
PAGES = 50  # it reads about 15 a second


def ask_again(data: Content, transcript: Transcript) -> None:
    """Let pdfminer.six read the suspicious pages and keep its text where that is better."""
    doubtful = [draft.number for draft in transcript.drafts if draft.is_suspicious]
    if not doubtful:
        return
    opinion = Transcript("pdfminer")
    # However that child ended: the pages it finished count, for the others PDFium's text stands.
    with contextlib.suppress(sandbox.ChildTimedOut, sandbox.ChildCrashed):
        opinion.read(data, min(SECONDS, transcript.seconds_left), only=doubtful[:PAGES])
    transcript.seconds_left -= SECONDS_IN_ALL - opinion.seconds_left
    better = {draft.number: draft for draft in opinion.drafts}
    transcript.drafts = [_better(draft, better.get(draft.number)) for draft in transcript.drafts]


def _better(first: Draft, second: Draft | None) -> Draft:
    """The second opinion where it is clean and says more; PDFium's text in case of doubt."""
    if second is None or second.is_failed or second.is_garbled or not second.visible:
        return first
    # Garbled letters count half: fewer that can be read are worth more.
    enough = first.visible / 2 if first.is_garbled else first.visible + 5
    if not first.is_failed and second.visible <= enough:
        return first
    # What the page shows beside its text is only known from PDFium.
    return replace(
        first,
        raw_text=second.raw_text,
        engine=second.engine,
        is_failed=False,
        has_hidden=second.has_hidden,
        has_text_objects=second.has_text_objects,
    )
