"""A second look by the model lowers what the rules say of a claim, and raises nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from documents.pipeline.analysis import NOT_ASSESSED, ActionItem, Evidence, Findings, KeyPoint
from documents.pipeline.analysis.model import second_look
from documents.pipeline.analysis.model.second_look import ClaimCheck
from documents.pipeline.analysis.schema import ModelServer

QUOTE = [Evidence(1, 0, 5, "Words", "verbatim")]


def looked_at(model: Any) -> list[str]:
    """The questions that were second looks."""
    messages = [entry["body"]["messages"] for entry in model.journal]
    return [each[1]["content"] for each in messages if "cannot_tell" in each[0]["content"]]


def test_all_claims_are_looked_at_in_one_call(analyze: Any, model: Any, ledger: Any) -> None:
    findings = analyze(check_claims="on")
    [question] = looked_at(model)
    claims = [each["claim"] for each in json.loads(question)]
    assert {point.text for point in findings.key_points} <= set(claims)
    assert findings.had_second_look
    assert {point.second_look for point in findings.key_points} == {"follows"}
    assert ledger.states == ["answered", "answered"]
    assert findings.calls == 2


def test_a_claim_that_is_found_contradicted_is_marked(analyze: Any, model: Any) -> None:
    model.mode = "contradicting"
    findings = analyze(check_claims="on")
    [first, *others] = findings.key_points
    assert (first.support, first.second_look) == ("partly", "contradicts")
    assert {other.support for other in others} == {"supported"}
    assert first.text not in findings.summary
    [aside] = findings.unverified
    assert (aside["kind"], aside["reason"]) == ("summary", "second_look")


@pytest.mark.parametrize("mode", ["500", "bad_json", "refusal", "wrong_schema", "too_large"])
def test_without_an_answer_the_findings_stand_on_the_rules(
    analyze: Any, model: Any, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    look_again = second_look.look_again

    def with_trouble(*args: Any, **how: Any) -> Any:
        model.mode = mode
        model.context_tokens = 1
        return (yield from look_again(*args, **how))

    monkeypatch.setattr(second_look, "look_again", with_trouble)
    findings = analyze(check_claims="on")
    assert not findings.had_second_look
    assert {point.support for point in findings.key_points} == {"supported"}


def test_no_call_is_bought_that_the_budget_has_no_room_for(analyze: Any, model: Any) -> None:
    findings = analyze(check_claims="on", model="llama3", max_tokens_per_document=3_600)
    assert findings.key_points
    assert looked_at(model) == []


@pytest.mark.parametrize(
    ("setting", "model", "wanted"),
    [
        *(("auto", "gpt-4.1", True), ("auto", "llama3", False)),
        *(("on", "llama3", True), ("off", "gpt-4.1", False)),
    ],
)
def test_of_its_own_accord_only_where_the_price_is_known(
    setting: Any, model: str, wanted: bool
) -> None:
    server = ModelServer("", "", model=model, check_claims=setting)
    assert second_look.is_wanted(server) is wanted


@pytest.mark.parametrize("support", ["supported", "not_assessed", "partly"])
@pytest.mark.parametrize("look", ["follows", "cannot_tell", None])
def test_nothing_is_raised(support: Any, look: Any) -> None:
    claims = [KeyPoint("It moved.", QUOTE, support=support)]
    item = ActionItem("Send it", None, None, None, "high", QUOTE, support=support)
    findings = Findings("", claims, [], NOT_ASSESSED, [item])
    lowered = second_look._lowered(findings, {"It moved.": look, "Send it": look})
    assert [point.support for point in lowered.key_points] == [support]
    assert [each.support for each in lowered.actionable_items] == [support]


def test_a_number_in_two_lists_tells_nothing() -> None:
    check = ClaimCheck(follows=[1, 2], contradicts=[2, 3], cannot_tell=[4])
    assert [check.of(number) for number in range(1, 6)] == [
        *("follows", "cannot_tell", "contradicts", "cannot_tell"),
        None,
    ]
