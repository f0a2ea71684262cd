"""Servers with small contexts, which refuse or cut in silence: all is read, and nothing is claimed.

`make contexts` runs the whole matrix.
"""

import os

import pytest

from documents.pipeline.analysis import ModelServer
from documents.pipeline.analysis.model import context, offers
from documents.pipeline.analysis.model.capabilities import CapabilityMemory
from documents.pipeline.analysis.model.error_bodies import Limits
from documents.pipeline.analysis.model.token_counts import TokenCounts, script_of
from tests.analysis.contexts import SENTENCES, run

IS_WHOLE = os.environ.get("CONTEXTS") == "whole"
CONTEXTS = [2_048, 4_096, 8_192, 16_384] if IS_WHOLE else [2_048, 4_096]
TOKENS = [2_000, 4_000, 10_000, 30_000, 60_000] if IS_WHOLE else [5_000]
LANGUAGES = pytest.mark.parametrize("language", SENTENCES)


@pytest.mark.slow
@LANGUAGES
@pytest.mark.parametrize("tokens", TOKENS)
@pytest.mark.parametrize("size", CONTEXTS)
@pytest.mark.parametrize("mode", ["strict", "cut", "cut_head", "cut_middle", "unmarked_cut_middle"])
def test_all_is_read_by_a_server_that_reads_little_at_once(mode, size, tokens, language):
    done = run(mode, size, language, tokens)
    assert done.findings.key_points
    assert done.unseen == []
    assert done.findings.pages_not_analyzed == done.findings.pages_unverified == []


@pytest.mark.parametrize("tokens", [60, 5_000])
def test_a_refusal_without_figures_makes_answers_shorter_as_well(tokens):
    done = run("strict_mute", 4_096, "en", tokens)
    assert done.findings.key_points
    assert done.unseen == []
    assert done.findings.pages_not_analyzed == []


@LANGUAGES
def test_without_counts_the_code_words_tell_of_a_cut(language):
    whole = run("uncounted", 8_192, language, 2_000)
    assert (whole.requests, whole.findings.pages_unverified) == (1, [])
    cut = run("uncounted_cut", 2_048, language, 4_000)
    assert cut.unseen == []
    assert cut.findings.pages_unverified == [page.number for page in cut.pages]


def test_a_model_that_copies_no_code_words_is_believed_by_the_count():
    done = run("unmarked", 8_192, "en", 4_000)
    assert (done.findings.prompts_cut, done.findings.pages_unverified) == (0, [])
    # Two small questions about how this server counts, once.
    assert done.requests == 1 + 2


def test_a_cut_is_told_and_not_repeated_for_the_next_part():
    done = run("cut_middle", 4_096, "en", 4_500)
    assert (done.findings.prompts_cut, done.unseen) == (1, [])


def test_a_listed_context_is_never_exceeded(analyze, engine, model):
    model.mode, model.context_tokens, model.listed = "strict", 4_096, {"n_ctx": 4_096}
    analyze(run("ok", 1, "en", 6_000).pages)
    assert engine.capabilities.context_tokens == 4_096
    assert all(entry.get("is_whole") for entry in model.journal)


def test_a_context_that_was_set_is_not_asked_for(analyze, engine, model):
    model.listed = {"n_ctx": 2_048}
    analyze(context_tokens=8_192)
    assert engine.capabilities.context_tokens is None
    assert model.journal[0]["body"]["max_tokens"] == 8_192 // 3


def test_the_length_of_answers_can_be_set(analyze, model):
    analyze(answer_tokens=700)
    assert model.journal[0]["body"]["max_tokens"] == 700


# The pieces


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"n_ctx": 4096}, 4096),
        ({"max_model_len": 8192}, 8192),
        ({"context_length": 131072, "top_provider": {"context_length": 32768}}, 32768),
        ({"meta": {"n_ctx_train": 8192}}, 8192),
        ({"meta": {"n_ctx_train": 131072, "n_ctx": 4096}}, 4096),
        ({"max_context_length": 32768, "loaded_context_length": 4096}, 4096),
        ({"n_ctx": "many"}, None),
        ({"n_ctx": 0}, None),
        ({}, None),
    ],
)
def test_each_kind_of_server_lists_its_context_in_its_own_words(entry, told):
    others = [{"id": "other", "n_ctx": 1_000}]
    assert offers.context_of([{"id": "mine", **entry}, *others], "mine") == told


def test_a_server_with_one_model_answers_with_that_one():
    assert offers.context_of([{"id": "model.gguf", "n_ctx": 4096}], "llama3") == 4096
    both = [{"id": "a", "n_ctx": 4096}, {"id": "b", "n_ctx": 2048}]
    assert offers.context_of(both, "llama3") is None


def test_a_limit_is_never_raised_again():
    memory = CapabilityMemory()
    assert memory.limit_context(Limits(context=4_096))
    assert not memory.limit_context(Limits(context=8_192))
    assert memory.limit_context(Limits(context=4_096, answer=500))
    assert context.answer_tokens(ModelServer("", ""), memory) == 500


def test_chunks_shrink_where_a_tokenizer_makes_more_of_the_text():
    memory, server = CapabilityMemory(), ModelServer("http://x", "", context_tokens=8_192)
    before = context.chunk_tokens(server, memory, SENTENCES["zh"][0])
    memory.counts.learn("cjk", estimate=100, count=250)
    assert context.chunk_tokens(server, memory, SENTENCES["zh"][0]) == int(before / 2.5)
    assert context.chunk_tokens(server, memory, SENTENCES["en"][0]) == before


@pytest.mark.parametrize(
    ("language", "script"),
    [("en", "latin"), ("ru", "cyrillic or greek"), ("zh", "cjk"), ("cs", "latin with marks")],
)
def test_a_script_is_known_by_its_letters(language, script):
    assert script_of(" ".join(SENTENCES[language])) == script
    assert script_of("12 480.00 7 311.25") == "figures"


def test_equal_counts_for_texts_of_different_length_are_a_cut():
    counts = TokenCounts()
    assert not counts.repeats("latin", estimate=5_000, count=4_096)
    assert not counts.repeats("latin", estimate=5_200, count=4_096)
    assert not counts.repeats("cjk", estimate=9_000, count=4_096)
    assert counts.repeats("latin", estimate=7_000, count=4_096)
