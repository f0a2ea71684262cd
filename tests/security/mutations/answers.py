"""Answers of models are read, bounded, ranked and dated so that they say what documents say."""

from __future__ import annotations

from tests.security.mutations.mutation import Body, Condition, Fragment, Mutation

DATING = "tests/analysis/test_dating.py"
DROPPED = "tests/analysis/test_claims_dropped.py"
DUE = "tests/analysis/test_due_dates.py::a_deadline_is_the_day"
LOST = "tests/analysis/test_lost_chunks.py"
RANKING = "tests/analysis/test_ranking.py"
ANSWERS = "tests/analysis/test_answers.py"

ANSWERS_OF_MODELS = [
    Mutation(
        "lists of answers are bounded",
        "answers._told",
        Fragment("'maxItems': items", "'maxItems': 0"),
        f"{ANSWERS}::every_list_and_every_text",
    ),
    Mutation(
        "bounds a server refuses are left out",
        "ServerCapabilities.fallback",
        Condition("has_bounds", always=False),
        "tests/analysis/test_model_engine.py::lists_are_bounded",
    ),
    Mutation(
        "of two wrapped objects none is the answer",
        "json_text._shapes",
        Fragment("if len(inner) == 1", "if inner"),
        f"{ANSWERS}::of_two_objects",
    ),
    Mutation(
        "lost chunks are named",
        "Losses.pages",
        Body("return iter(())"),
        f"{LOST}::one_bad_chunk_of_nine",
    ),
    Mutation(
        "gaps by chance are not handed on",
        "not_analyzed.lost_by_chance",
        Body("return False"),
        "tests/queue/test_model_servers.py::one_bad_chunk_of_nine",
    ),
    Mutation(
        "a model that answers nothing is not paid for every chunk",
        "Losses.bear",
        Fragment("reason is None or (self._lost and (not self._has_answer))", "reason is None"),
        f"{LOST}::fails_after_its_second",
    ),
    Mutation(
        "where all is lost the document fails",
        "Losses.check",
        Body("return None"),
        "tests/analysis/test_model_engine.py::each_failure_has_its_code",
    ),
    Mutation(
        "outages are no losses",
        "losses._reason",
        Fragment(
            "_REASONS.get(error.failure.code)",
            "_REASONS.get(error.failure.code, NotAnalyzed.NO_USABLE_ANSWER)",
        ),
        f"{LOST}::would_meet_every_chunk",
    ),
    Mutation(
        "what is left out is counted",
        "ranking.with_most_important",
        Fragment("len(points[MOST_POINTS:])", "0"),
        f"{RANKING}::the_others_counted",
    ),
    Mutation(
        "points are ranked over all chunks",
        "ranking._score",
        Body("return 0"),
        f"{RANKING}::what_matters_most",
    ),
    Mutation(
        "merging keeps the date",
        "merge._both",
        Fragment("due_date=due.due_date", "due_date=first.due_date"),
        f"{RANKING}::loses_no_date",
    ),
    Mutation(
        "days after a receipt are not counted",
        "due_dates._has_no_event",
        Body("return True"),
        DUE,
    ),
    Mutation(
        "what comes every month has no day",
        "due_dates._is_bound_here",
        Body("return True"),
        DUE,
    ),
    Mutation(
        "next Friday is one day or none",
        "due_dates._day",
        Fragment("coming if coming == _in_next_week(number, dated) else None", "coming"),
        DUE,
    ),
    Mutation(
        "a deadline is no date of a document",
        "due_dates.own_date",
        Fragment("None if is_deadline else ", ""),
        f"{DATING}::a_deadline_a_span",
    ),
    Mutation(
        "a day that is counted from is not the day it is due",
        "task_details._plain_date",
        Fragment("not due_dates.may_be_due(due_text)", "False"),
        f"{DROPPED}::a_day_that_is_counted_from",
    ),
    Mutation(
        "a month is written, not claimed",
        "task_details._names_each_part",
        Fragment("named == {due.month} and ", ""),
        f"{DROPPED}::a_month_that_is_not_written",
    ),
    Mutation(
        "03/04/2027 has no day where it has two",
        "due_dates.written_out",
        Fragment("or (found[0].is_ambiguous and (not is_day_first))", ""),
        f"{DATING}::a_deadline_a_span",
    ),
    Mutation(
        "letters inside letters are not counted from",
        "dating._of_chunk",
        Condition("datelines", always=False),
        f"{DATING}::another_inside",
    ),
    Mutation(
        "the date of a document stands on its page",
        "dating.document_date",
        Fragment("evidence.match != 'verbatim'", "False"),
        f"{DATING}::without_a_date_that_stands",
    ),
]
