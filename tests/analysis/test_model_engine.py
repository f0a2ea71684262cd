"""The engine against a real server on a real socket; only the model is missing."""

import json
import logging
import threading
import time

import pytest

from documents.pipeline.analysis import AnalysisFailed, ModelServer, SourcePage
from documents.pipeline.analysis.model.engine import OpenAIEngine
from tests.analysis.conftest import PAGES, code_of
from tests.model_server import StandIn

# One good answer


def test_a_short_document_takes_one_call_and_every_claim_has_its_quote(analyze, model):
    findings = analyze()
    assert model.requests == findings.calls == 1
    assert findings.unverified == []
    assert len(findings.key_points) == 3
    for point in findings.key_points:
        [evidence] = point.evidence
        page = PAGES[evidence.page - 1]
        assert evidence.match == "verbatim"
        assert evidence.quote == page.text[evidence.start : evidence.end]
    [item] = findings.actionable_items
    assert (item.assignee, item.due_date) == ("Maria Lopez", "2026-03-20")
    assert findings.language == "en"
    assert findings.pages_not_analyzed == []


def test_invented_quotes_leave_nothing_but_unverified_claims(analyze, model):
    model.mode = "lying"
    findings = analyze()
    assert findings.plain() == {
        "summary": "",
        "topics": [],
        "sentiment": "not_assessed",
        "actionable_items": [],
    }
    assert {claim["kind"] for claim in findings.unverified} == {
        "key_point",
        "summary",
        "topic",
        "sentiment",
        "action_item",
    }


def test_what_was_used_and_paid_is_summed_and_written_down(analyze, ledger):
    findings = analyze()
    [(_, state, facts)] = ledger.entries
    assert (state, facts["chunk"], facts["model"]) == ("answered", 1, "gpt-4.1")
    assert findings.input_tokens == facts["input_tokens"] > 0
    assert findings.output_tokens == facts["output_tokens"] > 0
    assert findings.cost_usd == facts["cost_usd"] > 0


def test_an_unknown_price_is_unknown_and_not_nothing(analyze, ledger):
    assert analyze(model="llama3").cost_usd is None
    assert ledger.entries[0][2]["cost_usd"] is None


def test_the_request_is_what_every_compatible_server_understands(analyze, model):
    analyze()
    body = model.journal[0]["body"]
    assert set(body) == {"model", "messages", "max_tokens", "temperature", "response_format"}
    assert body["response_format"]["json_schema"]["strict"] is True
    assert model.journal[0]["path"] == "/v1/chat/completions"


def test_the_chosen_language_is_asked_for(analyze, model):
    analyze(language="fr")
    assert "in this language: fr" in model.journal[0]["body"]["messages"][1]["content"]


def test_a_document_without_text_costs_nothing(analyze, model):
    assert analyze([SourcePage(1, " \n")]).summary == ""
    assert model.requests == 0


WRAPPED = ["fenced", "think", "prose", "doubled_keys", "trailing_comma", "wrapped", "camel"]


@pytest.mark.parametrize("mode", [*WRAPPED, "page_lines", "streamed"])
def test_an_answer_wrapped_or_written_badly_is_still_one_call(analyze, model, mode):
    model.mode = mode
    assert len(analyze().key_points) == 3
    assert model.requests == 1


# Failing


@pytest.mark.parametrize(
    ("mode", "requests", "code", "state"),
    [
        ("408", 2, "model_unavailable", "failed"),
        ("409", 2, "model_unavailable", "failed"),
        ("429", 2, "model_unavailable", "failed"),
        ("500", 2, "model_unavailable", "failed"),
        ("503", 2, "model_unavailable", "failed"),
        ("disconnect", 2, "model_unavailable", "unknown"),
        ("bad_json", 2, "invalid_answer", "unknown"),
        ("html200", 2, "invalid_answer", "unknown"),
        ("huge", 2, "invalid_answer", "unknown"),
        ("empty_choices", 2, "invalid_answer", "answered"),
        ("no_finish_reason", 2, "invalid_answer", "answered"),
        ("empty_content", 2, "invalid_answer", "answered"),
        ("not_json", 2, "invalid_answer", "answered"),
        ("wrong_schema", 2, "invalid_answer", "answered"),
        ("only_thoughts", 1, "only_thoughts", "answered"),
        ("unfinished_thought", 1, "only_thoughts", "answered"),
        ("400", 1, "model_rejected", "failed"),
        ("422", 1, "model_rejected", "failed"),
        ("redirect", 1, "model_rejected", "failed"),
        ("401", 1, "key_rejected", "failed"),
        ("403", 1, "key_rejected", "failed"),
        ("404", 1, "model_not_found", "failed"),
        ("quota", 1, "quota_exhausted", "failed"),
        ("refusal", 1, "model_refused", "answered"),
        ("content_filter", 1, "model_refused", "answered"),
    ],
)
def test_each_failure_has_its_code_and_its_number_of_requests(
    analyze, model, ledger, mode, requests, code, state
):
    model.mode = mode
    assert code_of(analyze) == code
    assert model.requests == requests
    assert ledger.states == [state] * requests


def test_a_model_server_leads_nowhere_else(analyze, model):
    """Whatever it answers, texts go to the one host that somebody named."""
    model.mode = "redirect"
    assert code_of(analyze) == "model_rejected"
    assert [entry["path"] for entry in model.journal] == ["/v1/chat/completions"]


@pytest.mark.parametrize(
    "mode", ["429", "500", "disconnect", "bad_json", "html200", "not_json", "no_finish_reason"]
)
def test_what_passes_is_asked_once_more(analyze, model, mode):
    model.script = [mode]
    assert len(analyze().key_points) == 3
    assert model.requests == 2


def test_the_second_try_after_an_unusable_answer_says_so(analyze, model):
    model.script = ["not_json"]
    analyze()
    first, second = (entry["body"]["messages"] for entry in model.journal)
    assert second[: len(first)] == first
    assert "could not be used" in second[-1]["content"]


def test_the_server_says_how_long_to_wait(analyze, model):
    model.script, model.retry_after = ["429"], 0.3
    analyze(retry_pause=30)
    first, second = (entry["at"] for entry in model.journal)
    assert 0.3 <= second - first < 3


def test_a_wait_longer_than_allowed_is_not_waited(analyze, model):
    model.mode, model.retry_after = "429", 61
    assert code_of(analyze) == "model_unavailable"
    assert model.requests == 1


def test_a_server_that_is_not_there_was_never_asked(ledger):
    with StandIn() as gone:
        pass
    engine = OpenAIEngine(ModelServer(gone.base_url, "", retry_pause=0.01))
    with pytest.raises(AnalysisFailed) as failed:
        engine.analyze(PAGES, language=None, ledger=ledger, on_progress=lambda *_: None)
    assert failed.value.failure.code == "model_unavailable"
    assert failed.value.failure.retryable
    assert ledger.states == ["failed", "failed"]


@pytest.mark.parametrize("mode", ["hang", "drip", "drip_headers"])
def test_the_deadline_holds_against_a_server_that_never_ends(analyze, model, ledger, mode):
    model.mode, model.drip = mode, 0.05
    began = time.monotonic()
    assert code_of(analyze, deadline=0.4) == "model_too_slow"
    assert time.monotonic() - began < 2.5
    assert ledger.states == ["unknown", "unknown"]


def test_a_hanging_request_is_answered_when_released(analyze, model):

    model.mode = "hang"
    releasing = threading.Thread(target=lambda: (model.wait_for(1), model.release()))
    releasing.start()
    assert len(analyze().key_points) == 3
    releasing.join()


# What servers can and cannot do


@pytest.mark.parametrize(
    ("mode", "formats"),
    [
        ("no_schema", ["json_schema", "json_object"]),
        ("no_json_object", ["json_schema", "json_object", None]),
    ],
)
def test_less_is_asked_of_a_server_that_cannot_do_more(analyze, model, mode, formats):
    model.mode = mode
    assert len(analyze().key_points) == 3
    asked = [entry["body"].get("response_format", {}).get("type") for entry in model.journal]
    assert asked == formats
    assert "JSON Schema" in model.journal[-1]["body"]["messages"][0]["content"]


@pytest.mark.parametrize(("mode", "bounds"), [("ok", 2), ("no_max_length", 1), ("no_bounds", 0)])
def test_lists_are_bounded_where_the_server_takes_bounds(analyze, model, mode, bounds):
    model.mode = mode
    assert len(analyze().key_points) == 3
    assert model.requests == 3 - bounds
    form = model.journal[-1]["body"]["response_format"]
    assert form["type"] == "json_schema"
    sent = json.dumps(form)
    assert ("maxLength" in sent) + ("maxItems" in sent) == bounds


@pytest.mark.parametrize(
    ("chosen", "is_shown"),
    [
        ({}, False),
        ({"model": "llama3"}, True),
        ({"model": "llama3", "context_tokens": 2048}, False),
    ],
)
def test_only_a_model_of_ones_own_with_room_for_it_is_shown_an_example(
    model, ledger, chosen, is_shown
):
    engine = OpenAIEngine(ModelServer(model.base_url, "sk-secret", **chosen))
    engine.analyze(PAGES, language=None, ledger=ledger, on_progress=lambda done, total: None)
    assert ("Ms Okafor" in model.journal[0]["body"]["messages"][0]["content"]) is is_shown


def test_what_a_server_cannot_do_is_asked_once(analyze, model, ledger):
    model.mode = "no_json_object"
    analyze()
    ledger.entries.clear()
    analyze()
    assert model.requests == 4
    assert ledger.states == ["answered"]


def test_asking_for_less_is_no_retry(analyze, model, ledger):
    model.script = ["no_schema", "500", "ok"]
    assert len(analyze().key_points) == 3
    assert ledger.states == ["failed", "failed", "answered"]


def test_a_reasoning_model_gets_the_parameters_it_takes(analyze, model):
    model.mode = "reasoning"
    analyze()
    body = model.journal[-1]["body"]
    assert model.requests == 3
    assert "temperature" not in body
    assert body["max_completion_tokens"] > body.get("max_tokens", 0)


def test_only_openai_itself_is_told_not_to_keep_the_document():
    from documents.pipeline.analysis.model import client
    from documents.pipeline.analysis.model.capabilities import ServerCapabilities

    for base_url, told in (
        ("", True),
        ("https://eu.api.openai.com/v1", True),
        ("https://api.openai.com.example.com/v1", False),
        ("https://mine.openai.azure.com/openai/v1", False),
        ("http://127.0.0.1:1/v1", False),
    ):
        server = ModelServer(base_url, "")
        request = client._request(server, [], {}, ServerCapabilities())
        assert (request.get("store") is False) is told


# Discretion


@pytest.mark.parametrize("mode", ["ok", "400", "500", "not_json", "bad_json", "html200", "drip"])
def test_no_word_of_document_or_answer_is_logged_or_raised(analyze, model, caplog, mode):
    caplog.set_level(logging.DEBUG)
    model.mode, model.drip = mode, 0.05
    told = ""
    try:
        analyze(deadline=0.3)
    except AnalysisFailed as failed:
        cause = failed
        while cause is not None:
            told += str(cause) + repr(cause.args)
            cause = cause.__cause__ or cause.__context__
        told += json.dumps(failed.failure.as_json())
    for word in ("quay", "harbor", "sk-secret", "liked it", "Welcome"):
        assert word not in caplog.text + told


def test_the_key_is_sent_as_a_key_and_nowhere_else(analyze, model):
    analyze()
    assert "sk-secret" not in json.dumps(model.journal)
