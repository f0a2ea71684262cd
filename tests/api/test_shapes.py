"""An analysis has one shape: found by engines, asked of models, described by the API."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from documents.api import result_serializers as shown
from documents.models import Document
from documents.pipeline.analysis import schema as found
from documents.pipeline.analysis.model import answers as asked
from documents.results import result_json

# Found by engines, described by the API, and what the API adds.
PAIRS = [
    (found.Evidence, shown.EvidenceSerializer, set()),
    (found.KeyPoint, shown.KeyPointSerializer, set()),
    (found.Topic, shown.TopicSerializer, set()),
    (found.Sentiment, shown.SentimentSerializer, set()),
    (found.DocumentDate, shown.DocumentDateSerializer, set()),
    (found.Flagged, shown.FlaggedSerializer, set()),
    (found.ActionItem, shown.FoundItemSerializer, {"id", "done"}),
]


@pytest.mark.parametrize(("kind", "serializer", "added"), PAIRS)
def test_what_engines_find_is_what_the_api_describes(
    kind: Any, serializer: Any, added: set[str]
) -> None:
    names = {field.name for field in fields(kind)}
    assert set(serializer().fields) == names | added


# Asked of models: all of it can be shown, and the evidence is looked up anew.
ASKED = [
    (asked.Point, found.KeyPoint),
    (asked.TopicClaim, found.Topic),
    (asked.SentimentClaim, found.Sentiment),
    (asked.ActionClaim, found.ActionItem),
]


@pytest.mark.parametrize(("claim", "kind"), ASKED)
def test_what_models_are_asked_for_is_what_engines_find(claim: Any, kind: Any) -> None:
    # Never asked for.
    ours = {"unquoted_numbers", "support", "unsupported_words", "omitted_words", "due_from"}
    ours |= {"is_asked_for", "second_look"}
    assert set(claim.model_fields) == {field.name for field in fields(kind)} - ours


def test_the_findings_of_a_result_are_those_the_api_describes() -> None:
    nothing = found.Findings("", [], [], found.NOT_ASSESSED, [])
    assert set(nothing.as_json()) == set(shown.FindingsSerializer().fields)


def test_a_stored_result_has_every_part_the_api_describes(completed: Document) -> None:
    analysis = completed.current_analysis
    assert analysis
    assert set(result_json(analysis)) == set(shown.ResultSerializer().fields)


def test_words_the_api_lists_are_those_engines_use() -> None:
    assert set(shown.TONES) == set(found.Tone.__args__)  # type: ignore[attr-defined]
    fields_of_item = shown.FoundItemSerializer().fields
    assert set(fields_of_item["priority"].choices) == set(found.Priority.__args__)  # type: ignore[attr-defined]
    assert set(shown.SUPPORT) == set(found.Support.__args__)  # type: ignore[attr-defined]
    assert set(shown.EvidenceSerializer().fields["match"].choices) == set(found.Match.__args__)  # type: ignore[attr-defined]
