"""What a reader is told follows from the quotes beside it."""

from __future__ import annotations

from tests.security.mutations.mutation import Body, Condition, Fragment, Mutation, Value

DROPPED = "tests/analysis/test_claims_dropped.py"

CLAIMS = [
    Mutation(
        "what its quotes contradict is not shown",
        "Verifier.judge",
        Condition("contradicted", always=True),
        f"{DROPPED}::contradicted_claim",
    ),
    Mutation(
        "negations are compared",
        "polarity.is_reversed",
        Body("return False"),
        "tests/analysis/test_support.py::outside_the_quote",
    ),
    Mutation(
        "a quote is read with its sentence",
        "passages.sentence_around",
        Body("return start, end"),
        "tests/analysis/test_support.py::outside_the_quote",
    ),
    Mutation(
        "a sentence that fell is not put back",
        "summaries._points_beyond_doubt",
        Body("return findings.key_points"),
        f"{DROPPED}::put_back",
    ),
    Mutation(
        "an owner stands where the quote leads",
        "Grounding.mentions",
        Fragment("lines_that_tell(self._index.page_text(each.page), each.start, each.end)",
                 "[(0, len(self._index.page_text(each.page)))]"),
        f"{DROPPED}::owner_from_elsewhere",
    ),
    Mutation(
        "numbers of two columns are never one",
        "_GROUPS",
        Value("re.compile('\\\\d{1,3}(?:\\\\s+\\\\d{3})+')"),
        "tests/analysis/test_numbers_apart.py::two_columns",
    ),
    Mutation(
        "a language that is not listed is not assessed",
        "judge._marked",
        Fragment("else otherwise", "else 'supported'"),
        "tests/analysis/test_support.py::not_listed_whole",
    ),
]  # fmt: skip
