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
        "Grounding.passages_with",
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
        "nothing supported is not passed over in silence",
        "outcomes.warning_of",
        Body("return None"),
        "tests/analysis/test_outcomes.py::set_aside",
    ),
    Mutation(
        "a warned analysis is not taken over",
        "reuse._earlier",
        Fragment("document__warning='', ", ""),
        "tests/queue/test_outcomes.py::take_over",
    ),
    Mutation(
        "only engines that are offered can be chosen",
        "engines.require_choice",
        Body("return"),
        "tests/queue/test_outcomes.py::unknown_engine",
    ),
    Mutation(
        "letters of another script do not hide an order",
        "disguise._in_one_script",
        Body("return word"),
        "tests/analysis/test_injection_phrasings.py::as_its_reader_sees_it",
    ),
    Mutation(
        "a hyphen at the end of a line does not hide an order",
        "disguise._HYPHEN",
        Value("re.compile('(?!)')"),
        "tests/analysis/test_injection_phrasings.py::as_its_reader_sees_it",
    ),
    Mutation(
        "a topic is named by words of its document",
        "Grounding.names",
        Body("return True"),
        "tests/analysis/test_labels_and_tones.py::stands_nowhere",
    ),
    Mutation(
        "a tone is told by words of its quotes",
        "Grounding.bears_tone",
        Body("return True"),
        "tests/analysis/test_labels_and_tones.py::without_a_word",
    ),
    Mutation(
        "a running head proves no more than it says",
        "PageBreaks.is_running_line",
        Body("return False"),
        "tests/analysis/test_labels_and_tones.py::no_more_than_it_says",
    ),
    Mutation(
        "what a document asks to say it has not said",
        "orders.is_asked_for",
        Body("return False"),
        "tests/analysis/test_orders.py::asks_to_say",
    ),
    Mutation(
        "a second look raises nothing",
        "second_look._marked",
        Fragment("if look == 'contradicts':\n        return replace(claim, second_look=look, "
                 "support='partly')",
                 "if look == 'follows':\n        return replace(claim, second_look=look, "
                 "support='supported')"),
        "tests/analysis/test_second_look.py::nothing_is_raised",
    ),
    Mutation(
        "a second look is bought within the budget",
        "Purchases.has_room_for",
        Body("return True"),
        "tests/analysis/test_second_look.py::budget_has_no_room",
    ),
    Mutation(
        "a language that is not listed is not assessed",
        "judge._marked",
        Fragment("else otherwise", "else 'supported'"),
        "tests/analysis/test_support.py::not_listed_whole",
    ),
]  # fmt: skip
