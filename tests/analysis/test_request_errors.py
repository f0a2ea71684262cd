"""What a server says instead of an answer, and which error it comes to."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from documents.pipeline.analysis.model.capabilities import ServerCapabilities
from documents.pipeline.analysis.model.request_errors import Refusal

BEST = ServerCapabilities()


def error_of(status, *, code="", param="", words="", headers=None, known=BEST, longest_wait=60):
    refusal = Refusal(status, code, param, words, headers or {})
    return refusal.as_error(known, longest_wait=longest_wait)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_a_server_says_in_several_ways_how_long_to_wait(headers, wait):
    assert error_of(429, headers=headers).wait == wait


def test_a_wait_may_be_a_date():
    due = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < error_of(503, headers={"retry-after": due}).wait <= 30


def test_a_wait_longer_than_allowed_will_not_pass():
    assert error_of(429, headers={"retry-after": "30"}).may_pass
    assert not error_of(429, headers={"retry-after": "30"}, longest_wait=29).may_pass


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (413, "", ""),
        (400, "context_length_exceeded", ""),
        (400, "", "please reduce the length of the messages"),
        (429, "", "request too large for this model"),
        (422, "", "the prompt is too long: 9000 tokens"),
    ],
)
def test_too_much_text_is_told_from_other_refusals(status, code, words):
    error = error_of(status, code=code, words=words)
    assert (error.code, error.is_too_large) == ("model_rejected", True)


def test_an_empty_account_is_not_a_server_that_is_busy():
    assert error_of(429, code="insufficient_quota").code == "quota_exhausted"
    assert error_of(429, code="rate_limit_exceeded").code == "model_unavailable"


@pytest.mark.parametrize(
    ("said", "fallback"),
    [
        ({"param": "max_tokens"}, ServerCapabilities(limit_name="max_completion_tokens")),
        ({"param": "temperature"}, ServerCapabilities(takes_temperature=False)),
        ({"words": "unknown field: response_format"}, ServerCapabilities(answer_format=1)),
        ({"words": "temperature is not supported"}, ServerCapabilities(takes_temperature=False)),
        ({"param": "messages"}, None),
    ],
)
def test_what_a_server_names_is_left_out(said, fallback):
    assert error_of(400, **said).fallback == fallback


def test_there_is_nothing_to_fall_back_to_where_all_was_left_out():
    least = ServerCapabilities(answer_format=2, limit_name="", takes_temperature=False)
    words = "max_completion_tokens, temperature and json_schema are unknown"
    assert error_of(400, words=words, known=least).fallback is None
