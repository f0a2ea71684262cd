"""A chunk without a usable answer costs its pages, not the document."""

import pytest

from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.model.capabilities import CapabilityMemory
from tests.analysis.conftest import LONG, PER_CHUNK, code_of

NINE = [
    SourcePage(n, f"Page number {n} tells of matter {n * 7} and of nothing else. " * 20)
    for n in range(1, 19)
]
LOST = [
    ("not_json", "no_usable_answer"),
    ("wrong_schema", "no_usable_answer"),
    ("refusal", "model_declined"),
    ("only_thoughts", "only_thoughts"),
]


@pytest.mark.parametrize(("mode", "reason"), LOST)
def test_one_bad_chunk_of_nine_costs_its_two_pages(analyze, model, mode, reason):
    model.script = ["ok"] * 8 + [mode] * 2  # The last chunk; a summary follows.
    findings = analyze(NINE, chunk_tokens=PER_CHUNK, calls_at_once=1)
    assert findings.pages_not_analyzed == [
        {"page": 17, "reason": reason},
        {"page": 18, "reason": reason},
    ]
    assert findings.key_points
    assert findings.summary


def test_the_first_chunk_can_be_the_bad_one(analyze, model):
    model.script = ["not_json"] * 2
    findings = analyze(LONG, chunk_tokens=PER_CHUNK, calls_at_once=1)
    assert [entry["page"] for entry in findings.pages_not_analyzed] == [1, 2]
    assert "Page number 3" in findings.summary


def test_of_a_chunk_that_was_split_only_the_bad_part_is_lost(analyze, model):
    model.script = ["length", "ok", "not_json", "not_json"]
    findings = analyze()
    assert findings.pages_not_analyzed == [{"page": 2, "reason": "no_usable_answer"}]
    assert findings.key_points


@pytest.mark.parametrize("mode", [mode for mode, _ in LOST])
def test_a_model_that_answers_nothing_fails_after_its_second_chunk(analyze, model, mode):
    model.mode = mode
    expected = {"refusal": "model_refused", "only_thoughts": "only_thoughts"}
    code = code_of(analyze, NINE, chunk_tokens=PER_CHUNK, calls_at_once=1)
    assert code == expected.get(mode, "invalid_answer")
    assert model.requests <= 4


@pytest.mark.parametrize("mode", ["500", "401", "404", "quota", "400"])
def test_what_would_meet_every_chunk_fails_the_document(analyze, model, mode):
    model.script, model.mode = ["ok"], mode
    assert code_of(analyze, LONG, chunk_tokens=PER_CHUNK)


def test_pages_no_part_of_which_fits_the_model_are_named(analyze, model):
    model.script = ["ok"] * 3
    model.mode, model.context_tokens = "too_large", 600
    findings = analyze(LONG, chunk_tokens=PER_CHUNK, calls_at_once=1)
    assert findings.pages_not_analyzed == [
        {"page": 7, "reason": "too_long_for_model"},
        {"page": 8, "reason": "too_long_for_model"},
    ]


def test_a_lost_chunk_is_asked_for_again_after_a_crash(analyze, engine, model):
    model.script = ["not_json"] * 2
    assert analyze(LONG, chunk_tokens=PER_CHUNK, calls_at_once=1).pages_not_analyzed
    engine.capabilities = CapabilityMemory()
    assert analyze(LONG, chunk_tokens=PER_CHUNK).pages_not_analyzed == []
