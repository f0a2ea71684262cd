"""What the built-in engine calls a task is somebody's, and what it does not read it says."""

from __future__ import annotations

from tests.security.mutations.mutation import Body, Mutation

DUTIES = "tests/analysis/test_offline_duties.py"
TOPICS = "tests/analysis/test_offline_topics.py"
TONE = "tests/analysis/test_offline_tone.py"
PAPERS = "tests/analysis/test_offline_papers.py"
SUMMARY = "tests/analysis/test_offline_summary.py"

TASKS = [
    Mutation(
        "only somebody owes a duty",
        "rules._is_somebody",
        Body("return True"),
        f"{DUTIES}::nobodys_duty",
    ),
    Mutation(
        "quoted mail belongs to who wrote it",
        "mail.parts",
        Body("return [Part(0, None)]"),
        f"{DUTIES}::who_wrote_it",
    ),
    Mutation(
        "many bare tasks are a misfire",
        "density.without_misfires",
        Body("return [each.item for each in found]"),
        f"{DUTIES}::misfire",
    ),
    Mutation(
        "what was not looked for is said",
        "assessment.note",
        Body('return ""'),
        f"{DUTIES}::not_looked_for",
    ),
    Mutation(
        "names are not cut",
        "_Run._cuts_a_name",
        Body("return False"),
        f"{TOPICS}::never_cut",
    ),
    Mutation(
        "tone is of prose",
        "tone._is_prose",
        Body("return True"),
        f"{TONE}::no_prose",
    ),
    Mutation(
        "what is for a purpose is no task",
        "commitments._tells_no_task",
        Body("return _names_a_state(match)"),
        f"{PAPERS}::purpose",
    ),
    Mutation(
        "a title is nobody's name",
        "invoices._is_title",
        Body("return False"),
        f"{PAPERS}::no_seller",
    ),
    Mutation(
        "pages of contents are no summary",
        "front_matter.pages_of_contents",
        Body("return frozenset()"),
        f"{SUMMARY}::page_of_contents",
    ),
]
