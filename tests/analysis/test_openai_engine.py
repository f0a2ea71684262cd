"""The engine against a real server on a real socket; only the model is missing."""

import json
import logging
import time
from decimal import Decimal

import pytest

from documents.pipeline.analysis import AnalysisFailed, ModelServer, SourcePage, openai_engine
from documents.pipeline.analysis.openai_engine import OpenAIEngine
from tests.model_server import StandIn

HARBOR = (
    "The harbor office reports that the quay wall moved by 3 centimeters in March. "
    "Maria Lopez must send the survey to the insurer by 20 March 2026."
)
PAGES = [SourcePage(1, HARBOR), SourcePage(2, "The budget for repairs is 1.2 million euros.")]
LONG = [
    SourcePage(n, f"Page number {n} tells of matter {n * 7} and of nothing else. " * 20)
    for n in range(1, 9)
]
PER_CHUNK = 600  # two pages of LONG


class Ledger:
    """Keeps its entries in memory: [request hash, state, facts]."""

    def __init__(self):
        self.entries = []
        self.events = []

    def recall(self, request_hash):
        paid = [e for e in self.entries if e[:2] == [request_hash, "answered"]]
        return paid[-1][2]["answer"] if paid else None

    def intend(self, *, request_hash, chunk, model):
        self.entries.append([request_hash, "intended", {"chunk": chunk, "model": model}])
        return len(self.entries) - 1

    def answered(self, call, **facts):
        self.entries[call][1:] = ["answered", self.entries[call][2] | facts]

    def failed(self, call, *, code):
        self.entries[call][1:] = ["failed", self.entries[call][2] | {"code": code}]

    def unknown(self, call):
        self.entries[call][1] = "unknown"

    @property
    def states(self):
        return [state for _, state, _ in self.entries]


@pytest.fixture(autouse=True)
def _nothing_learned_before():
    openai_engine._learned.clear()


@pytest.fixture
def model():
    with StandIn() as model:
        yield model


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def analyze(model, ledger):
    def run(pages=PAGES, *, language=None, on_progress=lambda done, total: None, **settings):
        quick = {"deadline": 5.0, "retry_pause": 0.01} | settings
        engine = OpenAIEngine(ModelServer(model.base_url, "sk-secret", **quick))
        return engine.analyze(pages, language=language, ledger=ledger, on_progress=on_progress)

    return run


def code_of(analyze, *args, **settings):
    with pytest.raises(AnalysisFailed) as failed:
        analyze(*args, **settings)
    return failed.value.failure.code


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


@pytest.mark.parametrize("mode", ["fenced", "think", "prose", "doubled_keys", "trailing_comma"])
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
    assert code_of(analyze, deadline=0.4) == "model_unavailable"
    assert time.monotonic() - began < 2.5
    assert ledger.states == ["unknown", "unknown"]


def test_a_hanging_request_is_answered_when_released(analyze, model):
    import threading

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
    from documents.pipeline.analysis import openai_call

    for base_url, told in (("", True), ("http://127.0.0.1:1/v1", False)):
        server = ModelServer(base_url, "")
        request = openai_call._request(server, [], {}, openai_call.Abilities())
        assert (request.get("store") is False) is told


# Long documents


def test_a_long_document_is_read_whole_and_summed_up_from_verified_points(analyze, model):
    progress = []
    findings = analyze(
        LONG, chunk_tokens=PER_CHUNK, on_progress=lambda *step: progress.append(step)
    )
    assert progress == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert model.requests == findings.calls == 5
    seen = {evidence.page for point in findings.key_points for evidence in point.evidence}
    assert seen == {1, 3, 5, 7} or len(seen) == 8
    assert "1. Page number 1" in model.journal[-1]["body"]["messages"][1]["content"]
    assert findings.summary.startswith("Page number 1")


def test_every_word_is_sent(analyze, model):
    analyze(LONG, chunk_tokens=PER_CHUNK)
    sent = "".join(entry["body"]["messages"][1]["content"] for entry in model.journal[:-1])
    assert all(page.text in sent for page in LONG)


@pytest.mark.parametrize("mode", ["not_json", "refusal", "length"])
def test_the_chunks_speak_for_themselves_where_the_summary_fails(analyze, model, mode):
    model.script = ["ok"] * 4 + [mode] * 2
    findings = analyze(LONG, chunk_tokens=PER_CHUNK)
    assert findings.summary.startswith("Page number 1")
    assert "Page number 7" in findings.summary


def test_a_summary_that_could_not_be_bought_fails_and_is_bought_later(analyze, model):
    model.script = ["ok"] * 4 + ["500"] * 2
    assert code_of(analyze, LONG, chunk_tokens=PER_CHUNK) == "model_unavailable"
    assert analyze(LONG, chunk_tokens=PER_CHUNK).summary
    assert model.requests == 7


def test_a_sentence_that_cites_an_unknown_point_is_dropped(analyze, model, monkeypatch):
    from tests import model_server

    told = [
        {"text": "Known.", "source_ids": [1, 2]},
        {"text": "Unknown.", "source_ids": [1, 999]},
        {"text": "Unfounded.", "source_ids": []},
    ]
    monkeypatch.setattr(model_server, "_summary", lambda text: {"summary": told})
    assert analyze(LONG, chunk_tokens=PER_CHUNK).summary == "Known."


def test_very_many_points_are_summed_up_in_groups(analyze, model, monkeypatch):
    monkeypatch.setattr(openai_engine, "MOST_POINTS", 12)
    points = [SourcePage(n, f"Point number {n} is told here once. " * 3) for n in range(1, 121)]
    assert analyze(points, chunk_tokens=PER_CHUNK).summary
    summing = [e for e in model.journal if "[[PAGE" not in e["body"]["messages"][1]["content"]]
    assert len(summing) > 2
    assert not any("\n13. " in entry["body"]["messages"][1]["content"] for entry in summing)


def test_a_model_that_does_not_sum_up_is_not_asked_forever(analyze, model, monkeypatch):
    monkeypatch.setattr(openai_engine, "MOST_POINTS", 3)
    assert "Page number 7" in analyze(LONG, chunk_tokens=PER_CHUNK).summary
    assert model.requests < 10


def test_a_chunk_too_large_for_the_model_is_split_and_the_next_is_sent_smaller(analyze, model):
    model.mode, model.context_tokens = "too_large", 1_500
    findings = analyze(LONG, chunk_tokens=1_200)
    refused = [e for e in model.journal if len(str(e["body"]["messages"])) > 6_400]
    assert len(refused) <= 2
    assert "Page number 8" in findings.summary or len(findings.key_points) >= 4


def test_an_answer_that_was_cut_off_splits_the_chunk(analyze, model):
    model.script = ["length"]
    findings = analyze()
    assert len(findings.key_points) == 3
    sent = [entry["body"]["messages"][1]["content"] for entry in model.journal]
    assert ["[[PAGE 1]]" in sent[1], "[[PAGE 2]]" in sent[1]] == [True, False]
    assert ["[[PAGE 1]]" in sent[2], "[[PAGE 2]]" in sent[2]] == [False, True]


def test_splitting_ends(analyze, model):
    model.mode = "length"
    assert code_of(analyze, LONG) == "invalid_answer"
    assert model.requests == 1 + openai_engine.MOST_SPLITS


def test_a_server_that_cuts_the_prompt_without_a_word_is_found_out(analyze, model):
    model.mode, model.context_tokens = "cut", 1_000
    page = [SourcePage(1, "The committee met and talked about the harbor again. " * 400)]
    assert analyze(page).key_points
    assert model.requests > 2
    page = [SourcePage(1, page[0].text * 5)]
    with pytest.raises(AnalysisFailed) as failed:
        analyze(page)
    assert failed.value.failure.code == "model_rejected"
    assert "too little text at once" in failed.value.failure.detail


# Money


def test_an_answer_paid_for_is_not_bought_again(analyze, model, ledger):
    before = analyze(LONG, chunk_tokens=PER_CHUNK)
    openai_engine._learned.clear()
    after = analyze(LONG, chunk_tokens=PER_CHUNK)
    assert model.requests == 5
    assert after == before


def test_after_a_crash_only_the_missing_chunks_are_bought(analyze, model, ledger):
    def crash(done, total):
        if done == 2:
            raise SystemExit

    with pytest.raises(SystemExit):
        analyze(LONG, chunk_tokens=PER_CHUNK, on_progress=crash)
    analyze(LONG, chunk_tokens=PER_CHUNK)
    assert model.requests == 5


def test_a_second_try_that_was_paid_for_is_found_again(analyze, model):
    model.script = ["not_json"]
    before = analyze()
    assert analyze().key_points == before.key_points
    assert model.requests == 2


def test_an_unusable_answer_does_not_stand_in_the_way_of_a_new_one(analyze, model):
    model.script = ["not_json", "not_json"]
    assert code_of(analyze) == "invalid_answer"
    assert len(analyze().key_points) == 3
    assert model.requests == 3


def test_the_intent_is_written_before_the_request_is_sent(analyze, model, ledger):
    def refuse(**facts):
        raise LookupError("claim lost")

    ledger.intend = refuse
    with pytest.raises(LookupError):
        analyze()
    assert model.requests == 0


def test_a_lost_claim_ends_the_work_after_the_answer(analyze, model, ledger):
    def refuse(call, **facts):
        raise LookupError("claim lost")

    ledger.answered = refuse
    with pytest.raises(LookupError):
        analyze(LONG, chunk_tokens=PER_CHUNK)
    assert model.requests == 1


def test_over_budget_the_first_pages_are_read_and_the_others_named(analyze, model):
    findings = analyze(LONG, chunk_tokens=PER_CHUNK, max_cost_per_document=Decimal("0.05"))
    unread = [page["page"] for page in findings.pages_not_analyzed]
    assert unread == list(range(unread[0], 9))
    assert {page["reason"] for page in findings.pages_not_analyzed} == {"budget"}
    assert findings.key_points
    assert findings.cost_usd <= Decimal("0.05")


def test_nothing_is_bought_where_not_even_one_chunk_fits(analyze, model):
    assert code_of(analyze, max_cost_per_document=Decimal("0.0001")) == "budget_exceeded"
    assert model.requests == 0


def test_what_answers_really_cost_stops_the_reading_too(analyze, model, monkeypatch):
    monkeypatch.setattr(openai_engine.prices, "affordable", lambda chunks, server: len(chunks))
    findings = analyze(LONG, chunk_tokens=PER_CHUNK, max_cost_per_document=Decimal("0.005"))
    assert model.requests < 4
    assert findings.pages_not_analyzed[-1] == {"page": 8, "reason": "budget"}


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
