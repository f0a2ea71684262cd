"""What spans never hold, wherever they are sent."""

from __future__ import annotations

from tests.security.mutations.mutation import Fragment, Mutation

TRACES = [
    Mutation(
        "no words of an exception are in a span",
        "OtlpRecorder.span",
        Fragment("record_exception=False", "record_exception=True"),
        "tests/tracing/test_spans.py::told_by_its_kind",
    ),
    Mutation(
        "no words of an exception are in the status of a span",
        "OtlpRecorder.span",
        Fragment("set_status_on_exception=False", "set_status_on_exception=True"),
        "tests/tracing/test_spans.py::told_by_its_kind",
    ),
    Mutation(
        "no address is in a span as it was typed",
        "Traced.__call__",
        Fragment("readable(scope.get('atom_route', ''))", "scope['path']"),
        "tests/tracing/test_spans.py::address_as_it_was_typed",
    ),
    Mutation(
        "a server's own words are no reason in a span",
        "call_spans._counted",
        Fragment("if reply.finish_reason in _FINISH_REASONS", "if reply.finish_reason"),
        "tests/tracing/test_spans.py::own_words_of_a_server",
    ),
]
