"""Refusals in the words of real servers: whatever shape they have, they are understood alike."""

import json

import httpx2
import openai
import pytest

from documents.pipeline.analysis import ModelServer
from documents.pipeline.analysis.model import client, error_bodies
from documents.pipeline.analysis.model.capabilities import ServerCapabilities
from documents.pipeline.analysis.model.error_bodies import Limits

SERVER = ModelServer("http://127.0.0.1:1/v1", "", "llama3")

LLAMA_CPP = {
    "error": {
        "code": 400,
        "message": "request (5123 tokens) exceeds the available context size (4096 tokens)",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": 5123,
        "n_ctx": 4096,
    }
}
VLLM = {
    "object": "error",
    "message": "This model's maximum context length is 4096 tokens. However, you requested 6000 "
    "tokens (5123 in the messages, 877 in the completion). Please reduce the length.",
    "type": "BadRequestError",
    "param": None,
    "code": 400,
}
VLLM_ANSWER = {
    "error": {
        "message": "'max_tokens' or 'max_completion_tokens' is too large: 6000. This model's "
        "maximum context length is 4096 tokens and your request has 5123 input tokens.",
        "type": "BadRequestError",
        "param": "max_tokens",
        "code": 400,
    }
}
LM_STUDIO = {
    "error": "Trying to keep the first 5123 tokens when context the overflows. However, the model "
    "is loaded with context length of only 4096 tokens, which is not enough."
}
OPENAI = {
    "error": {
        "message": "This model's maximum context length is 4096 tokens. However, your messages "
        "resulted in 5123 tokens.",
        "param": "messages",
        "code": "context_length_exceeded",
    }
}
OLLAMA = {"error": {"message": "the input length exceeds the context length", "type": "api_error"}}
TGI = {"error": "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5123 `inputs` tokens"}


def met(status, body, known=None):
    text = body if isinstance(body, str) else json.dumps(body)
    response = httpx2.Response(status, text=text, request=httpx2.Request("POST", "http://x"))
    error = openai.APIStatusError("?", response=response, body=None)
    return client._refused(error, SERVER, known or ServerCapabilities())


@pytest.mark.parametrize(
    ("status", "body"),
    [(400, LLAMA_CPP), (500, LLAMA_CPP), (400, VLLM), (400, VLLM_ANSWER), (400, LM_STUDIO),
     (400, OPENAI), (422, TGI), (400, json.dumps(LM_STUDIO["error"]))],
)  # fmt: skip
def test_a_prompt_too_long_is_told_with_its_figures(status, body):
    error = met(status, body)
    assert (error.code, error.is_too_large) == ("model_rejected", True)
    assert error.limits == Limits(context=4096, prompt=5123)


def test_a_prompt_too_long_may_come_without_figures():
    error = met(400, OLLAMA)
    assert error.is_too_large
    assert error.limits == Limits()


def test_an_answer_too_long_is_told_with_its_limit():
    words = "max_tokens is too large: 6000. This model supports at most 4096 completion tokens."
    error = met(400, {"error": {"message": words, "param": "max_tokens"}})
    assert error.is_too_large
    assert error.limits == Limits(answer=4096)


@pytest.mark.parametrize(
    "body",
    [
        {"error": "Unrecognized field 'temperature'"},
        {"detail": [{"loc": ["body", "temperature"], "msg": "extra fields not permitted"}]},
        {"detail": "temperature is not supported"},
        "temperature: unknown parameter",
    ],
)
def test_an_unknown_parameter_is_left_out_whatever_the_shape(body):
    assert met(422, body).fallback == ServerCapabilities(takes_temperature=False)


@pytest.mark.parametrize("name", ["reasoning_effort", "service_tier", "store", "prompt_cache_key"])
def test_each_optional_parameter_can_be_left_out(name):
    error = met(400, {"error": {"message": f"Unknown parameter: '{name}'.", "param": name}})
    assert error.fallback == ServerCapabilities(left_out=frozenset({name}))
    server = ModelServer("", "", reasoning_effort="low", service_tier="flex")
    assert name in client._request(server, [], {}, ServerCapabilities())
    assert name not in client._request(server, [], {}, error.fallback)


def test_a_word_that_only_holds_the_name_of_a_parameter_is_not_about_it():
    assert met(400, {"error": "The session could not be restored."}).fallback is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"error": {"message": 'model "llama3" not found, try pulling it first'}}),
        (400, {"error": "Model not found"}),
        (400, {"error": "No models loaded. Please load a model first."}),
        (404, {"object": "error", "message": "The model `llama3` does not exist.", "code": 404}),
        (404, {"detail": "Not Found"}),
        (404, "<html><head><title>404 Not Found</title></head></html>"),
    ],
)
def test_an_unknown_model_or_address_is_told_from_other_refusals(status, body):
    assert met(status, body).code == "model_not_found"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"error": {"code": "invalid_api_key", "message": "?"}}, "key_rejected"),
        (401, {"detail": "Not authenticated"}, "key_rejected"),
        (429, {"detail": "Too many requests"}, "model_unavailable"),
        (400, {"error": {"type": "rate_limit_error"}}, "model_unavailable"),
        (502, "<html>Bad gateway</html>", "model_unavailable"),
        (400, "[" * 4_000, "model_rejected"),
    ],
)
def test_keys_limits_and_outages_are_known_by_every_shape(status, body, code):
    assert met(status, body).code == code


@pytest.mark.parametrize("error", [{"message": "Upstream failed", "code": 502}, "Upstream failed"])
def test_an_error_with_status_200_is_an_outage(analyze, model, ledger, error, monkeypatch):
    from tests import model_server

    whole = model_server._answer
    bodies = [{"error": error}]
    monkeypatch.setattr(
        model_server,
        "_answer",
        lambda *asked: {**whole(*asked), **({"choices": [], **bodies.pop()} if bodies else {})},
    )
    assert analyze().key_points
    assert ledger.states == ["failed", "answered"]


def test_a_body_is_read_no_further_than_a_page():
    assert len(error_bodies.read("x" * 10**6).words) == error_bodies.LONGEST
