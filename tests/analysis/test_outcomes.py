"""Nothing to show is told apart from nothing there."""

from __future__ import annotations

from typing import Any

import pytest

from documents.pipeline.analysis import (
    NOT_ASSESSED,
    ActionItem,
    Evidence,
    Findings,
    KeyPoint,
    SourcePage,
)
from documents.pipeline.analysis.offline.engine import OfflineEngine
from documents.pipeline.analysis.outcomes import OutcomeWarning, as_json, warning_of

TEXT = "We end the lease of the boathouse on 31 March 2027."
PAGES = [SourcePage(1, TEXT)]
QUOTE = [Evidence(1, 0, len(TEXT), TEXT, "verbatim")]


def found(**claims: Any) -> Findings:
    parts: dict[str, Any] = {"key_points": [], "topics": [], "actionable_items": [], **claims}
    return Findings(summary="", sentiment=NOT_ASSESSED, **parts)


def test_one_supported_claim_is_enough() -> None:
    point = KeyPoint("The lease of the boathouse ends.", QUOTE, support="supported")
    assert warning_of(found(key_points=[point]), PAGES) is None


def test_one_supported_task_is_enough() -> None:
    task = ActionItem("Leave", None, None, None, "high", QUOTE, support="supported")
    assert warning_of(found(actionable_items=[task]), PAGES) is None


def test_claims_in_a_language_that_is_not_judged_count() -> None:
    assert warning_of(found(key_points=[KeyPoint("Konec nájmu.", QUOTE)]), PAGES) is None


def test_claims_that_are_all_set_aside_are_a_warning() -> None:
    aside = [{"kind": "key_point", "text": "Unicorns came."}]
    assert warning_of(found(unverified=aside), PAGES) == OutcomeWarning.NOTHING_SUPPORTED


def test_claims_that_are_only_partly_supported_are_a_warning() -> None:
    point = KeyPoint("The lease ends for want of dollars.", QUOTE, support="partly")
    assert warning_of(found(key_points=[point]), PAGES) == OutcomeWarning.NOTHING_SUPPORTED


def test_silence_about_a_document_with_text_is_a_warning() -> None:
    assert warning_of(found(), PAGES) == OutcomeWarning.NOTHING_FOUND


def test_a_document_without_text_has_nothing_to_miss() -> None:
    assert warning_of(found(), [SourcePage(1, " \n")]) is None


def test_figures_repeated_are_no_finding() -> None:
    pages = [SourcePage(1, "12 480.00\n31 775.50\n44 255.50\n")]
    nobody: Any = None
    findings = OfflineEngine().analyze(
        pages, language=None, ledger=nobody, on_progress=lambda done, total: None
    )
    assert findings.key_points
    assert warning_of(findings, pages) == OutcomeWarning.NOTHING_FOUND


@pytest.mark.parametrize("code", OutcomeWarning)
def test_each_warning_says_what_it_means_and_what_to_do(code: OutcomeWarning) -> None:
    told = as_json(code)
    assert told
    assert told["code"] == code
    assert told["detail"].endswith(".")
    assert told["advice"].endswith(".")


def test_a_warning_of_a_later_version_is_not_told() -> None:
    assert as_json("of_next_year") is None
