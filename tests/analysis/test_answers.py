import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.pipeline.analysis.model.answers import (
    ChunkAnswer,
    InvalidAnswer,
    ReducedSummary,
    read,
    strict_schema,
    without_bounds,
)

GOOD = {"summary": [{"text": "All is well.", "source_ids": [1, 2]}]}
CHUNK = {
    "language": "en",
    "key_points": [{"text": "It moved.", "evidence": [{"page": 1, "quote": "it moved"}]}],
    "summary": [{"text": "It moved.", "sources": [1]}],
    "topics": [],
    "sentiment": {"label": "neutral", "score": 0, "rationale": "", "evidence": []},
    "action_items": [],
}


def chunk(**changes):
    return read(json.dumps(CHUNK | changes), ChunkAnswer)


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        " \n{}\n",
        "```json\n{}\n```",
        "```\n{}\n```\nAnything else?",
        "Here you are: {}. Is that all?",
        "<think>They want {{json}}, so </think>{}",
        "no opening tag</think>\n{}",
        "<thinking>a\nb</thinking>```json\n{}```",
        "{{not json}} but this is: {}",
        "{} {}",
        '{"analysis": {}}',
        '{"ok": true, "data": {"result": {}}}',
        "[{}]",
        "I thought {{a: b}}. [/THINK] {}",
        "<|channel|>analysis<|message|>They {{want}}<|channel|>final<|message|>{}",
    ],
)
def test_an_answer_is_found_in_whatever_stands_around_it(written):
    content = written.replace("{}", json.dumps(GOOD)).replace("{{", "{").replace("}}", "}")
    assert read(content, ReducedSummary).summary[0].text == "All is well."


def test_keys_in_other_spellings_are_those_asked_for():
    for keys in ("sourceIds", "source-ids", "Source IDs"):
        content = json.dumps(GOOD).replace("source_ids", keys)
        assert read(content, ReducedSummary).summary[0].source_ids == [1, 2]


def test_of_two_objects_side_by_side_none_is_taken_for_the_answer():
    with pytest.raises(InvalidAnswer):
        read(json.dumps({"a": GOOD, "b": GOOD}), ReducedSummary)


def test_a_line_that_begins_a_page_is_no_part_of_a_quote():
    quoted = {"page": 3, "quote": "[[PAGE 3]]\nIt moved. [[page 4]] It held."}
    [point] = chunk(key_points=[{"text": "It moved.", "evidence": [quoted]}]).key_points
    assert point.evidence[0].quote.split() == ["It", "moved.", "It", "held."]


def test_a_list_that_is_too_long_is_cut_and_not_refused():
    point = CHUNK["key_points"][0]
    assert len(chunk(key_points=[point] * 30).key_points) == 30
    assert len(chunk(key_points=[point] * 3_000).key_points) == 100


@pytest.mark.parametrize(("said", "kept"), [(4, 4), ("5", 5), (9, 5), (-1, 1), (None, 3), ("x", 3)])
def test_an_importance_is_one_of_five(said, kept):
    point = CHUNK["key_points"][0] | {"importance": said}
    assert chunk(key_points=[point]).key_points[0].importance == kept


def test_a_closing_think_tag_inside_the_answer_is_part_of_it():
    good = {"summary": [{"text": "It says </think> here.", "source_ids": [1]}]}
    assert "</think>" in read(json.dumps(good), ReducedSummary).summary[0].text


@pytest.mark.parametrize(
    "broken",
    [
        '{"summary": [{"text": "All is well.", "source_ids": [1, 2],}],}',
        "{'summary': [{'text': 'All is well.', 'source_ids': [1, 2]}]}",
        '{"summary": [{"text": "All is well.", "source_ids": [1, 2]}]',
        '{"summary": [{"text": "All is well.", "source_ids": [1, 2] /* two */}]}',
    ],
)
def test_broken_syntax_is_repaired(broken):
    assert read(broken, ReducedSummary).summary[0].source_ids == [1, 2]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "I cannot do that.",
        "{}",
        "[]",
        "null",
        '{"summary": "All is well."}',
        '{"summary": [{"text": "All is well."}]}',
        '{"summary": [{"text": "a", "source_ids": ["one"]}]}',
        "{" * 100_000,
        '{"a":' * 50_000,
        "[" * 100_000 + "{",
        "{" + "x" * 2_000_000,
    ],
)
def test_a_wrong_shape_is_never_mended(content):
    with pytest.raises(InvalidAnswer):
        read(content, ReducedSummary)


@given(st.text(max_size=200))
def test_any_text_is_an_answer_or_is_invalid(content):
    with pytest.raises(InvalidAnswer):
        read(content, ReducedSummary)


def test_the_last_of_two_equal_keys_counts():
    twice = '{"summary": [], "summary": [{"text": "Second.", "source_ids": [1]}]}'
    assert read(twice, ReducedSummary).summary[0].text == "Second."


def test_more_than_was_asked_for_is_ignored():
    assert read(json.dumps(GOOD | {"confidence": 0.99}), ReducedSummary).summary


def test_what_a_database_refuses_is_taken_out():
    answer = chunk(language="e\x00n\ud800", key_points=[])
    assert answer.language == "e n"


@pytest.mark.parametrize(("score", "kept"), [(7, 1.0), (-7, -1.0), (0.5, 0.5), (None, None)])
def test_a_score_stays_between_minus_one_and_one(score, kept):
    sentiment = {**CHUNK["sentiment"], "score": score, "label": "Positive "}
    assert chunk(sentiment=sentiment).sentiment.score == kept


def test_a_score_that_is_no_number_is_none():
    content = json.dumps(CHUNK).replace('"score": 0', '"score": NaN')
    assert read(content, ChunkAnswer).sentiment.score is None


@pytest.mark.parametrize(
    ("said", "kept"), [("HIGH", "high"), ("asap", "unspecified"), (None, "unspecified")]
)
def test_an_unknown_priority_is_unspecified(said, kept):
    items = [{"task": "Go.", "priority": said, "evidence": []}]
    assert chunk(action_items=items).action_items[0].priority == kept


def test_an_endless_claim_is_shortened():
    points = [{"text": "x" * 10_000, "evidence": []}]
    assert len(chunk(key_points=points).key_points[0].text) == 2_000


def test_an_unknown_tone_is_an_invalid_answer():
    with pytest.raises(InvalidAnswer):
        chunk(sentiment={"label": "furious", "evidence": []})


@pytest.mark.parametrize("shape", [ChunkAnswer, ReducedSummary])
def test_the_schema_is_strict_all_the_way_down(shape):
    def objects(node):
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for value in node.values():
                yield from objects(value)
        elif isinstance(node, list):
            for value in node:
                yield from objects(value)

    schema = strict_schema(shape)
    found = list(objects(schema))
    assert found
    for each in found:
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])
    assert '"default"' not in json.dumps(schema)


@pytest.mark.parametrize("shape", [ChunkAnswer, ReducedSummary])
def test_every_list_and_every_text_is_bounded(shape):
    def nodes(node):
        if isinstance(node, dict):
            yield node
        for value in node.values() if isinstance(node, dict) else node:
            if isinstance(value, dict | list):
                yield from nodes(value)

    for node in nodes(strict_schema(shape)):
        if node.get("type") == "array":
            assert node["maxItems"]
        if node.get("type") == "string" and "enum" not in node:
            assert node["maxLength"]


def test_quotes_come_before_what_is_claimed_of_them():
    schema = strict_schema(ChunkAnswer)
    for name, shape in schema["$defs"].items():
        if "evidence" in shape["properties"]:
            assert next(iter(shape["properties"])) == "evidence", name
    tone = list(schema["$defs"]["SentimentClaim"]["properties"])
    assert tone.index("rationale") < tone.index("label")


def test_bounds_that_a_server_refuses_can_be_left_out():
    schema = strict_schema(ChunkAnswer)
    assert "maxLength" not in json.dumps(without_bounds(schema, ["maxLength"]))
    assert without_bounds(schema, []) == schema
