"""Long documents: every chunk read, several at once, each answer bought once."""

import threading
from decimal import Decimal

import pytest

from documents.pipeline.analysis import AnalysisFailed, SourcePage
from documents.pipeline.analysis.model import chunk_reader, prices, prompts, scheduler
from documents.pipeline.analysis.model.capabilities import CapabilityMemory
from tests.analysis.conftest import LONG, PER_CHUNK, code_of


def test_a_long_document_is_read_whole_and_summed_up_from_verified_points(analyze, model):
    progress = []
    findings = analyze(
        LONG, chunk_tokens=PER_CHUNK, on_progress=lambda *step: progress.append(step)
    )
    assert list(dict.fromkeys(progress)) == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
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
    monkeypatch.setattr(chunk_reader, "MOST_POINTS", 12)
    points = [SourcePage(n, f"Point number {n} is told here once. " * 3) for n in range(1, 121)]
    assert analyze(points, chunk_tokens=PER_CHUNK).summary
    summing = [e for e in model.journal if "[[PAGE" not in e["body"]["messages"][1]["content"]]
    assert len(summing) > 2
    assert not any("\n13. " in entry["body"]["messages"][1]["content"] for entry in summing)


def test_a_model_that_does_not_sum_up_is_not_asked_forever(analyze, model, monkeypatch):
    monkeypatch.setattr(chunk_reader, "MOST_POINTS", 3)
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
    """With the second of the smallest parts, of which no other had an answer."""
    model.mode = "length"
    assert code_of(analyze, LONG) == "invalid_answer"
    assert model.requests == 2 + chunk_reader.MOST_SPLITS


def test_a_server_that_cuts_the_prompt_without_a_word_is_found_out(analyze, model):
    model.mode, model.context_tokens = "cut", 2_048
    page = [SourcePage(1, "The committee met and talked about the harbor again. " * 400)]
    findings = analyze(page)
    assert findings.key_points
    assert findings.prompts_cut == 1
    assert (findings.pages_not_analyzed, findings.pages_unverified) == ([], [])


def test_a_context_too_small_for_the_instructions_fails_in_figures(analyze, model):
    model.mode, model.context_tokens = "strict", 600
    with pytest.raises(AnalysisFailed) as failed:
        analyze()
    assert failed.value.failure.code == "model_rejected"
    assert "about 600" in failed.value.failure.detail
    assert "ATOM_MODEL_CONTEXT" in failed.value.failure.advice


# Money


def test_an_answer_paid_for_is_not_bought_again(analyze, engine, model):
    before = analyze(LONG, chunk_tokens=PER_CHUNK)
    engine.capabilities = CapabilityMemory()  # A restarted worker has forgotten everything.
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


def test_over_budget_some_pages_are_read_and_the_others_named(analyze, model):
    findings = analyze(LONG, chunk_tokens=PER_CHUNK, max_cost_per_document=Decimal("0.05"))
    unread = [page["page"] for page in findings.pages_not_analyzed]
    sent = "".join(entry["body"]["messages"][1]["content"] for entry in model.journal)
    assert unread
    assert unread == [page.number for page in LONG if page.text not in sent]
    assert {page["reason"] for page in findings.pages_not_analyzed} == {"budget"}
    assert findings.key_points
    assert findings.cost_usd <= Decimal("0.05")


def test_over_budget_the_pages_that_matter_most_are_read(analyze, model):
    harbor = "The harbor wall, its survey and its repair budget were before the committee. " * 16
    list_ = "Qwx Zzt {n} Vbn Plk Jhg Rty Fgh Dsa Mnb Tre Yui Opl Kjh Lkj Uyt Ewq. " * 20
    pages = [
        SourcePage(n, list_.format(n=n) if n in (3, 4) else f"Page {n}. {harbor}")
        for n in range(1, 9)
    ]
    limits = {"chunk_tokens": PER_CHUNK, "max_cost_per_document": Decimal("0.065")}
    unread = [page["page"] for page in analyze(pages, **limits).pages_not_analyzed]
    assert {3, 4} <= set(unread)
    assert 1 not in unread


def test_nothing_is_bought_where_not_even_one_chunk_fits(analyze, model):
    assert code_of(analyze, max_cost_per_document=Decimal("0.0001")) == "budget_exceeded"
    assert model.requests == 0


def test_what_answers_really_cost_stops_the_reading_too(analyze, model, monkeypatch):
    monkeypatch.setattr(prices, "within_budget", lambda chunks, server: [*range(len(chunks))])
    findings = analyze(LONG, chunk_tokens=PER_CHUNK, max_cost_per_document=Decimal("0.005"))
    assert model.requests < 4
    assert findings.pages_not_analyzed[-1] == {"page": 8, "reason": "budget"}


# Several at once


@pytest.fixture
def ledger_of_the_thread(ledger, monkeypatch):
    """The ledger belongs to whichever thread analyzes first, and to that one alone."""
    ledger._thread = None

    def check():
        ledger._thread = ledger._thread or threading.get_ident()
        assert ledger._thread == threading.get_ident()

    monkeypatch.setattr(ledger, "_check_thread", check)
    return ledger


def test_four_chunks_are_asked_about_at_once_and_no_more(analyze, model, ledger_of_the_thread):
    model.script = ["ok"]  # From a server that has answered, four may be asked.
    model.mode = "hang"
    met = []
    thread = threading.Thread(target=lambda: met.append(analyze(LONG, chunk_tokens=300)))
    thread.start()
    model.wait_for(5)
    assert ledger_of_the_thread.states == ["answered", *["intended"] * 4]
    model.mode = "ok"
    model.release()
    thread.join()
    assert met[0].calls == model.requests == 9


def test_a_server_that_never_answered_is_asked_one_thing_at_a_time(analyze, model, ledger):
    model.mode = "401"
    assert code_of(analyze, LONG, chunk_tokens=PER_CHUNK) == "key_rejected"
    assert model.requests == 1


def test_after_a_failure_nothing_more_is_asked_but_what_was_is_written_down(
    analyze, model, ledger, monkeypatch
):
    model.script, model.mode = ["ok", "401"], "hang"
    has_failed, fail = threading.Event(), ledger.failed
    monkeypatch.setattr(ledger, "failed", lambda *a, **k: (fail(*a, **k), has_failed.set()))
    releasing = threading.Thread(
        target=lambda: (has_failed.wait(5), model.wait_for(5), model.release())
    )
    releasing.start()
    assert code_of(analyze, LONG, chunk_tokens=300) == "key_rejected"
    releasing.join()
    assert model.requests == 5
    assert sorted(ledger.states) == ["answered"] * 4 + ["failed"]


def test_a_lost_claim_stops_the_asking(analyze, model, ledger):
    def check(done, total):
        if done == 1:
            raise LookupError("claim lost")

    with pytest.raises(LookupError):
        analyze(LONG, chunk_tokens=300, on_progress=check)
    assert model.requests == 1
    assert ledger.states == ["answered"]


def test_what_is_on_its_way_when_a_claim_is_lost_is_written_down(analyze, model, ledger):
    model.script = ["ok", "ok"]
    model.mode = "hang"
    releasing = threading.Thread(target=lambda: (model.wait_for(5), model.release()))

    def check(done, total):
        if done == 2:  # Three others are on their way.
            releasing.start()
            raise LookupError("claim lost")

    with pytest.raises(LookupError):
        analyze(LONG, chunk_tokens=300, on_progress=check)
    releasing.join()
    assert model.requests == 5
    assert ledger.states == ["answered"] * 5


def test_a_lost_claim_is_noticed_while_the_server_makes_one_wait(
    analyze, model, ledger, monkeypatch
):
    monkeypatch.setattr(scheduler, "TICK", 0.02)
    model.mode, model.retry_after = "429", 50
    told = []

    def check(done, total):
        told.append((done, total))
        if len(told) == 4:
            raise LookupError("claim lost")

    with pytest.raises(LookupError):
        analyze(on_progress=check)
    assert model.requests == 1
    assert told == [(0, 1)] * 4


def test_parts_are_put_together_in_the_order_of_the_document(analyze, model):
    model.delays = {"[[PAGE 3]]": 0.3}  # The second chunk is the last to be answered.
    findings = analyze(LONG, chunk_tokens=PER_CHUNK)
    pages = [point.evidence[0].page for point in findings.key_points]
    assert pages[:4] == [
        1,
        3,
        5,
        7,
    ]  # The first point of each chunk, for none is said to matter more.


def test_calls_on_their_way_together_learn_what_a_server_takes_without_forgetting(analyze, model):
    analyze()  # It has answered, so that four ask at once.
    model.mode = "reasoning_without_schema"
    findings = analyze(LONG, chunk_tokens=PER_CHUNK)
    assert len(findings.pages_not_analyzed) == 0
    model.journal.clear()
    analyze(PAGES_AGAIN)
    assert model.requests == 1


PAGES_AGAIN = [SourcePage(1, "A third document comes with words of its own.")]


# Doubtful answers


def test_an_answer_mostly_unverified_is_asked_for_once_more_with_the_failed_quotes(analyze, model):
    model.script = ["lying"]
    findings = analyze()
    assert model.requests == findings.calls == 2
    assert len(findings.key_points) == 3
    assert findings.unverified == []
    first, second = (entry["body"]["messages"] for entry in model.journal)
    assert second[: len(first)] == first
    assert "said the unicorn" in second[-1]["content"]


def test_a_model_that_lies_twice_is_not_asked_a_third_time(analyze, model):
    model.mode = "lying"
    assert analyze().key_points == []
    assert model.requests == 2


def test_the_one_retry_is_not_spent_twice(analyze, model):
    model.script = ["500", "lying"]
    assert analyze().key_points == []
    assert model.requests == 2


@pytest.mark.parametrize("mode", ["500", "not_json", "refusal", "length"])
def test_what_holds_of_a_doubtful_answer_stays_where_the_second_is_none(analyze, model, mode):
    model.script = ["half_lying", mode]
    findings = analyze()
    assert model.requests == 2
    assert findings.key_points
    assert findings.unverified


def test_a_second_answer_is_found_again_after_a_crash(analyze, model):
    model.script = ["lying"]
    before = analyze()
    assert analyze() == before
    assert model.requests == 2


# Summaries


def test_a_sentence_with_a_figure_that_no_quote_has_is_dropped_from_the_summary(
    analyze, model, monkeypatch
):
    from tests import model_server

    told = [
        {"text": "Page 2 tells of matter 14.", "source_ids": [2]},
        {"text": "There are 900 matters.", "source_ids": [1, 2]},
    ]
    monkeypatch.setattr(model_server, "_summary", lambda text: {"summary": told})
    pages = [SourcePage(n, f"Page {n} tells of matter {n * 7} alone. ") for n in (1, 2)]
    summary = analyze(pages, chunk_tokens=25).summary
    assert summary == "Page 2 tells of matter 14."


def test_the_second_question_names_the_quotes_in_few_words():
    messages = prompts.with_failed_quotes([{"role": "user", "content": "?"}], ["x" * 9_000] * 90)
    assert len(messages[-1]["content"]) < 7_000
