"""What a model server did not see is not claimed, whatever it refuses, cuts or costs."""

from __future__ import annotations

from tests.security.mutations.mutation import Body, Fragment, Mutation, Value

CONTEXTS = "tests/analysis/test_contexts.py"
BODIES = "tests/analysis/test_error_bodies.py"

SERVERS = [
    Mutation(
        "what the count shows as cut is asked again",
        "_Look._by_share",
        Body("return Sight.WHOLE"),
        f"{CONTEXTS}::cut_is_told",
    ),
    Mutation(
        "a missing code word without a count is not believed",
        "_Look._by_marks",
        Body("return Sight.WHOLE"),
        f"{CONTEXTS}::without_counts",
    ),
    Mutation(
        "equal counts are a cut",
        "TokenCounts.repeats",
        Body("return False"),
        f"{CONTEXTS}::equal_counts",
    ),
    Mutation(
        "a listed context is kept to",
        "offers.learn",
        Body("return"),
        f"{CONTEXTS}::listed_context",
    ),
    Mutation(
        "a limit is never raised",
        "capabilities._least",
        Body("return told or known"),
        f"{CONTEXTS}::never_raised",
    ),
    Mutation(
        "an error with status 200 is an outage",
        "error_bodies.of_success",
        Body("return None"),
        f"{BODIES}::status_200",
    ),
    Mutation(
        "OpenAI keeps no document, in any region",
        "ModelServer.is_openai",
        Body("return not self.base_url"),
        "tests/analysis/test_model_engine.py::not_to_keep",
    ),
    Mutation(
        "pages nobody can vouch for are not counted as read",
        "coverage.of",
        Fragment("not_analyzed |= set(findings.pages_unverified)", "pass"),
        "tests/queue/test_model_servers.py::vouch",
    ),
    Mutation(
        "a server too slow for all pauses the line",
        "circuit_breaker.TRIPPING",
        Value("(FailureCode.KEY_REJECTED, FailureCode.QUOTA_EXHAUSTED)"),
        "tests/queue/test_model_servers.py::too_slow",
    ),
    Mutation(
        "a model chosen for one document pauses nobody else",
        "Worker._concerns_all",
        Fragment("engines.of(document, self._engine) is self._engine", "True"),
        "tests/queue/test_model_servers.py::a_model_chosen_for_one",
    ),
    Mutation(
        "a refusal without figures makes answers shorter",
        "splitting._shorten_answer",
        Body("return False"),
        "tests/analysis/test_contexts.py::without_figures",
    ),
    Mutation(
        "flex is half only where it was served",
        "Price.of_reply",
        Fragment("reply.service_tier", "'flex'"),
        "tests/analysis/test_prices.py::flex",
    ),
]  # fmt: skip
